#include "gateway/app/reports/forecast_queue.h"

#include <algorithm>
#include <span>

namespace baton {
namespace {

constexpr std::size_t kBatch = 256;

// The contact clock that is due first. Null if the lead waits for no contact, or is late already.
const ClockInstance* contact_clock(const PersonState& person, const SlaPolicy& sla) {
  if (open_lead(person) == nullptr) return nullptr;
  const ClockInstance* first = nullptr;
  for (const auto& clock : person.clocks) {
    const auto* definition = sla.find(clock.definition);
    if (clock.state != ClockState::kRunning || clock.breached_at || definition == nullptr ||
        !definition->stops_on_contact())
      continue;
    if (first == nullptr || clock.due < first->due) first = &clock;
  }
  return first;
}

const BusinessCalendar& office(const Policy& policy) {
  const auto* calendar = policy.calendars.find(policy.sla->calendar);
  return calendar != nullptr ? *calendar : BusinessCalendar::always();
}

Duration handling_of(const std::string& pool, const PeriodBook& book, const Policy& policy) {
  std::vector<Duration> seen;
  for (const auto& h : book.handlings()) {
    if (h.pool == pool) seen.push_back(office(policy).between(h.accepted_at, h.contact_at));
  }
  return usual_handling(std::move(seen), policy.sla->forecast.handling);
}

}  // namespace

void ForecastQueue::note(const DecisionRecord& record) {
  const bool moved = std::any_of(
      record.events.begin(), record.events.end(),
      [](const std::string& e) { return e.starts_with("clock.") || e.starts_with("handover."); });
  if (moved) watched_.insert(record.person.str());
}

Result<std::map<std::string, std::vector<ForecastLead>>> ForecastQueue::read(
    const Documents& documents, Store& store, const Policy& policy,
    const std::atomic<bool>& stopping) {
  std::map<std::string, std::vector<ForecastLead>> queue;
  const std::vector<std::string> all(watched_.begin(), watched_.end());
  for (std::size_t at = 0; at < all.size() && !stopping.load(); at += kBatch) {
    const std::span<const std::string> batch(all.data() + at, std::min(kBatch, all.size() - at));
    const auto persons = documents.load(store, batch);
    if (!persons) return persons.error();
    for (const auto& person : *persons) {
      const auto* clock = contact_clock(person.state, *policy.sla);
      if (clock == nullptr)
        watched_.erase(person.state.id.str());
      else
        queue[person.state.lead->pool].push_back(
            {person.state.lead->id, clock->definition, clock->due, {}});
    }
  }
  return queue;
}

std::vector<PoolForecast> make_forecasts(
    const std::map<std::string, std::vector<ForecastLead>>& queue, const PeriodBook& book,
    const Policy& policy, Instant now) {
  const Instant until = office(policy)
                            .add(now, policy.sla->forecast.horizon)
                            .value_or(now + policy.sla->forecast.horizon);
  std::vector<PoolForecast> out;
  for (const auto& pool : policy.routing->pools) {
    ForecastPool input;
    if (const auto waiting = queue.find(pool.id); waiting != queue.end())
      input.queue = waiting->second;
    input.reps = reps_of({*policy.routing, policy.calendars, now}, pool);
    input.handling = handling_of(pool.id, book, policy);
    out.push_back({pool.id, forecast(input, now, until), input.handling, now, until});
  }
  return out;
}

}  // namespace baton
