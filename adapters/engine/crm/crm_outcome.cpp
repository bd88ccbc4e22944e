#include "adapters/engine/crm/crm_outcome.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "adapters/engine/crm/crm_template.h"
#include "adapters/engine/http/http_client_retry_after.h"

namespace baton {
namespace {

constexpr std::pair<Verdict, std::string_view> kVerdicts[] = {
    {Verdict::kOk, "ok"},
    {Verdict::kOkNoop, "ok_noop"},
    {Verdict::kRetryAfter, "retry_after"},
    {Verdict::kRetryBackoff, "retry_backoff"},
    {Verdict::kReauthOnce, "reauth_once"},
    {Verdict::kPermanentData, "permanent_data"},
    {Verdict::kPermanentConfig, "permanent_config"},
    {Verdict::kDuplicate, "duplicate"},
    {Verdict::kUnknown, "unknown"},
};

std::string lower_case(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return out;
}

// "429", "5xx", "500-599".
bool parse_status(std::string_view text, int& from, int& to) {
  if (text.size() == 3 && text.ends_with("xx") && text[0] >= '1' && text[0] <= '5') {
    from = (text[0] - '0') * 100;
    to = from + 99;
    return true;
  }
  const auto dash = text.find('-');
  const auto first = text.substr(0, dash);
  const auto last = dash == std::string_view::npos ? first : text.substr(dash + 1);
  const auto read = [](std::string_view digits, int& value) {
    const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return failed == std::errc{} && end == digits.data() + digits.size();
  };
  return read(first, from) && read(last, to) && from <= to;
}

// The verdict by HTTP status, if the adapter has no rule.
Verdict http_verdict(const HttpResponse& response) {
  const int status = response.status;
  if (status >= 200 && status < 300) return is_html(response) ? Verdict::kUnknown : Verdict::kOk;
  // A web page instead of an API response comes from a proxy or firewall.
  if (is_html(response) && status >= 400) return Verdict::kRetryBackoff;
  if (status == 401) return Verdict::kReauthOnce;
  if (status == 408 || status == 423 || status == 425 || status == 429) return Verdict::kRetryAfter;
  if (status == 409) return Verdict::kDuplicate;
  if (status == 400 || status == 413 || status == 422) return Verdict::kPermanentData;
  if (status >= 500) return Verdict::kRetryBackoff;
  return Verdict::kPermanentConfig;
}

Outcome with_wait(Outcome outcome, const HttpResponse& response) {
  // The rule's wait is the minimum.
  if (const auto asked = retry_after(response.headers);
      asked && (!outcome.retry_after || *outcome.retry_after < *asked))
    outcome.retry_after = asked;
  if (outcome.verdict == Verdict::kRetryAfter && !outcome.retry_after)
    outcome.verdict = Verdict::kRetryBackoff;
  if (outcome.verdict == Verdict::kRetryBackoff && outcome.retry_after)
    outcome.verdict = Verdict::kRetryAfter;
  return outcome;
}

}  // namespace

std::string_view to_string(Verdict verdict) {
  for (const auto& [value, name] : kVerdicts) {
    if (value == verdict) return name;
  }
  return "unknown";
}

std::optional<Verdict> parse_verdict(std::string_view name) {
  for (const auto& [value, text] : kVerdicts) {
    if (text == name) return value;
  }
  return std::nullopt;
}

bool is_html(const HttpResponse& response) {
  const bool said = lower_case(header(response.headers, "Content-Type")).starts_with("text/html");
  const auto begin = response.body.find_first_not_of(" \t\r\n");
  if (begin == std::string::npos) return said;
  // Slack answers incoming webhooks with the word "ok" and labels it text/html.
  if (said) return response.body[begin] == '<';
  const auto start = lower_case(std::string_view(response.body).substr(begin, 5));
  return start == "<!doc" || start == "<html";
}

json::value json_body(const HttpResponse& response) {
  auto parsed = parse_json(response.body);
  return parsed ? std::move(*parsed) : json::value();
}

Outcome transport_outcome(const HttpResult& result) {
  switch (result.transport) {
    case Transport::kRefused:
      return {Verdict::kRetryBackoff, {}, {}, result.detail};
    case Transport::kBlocked:
      return {Verdict::kPermanentConfig, {}, {}, result.detail};
    default:
      return {Verdict::kUnknown, {}, {}, result.detail};
  }
}

void OutcomeTable::add(const YamlDocument& document, std::string_view pointer,
                       const json::array& rules, Findings& findings) {
  for (std::size_t i = 0; i < rules.size(); ++i) {
    const auto* o = rules[i].if_object();
    if (o == nullptr) continue;
    const auto place = fmt::format("{}/{}", pointer, i);
    Rule rule;
    if (const auto* status = o->if_contains("status");
        status != nullptr && !parse_status(as_text(*status), rule.from, rule.to))
      findings.push_back(document.finding(
          place + "/status",
          "a status must be a number, a class such as \"5xx\" or a range \"500-599\"",
          "adapter.bad_outcome"));
    if (const auto verdict = parse_verdict(text(*o, "verdict")))
      rule.verdict = *verdict;
    else
      findings.push_back(document.finding(place, "unknown verdict", "adapter.bad_outcome"));
    if (const auto after = text(*o, "after"); !after.empty()) {
      rule.after = parse_duration(after);
      if (!rule.after)
        findings.push_back(document.finding(place + "/after", "not a duration such as \"30s\"",
                                            "adapter.bad_outcome"));
    }
    rule.item = text(*o, "in") == "item";
    rule.html = text(*o, "type") == "html";
    rule.header = text(*o, "header");
    rule.header_contains = lower_case(text(*o, "header_contains"));
    rule.body = text(*o, "body");
    rule.equals = text(*o, "equals");
    rule.contains = lower_case(text(*o, "contains"));
    rule.hint = text(*o, "hint");
    rules_.push_back(std::move(rule));
  }
}

bool OutcomeTable::fits_body(const Rule& rule, const json::value& body) {
  if (rule.body.empty()) return true;
  const auto* found = at_pointer(body, rule.body);
  if (found == nullptr) return false;
  const auto text = as_text(*found);
  if (!rule.equals.empty() && text != rule.equals) return false;
  return rule.contains.empty() || lower_case(text).find(rule.contains) != std::string::npos;
}

bool OutcomeTable::fits(const Rule& rule, const HttpResponse& response, const json::value& body) {
  if (rule.item || response.status < rule.from || response.status > rule.to) return false;
  if (rule.html && !is_html(response)) return false;
  if (!rule.header.empty()) {
    const auto value = header(response.headers, rule.header);
    if (value.empty() || lower_case(value).find(rule.header_contains) == std::string::npos)
      return false;
  }
  return fits_body(rule, body);
}

Outcome OutcomeTable::judge(const HttpResponse& response, const json::value& body) const {
  for (const Rule& rule : rules_) {
    if (!fits(rule, response, body)) continue;
    const auto reason = rule.hint.empty() ? fmt::format("HTTP {}", response.status)
                                          : fmt::format("HTTP {}: {}", response.status, rule.hint);
    return with_wait({rule.verdict, {}, rule.after, reason}, response);
  }
  Outcome outcome{http_verdict(response), {}, {}, fmt::format("HTTP {}", response.status)};
  if (is_html(response)) outcome.reason += ": a web page instead of an API response";
  return with_wait(std::move(outcome), response);
}

std::optional<Outcome> OutcomeTable::judge_item(const json::value& error) const {
  for (const Rule& rule : rules_) {
    if (rule.item && fits_body(rule, error))
      return Outcome{rule.verdict, {}, rule.after, rule.hint};
  }
  return std::nullopt;
}

}  // namespace baton
