#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>

#include <gtest/gtest.h>

#include "gateway/core/event_codec.h"
#include "gateway/core/explain.h"
#include "gateway/core/explain_words.h"
#include "mapping/json.h"
#include "tests/core/core_sim.h"
#include "tests/core/receipt_support.h"

// Stories with their ends: every folder of tests/golden is one. events.jsonl holds one line an event
// ({"now", "event"}; {"now"} alone lets time pass), expect.json what became of the lead. A folder
// policy/ replaces templates. explain.en.txt and explain.de.txt are what a colleague is told who asks;
// receipts.jsonl, where it is there, the chain of the receipts. BATON_UPDATE_GOLDENS=1 writes all anew.

namespace baton {
namespace {

namespace fs = std::filesystem;

std::string read_file(const fs::path& path) {
  std::ifstream in(path);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

std::shared_ptr<const Policy> policy_of(const fs::path& folder) {
  std::map<std::string, std::string> instead;
  if (fs::exists(folder / "policy")) {
    for (const auto& file : fs::directory_iterator(folder / "policy"))
      instead[file.path().stem().string()] = read_file(file.path());
  }
  return template_policy(instead);
}

json::array stages_of(const Lead& lead) {
  json::array out;
  for (const auto& entry : lead.stages) {
    json::object stage{{"stage", to_string(entry.stage)}, {"at", to_rfc3339(entry.at)}, {"rule", entry.rule}};
    if (entry.implied) stage.emplace("implied", true);
    out.push_back(std::move(stage));
  }
  return out;
}

json::array clocks_of(const PersonState& person) {
  json::array out;
  for (const auto& clock : person.clocks) {
    json::object one{{"id", clock.id}, {"state", to_string(clock.state)}, {"started", to_rfc3339(clock.started_at)},
                     {"due", to_rfc3339(clock.due)}};
    put(one, "owner", clock.owner);
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
    json::object one{{"id", task.id}, {"kind", task.kind}, {"state", to_string(task.state)}};
    put(one, "owner", task.owner);
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
    json::object one{{"state", to_string(meeting.state)}, {"at", to_rfc3339(meeting.at)}, {"moves", meeting.moves}};
    put(one, "rep", meeting.rep);
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
    out.emplace("lead", json::object{{"id", lead.id}, {"stage", to_string(lead.stage)}, {"owner", lead.owner},
                                     {"type", to_string(lead.type)}, {"work", to_string(lead.work)},
                                     {"reason", lead.reason}, {"stages", stages_of(lead)},
                                     {"contact", lead.blocked.empty() ? lead.contact_basis : lead.blocked}});
    if (!lead.tasks.empty()) out.emplace("tasks", tasks_of(lead));
    if (!lead.meetings.empty()) out.emplace("meetings", meetings_of(lead));
    for (const auto& h : lead.handovers)
      handovers.push_back({{"id", h.id}, {"rep", h.rep}, {"state", to_string(h.state)}, {"reason", h.reason}});
  }
  for (const auto& key : sim.notice_keys()) notices.emplace_back(key);
  for (const auto& record : sim.log) {
    for (const auto& event : record.events) happened.emplace_back(to_rfc3339(record.now) + " " + event);
  }
  out.emplace("handovers", std::move(handovers));
  out.emplace("notices", std::move(notices));
  out.emplace("happened", std::move(happened));
  return out;
}

// One member a line, so that a change shows as a readable difference.
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
    for (const auto& item : member.value().get_array()) items += (items.empty() ? "\n  " : ",\n  ") + canonical(item);
    out += "[" + items + "]";
  }
  return out + "\n}\n";
}

// Without the hashes, which every change of a template's wording changes.
std::string told_receipts(const CoreSim& sim) {
  std::string out;
  for (auto& logged : receipts_of(sim.log)) {
    for (const auto* key : {"policy", "previous"}) logged.receipt.erase(key);
    if (auto* score = logged.receipt.if_contains("score")) score->as_object().erase("policy");
    out += canonical(logged.receipt) + "\n";
  }
  return out;
}

void play(CoreSim& sim, const fs::path& file) {
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    if (line.empty()) continue;
    const auto parsed = parse_json(line);
    ASSERT_TRUE(parsed && parsed->is_object()) << file << ": " << line;
    const auto now = parse_rfc3339(text(parsed->get_object(), "now"));
    ASSERT_TRUE(now) << line;
    const auto* given = object(parsed->get_object(), "event");
    if (given == nullptr) {
      sim.run_until(*now);
      continue;
    }
    const auto event = event_from_json(*given);
    ASSERT_TRUE(event) << line;
    sim.event(*now, *event);
  }
}

bool updating() { return std::getenv("BATON_UPDATE_GOLDENS") != nullptr; }

// What the folder holds under this name is what was found.
void expect_file(const fs::path& file, const std::string& found) {
  if (updating()) std::ofstream(file) << found;
  EXPECT_EQ(found, read_file(file)) << file;
}

std::string explanation(const CoreSim& sim, Language language) {
  const auto how = telling_by(sim.policy, language);
  // The hash of a receipt changes with every word of the policies.
  return std::regex_replace(explain_tree(sim.person, sim.log, how), std::regex("(receipt|Beleg) [0-9a-f]{12}"), "$1 ...");
}

// A code without a sentence would be shown raw.
void expect_sentences(const CoreSim& sim) {
  for (const auto& record : sim.log) {
    for (const auto& reason : record.reasons) {
      EXPECT_FALSE(sentence(reason.code, Language::kEnglish).empty()) << reason.code;
      EXPECT_FALSE(sentence(reason.code, Language::kGerman).empty()) << reason.code;
    }
  }
}

TEST(Golden, EveryStoryEndsAsWritten) {
  const fs::path root = fs::path(BATON_SOURCE_DIR) / "tests/golden";
  int stories = 0;
  for (const auto& folder : fs::directory_iterator(root)) {
    if (!fs::exists(folder.path() / "events.jsonl")) continue;
    SCOPED_TRACE(folder.path().filename().string());
    ++stories;
    CoreSim sim(policy_of(folder.path()));
    play(sim, folder.path() / "events.jsonl");
    expect_file(folder.path() / "expect.json", pretty(outcome(sim)));
    expect_file(folder.path() / "explain.en.txt", explanation(sim, Language::kEnglish));
    expect_file(folder.path() / "explain.de.txt", explanation(sim, Language::kGerman));
    if (fs::exists(folder.path() / "receipts.jsonl")) expect_file(folder.path() / "receipts.jsonl", told_receipts(sim));
    expect_sentences(sim);
  }
  EXPECT_GT(stories, 0);
}

}  // namespace
}  // namespace baton
