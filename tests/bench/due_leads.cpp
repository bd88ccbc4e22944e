#include "tests/bench/due_leads.h"

#include <algorithm>
#include <cstdint>

#include <fmt/format.h>

#include "gateway/core/policy/policy.h"

namespace baton::bench {
namespace {

constexpr Duration kWarning = milliseconds(225'000);  // 75 % of the five minutes of policy/sla.yaml

}  // namespace

void commit_all(Store& store, std::vector<Commit>& batch) {
  const auto answers = store.commit(batch);
  if (!answers) give_up(answers.error().message);
  for (const auto answer : *answers) {
    if (answer != CommitAnswer::kDone) give_up("another writer changed a person of the benchmark");
  }
  batch.clear();
}

std::size_t DueLeads::number_of(const std::string& person) {
  return person.starts_with("du") ? std::stoull(person.substr(2), nullptr, 16) : SIZE_MAX;
}

void DueLeads::keep_timers(Decision& all, const Decision& more) {
  for (const auto& timer : more.timers) {
    std::erase_if(all.timers, [&](const TimerChange& t) { return t.timer == timer.timer; });
    all.timers.push_back(timer);
  }
}

Commit DueLeads::lead(Instant due) {
  const std::size_t n = made_++;
  const Instant asked = due - kWarning;
  const auto before = documents_.open(PersonId(fmt::format("du{:018x}", n)), {}).value();
  Touch touch;
  touch.id = fmt::format("t{}", n);
  touch.source = "forms";
  touch.type = TouchType::kDemoRequest;
  touch.intent = Intent::kHandRaiser;
  touch.at = asked;
  touch.person.full_name = "Erika Beispiel";
  touch.person.email = fmt::format("erika.{}@kunde{}.example", n, n % 997);
  touch.person.phone = "+49301234567";
  touch.message = "Bitte um eine Vorführung";
  Decision merged = decide(before.state, {touch.id, TouchesReceived{{touch}}}, *policy_, asked);
  for (const auto& effect : std::vector<Effect>(merged.effects)) {
    const auto* request = std::get_if<OwnerRequest>(&effect);
    if (request == nullptr) continue;
    Decision next =
        decide(merged.next,
               {request->key, OwnerPicked{request->key, request->pool, RepId("erika"), {}, {}}},
               *policy_, asked);
    keep_timers(merged, next);
    merged.next = std::move(next.next);
  }
  const bool set =
      std::any_of(merged.timers.begin(), merged.timers.end(), [&](const TimerChange& t) {
        return t.timer.kind == TimerId::Kind::kClock && t.timer.subject.starts_with(kClock) &&
               t.due == due;
      });
  if (!set)
    give_up(
        "the first_contact clock of the template policies has changed: no warning after 75 % of "
        "5m");
  merged.effects.clear();
  return documents_.close(before, merged, {}, {}, asked);
}

}  // namespace baton::bench
