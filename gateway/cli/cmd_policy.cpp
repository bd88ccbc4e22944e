#include "gateway/cli/cmd_policy.h"

#include <fmt/format.h>

#include "gateway/app/config/deployment.h"
#include "gateway/app/config/route_check.h"
#include "gateway/cli/output.h"
#include "gateway/core/check/route_query.h"
#include "gateway/core/decide/decide.h"
#include "gateway/core/scoring/score_json.h"
#include "gateway/platform/clock.h"
#include "gateway/platform/exit_code.h"
#include "gateway/platform/files.h"
#include "mapping/json/json.h"
#include "mapping/map/map_touch.h"

namespace baton {
namespace {

// The compiled policies of a config folder. Prints the findings and returns null if they have
// errors.
std::shared_ptr<const Policy> policy_of(const std::string& folder) {
  Findings findings;
  const Deployment deployment = load_deployment(folder, findings);
  if (!deployment.policy) complain(findings);
  return deployment.policy;
}

Result<std::vector<Touch>> read_touches(const std::string& file) {
  auto content = read_input(file);
  if (!content) return content.error();
  std::vector<Touch> touches;
  std::string_view rest = *content;
  for (int line = 1; !rest.empty(); ++line) {
    const auto end = rest.find('\n');
    const std::string_view text = rest.substr(0, end);
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
    if (text.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    auto parsed = parse_json(text);
    auto touch = parsed ? touch_from_json(*parsed) : Result<Touch>(parsed.error());
    if (!touch)
      return error(Errc::kInvalidInput,
                   fmt::format("{}:{}: {}", file, line, touch.error().message));
    // A touch without an id gets its line as id: "line:3".
    if (touch->id.empty()) {
      touch->id = std::to_string(line);
      touch->source = "line";
    }
    finish_touch(*touch);
    touches.push_back(std::move(*touch));
  }
  return touches;
}

}  // namespace

int cmd_score(const ScoreOptions& options) {
  const auto policy = policy_of(options.config);
  if (!policy) return kExitConfig;
  auto touches = read_touches(options.touches);
  if (!touches) return fail(touches.error());
  const auto at =
      options.at.empty() ? std::optional(system_clock().now()) : parse_rfc3339(options.at);
  if (!at) {
    complain("--at must be RFC 3339, such as 2026-03-09T09:00:00Z");
    return kExitUsage;
  }
  PersonState person;
  person.id = PersonId("score");
  if (!options.person.empty()) {
    auto content = read_file(options.person);
    if (!content) return fail(content.error());
    auto parsed = parse_json(*content);
    if (!parsed || !parsed->is_object()) {
      complain(options.person + ": expected a JSON object");
      return kExitUsage;
    }
    // The given facts are older than all touches: what a touch says wins.
    Touch known;
    known.id = "person";
    known.source = "given";
    known.type = TouchType::kConsentChanged;
    known.person = person_from_json(parsed->get_object());
    finish_touch(known);
    touches->insert(touches->begin(), std::move(known));
  }
  // Uses decide, as production does, to record the touches before scoring.
  const Decision decision =
      decide(person, {"score", TouchesReceived{std::move(*touches)}}, *policy, *at);
  print(to_json_text(score(decision.next, *policy->scoring, *at)));
  return kExitOk;
}

namespace {

json::array counts_json(const std::vector<RouteCount>& counts) {
  json::array out;
  for (const auto& c : counts)
    out.push_back(json::object{{"name", c.name}, {"leads", c.leads}, {"nobody", c.nobody}});
  return out;
}

void add_counts(std::string& out, const char* what, const std::vector<RouteCount>& counts) {
  for (const auto& c : counts) {
    out += fmt::format("{:5} {:32} {:5}{}\n", what, c.name, c.leads,
                       c.nobody > 0 ? fmt::format("  ({} without a rep)", c.nobody) : "");
    what = "";
  }
}

// Checks all rules together: how many synthetic leads each rule and pool gets, and what is wrong.
int lint_routes(const RouteOptions& options) {
  Findings findings;
  const Deployment deployment = load_deployment(options.config, findings);
  if (!deployment.policy) {
    complain(findings);
    return kExitConfig;
  }
  const auto probe = check_routes(deployment, system_clock().now());
  if (options.as_json) {
    print(json::serialize(json::object{{"leads", kProbeLeads},
                                       {"rules", counts_json(probe.rules)},
                                       {"pools", counts_json(probe.pools)},
                                       {"findings", to_json(probe.findings)}}));
  } else {
    std::string out = fmt::format("{} synthetic leads\n", kProbeLeads);
    add_counts(out, "rule", probe.rules);
    add_counts(out, "pool", probe.pools);
    for (const auto& finding : probe.findings) out += to_string(finding) + "\n";
    print(out);
  }
  return probe.findings.empty() ? kExitOk : kExitFailed;
}

}  // namespace

int cmd_route(const RouteOptions& options) {
  if (options.lint) return lint_routes(options);
  const auto policy = policy_of(options.config);
  if (!policy) return kExitConfig;
  const auto answer = answer_route(
      *policy->routing, policy->calendars,
      {options.facts, options.verify, system_clock().now(), policy->texts->of(options.language)});
  if (!answer) return fail(answer.error());
  print(options.as_json ? json::serialize(answer->json) : answer->text);
  return answer->verified ? kExitOk : kExitFailed;
}

}  // namespace baton
