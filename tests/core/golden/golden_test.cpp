#include <algorithm>
#include <filesystem>
#include <fstream>
#include <regex>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "gateway/core/explain/explain.h"
#include "gateway/core/explain/explain_clock.h"
#include "gateway/core/explain/explain_tree.h"
#include "gateway/core/model/event_codec.h"
#include "mapping/json/json.h"
#include "tests/core/golden/golden_folder.h"
#include "tests/core/model/receipt_support.h"
#include "tests/core/sim/core_sim.h"

// Stories of one lead with their results. events.jsonl contains one event a line ({"now", "event"};
// {"now"} alone lets time pass; with "asleep" the gateway was down until then; with "policy_later"
// the policy folder of that name applies from then on). expect.json is the resulting lead.
// explain.en.txt and explain.de.txt are the explanations. If present, receipts.jsonl is the chain
// of receipts, and dossier.en.txt and dossier.de.txt are the evidence about the contact clock.

namespace baton {
namespace {

namespace fs = std::filesystem;

std::shared_ptr<const Policy> policy_of(const fs::path& folder) {
  return template_policy(policy_texts(folder / "policy"));
}

// The same policy after a change. It knows the rules of running clocks.
std::shared_ptr<const Policy> changed_policy(const fs::path& folder,
                                             const std::shared_ptr<const Policy>& before) {
  Findings findings;
  std::map<std::string, YamlDocument> documents;
  const auto texts = policy_texts(folder / "policy_later");
  for (const std::string kind : {"calendars", "lifecycle", "routing", "scoring", "sla"}) {
    const auto own = texts.find(kind);
    documents.emplace(kind, parse_yaml(own != texts.end() ? own->second : template_text(kind),
                                       kind + ".yaml", findings));
  }
  return load_policy(documents, findings,
                     {{before->rules, before->sla, {before, &before->calendars}}});
}

json::array stages_of(const Lead& lead) {
  json::array out;
  for (const auto& entry : lead.stages) {
    json::object stage{
        {"stage", to_string(entry.stage)}, {"at", to_rfc3339(entry.at)}, {"rule", entry.rule}};
    if (entry.implied) stage.emplace("implied", true);
    out.push_back(std::move(stage));
  }
  return out;
}

json::array clocks_of(const PersonState& person) {
  json::array out;
  for (const auto& clock : person.clocks) {
    json::object one{{"id", clock.id.view()},
                     {"state", to_string(clock.state)},
                     {"started", to_rfc3339(clock.started_at)},
                     {"due", to_rfc3339(clock.due)}};
    put(one, "owner", clock.owner.view());
    put(one, "stopped_by", clock.stopped_by);
    if (clock.breached_at) one.emplace("breached", to_rfc3339(*clock.breached_at));
    if (clock.stopped_at) one.emplace("stopped", to_rfc3339(*clock.stopped_at));
    if (clock.late_evidence) one.emplace("late_evidence", true);
    out.push_back(std::move(one));
  }
  return out;
}

json::array tasks_of(const Lead& lead) {
  json::array out;
  for (const auto& task : lead.tasks) {
    json::object one{
        {"id", task.id}, {"kind", to_string(task.kind)}, {"state", to_string(task.state)}};
    put(one, "owner", task.owner.view());
    put(one, "team", task.owner.empty() ? task.team : "");
    put(one, "channel", task.channel);
    put(one, "result", task.result);
    if (task.due_at) one.emplace("due", to_rfc3339(*task.due_at));
    if (task.closed_at) one.emplace("closed", to_rfc3339(*task.closed_at));
    out.push_back(std::move(one));
  }
  return out;
}

json::array meetings_of(const Lead& lead) {
  json::array out;
  for (const auto& meeting : lead.meetings) {
    json::object one{{"state", to_string(meeting.state)},
                     {"at", to_rfc3339(meeting.at)},
                     {"moves", meeting.moves}};
    put(one, "rep", meeting.rep.view());
    put(one, "evidence", meeting.evidence);
    out.push_back(std::move(one));
  }
  return out;
}

json::object outcome(const CoreSim& sim) {
  json::object out{{"clocks", clocks_of(sim.person)}};
  json::array handovers, notices, happened;
  if (sim.person.lead) {
    const auto& lead = *sim.person.lead;
    out.emplace("lead", json::object{
                            {"id", lead.id.view()},
                            {"stage", to_string(lead.stage)},
                            {"owner", lead.owner.view()},
                            {"type", to_string(lead.type)},
                            {"work", to_string(lead.work)},
                            {"reason", lead.reason},
                            {"stages", stages_of(lead)},
                            {"contact", lead.blocked.empty() ? lead.contact_basis : lead.blocked}});
    if (!lead.tasks.empty()) out.emplace("tasks", tasks_of(lead));
    if (!lead.meetings.empty()) out.emplace("meetings", meetings_of(lead));
    for (const auto& h : lead.handovers)
      handovers.push_back({{"id", h.id.view()},
                           {"rep", h.rep.view()},
                           {"state", to_string(h.state)},
                           {"reason", h.reason}});
  }
  for (const auto& key : sim.notice_keys()) notices.emplace_back(key);
  for (const auto& record : sim.log) {
    for (const auto& event : record.events)
      happened.emplace_back(to_rfc3339(record.now) + " " + event);
  }
  out.emplace("handovers", std::move(handovers));
  out.emplace("notices", std::move(notices));
  out.emplace("happened", std::move(happened));
  return out;
}

// One member a line, for readable differences.
std::string pretty(const json::object& outcome) {
  std::string out = "{\n";
  for (const auto& member : outcome) {
    if (out.size() > 2) out += ",\n";
    out += json::serialize(json::value(member.key())) + ": ";
    if (!member.value().is_array()) {
      out += canonical(member.value());
      continue;
    }
    std::string items;
    for (const auto& item : member.value().get_array())
      items += (items.empty() ? "\n  " : ",\n  ") + canonical(item);
    out += "[" + items + "]";
  }
  return out + "\n}\n";
}

// Without the hashes, which every change of a template changes.
std::string told_receipts(const CoreSim& sim) {
  std::string out;
  for (auto& logged : receipts_of(sim.log)) {
    for (const auto* key : {"policy", "previous"}) logged.receipt.erase(key);
    if (auto* score = logged.receipt.if_contains("score")) score->as_object().erase("policy");
    out += canonical(logged.receipt) + "\n";
  }
  return out;
}

// The timers of a gateway that was down until `now`: late, but in order.
void wake(CoreSim& sim, Instant now) {
  std::vector<std::pair<Instant, std::string>> late;
  for (const auto& [clock, due] : sim.timers) {
    if (due <= now) late.emplace_back(due, clock);
  }
  std::sort(late.begin(), late.end());
  for (const auto& [due, clock] : late) sim.timers.erase(clock);
  for (const auto& [due, clock] : late)
    sim.event(now, Event{"p1:" + clock, TimerFired{parse_timer_id(clock), due}});
}

void let_pass(CoreSim& sim, const json::object& line, const fs::path& folder, Instant now) {
  if (boolean(line, "asleep")) return wake(sim, now);
  sim.run_until(now);
  if (!boolean(line, "policy_later")) return;
  sim.policy = changed_policy(folder, sim.policy);
  ASSERT_TRUE(sim.policy);
  sim.event(now, Event{"policy", PolicyChanged{sim.policy->rules}});
}

void play(CoreSim& sim, const fs::path& folder) {
  const auto file = folder / "events.jsonl";
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    if (line.empty()) continue;
    const auto parsed = parse_json(line);
    ASSERT_TRUE(parsed && parsed->is_object()) << file << ": " << line;
    const auto now = parse_rfc3339(text(parsed->get_object(), "now"));
    ASSERT_TRUE(now) << line;
    const auto* given = object(parsed->get_object(), "event");
    if (given == nullptr) {
      let_pass(sim, parsed->get_object(), folder, *now);
      continue;
    }
    const auto event = event_from_json(*given);
    ASSERT_TRUE(event) << line;
    sim.event(*now, *event);
  }
}

std::string explanation(const CoreSim& sim, const TextsPtr& texts) {
  const auto how = telling_by(sim.policy, texts);
  // The hash of a receipt changes with every word of the policies.
  return std::regex_replace(explain_tree(sim.person, sim.log, how),
                            std::regex("(receipt|Beleg) [0-9a-f]{12}"), "$1 ...");
}

// A code without a sentence would be shown raw.
void expect_sentences(const CoreSim& sim) {
  for (const auto& record : sim.log) {
    for (const auto& reason : record.reasons) {
      EXPECT_NE(texts_in("en")->find({"sentence.", reason.code}), nullptr) << reason.code;
    }
  }
}

std::string dossier(const CoreSim& sim, const TextsPtr& texts) {
  const auto& clock = *sim.clock("first_contact");
  const auto* calendar = sim.policy->calendars.find(clock.calendar);
  const ClockDossier d{sim.person,
                       clock,
                       sim.policy->sla->find("first_contact"),
                       calendar != nullptr ? *calendar : BusinessCalendar::always(),
                       sim.log,
                       sim.person.last_now};
  // Hashes change with every word of the policies.
  return std::regex_replace(explain_clock(d, telling_by(sim.policy, texts)),
                            std::regex("(policy|Regelwerk|calendars|Kalender) [0-9a-f]{12}"),
                            "$1 ...");
}

// A raw key of the policy or of the code. Names of the policy's rules are in quotation marks.
void expect_no_keys(std::string told) {
  told = std::regex_replace(told, std::regex("\"[^\"]*\"|„[^“]*“"), "");
  std::smatch found;
  EXPECT_FALSE(
      std::regex_search(told, found, std::regex("[^ ]*([a-z]_[a-z]|#[0-9]|\\b[pT][0-9])[^ ]*")))
      << found.str() << "\n"
      << told;
}

TEST(Golden, EveryStoryEndsAsWritten) {
  for (const auto& folder : golden_folders("events.jsonl")) {
    SCOPED_TRACE(folder.filename().string());
    CoreSim sim(policy_of(folder));
    play(sim, folder);
    expect_file(folder / "expect.json", pretty(outcome(sim)));
    for (const auto& texts : built_in_texts()->all()) {
      const auto told = explanation(sim, texts);
      expect_file(folder / fmt::format("explain.{}.txt", texts->tag()), told);
      expect_no_keys(told);
      const auto defended = folder / fmt::format("dossier.{}.txt", texts->tag());
      if (fs::exists(defended)) expect_file(defended, dossier(sim, texts));
    }
    if (fs::exists(folder / "receipts.jsonl"))
      expect_file(folder / "receipts.jsonl", told_receipts(sim));
    expect_sentences(sim);
  }
}

}  // namespace
}  // namespace baton
