#pragma once

#include <optional>
#include <string>
#include <vector>

#include "adapters/engine/crm/crm.h"
#include "mapping/json/json.h"

namespace baton {

// What answers mean, as an ordered table: the first rule that fits decides; behind the adapter's
// own rules stand those of HTTP (docs/reference/crm-format.md).
class OutcomeTable {
 public:
  // Adds the rules of a YAML list behind those there are.
  void add(const YamlDocument& document, std::string_view pointer, const json::array& rules,
           Findings& findings);
  // The verdict on a whole answer; `body` is its JSON, null where it is none.
  Outcome judge(const HttpResponse& response, const json::value& body) const;
  // The verdict on one item's error object inside an answer; nothing where no rule speaks of it.
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
// Whether the answer is a page for humans: not from the API, but from something in front of it.
bool is_html(const HttpResponse& response);
// The outcome where there is no answer.
Outcome transport_outcome(const HttpResult& result);
// The body as JSON, null where it is none.
json::value json_body(const HttpResponse& response);

}  // namespace baton
