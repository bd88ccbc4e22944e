#pragma once

#include <map>
#include <string>
#include <vector>

#include "mapping/json/json.h"
#include "mapping/schema/finding.h"
#include "mapping/schema/yaml.h"

namespace baton {

// Tables for values that are named otherwise over there: stages, owners, grades.
using ValueTables = std::map<std::string, std::map<std::string, std::string>, std::less<>>;

// Which of a record's values go into which field over there (docs/reference/crm-format.md).
class FieldMap {
 public:
  struct Options {
    bool all_text = false;   // every value as text
    bool neutralise = true;  // formula injection (below)
  };
  // Adds the rules of `fields` to those there are; a rule of a known field replaces it, null drops
  // it.
  void add(const YamlDocument& document, std::string_view pointer, const json::object& fields,
           Findings& findings);
  // Reports rules that name a table which does not exist.
  void check_tables(const YamlDocument& document, const ValueTables& tables,
                    Findings& findings) const;
  // Fields without a value are left out.
  json::object render(const json::object& view, const ValueTables& tables,
                      const Options& options) const;

 private:
  enum class Kind { kFirst, kJoin, kConst };
  struct Rule {
    Kind kind = Kind::kFirst;
    std::vector<std::string> paths;
    std::string constant, with = " ", table, otherwise;
    bool text = false;
    bool html = false;  // the field is shown as HTML over there
    bool raw = false;
    std::size_t max = 0;  // characters; 0: no limit
  };
  static json::value value_of(const Rule& rule, const json::object& view, const ValueTables& tables,
                              const Options& options);
  std::map<std::string, Rule> rules_;
};

// A text that a spreadsheet would take for a formula gets an apostrophe in front: leading = + - @
// tab, line break (OWASP, CSV injection). Phone numbers and Baton's own values are no free text.
std::string neutralise_formula(std::string text);
bool is_free_text(std::string_view path);

}  // namespace baton
