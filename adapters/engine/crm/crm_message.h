#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "mapping/json/json.h"

namespace baton {

// Makes a CRM's error message suitable for a dead letter: an operator needs the vendor's words, but
// must not see personal data in them.

// Adds the words of a record that identify a person (names, addresses, numbers, company, owner), in
// lower case; none shorter than three bytes.
void add_personal_words(const json::object& view, std::vector<std::string>& words);

// Returns the message in a vendor's error object, wherever vendors put it, as one line of at most
// 200 bytes. Replaced by "…" are words that contain or are part of a personal word, addresses with
// "@", numbers that look like telephone numbers, and opaque texts long enough to be credentials.
// Returns "" if there is no message.
std::string vendor_message(const json::value& error, std::span<const std::string> personal);

}  // namespace baton
