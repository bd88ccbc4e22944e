#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mapping/json/json.h"

namespace baton {

// A place in a JSON value, parsed once: "form_response.answers[0].text". Members are separated by
// dots; "[2]" is an element, "[*]" all elements, "*" all members, "hs_*" all members with that
// prefix. A name with dots, spaces, stars or brackets is put in double quotes. "." is the value
// itself.
class JsonPath {
 public:
  // Empty on a syntax error.
  static std::optional<JsonPath> parse(std::string_view text);

  // Returns the first value at the path; null if it does not exist.
  const json::value* find(const json::value& root) const;
  void each(const json::value& root, const std::function<void(const json::value&)>& visit) const;

  const std::string& text() const { return text_; }

 private:
  struct Step {
    enum class Kind { kMember, kElement, kAllElements, kAllMembers };
    Kind kind = Kind::kMember;
    std::string name;  // kAllMembers: their common prefix
    std::size_t index = 0;
  };

  static bool parse_step(std::string_view& rest, Step& step);
  const json::value* find_from(const json::value& value, std::size_t step) const;
  void each_from(const json::value& value, std::size_t step,
                 const std::function<void(const json::value&)>& visit) const;

  std::string text_;
  std::vector<Step> steps_;
};

}  // namespace baton
