#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>

#include "gateway/core/routing/routing_policy.h"

namespace baton {

// Readers for parts of policy/routing.yaml.

std::vector<std::string> read_words(const boost::json::object& o, std::string_view key);

// Reads "2026-08-03" as a day, and an RFC 3339 text as an instant.
std::optional<AbsenceEnd> read_end(std::string_view value);
std::optional<LocalDate> read_day(std::string_view value);

// Whether the absence ends before it begins. If dates and instants are mixed, the zone can shift a
// day either way, and only an order that is wrong in every zone counts.
bool ends_before_it_begins(const AbsenceEnd& from, const AbsenceEnd& until);

// Reads the caps under "cap". Missing caps keep their value from `otherwise`.
Caps read_caps(const boost::json::object& o, Caps otherwise);

// Reads how a pool shares leads, which owners keep theirs, and what it does if no rep is free.
void read_modes(const boost::json::object& o, Pool& pool);

}  // namespace baton
