#include "gateway/api/admin_api.h"

#include <algorithm>
#include <array>

#include <fmt/ranges.h>

#include "gateway/api/admin_calls.h"
#include "gateway/core/text/texts.h"
#include "gateway/platform/metrics.h"
#include "mapping/schema/embedded.h"
#include "webhooks/edge/digest.h"
#include "webhooks/edge/edge_request.h"
#include "webhooks/http/http_server_response.h"

namespace baton {
namespace {

using Filters = std::span<const std::string_view>;
using List = Result<json::object> (Backend::*)(const ListQuery&);

constexpr std::size_t kMaxBody = 64 * 1024;
constexpr Rate kRefusedTokens{1, 20};  // by client address, to slow down guessing

HttpOut answer(Result<json::object> result) {
  return result ? json_answer(std::move(*result)) : problem_of(result.error());
}

template <List list>
HttpOut run_list(Backend& backend, const AdminCall& call, Filters filters) {
  const auto query = read_list_query(call, filters);
  return query ? answer((backend.*list)(*query)) : problem_of(query.error());
}

// `Id`: the id in the path.
template <class Id, Result<json::object> (Backend::*show)(Id)>
HttpOut run_show(Backend& backend, const AdminCall& call, Filters) {
  return answer((backend.*show)(std::remove_cvref_t<Id>(call.name)));
}

// The query of an answer in words: "lang" is a language of the texts, "en" by default.
std::optional<ListQuery> query_in_words(const AdminCall& call, Filters filters, HttpOut& refusal) {
  auto query = read_list_query(call, filters);
  if (!query) {
    refusal = problem_of(query.error());
    return std::nullopt;
  }
  const auto& language = query->filters.try_emplace("lang", "en").first->second;
  if (built_in_texts()->has(language)) return *query;
  refusal = problem(422, "invalid_input",
                    fmt::format("\"lang\" must be one of: {}", fmt::join(text_languages(), ", ")));
  return std::nullopt;
}

HttpOut run_timeline(Backend& backend, const AdminCall& call, Filters filters) {
  HttpOut refusal;
  const auto query = query_in_words(call, filters, refusal);
  return query ? answer(backend.timeline(LeadId(call.name), *query)) : refusal;
}

HttpOut run_explain(Backend& backend, const AdminCall& call, Filters filters) {
  HttpOut refusal;
  const auto query = query_in_words(call, filters, refusal);
  if (!query) return refusal;
  const auto clock = query->filters.find("clock");
  if (clock != query->filters.end())
    return answer(backend.clock_dossier(LeadId(call.name), ClockId(clock->second),
                                        query->filters.at("lang")));
  return answer(backend.explain(LeadId(call.name), query->filters.at("lang")));
}

HttpOut run_receipts(Backend& backend, const AdminCall& call, Filters filters) {
  const auto query = read_list_query(call, filters);
  return query ? answer(backend.receipts(LeadId(call.name), *query)) : problem_of(query.error());
}

HttpOut run_report(Backend& backend, const AdminCall& call, Filters filters) {
  const auto query = read_list_query(call, filters);
  return query ? answer(backend.report(call.name, *query)) : problem_of(query.error());
}

template <Result<json::object> (Backend::*whole)()>
HttpOut run_whole(Backend& backend, const AdminCall&, Filters) {
  return answer((backend.*whole)());
}

HttpOut run_clock_health(Backend& backend, const AdminCall&, Filters) {
  return json_answer(backend.clock_health());
}

HttpOut run_pools(Backend& backend, const AdminCall&, Filters) { return answer(backend.pools()); }

HttpOut run_reindex(Backend& backend, const AdminCall&, Filters) {
  return answer(backend.reindex());
}

HttpOut run_start_reindex(Backend& backend, const AdminCall&, Filters) {
  auto begun = backend.start_reindex();
  return begun ? json_answer(*begun, 202) : problem_of(begun.error());
}

HttpOut run_preview(Backend& backend, const AdminCall& call, Filters) {
  const auto body = parse_json(call.body, 2);
  if (!body || !body->is_object() || text(body->get_object(), "sla").empty() ||
      text(body->get_object(), "calendars").empty())
    return problem(422, "invalid_input",
                   "the body must be an object with the texts of \"sla\" and \"calendars\"");
  return answer(backend.policy_preview(body->get_object()));
}

template <Status (Backend::*change)(std::string_view)>
HttpOut run_change(Backend& backend, const AdminCall& call, Filters) {
  const auto status = (backend.*change)(call.name);
  return status ? json_answer(json::object{{"id", call.name}}) : problem_of(status.error());
}

HttpOut run_feedback(Backend& backend, const AdminCall& call, std::string_view verb) {
  const auto feedback = read_feedback(verb, call);
  if (!feedback) return problem_of(feedback.error());
  const auto status = backend.feedback(LeadId(call.name), *feedback);
  return status ? json_answer(json::object{{"lead", call.name}, {"id", feedback->id}})
                : problem_of(status.error());
}

HttpOut run_ready(Backend& backend, const AdminCall&, Filters) {
  json::array checks;
  bool ready = true;
  for (const auto& check : backend.ready()) {
    ready &= check.ok;
    checks.push_back(
        json::object{{"name", check.name}, {"ok", check.ok}, {"detail", check.detail}});
  }
  return json_answer(json::object{{"ready", ready}, {"checks", std::move(checks)}},
                     ready ? 200 : 503);
}

constexpr std::string_view kLeadFilters[] = {"stage", "grade", "owner", "pool", "work_status"};
constexpr std::string_view kLang[] = {"lang"};
constexpr std::string_view kExplainFilters[] = {"lang", "clock"};
constexpr std::string_view kReceiptFilters[] = {"handover"};
constexpr std::string_view kClockFilters[] = {"state", "owner", "lead"};
constexpr std::string_view kTaskFilters[] = {"state", "kind", "owner", "team", "lead"};
constexpr std::string_view kMeetingFilters[] = {"state", "rep", "lead"};
constexpr std::string_view kAlertFilters[] = {"kind", "recipient"};
constexpr std::string_view kOutboxFilters[] = {"destination", "state"};
constexpr std::string_view kDeadFilters[] = {"origin", "destination"};
constexpr std::string_view kReportFilters[] = {"from", "to"};

struct Route {
  std::string_view method, pattern;
  HttpOut (*run)(Backend&, const AdminCall&, Filters) = nullptr;  // null: answered immediately
  Filters filters = {};
  std::string_view verb = {};
};

const Route kRoutes[] = {
    {"GET", "/"},
    {"GET", "/assets/status.js"},
    {"GET", "/healthz"},
    {"GET", "/metrics"},
    {"GET", "/openapi.yaml"},
    {"GET", "/readyz", run_ready},
    {"GET", "/api/v1/leads", run_list<&Backend::leads>, kLeadFilters},
    {"GET", "/api/v1/leads/{id}", run_show<const LeadId&, &Backend::lead>},
    {"GET", "/api/v1/leads/{id}/timeline", run_timeline, kLang},
    {"GET", "/api/v1/leads/{id}/explain", run_explain, kExplainFilters},
    {"GET", "/api/v1/leads/{id}/receipts", run_receipts, kReceiptFilters},
    {"GET", "/api/v1/clocks", run_list<&Backend::clocks>, kClockFilters},
    {"GET", "/api/v1/tasks", run_list<&Backend::tasks>, kTaskFilters},
    {"GET", "/api/v1/meetings", run_list<&Backend::meetings>, kMeetingFilters},
    {"GET", "/api/v1/alerts", run_list<&Backend::alerts>, kAlertFilters},
    {"GET", "/api/v1/outbox", run_list<&Backend::outbox>, kOutboxFilters},
    {"GET", "/api/v1/dead-letters", run_list<&Backend::dead_letters>, kDeadFilters},
    {"GET", "/api/v1/dead-letters/{id}", run_show<std::string_view, &Backend::dead_letter>},
    {"POST", "/api/v1/dead-letters/{id}/retry", run_change<&Backend::retry_dead_letter>},
    {"POST", "/api/v1/dead-letters/{id}/drop", run_change<&Backend::drop_dead_letter>},
    {"GET", "/api/v1/pools", run_pools},
    {"GET", "/api/v1/reindex", run_reindex},
    {"POST", "/api/v1/reindex", run_start_reindex},
    {"POST", "/api/v1/policy/preview", run_preview},
    {"GET", "/api/v1/forecast", run_whole<&Backend::forecast>},
    {"GET", "/api/v1/periods", run_whole<&Backend::periods>},
    {"GET", "/api/v1/health/clocks", run_clock_health},
    {"GET", "/api/v1/reports/{name}", run_report, kReportFilters},
    {"POST", "/api/v1/leads/{id}/accept", nullptr, {}, "accept"},
    {"POST", "/api/v1/leads/{id}/reject", nullptr, {}, "reject"},
    {"POST", "/api/v1/leads/{id}/attempt", nullptr, {}, "attempt"},
    {"POST", "/api/v1/leads/{id}/qualify", nullptr, {}, "qualify"},
    {"POST", "/api/v1/leads/{id}/recycle", nullptr, {}, "recycle"},
    {"POST", "/api/v1/leads/{id}/disqualify", nullptr, {}, "disqualify"},
    {"POST", "/api/v1/leads/{id}/icp", nullptr, {}, "icp"},
    {"POST", "/api/v1/leads/{id}/acknowledge", nullptr, {}, "acknowledge"},
    {"POST", "/api/v1/leads/{id}/snooze", nullptr, {}, "snooze"},
    {"POST", "/api/v1/leads/{id}/task", nullptr, {}, "task"},
    {"POST", "/api/v1/leads/{id}/meeting", nullptr, {}, "meeting"},
    {"POST", "/api/v1/leads/{id}/reason", nullptr, {}, "reason"},
    {"POST", "/api/v1/leads/{id}/reopen", nullptr, {}, "reopen"},
};

// Compares segment by segment. The braces match one segment that is an id.
bool match(std::string_view pattern, std::string_view path, std::string& name) {
  const auto open = pattern.find('{');
  if (open == std::string_view::npos) return pattern == path;
  const auto tail = pattern.substr(pattern.find('}') + 1);
  if (path.substr(0, open) != pattern.substr(0, open) || path.size() < open + tail.size() + 1)
    return false;
  if (!path.ends_with(tail)) return false;
  const auto value = path.substr(open, path.size() - open - tail.size());
  if (value.find('/') != std::string_view::npos) return false;
  name = percent_decode(value, false);
  return true;
}

bool usable_name(std::string_view name) {
  return !name.empty() && name.size() <= 200 && std::all_of(name.begin(), name.end(), [](char c) {
    return c > 0x20 && c < 0x7f && c != '"' && c != '\\';
  });
}

std::string_view asset(std::string_view path) {
  for (const auto& file : embedded_api()) {
    if (file.path == path) return file.content;
  }
  return {};
}

HttpOut static_answer(std::string_view path) {
  HttpOut out;
  if (path == "/") {
    out.content_type = "text/html; charset=utf-8";
    out.body = asset("gateway/api/assets/status.html");
    out.headers = {
        {"Cache-Control", "no-store"},
        {"Referrer-Policy", "no-referrer"},
        {"Content-Security-Policy",
         "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; connect-src 'self'; "
         "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"}};
  } else if (path == "/assets/status.js") {
    out.content_type = "text/javascript; charset=utf-8";
    out.body = asset("gateway/api/assets/status.js");
  } else if (path == "/openapi.yaml") {
    out.content_type = "application/yaml";
    out.body = asset("gateway/api/openapi.yaml");
  } else {
    out.content_type = "text/plain; version=0.0.4; charset=utf-8";
    out.body = metrics_text();
  }
  return out;
}

class Api;

class Handler final : public HttpHandler {
 public:
  explicit Handler(Api& api) : api_(api) {}
  HeadVerdict on_head(const HttpIn& head) override;
  void handle(HttpIn& request, Responder respond) override;

 private:
  Api& api_;
};

class Api final : public AdminApi {
 public:
  Api(Backend& b, WorkerPool& p, AdminApiOptions o)
      : backend(b), pool(p), options(std::move(o)), refused(4096) {
    for (auto& token : options.tokens) hashes_.push_back(sha256_hex(token));
    options.tokens.clear();
  }
  std::unique_ptr<HttpHandler> handler() override { return std::make_unique<Handler>(*this); }

  // Compares every hash, each in constant time, so that timing reveals neither the matching token
  // nor a matching prefix.
  bool authorised(const HttpIn& in) const {
    constexpr std::string_view kScheme = "Bearer ";
    const auto field = in.header("authorization");
    if (!field.starts_with(kScheme)) return false;
    const auto given = sha256_hex(field.substr(kScheme.size()));
    bool good = false;
    for (const auto& hash : hashes_) good |= equal_constant_time(hash, given);
    return good;
  }
  std::optional<HttpOut> refuse(const HttpIn& in);

  Backend& backend;
  WorkerPool& pool;
  AdminApiOptions options;
  RateLimiter refused;

 private:
  std::vector<std::string> hashes_;
};

std::optional<HttpOut> Api::refuse(const HttpIn& in) {
  if (!in.path.starts_with("/api/") || authorised(in)) return std::nullopt;
  if (const auto wait = refused.take(in.client, kRefusedTokens, options.steady_ns())) {
    auto out = problem(429, "rate_limited", "too many wrong tokens from this address");
    out.headers.emplace_back("Retry-After", std::to_string(retry_after_seconds(*wait)));
    return out;
  }
  auto out = problem(401, "unauthorised", "a bearer token is required");
  out.headers.emplace_back("WWW-Authenticate", "Bearer realm=\"baton\"");
  return out;
}

// The route of the path and method, or the reason why there is none: 404, or 405 with the allowed
// methods.
const Route* find_route(std::string_view method, std::string_view path, std::string& name,
                        HttpOut& refusal) {
  std::string allowed;
  if (method == "HEAD") method = "GET";
  for (const auto& route : kRoutes) {
    if (!match(route.pattern, path, name)) continue;
    if (route.method == method) {
      if (route.pattern.find('{') == std::string_view::npos || usable_name(name)) return &route;
      continue;
    }
    allowed += (allowed.empty() ? "" : ", ") + std::string(route.method);
  }
  refusal = allowed.empty() ? problem(404, "not_found", "no such path")
                            : problem(405, "method_not_allowed", "this method is not allowed here");
  if (!allowed.empty()) refusal.headers.emplace_back("Allow", allowed);
  return nullptr;
}

HeadVerdict Handler::on_head(const HttpIn& head) {
  if (auto refusal = api_.refuse(head)) return {0, std::move(refusal)};
  std::string name;
  HttpOut refusal;
  if (!find_route(head.method, head.path, name, refusal)) return {0, std::move(refusal)};
  return {kMaxBody, std::nullopt};
}

void Handler::handle(HttpIn& request, Responder respond) {
  AdminCall call;
  HttpOut refusal;
  const auto* route = find_route(request.method, request.path, call.name, refusal);
  if (!route) return respond(std::move(refusal));
  if (route->pattern == "/healthz") {
    const bool ok = api_.backend.healthy();
    return respond(json_answer(json::object{{"ok", ok}}, ok ? 200 : 503));
  }
  if (!route->run && route->verb.empty()) return respond(static_answer(request.path));
  parse_query(request.query, call.query);
  call.body = std::move(request.body);
  call.idempotency_key = request.header("idempotency-key");
  call.now = api_.options.now();
  call.fresh_id = api_.options.random_hex();
  auto work = [&backend = api_.backend, route, call = std::move(call), respond] {
    respond.from_any_thread(route->run ? route->run(backend, call, route->filters)
                                       : run_feedback(backend, call, route->verb));
  };
  if (api_.pool.submit(std::move(work))) return;
  auto out = problem(503, "unavailable", "too many requests are waiting");
  out.headers.emplace_back("Retry-After", "1");
  respond(std::move(out));
}

}  // namespace

std::vector<AdminRoute> admin_routes() {
  std::vector<AdminRoute> routes;
  for (const auto& route : kRoutes) routes.push_back({route.method, route.pattern});
  return routes;
}

Result<std::unique_ptr<AdminApi>> AdminApi::make(Backend& backend, WorkerPool& pool,
                                                 AdminApiOptions options) {
  for (const auto& token : options.tokens) {
    if (token.size() < kMinTokenLength)
      return error(
          Errc::kInvalidInput,
          "an admin token needs at least 16 characters; create one with: openssl rand -hex 32");
  }
  return std::unique_ptr<AdminApi>(std::make_unique<Api>(backend, pool, std::move(options)));
}

}  // namespace baton
