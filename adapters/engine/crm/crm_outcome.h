#pragma once

#include <optional>
#include <string>
#include <vector>

#include "adapters/engine/crm/crm.h"
#include "mapping/json/json.h"

namespace baton {

// The meaning of responses as an ordered table. The first matching rule decides; the rules for HTTP
// follow the adapter's (docs/reference/crm-format.md).
class OutcomeTable {
 public:
  // Appends the rules of a YAML list.
  void add(const YamlDocument& document, std::string_view pointer, const json::array& rules,
           Findings& findings);
  // Judges a whole response. `body` is its JSON, null if it has none.
  Outcome judge(const HttpResponse& response, const json::value& body) const;
  // Judges the error object of one item in a response; empty if no rule matches.
  std::optional<Outcome> judge_item(const json::value& error) const;

 private:
  struct Rule {
    int from = 0, to = 999;
    bool item = false;  // `in: item`: applies to error objects of single items
    bool html = false;
    std::string header, header_contains;
    std::string body, equals, contains;
    Verdict verdict = Verdict::kUnknown;
    std::optional<Duration> after;
    std::string hint;
  };
  static bool fits_body(const Rule& rule, const json::value& body);
  static bool fits(const Rule& rule, const HttpResponse& response, const json::value& body);
  std::vector<Rule> rules_;
};

std::optional<Verdict> parse_verdict(std::string_view name);
// Returns whether the response is a web page: it comes from a proxy or firewall, not from the API.
bool is_html(const HttpResponse& response);
// Returns the outcome of a call without a response.
Outcome transport_outcome(const HttpResult& result);
// Returns the body as JSON, null if it is not JSON.
json::value json_body(const HttpResponse& response);

}  // namespace baton
