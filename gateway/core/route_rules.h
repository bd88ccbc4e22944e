#pragma once

#include <string_view>
#include <vector>

#include <boost/json/object.hpp>

#include "gateway/core/routing_policy.h"

namespace baton {

// The `when` of a rule: a value, a list of values, or an object of tests, for each field.
std::vector<RoutePredicate> read_predicates(const boost::json::object& when);

// Whether the first rule matches everything that the second one matches. Says yes only where that
// is certain from the tests alone.
bool covers(const RouteRule& first, const RouteRule& second);

// Comparisons of rules go without regard to ASCII case.
bool same_word(std::string_view a, std::string_view b);
bool has_prefix(std::string_view value, std::string_view prefix);

}  // namespace baton
