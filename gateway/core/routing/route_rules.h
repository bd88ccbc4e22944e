#pragma once

#include <string_view>
#include <vector>

#include <boost/json/object.hpp>

#include "gateway/core/routing/routing_policy.h"

namespace baton {

// Compiles the `when` of a rule: for each field a value, a list of values, or an object of tests.
std::vector<RoutePredicate> read_predicates(const boost::json::object& when);

// Whether the first rule matches everything that the second one matches. Returns true only if the
// tests alone prove it.
bool covers(const RouteRule& first, const RouteRule& second);

// A range of postal codes of equal length: "80000..85999", or "DE:80000..85999".
enum class RangeText { kNone, kRange, kInvalid };
RangeText read_range(std::string_view text, std::string_view& from, std::string_view& to);
bool in_range(std::string_view value, std::string_view range);
// Whether the code matches a prefix or range. A leading country code restricts it to that country:
// "8", "80000..85999", "DE:8".
bool postal_matches(std::string_view wanted, std::string_view country,
                    std::string_view postal_code);

// Rules compare texts without regard to ASCII case.
bool same_word(std::string_view a, std::string_view b);
bool has_prefix(std::string_view value, std::string_view prefix);

}  // namespace baton
