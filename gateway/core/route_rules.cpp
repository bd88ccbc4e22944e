#include "gateway/core/route_rules.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "mapping/json.h"

namespace baton {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::optional<RouteField> parse_field(std::string_view name) {
  for (int i = 0; i <= static_cast<int>(RouteField::kHops); ++i) {
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
  if (test == "at_least")
    return RoutePredicate{
        field, RouteTest::kAtLeast, {}, static_cast<int>(v.is_int64() ? v.get_int64() : 0)};
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

bool says_something(RouteTest test) {
  return test == RouteTest::kIn || test == RouteTest::kPrefix || test == RouteTest::kPresent;
}

// Whether a value that passes `narrow` always passes `wide` (of the same field).
bool implies(const RoutePredicate& narrow, const RoutePredicate& wide) {
  switch (wide.test) {
    case RouteTest::kIn:
      return narrow.test == RouteTest::kIn && all_in(narrow.values, wide.values, same_word);
    case RouteTest::kPrefix:
      return (narrow.test == RouteTest::kIn || narrow.test == RouteTest::kPrefix) &&
             all_in(narrow.values, wide.values, has_prefix);
    case RouteTest::kNotIn:
      return narrow.test == RouteTest::kNotIn && all_in(wide.values, narrow.values, same_word);
    case RouteTest::kPresent:
      return says_something(narrow.test);
    case RouteTest::kAbsent:
      return narrow.test == RouteTest::kAbsent;
    case RouteTest::kAtLeast:
      return narrow.test == RouteTest::kAtLeast && narrow.at_least >= wide.at_least;
  }
  return false;
}

}  // namespace

bool has_prefix(std::string_view value, std::string_view prefix) {
  return value.size() >= prefix.size() &&
         std::equal(prefix.begin(), prefix.end(), value.begin(),
                    [](char a, char b) { return lower(a) == lower(b); });
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
