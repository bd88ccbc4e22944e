#include <fmt/format.h>
#include <gtest/gtest.h>

#include "gateway/core/check/route_probe.h"
#include "gateway/core/explain/explain.h"
#include "gateway/core/sla/forecast.h"
#include "gateway/core/sla/period.h"
#include "mapping/json/json.h"
#include "tests/core/golden/golden_folder.h"
#include "tests/core/sim/core_sim.h"

// Stories without a timeline: the findings of `baton check` on a policy (findings.txt), a
// forecast's late leads (queue.json, forecast.txt), the status of marketing's promises by month
// (month.json).

namespace baton {
namespace {

namespace fs = std::filesystem;

std::string findings_of(const fs::path& folder) {
  Findings findings;
  std::map<std::string, YamlDocument> documents;
  const auto texts = policy_texts(folder / "policy");
  for (const std::string kind : {"calendars", "lifecycle", "routing", "scoring", "sla"}) {
    const auto own = texts.find(kind);
    documents[kind] = parse_yaml(own != texts.end() ? own->second : template_text(kind),
                                 kind + ".yaml", findings);
  }
  const auto policy = load_policy(documents, findings);
  std::string out;
  if (policy) {
    const auto probe =
        probe_routing(documents.at("routing"), *policy, std::nullopt, at("2026-03-06T12:00:00Z"));
    findings.insert(findings.end(), probe.findings.begin(), probe.findings.end());
  }
  for (const auto& finding : findings) out += to_string(finding) + "\n";
  return out + (policy ? "accepted\n" : "refused\n");
}

TEST(FindingsGolden, EveryPolicyIsCheckedAsWritten) {
  for (const auto& folder : golden_folders("findings.txt")) {
    SCOPED_TRACE(folder.filename().string());
    expect_file(folder / "findings.txt", findings_of(folder));
  }
}

json::object json_of(const fs::path& file) {
  const auto parsed = parse_json(read_file(file));
  EXPECT_TRUE(parsed && parsed->is_object()) << file;
  return parsed && parsed->is_object() ? parsed->get_object() : json::object{};
}

// queue.json: {"now", "until", "pool", "waiting": [{"lead", "due"}]}.
std::string forecast_of(const fs::path& folder) {
  const auto policy = template_policy(policy_texts(folder / "policy"));
  const auto story = json_of(folder / "queue.json");
  const auto* pool = policy->routing->pool(text(story, "pool"));
  const Instant now = at(text(story, "now"));
  RepContext context{*policy->routing, policy->calendars, now};
  ForecastPool queue{{}, reps_of(context, *pool), policy->sla->forecast.handling};
  for (const auto& lead : *array(story, "waiting"))
    queue.queue.push_back({LeadId(text(lead.get_object(), "lead")),
                           "first_contact",
                           at(text(lead.get_object(), "due")),
                           {}});
  const auto seen = forecast(queue, now, at(text(story, "until")));
  NarrationStyle how(texts_in("en"));
  how.zone = "Europe/Berlin";
  auto out = fmt::format("{} wait, {} will be late\n", seen.open, seen.late.size());
  for (const auto& late : seen.late)
    out +=
        fmt::format("{}: due {}, their turn is over {}\n", late.lead.view(), how.moment(late.due),
                    late.expected ? how.relative_to(late.due).moment(*late.expected) : "never");
  return out;
}

TEST(ForecastGolden, EveryQueueEndsAsWritten) {
  for (const auto& folder : golden_folders("queue.json")) {
    SCOPED_TRACE(folder.filename().string());
    expect_file(folder / "forecast.txt", forecast_of(folder));
  }
}

// month.json: {"at": [{"now", "mqls", "accepted", "rejected"}]}, counts up to then.
std::string standing_of(const fs::path& folder) {
  const auto policy = template_policy(policy_texts(folder / "policy"));
  const auto story = json_of(folder / "month.json");
  std::string out;
  for (const auto& row : *array(story, "at")) {
    const auto& o = row.get_object();
    const Instant now = at(text(o, "now"));
    for (const auto& period : policy->sla->periods) {
      const auto& calendar = *policy->calendars.find(period.calendar);
      const auto percent =
          period_percent(calendar, period_at(period, calendar, now - Duration{1}), now);
      const auto standing = judge_period(
          period, {integer(o, "mqls"), integer(o, "accepted"), integer(o, "rejected")}, percent);
      out += fmt::format("{} {}: {} of {} at {} % of the working time: {}\n", to_rfc3339(now),
                         period.label.in("en"), standing.value, standing.expected, percent,
                         to_string(standing.state));
    }
  }
  return out;
}

TEST(PeriodGolden, EveryMonthEndsAsWritten) {
  for (const auto& folder : golden_folders("month.json")) {
    SCOPED_TRACE(folder.filename().string());
    expect_file(folder / "standing.txt", standing_of(folder));
  }
}

}  // namespace
}  // namespace baton
