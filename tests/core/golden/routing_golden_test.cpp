#include <filesystem>
#include <fstream>
#include <map>

#include <gtest/gtest.h>

#include "gateway/core/explain/explain.h"
#include "gateway/core/pool/pool_credit.h"
#include "gateway/core/pool/pool_ledger.h"
#include "gateway/core/pool/pool_parts.h"
#include "gateway/core/routing/route.h"
#include "mapping/json/json.h"
#include "tests/core/golden/golden_folder.h"
#include "tests/core/sim/core_sim.h"

// Stories of pools. Each folder of tests/golden with a file leads.jsonl is one. Its policy folder
// says who sells. Each line is a request or an event:
//   {"at", "lead": "a1" or "leads": 30, "facts": {"country": "DE"}, "score": 40}  requests owners
//   {"at", "touched": "a1"}, {"at", "closed": "a1"}                               work on a lead
//   {"at", "wrong_route": "a1"}             requests another rep, gives the turn back
//   {"at", "none": "a1", "why": "clerical"} gives the turn back, keeps the owner
// expect.txt contains the answers with their reasons, and each pool's ledger at the end.
// BATON_UPDATE_GOLDENS=1 writes it instead.

namespace baton {
namespace {

namespace fs = std::filesystem;

std::string word_of(const json::object& o, std::string_view key) {
  return std::string(text(o, key));
}

RouteInput input_of(const json::object& line) {
  RouteInput in;
  const auto* facts = object(line, "facts");
  if (facts == nullptr) return in;
  in.country = word_of(*facts, "country");
  in.region = word_of(*facts, "region");
  in.postal_code = word_of(*facts, "postal_code");
  in.language = word_of(*facts, "language");
  in.grade = word_of(*facts, "grade");
  in.type = word_of(*facts, "type");
  in.company_domain = word_of(*facts, "company_domain");
  in.previous_owner = word_of(*facts, "previous_owner");
  in.account_owner = word_of(*facts, "account_owner");
  return in;
}

class Story {
 public:
  explicit Story(const fs::path& folder) {
    policy_ = template_policy(policy_texts(folder / "policy"));
  }

  void line(const json::object& line) {
    now_ = at(text(line, "at"));
    if (const auto count = integer(line, "leads"); count > 0) return many(line, count);
    if (auto name = text(line, "lead"); !name.empty()) return one(line, std::string(name));
    if (auto name = text(line, "touched"); !name.empty()) return work(std::string(name), false);
    if (auto name = text(line, "closed"); !name.empty()) return close(std::string(name));
    if (auto name = text(line, "wrong_route"); !name.empty()) return wrong_route(std::string(name));
    if (auto name = text(line, "none"); !name.empty())
      return none(std::string(name), std::string(text(line, "why")));
    ADD_FAILURE() << json::serialize(line);
  }

  std::string told() const { return out_ + ledgers(); }

 private:
  struct Lead {
    RouteInput input;
    std::int64_t score = 0;
    RepId owner;
    std::string pool;
    std::vector<RepId> excluded_reps;
    int hop = 0;
    std::string key(const std::string& name) const { return name + ":1:" + std::to_string(hop); }
  };

  Pick ask(const std::string& name, Lead& lead, const RepId& credit_to = {}) {
    lead.input.hops = lead.hop;
    if (lead.input.account_owner.empty())
      lead.input.account_owner = policy_->routing->account_owner(lead.input.company_domain).str();
    const auto choice = choose_pool(*policy_->routing, lead.input);
    OwnerRequest r;
    r.credit_to = credit_to;
    r.credit_pool = credit_to.empty() ? "" : lead.pool;
    r.credit_pick = credit_to.empty() ? "" : lead.key(name);
    ++lead.hop;
    lead.pool = choice.pool;
    r.key = lead.key(name);
    r.person = PersonId(name);
    r.pool = choice.pool;
    r.rule = choice.rule;
    r.preferred = choice.preferred_rep;
    r.sticky = choice.sticky;
    r.hot = choice.hot;
    r.excluded = lead.excluded_reps;
    r.language = lead.input.language;
    r.country = lead.input.country;
    r.region = lead.input.region;
    r.postal_code = lead.input.postal_code;
    r.skills = choice.skills;
    r.seniority = choice.seniority;
    r.score_mass = lead.score;
    r.tie_break = LeadId(name + ".1");
    const auto turns = policy_->routing->turns_of(choice.pool);
    for (const auto& rep : pickable(*policy_->routing, r)) loads_.try_emplace(rep);
    auto [state, picked] =
        pick(std::move(turns_[turns]), r, *policy_->routing, policy_->calendars, now_, loads_);
    turns_[turns] = std::move(state);
    lead.owner = RepId(picked.rep.str());
    rule_ = choice.rule;
    return std::move(picked);
  }

  Lead lead_of(const json::object& line) {
    return {input_of(line), integer(line, "score") * 1000, {}, {}, {}, 0};
  }

  void one(const json::object& line, const std::string& name) {
    auto& lead = leads_[name] = lead_of(line);
    tell(name, lead, ask(name, lead));
  }

  void tell(const std::string& name, const Lead& lead, const Pick& picked) {
    out_ += to_rfc3339(now_) + " " + name + " -> " +
            (lead.owner.empty() ? "nobody" : lead.owner.str()) + ", pool " + lead.pool + ", rule " +
            rule_ + "\n";
    for (const auto& reason : picked.reasons.read()) {
      if (reason.code == "pool.candidates" || reason.code == "pool.tie") continue;
      out_ += "  " + explain_reason(reason, NarrationStyle(texts_in("en"))) + "\n";
    }
  }

  // A series of leads is summarised by its total and by the longest run of one owner.
  void many(const json::object& line, std::int64_t count) {
    std::map<std::string, int> given;
    RepId last;
    int run = 0, longest = 0;
    for (std::int64_t i = 0; i < count; ++i) {
      const auto name = "lead" + std::to_string(++numbered_);
      auto& lead = leads_[name] = lead_of(line);
      ask(name, lead);
      ++given[lead.owner.empty() ? "nobody" : lead.owner.str()];
      run = lead.owner == last ? run + 1 : 1;
      last = lead.owner;
      longest = std::max(longest, run);
      if (boolean(line, "worked")) work(name, false);
      if (boolean(line, "closed")) close(name);
    }
    out_ += to_rfc3339(now_) + " " + std::to_string(count) + " leads:";
    for (const auto& [rep, n] : given) out_ += " " + rep + " " + std::to_string(n);
    out_ += ", longest run " + std::to_string(longest) + "\n";
  }

  void work(const std::string& name, bool untouched) {
    const auto& owner = leads_[name].owner;
    if (!owner.empty())
      note_work(loads_[owner], owner, PersonId(name),
                LeadWork{LeadId(name + ".1"), owner, untouched}, now_);
  }

  void close(const std::string& name) {
    note_work(loads_[leads_[name].owner], leads_[name].owner, PersonId(name), std::nullopt, now_);
  }

  void wrong_route(const std::string& name) {
    auto& lead = leads_[name];
    const auto former = lead.owner;
    lead.excluded_reps.push_back(former);
    note_work(loads_[former], former, PersonId(name), std::nullopt, now_);
    tell(name, lead, ask(name, lead, former));
  }

  void none(const std::string& name, const std::string& why) {
    auto& lead = leads_[name];
    const auto* pool = policy_->routing->pool(lead.pool);
    auto& state = turns_[pool->turns()];
    for (int twice = 0; twice < 2; ++twice) {  // an update may be repeated
      auto [next, reasons] = give_back(
          std::move(state), {lead.key(name) + ":" + why, lead.owner, lead.key(name), why}, *pool);
      state = std::move(next);
      untake(loads_[lead.owner], lead.key(name), {});
      for (const auto& r : reasons.read())
        out_ += to_rfc3339(now_) + " " + name + ": " +
                explain_reason(r, NarrationStyle(texts_in("en"))) + "\n";
    }
  }

  std::string ledgers() const {
    std::string out;
    for (const auto& pool : policy_->routing->pools) {
      const auto state = turns_.find(pool.turns());
      if (state == turns_.end()) continue;
      out += "pool " + pool.id + ": " + std::to_string(state->second.picks) + " picks, " +
             std::to_string(state->second.nobody) + " without anybody\n";
      for (const auto& row : ledger_of(pool, state->second, loads_, *policy_->routing))
        out += "  " + canonical(to_json(row)) + "\n";
    }
    return out;
  }

  std::shared_ptr<const Policy> policy_;
  std::map<std::string, PoolState> turns_;
  RepLoads loads_;
  std::map<std::string, Lead> leads_;
  Instant now_;
  int numbered_ = 0;
  std::string out_, rule_;
};

TEST(RoutingGolden, EveryStoryEndsAsWritten) {
  for (const auto& folder : golden_folders("leads.jsonl")) {
    SCOPED_TRACE(folder.filename().string());
    Story story(folder);
    std::ifstream in(folder / "leads.jsonl");
    for (std::string line; std::getline(in, line);) {
      const auto parsed = parse_json(line);
      ASSERT_TRUE(parsed && parsed->is_object()) << line;
      story.line(parsed->get_object());
    }
    expect_file(folder / "expect.txt", story.told());
  }
}

}  // namespace
}  // namespace baton
