#pragma once

#include <string_view>
#include <vector>

#include <boost/json/object.hpp>

#include "gateway/core/routing/routing_policy.h"

namespace baton {

// The `when` of a rule: a value, a list of values, or an object of tests, for each field.
std::vector<RoutePredicate> read_predicates(const boost::json::object& when);

// Whether the first rule matches everything that the second one matches. Says yes only where that
// is certain from the tests alone.
bool covers(const RouteRule& first, const RouteRule& second);

// Codes from one to another, as long as each other: "80000..85999", or "DE:80000..85999".
enum class RangeText { kNone, kRange, kBroken };
RangeText read_range(std::string_view text, std::string_view& from, std::string_view& to);
bool in_range(std::string_view value, std::string_view range);
// A prefix or a range, of one country where it begins with its code: "8", "80000..85999", "DE:8".
bool postal_matches(std::string_view wanted, std::string_view country,
                    std::string_view postal_code);

// Comparisons of rules go without regard to ASCII case.
bool same_word(std::string_view a, std::string_view b);
bool has_prefix(std::string_view value, std::string_view prefix);

}  // namespace baton
