#pragma once

#include <map>
#include <string>
#include <vector>

#include "mapping/json/json.h"
#include "mapping/schema/finding.h"
#include "mapping/schema/yaml.h"

namespace baton {

// Tables for values with other names in the CRM: stages, owners, grades.
using ValueTables = std::map<std::string, std::map<std::string, std::string>, std::less<>>;

// Maps values of a record to fields in the CRM (docs/reference/crm-format.md).
class FieldMap {
 public:
  struct Options {
    bool all_text = false;   // every value as text
    bool neutralise = true;  // formula injection (below)
  };
  // Adds the rules in `fields`. A rule for a known field replaces the old one, null removes it.
  void add(const YamlDocument& document, std::string_view pointer, const json::object& fields,
           Findings& findings);
  // Reports rules that refer to an unknown table.
  void check_tables(const YamlDocument& document, const ValueTables& tables,
                    Findings& findings) const;
  // Renders the fields; those without a value are omitted.
  json::object render(const json::object& view, const ValueTables& tables,
                      const Options& options) const;

 private:
  enum class Kind { kFirst, kJoin, kConst };
  struct Rule {
    Kind kind = Kind::kFirst;
    std::vector<std::string> paths;
    std::string constant, with = " ", table, otherwise;
    bool text = false;
    bool html = false;  // the CRM shows the field as HTML
    bool raw = false;
    std::size_t max = 0;  // characters; 0: no limit
  };
  static json::value value_of(const Rule& rule, const json::object& view, const ValueTables& tables,
                              const Options& options);
  std::map<std::string, Rule> rules_;
};

// Prefixes a text that a spreadsheet would read as a formula with an apostrophe: one that begins
// with = + - @ tab or line break (OWASP, CSV injection). Phone numbers and Baton's own values are
// not free text.
std::string neutralise_formula(std::string text);
bool is_free_text(std::string_view path);

}  // namespace baton
