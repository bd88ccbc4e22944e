#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>

#include "gateway/core/routing/routing_policy.h"

namespace baton {

// The small readers of policy/routing.yaml.

std::vector<std::string> read_words(const boost::json::object& o, std::string_view key);

// "2026-08-03" as a day, an RFC 3339 text as an instant.
std::optional<AbsenceEnd> read_end(std::string_view value);
std::optional<LocalDate> read_day(std::string_view value);

// Where dates and instants are mixed the zone may shift a day either way: only what is wrong in
// every zone counts.
bool ends_before_it_begins(const AbsenceEnd& from, const AbsenceEnd& until);

// The caps under "cap"; what it does not say stays as in `otherwise`.
Caps read_caps(const boost::json::object& o, Caps otherwise);

// How a pool shares, whom it keeps, and what it does where nobody is free.
void read_modes(const boost::json::object& o, Pool& pool);

}  // namespace baton
