#include "mapping/schema/schema_words.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <re2/re2.h>

#include "mapping/schema/schema.h"

namespace baton::schema_words {

std::string_view words_of_type(std::string_view type) {
  if (type == "object") return "a mapping (key: value)";
  if (type == "array") return "a list";
  if (type == "string") return "text";
  if (type == "integer") return "a whole number";
  if (type == "number") return "a number";
  if (type == "boolean") return "true or false";
  return "empty";
}

bool is_of_type(const json::value& v, std::string_view type) {
  if (type == "object") return v.is_object();
  if (type == "array") return v.is_array();
  if (type == "string") return v.is_string();
  if (type == "number") return v.is_number();
  if (type == "boolean") return v.is_bool();
  if (type == "null") return v.is_null();
  if (v.is_double()) return v.get_double() == std::floor(v.get_double());
  return v.is_number();
}

std::vector<std::string> texts(const json::value& v) {
  if (v.is_string()) return {std::string(v.get_string())};
  std::vector<std::string> out;
  if (const json::array* items = v.if_array()) {
    for (const json::value& item : *items)
      out.push_back(item.is_string() ? std::string(item.get_string()) : json::serialize(item));
  }
  return out;
}

std::string subject(std::string_view pointer) {
  if (pointer.ends_with("#key")) return "the key " + subject(pointer.substr(0, pointer.size() - 4));
  if (pointer.empty()) return "the file";
  const std::size_t slash = pointer.rfind('/');
  const std::string_view last = pointer.substr(slash + 1);
  const bool index =
      !last.empty() && last.find_first_not_of("0123456789") == std::string_view::npos;
  if (!index || slash == 0) return fmt::format("\"{}\"", last);
  const std::string_view parent = pointer.substr(0, slash);
  return fmt::format("entry {} of {}", std::stoul(std::string(last.substr(0, 9))) + 1,
                     subject(parent));
}

std::string_view type_of(const json::value& v) {
  if (v.is_object()) return "object";
  if (v.is_array()) return "array";
  if (v.is_string()) return "string";
  if (v.is_bool()) return "boolean";
  return v.is_double() ? "number" : "integer";
}

std::string wrong_choice(std::string_view pointer, const json::value& value,
                         const std::vector<std::string>& choices) {
  const std::string_view before = choices.size() == 1 ? "must be " : "must be one of ";
  std::string message = fmt::format("{} {}{}", subject(pointer), before, fmt::join(choices, ", "));
  if (value.is_null()) return message + ", but is empty";
  if (value.is_structured())
    return fmt::format("{}, not {}", message, words_of_type(type_of(value)));
  const auto is_choice = [&](std::string_view text) {
    return std::find(choices.begin(), choices.end(), text) != choices.end();
  };
  if (!value.is_string()) {
    const auto given = json::serialize(value);
    return fmt::format("{}, not {}{}", message, given,
                       is_choice(given) ? "; put it in quotes" : "");
  }
  if (value.get_string().size() > 40) return message;
  if (is_choice(value.get_string()))
    return fmt::format("{}, not \"{}\"; write it without quotes", message,
                       std::string_view(value.get_string()));
  message += fmt::format(", not \"{}\"", std::string_view(value.get_string()));
  const std::string near = did_you_mean(value.get_string(), choices);
  if (!near.empty()) message += fmt::format("; did you mean \"{}\"?", near);
  return message;
}

bool matches(std::string_view value, std::string_view pattern) {
  const RE2 re({pattern.data(), pattern.size()}, RE2::Quiet);
  return re.ok() && RE2::PartialMatch({value.data(), value.size()}, re);
}

}  // namespace baton::schema_words
