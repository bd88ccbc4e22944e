#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/core/text/label.h"
#include "mapping/instant.h"
#include "mapping/schema/finding.h"
#include "mapping/schema/yaml.h"

namespace baton {

// Reads members of a policy file that has passed its schema, and reports what a schema cannot
// express, with its place. Members are named by JSON pointer. A missing member reads as `fallback`,
// or as an empty list. So does a member of the wrong type, because the schema has reported it.
// The document and the findings must outlive the reader.
class PolicyReader {
 public:
  PolicyReader(const YamlDocument& yaml, Findings& findings) : yaml_(yaml), findings_(findings) {}

  const boost::json::value* at(const std::string& pointer) const;
  std::string text(const std::string& pointer, std::string_view fallback = {}) const;
  // A text by language; a language that is missing reads the English text, else `fallback`.
  Label label(const std::string& pointer, std::string_view fallback) const;
  int integer(const std::string& pointer, int fallback) const;
  bool boolean(const std::string& pointer, bool fallback) const;
  Duration duration(const std::string& pointer, Duration fallback);
  std::vector<std::string> texts(const std::string& pointer) const;
  std::vector<int> integers(const std::string& pointer) const;
  std::size_t size(const std::string& pointer) const;
  std::vector<std::string> keys(const std::string& pointer) const;  // sorted

  // Calls `use(text, pointer of the item)` for each text of a list.
  void each(const std::string& pointer,
            const std::function<void(const std::string&, const std::string&)>& use) const;

  // Add a finding at the member, or at its nearest existing parent. After an error, failed() is
  // true.
  void error(const std::string& pointer, std::string message, std::string code);
  void warn(const std::string& pointer, std::string message, std::string code);
  // Reports a value that is none of the choices, and names the nearest one.
  void bad_choice(const std::string& pointer, std::string_view value,
                  const std::vector<std::string>& choices);
  bool failed() const { return failed_; }

 private:
  const YamlDocument& yaml_;
  Findings& findings_;
  bool failed_ = false;
};

}  // namespace baton
