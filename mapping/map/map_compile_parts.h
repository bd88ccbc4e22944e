#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "mapping/map/map_spec.h"

namespace baton {

// Reads the small parts of a mapping from a YAML document. A fault becomes a finding with its place
// in the file (code map.*), and the part stays empty.
class PartReader {
 public:
  PartReader(const YamlDocument& document, Findings& findings, std::set<std::string>& headers)
      : document_(document), findings_(findings), headers_(headers) {}

  const YamlDocument& document() const { return document_; }
  void fault(const std::string& pointer, std::string message, std::string code);

  JsonPath path(const json::value& value, const std::string& pointer);
  std::vector<JsonPath> paths(const json::value* value,
                              const std::string& pointer);  // one or a list
  ValueRef ref(std::string_view text, const std::string& pointer);
  std::vector<ValueRef> refs(const json::value* value, const std::string& pointer);
  Template text(const json::value& value, const std::string& pointer);
  std::vector<Template> texts(const json::value* value, const std::string& pointer);
  std::vector<Condition> conditions(const json::value* value, const std::string& pointer);
  std::vector<Expr> exprs(const json::value* value, const std::string& pointer);
  TouchType touch_type(std::string_view name, const std::string& pointer);
  std::optional<Intent> intent(std::string_view name, const std::string& pointer);

 private:
  Condition condition(std::string_view name, const json::value& test, const std::string& pointer);
  Expr expr(const json::value& value, const std::string& pointer);
  void kind_of_expr(const json::object& object, const std::string& pointer, Expr& out);
  void modifiers(const json::object& object, const std::string& pointer, Expr& out);

  const YamlDocument& document_;
  Findings& findings_;
  std::set<std::string>& headers_;
};

// Returns a scalar of a configuration file as text: true, 12 and "x" alike.
std::string scalar_text(const json::value& value);
std::vector<std::string> scalar_texts(const json::value* value);  // one or a list

// Append a segment to a JSON pointer: "/a/b" + "c/d" -> "/a/b/c~1d".
std::string child(const std::string& pointer, std::string_view name);
std::string child(const std::string& pointer, std::size_t index);

}  // namespace baton
