#include "tests/core/sim/core_sim.h"
#include "gateway/core/pool/pool_credit.h"
#include "gateway/core/pool/pool_parts.h"
#include "tests/support/source_dir.h"

#include <algorithm>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

namespace baton {

std::string template_text(const std::string& kind) {
  std::ifstream in(source_dir() + "/gateway/cli/templates/policy/" + kind + ".yaml");
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

std::shared_ptr<const Policy> template_policy(const std::map<std::string, std::string>& instead) {
  Findings findings;
  std::map<std::string, YamlDocument> documents;
  for (const std::string kind : {"calendars", "lifecycle", "routing", "scoring", "sla"}) {
    const auto other = instead.find(kind);
    documents[kind] = parse_yaml(other != instead.end() ? other->second : template_text(kind),
                                 kind + ".yaml", findings);
  }
  auto policy = load_policy(documents, findings);
  for (const auto& finding : findings) {
    EXPECT_TRUE(finding.warning) << to_string(finding);
  }
  EXPECT_TRUE(policy);
  return policy;
}

CoreSim::CoreSim(std::shared_ptr<const Policy> p, std::string id) : policy(std::move(p)) {
  person.id = PersonId(std::move(id));
}

Decision CoreSim::event(Instant now, Event what) {
  run_until(now);
  return apply(now, what);
}

Decision CoreSim::touches(Instant now, std::vector<Touch> all) {
  const std::string id = all.empty() ? "empty" : "delivery:" + all.front().id;
  return event(now, Event{id, TouchesReceived{std::move(all)}});
}

Decision CoreSim::feedback(Instant now, FeedbackForm said) {
  const auto id = said.id;
  return event(now, Event{id, to_feedback(std::move(said))});
}

void CoreSim::run_until(Instant now) {
  for (int guard = 0; guard < 1000; ++guard) {
    const auto first =
        std::min_element(timers.begin(), timers.end(),
                         [](const auto& a, const auto& b) { return a.second < b.second; });
    if (first == timers.end() || first->second > now) return;
    const auto [clock, due] = *first;
    timers.erase(first);
    apply(due, Event{person.id.str() + ":" + clock, TimerFired{parse_timer_id(clock), due}});
  }
  ADD_FAILURE() << "timers never come to rest";
}

Decision CoreSim::apply(Instant now, const Event& what) {
  auto decision = decide(person, what, *policy, now);
  person = decision.next;
  for (const auto& timer : decision.timers) {
    if (timer.due) {
      timers[to_string(timer.timer)] = *timer.due;
    } else {
      timers.erase(to_string(timer.timer));
    }
  }
  written.push_back(write_record(what, decision, *policy, now));
  const auto record = read_record(written.back().plain, written.back().personal);
  EXPECT_TRUE(record) << written.back().plain;
  if (record) log.push_back(*record);
  decisions.push_back(decision);
  for (const auto& effect : decision.effects) {
    effects.push_back(effect);
    if (const auto* note = std::get_if<PoolUpdate>(&effect)) learn(person.last_now, *note);
    if (const auto* request = std::get_if<OwnerRequest>(&effect);
        request != nullptr && answer_requests)
      answer(person.last_now, *request);
  }
  return decision;
}

void CoreSim::answer(Instant now, const OwnerRequest& request) {
  const auto turns = policy->routing->turns_of(request.pool);
  for (const auto& rep : pickable(*policy->routing, request)) loads.try_emplace(rep);
  auto [state, picked] =
      pick(pools[turns], request, *policy->routing, policy->calendars, now, loads);
  pools[turns] = std::move(state);
  apply(now, Event{request.key, OwnerPicked{request.key, request.pool, picked.rep, picked.reasons,
                                            picked.retry_at}});
}

void CoreSim::learn(Instant now, const PoolUpdate& note) {
  for (const auto& rep : note.reps) note_work(loads[rep], rep, note.person, work_of(person), now);
  const auto* pool = policy->routing->pool(note.pool);
  if (pool == nullptr) return;
  auto& state = pools[pool->turns()];
  if (!note.accepted_by.empty()) count_accepted(state, note.key, note.accepted_by);
  if (note.credit_to.empty()) return;
  state = give_back(std::move(state), {note.key, note.credit_to, note.credit_pick, note.credit_why},
                    *pool)
              .first;
  untake(loads[note.credit_to], note.credit_pick, {});
}

int CoreSim::count(std::string_view what) const {
  int n = 0;
  for (const auto& record : log)
    n += static_cast<int>(std::count(record.events.begin(), record.events.end(), what));
  return n;
}

const Lead& CoreSim::lead() const {
  static const Lead kNone;
  EXPECT_TRUE(person.lead.has_value());
  return person.lead ? *person.lead : kNone;
}

const ClockInstance* CoreSim::clock(std::string_view definition) const {
  const auto found = std::find_if(person.clocks.rbegin(), person.clocks.rend(),
                                  [&](const auto& c) { return c.definition == definition; });
  return found == person.clocks.rend() ? nullptr : &*found;
}

std::vector<std::string> CoreSim::notice_keys() const {
  std::vector<std::string> keys;
  for (const auto& effect : effects) {
    if (const auto* notice = std::get_if<Notice>(&effect)) keys.push_back(notice->key);
  }
  return keys;
}

std::vector<Notice> CoreSim::notices_of(NoticeKind kind) const {
  std::vector<Notice> found;
  for (const auto& effect : effects) {
    if (const auto* notice = std::get_if<Notice>(&effect);
        notice != nullptr && notice->kind == kind)
      found.push_back(*notice);
  }
  return found;
}

Touch make_touch(std::string id, TouchType type, Intent intent, Instant when) {
  Touch touch;
  touch.id = std::move(id);
  touch.source = "web";
  touch.type = type;
  touch.intent = intent;
  touch.at = when;
  touch.person.email = "erika.beispiel@example.com";
  touch.person.first_name = "Erika";
  touch.person.last_name = "Beispiel";
  touch.person.company.name = "Beispiel GmbH";
  touch.person.company.domain = "example.com";
  return touch;
}

Touch demo_request(std::string id, Instant when) {
  auto touch = make_touch(std::move(id), TouchType::kDemoRequest, Intent::kHandRaiser, when);
  touch.person.phone = "+4930123456";
  touch.message = "Please show me the product.";
  return touch;
}

FeedbackForm says(FeedbackKind kind, std::string id, std::string rep, Instant when) {
  FeedbackForm said;
  said.kind = kind;
  said.id = std::move(id);
  said.via = rep.empty() ? "api" : "action_page";
  said.rep = std::move(rep);
  said.at = when;
  return said;
}

FeedbackForm reached(std::string id, std::string rep, Instant when) {
  auto said = says(FeedbackKind::kReached, std::move(id), std::move(rep), when);
  said.channel = "phone";
  said.outcome = "reached";
  return said;
}

FeedbackForm called(std::string id, std::string rep, Instant when) {
  const std::string evidence = "call-" + id;
  auto said = reached(std::move(id), std::move(rep), when);
  said.evidence = evidence;
  return said;
}

TEST(CoreSim, TheTemplatesAreAValidPolicy) { EXPECT_FALSE(template_policy()->hash.empty()); }

}  // namespace baton
