#include "gateway/core/routing/route_rules.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "mapping/json/json.h"

namespace baton {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::optional<RouteField> parse_field(std::string_view name) {
  for (int i = 0; i < kRouteFields; ++i) {
    const auto field = static_cast<RouteField>(i);
    if (to_string(field) == name) return field;
  }
  return std::nullopt;
}

std::string word(const json::value& v) {
  if (const auto* s = v.if_string()) return std::string(s->data(), s->size());
  if (const auto* i = v.if_int64()) return fmt::format("{}", *i);
  return {};
}

std::vector<std::string> word_list(const json::value& v) {
  std::vector<std::string> out;
  if (const auto* list = v.if_array()) {
    for (const auto& item : *list) out.push_back(word(item));
  } else {
    out.push_back(word(v));
  }
  return out;
}

std::optional<RoutePredicate> read_test(RouteField field, std::string_view test,
                                        const json::value& v) {
  if (test == "equals" || test == "in")
    return RoutePredicate{field, RouteTest::kIn, word_list(v), 0};
  if (test == "not_in") return RoutePredicate{field, RouteTest::kNotIn, word_list(v), 0};
  if (test == "prefix") return RoutePredicate{field, RouteTest::kPrefix, word_list(v), 0};
  if (test == "present") {
    const bool present = v.is_bool() && v.get_bool();
    return RoutePredicate{field, present ? RouteTest::kPresent : RouteTest::kAbsent, {}, 0};
  }
  if (test == "range") return RoutePredicate{field, RouteTest::kRange, word_list(v), 0};
  const auto bound = [&] { return static_cast<int>(v.is_int64() ? v.get_int64() : 0); };
  if (test == "at_least") return RoutePredicate{field, RouteTest::kAtLeast, {}, bound()};
  if (test == "at_most") return RoutePredicate{field, RouteTest::kAtMost, {}, bound()};
  return std::nullopt;
}

using Words = std::vector<std::string>;

template <class Match>
bool all_in(const Words& inner, const Words& outer, Match match) {
  return std::all_of(inner.begin(), inner.end(), [&](const std::string& word) {
    return std::any_of(outer.begin(), outer.end(),
                       [&](const std::string& other) { return match(word, other); });
  });
}

bool none_in(const Words& some, const Words& others) {
  return std::none_of(some.begin(), some.end(), [&](const std::string& word) {
    return std::any_of(others.begin(), others.end(),
                       [&](const std::string& other) { return same_word(word, other); });
  });
}

bool says_something(RouteTest test) {
  return test == RouteTest::kIn || test == RouteTest::kPrefix || test == RouteTest::kPresent ||
         test == RouteTest::kRange;
}

bool range_within(const std::string& narrow, const std::string& range) {
  std::string_view from, to;
  if (read_range(narrow, from, to) != RangeText::kRange) return in_range(narrow, range);
  return in_range(from, range) && in_range(to, range);
}

// Whether every value that passes `narrow` also passes `wide`. Both test the same field.
bool implies(const RoutePredicate& narrow, const RoutePredicate& wide) {
  switch (wide.test) {
    case RouteTest::kIn:
      return narrow.test == RouteTest::kIn && all_in(narrow.values, wide.values, same_word);
    case RouteTest::kPrefix:
      return (narrow.test == RouteTest::kIn || narrow.test == RouteTest::kPrefix) &&
             all_in(narrow.values, wide.values, has_prefix);
    case RouteTest::kNotIn:
      if (narrow.test == RouteTest::kIn) return none_in(narrow.values, wide.values);
      return narrow.test == RouteTest::kNotIn && all_in(wide.values, narrow.values, same_word);
    case RouteTest::kPresent:
      return says_something(narrow.test);
    case RouteTest::kAbsent:
      return narrow.test == RouteTest::kAbsent;
    case RouteTest::kAtLeast:
      return narrow.test == RouteTest::kAtLeast && narrow.bound >= wide.bound;
    case RouteTest::kAtMost:
      return narrow.test == RouteTest::kAtMost && narrow.bound <= wide.bound;
    case RouteTest::kRange:
      return (narrow.test == RouteTest::kIn || narrow.test == RouteTest::kRange) &&
             all_in(narrow.values, wide.values, range_within);
  }
  return false;
}

}  // namespace

bool has_prefix(std::string_view value, std::string_view prefix) {
  return value.size() >= prefix.size() &&
         std::equal(prefix.begin(), prefix.end(), value.begin(),
                    [](char a, char b) { return lower(a) == lower(b); });
}

RangeText read_range(std::string_view text, std::string_view& from, std::string_view& to) {
  const auto dots = text.find("..");
  if (dots == std::string_view::npos) return RangeText::kNone;
  from = text.substr(0, dots);
  to = text.substr(dots + 2);
  if (const auto colon = from.find(':'); colon != std::string_view::npos)
    from.remove_prefix(colon + 1);
  const bool good = !from.empty() && from.size() == to.size() && from <= to;
  return good ? RangeText::kRange : RangeText::kInvalid;
}

bool in_range(std::string_view value, std::string_view range) {
  std::string_view from, to;
  if (read_range(range, from, to) != RangeText::kRange) return same_word(value, range);
  return value.size() == from.size() && value >= from && value <= to;
}

bool postal_matches(std::string_view wanted, std::string_view country,
                    std::string_view postal_code) {
  if (const auto colon = wanted.find(':'); colon != std::string_view::npos) {
    if (!country.empty() && !same_word(country, wanted.substr(0, colon))) return false;
    wanted.remove_prefix(colon + 1);
  }
  return wanted.find("..") != std::string_view::npos ? in_range(postal_code, wanted)
                                                     : has_prefix(postal_code, wanted);
}

bool same_word(std::string_view a, std::string_view b) {
  return a.size() == b.size() && has_prefix(a, b);
}

std::vector<RoutePredicate> read_predicates(const json::object& when) {
  std::vector<RoutePredicate> out;
  for (const auto& entry : when) {
    const auto field = parse_field(entry.key());
    if (!field) continue;
    const auto* tests = entry.value().if_object();
    if (tests == nullptr) {
      out.push_back({*field, RouteTest::kIn, word_list(entry.value()), 0});
      continue;
    }
    for (const auto& test : *tests) {
      if (auto p = read_test(*field, test.key(), test.value())) out.push_back(std::move(*p));
    }
  }
  return out;
}

bool covers(const RouteRule& first, const RouteRule& second) {
  return std::all_of(first.when.begin(), first.when.end(), [&](const RoutePredicate& wide) {
    return std::any_of(second.when.begin(), second.when.end(), [&](const RoutePredicate& narrow) {
      return narrow.field == wide.field && implies(narrow, wide);
    });
  });
}

}  // namespace baton
