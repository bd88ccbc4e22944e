#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "mapping/json/json.h"

namespace baton {

// What a CRM says about a refusal, made fit for a dead letter: an operator needs the vendor's
// words, and must not find a person in them.

// The words of a record that tell who somebody is (names, addresses, numbers, company, owner), in
// lower case; nothing shorter than three bytes.
void add_personal_words(const json::object& view, std::vector<std::string>& words);

// The message in a vendor's error object, wherever vendors put it: one line of at most 200 bytes.
// Struck out as "…": words that hold or are part of a personal one, addresses with "@", numbers
// that look like telephone numbers, and what is long and opaque enough to be a credential. "" where
// there is no message.
std::string vendor_message(const json::value& error, std::span<const std::string> personal);

}  // namespace baton
