#pragma once

#include <map>
#include <string>
#include <string_view>

namespace baton {

// A policy's name for a thing, by language tag. A language without a text reads the English one.
class Label {
 public:
  Label() = default;
  explicit Label(std::string english);

  void set(std::string_view language, std::string text);
  const std::string& in(std::string_view language) const;
  bool empty() const { return texts_.empty(); }
  const std::map<std::string, std::string, std::less<>>& by_language() const { return texts_; }

 private:
  std::map<std::string, std::string, std::less<>> texts_;
};

}  // namespace baton
