#include "gateway/core/scoring/score_examples.h"

#include <algorithm>

#include <fmt/format.h>

#include "mapping/json/json.h"

namespace baton {
namespace {

std::string lower_case(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  }
  return text;
}

std::string text_of(const json::value& v) {
  if (v.is_bool()) return v.get_bool() ? "true" : "false";
  if (v.is_int64()) return fmt::format("{}", v.get_int64());
  return v.is_string() ? lower_case(std::string(v.get_string().c_str())) : std::string();
}

std::vector<std::string> values_of(const json::value& v) {
  if (!v.is_array()) return {text_of(v)};
  std::vector<std::string> values;
  for (const auto& item : v.get_array()) values.push_back(text_of(item));
  return values;
}

// Reads one of {matches}, {present}, {not}, {at_least, below}. The schema allows nothing else.
FieldTest read_operator(PolicyReader& in, const std::string& at, const json::object& o) {
  FieldTest test;
  if (const auto* expression = o.if_contains("matches");
      expression != nullptr && expression->is_string()) {
    std::string fault;
    test.kind = FieldTest::Kind::kMatches;
    test.pattern = compile_pattern(expression->get_string().c_str(), fault);
    if (test.pattern == nullptr)
      in.error(at + "/matches", "invalid regular expression (RE2): " + fault,
               "scoring.bad_pattern");
  } else if (const auto* present = o.if_contains("present")) {
    test.kind = present->is_bool() && !present->get_bool() ? FieldTest::Kind::kAbsent
                                                           : FieldTest::Kind::kPresent;
  } else if (const auto* none = o.if_contains("not")) {
    test.kind = FieldTest::Kind::kNoneOf;
    test.values = values_of(*none);
  } else {
    test.kind = FieldTest::Kind::kRange;
    test.at_least = integer(o, "at_least", 0);
    test.below = integer(o, "below", INT64_MAX);
  }
  return test;
}

std::vector<FieldTest> read_all(PolicyReader& in, const std::string& at, const json::object& o) {
  std::vector<FieldTest> all;
  for (const auto& [key, value] : o) {
    const std::string name(key), place = at + "/" + name;
    const auto field = parse_profile_field(name);
    if (!field) {
      in.bad_choice(place, name, profile_field_names());
      continue;
    }
    FieldTest test;
    if (value.is_object())
      test = read_operator(in, place, value.get_object());
    else
      test.values = values_of(value);
    test.field = *field;
    all.push_back(std::move(test));
  }
  return all;
}

std::uint64_t read_types(PolicyReader& in, const std::string& at) {
  std::uint64_t types = 0;
  const auto take = [&](const std::string& name, const std::string& place) {
    if (const auto type = parse_touch_type(name)) {
      types |= type_bit(*type);
      return;
    }
    std::vector<std::string> known;
    for (int i = 0; i < kTouchTypes; ++i) known.emplace_back(to_string(static_cast<TouchType>(i)));
    in.bad_choice(place, name, known);
  };
  const std::string one = in.text(at);
  if (one.empty())
    in.each(at, take);
  else
    take(one, at);
  return types;
}

std::vector<std::string> read_texts(PolicyReader& in, const std::string& at) {
  const std::string one = in.text(at);
  return one.empty() ? in.texts(at) : std::vector<std::string>{one};
}

}  // namespace

ProfileTest read_profile_test(PolicyReader& in, const std::string& at) {
  ProfileTest test;
  const auto* v = in.at(at);
  if (v == nullptr) return test;
  if (v->is_object()) test.any.push_back(read_all(in, at, v->get_object()));
  for (std::size_t i = 0; i < in.size(at); ++i) {
    if (v->at(i).is_object())
      test.any.push_back(read_all(in, fmt::format("{}/{}", at, i), v->at(i).get_object()));
  }
  return test;
}

TouchTest read_touch_test(PolicyReader& in, const std::string& at) {
  TouchTest test;
  test.types = read_types(in, at + "/on");
  const std::string where = at + "/where";
  test.assets = read_texts(in, where + "/asset");
  test.page_groups = read_texts(in, where + "/page_group");
  test.channels = read_texts(in, where + "/channel");
  test.campaigns = read_texts(in, where + "/campaign");
  for (const std::string& name : read_texts(in, where + "/intent")) {
    const auto intent = parse_intent(name);
    if (intent)
      test.intents |= static_cast<std::uint8_t>(1U << static_cast<unsigned>(*intent));
    else
      in.bad_choice(where + "/intent", name, {"informational", "hand_raiser", "transactional"});
  }
  test.dwell_at_least_s = static_cast<int>(in.duration(where + "/dwell_at_least", {}).ms / 1000);
  return test;
}

bool asks_only_free_mail(const ProfileTest& test) {
  return std::any_of(test.any.begin(), test.any.end(), [](const std::vector<FieldTest>& all) {
    return std::all_of(all.begin(), all.end(),
                       [](const FieldTest& t) { return t.field == ProfileField::kFreeMail; });
  });
}

}  // namespace baton
