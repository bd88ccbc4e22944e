#include "gateway/core/explain/period_book.h"

#include <algorithm>

#include "mapping/json/json.h"

namespace baton {
namespace {

constexpr std::size_t kHandlings = 500;  // the newest; what was usual last year is no guide

bool in_period(Instant at, Instant from, Instant to) { return at >= from && at < to; }

bool is_over(HandoverState state) { return !is_open(state); }

}  // namespace

void PeriodBook::receipt(const DecisionRecord& record, const json::object& snapshot,
                         bool wrong_route) {
  const auto state = parse_handover_state(text(snapshot, "state"));
  const HandoverId id(text(snapshot, "handover"));
  if (!state || id.empty()) return;
  const Instant at = parse_rfc3339(text(snapshot, "at")).value_or(record.now);
  auto& handover = handovers_[id];
  handover.id = id;
  handover.lead = LeadId(text(snapshot, "lead"));
  handover.person = record.person;
  if (*state == HandoverState::kOffered) {
    handover.offered_at = at;
    const auto* to = object(snapshot, "to");
    handover.pool = to == nullptr ? std::string_view() : text(*to, "pool");
    handover.rep = to == nullptr ? RepId() : RepId(text(*to, "rep"));
    latest_[record.person] = id;
  } else {
    if (handover.pool.empty()) handover.pool = text(snapshot, "pool");
    if (handover.rep.empty()) handover.rep = RepId(text(snapshot, "rep"));
  }
  handover.state = *state;
  if (!is_over(*state)) return;
  handover.decided_at = at;
  handover.reason = text(snapshot, "reason");
  handover.wrong_route = wrong_route && *state == HandoverState::kRejected;
  if (*state == HandoverState::kAccepted && !boolean(snapshot, "implied")) waiting_[id] = at;
}

void PeriodBook::attempt(const DecisionRecord& record, const Reason& reason) {
  const auto newest = latest_.find(record.person);
  if (newest == latest_.end()) return;
  const auto accepted = waiting_.find(newest->second);
  if (accepted == waiting_.end()) return;
  const Instant at = parse_rfc3339(text(reason.facts, "at")).value_or(record.now);
  if (at > accepted->second)
    handlings_.push_back({handovers_[newest->second].pool, accepted->second, at});
  if (handlings_.size() > kHandlings) handlings_.erase(handlings_.begin());
  waiting_.erase(accepted);
}

const BookedHandover* PeriodBook::latest(const PersonId& person) const {
  const auto newest = latest_.find(person);
  const auto found = newest == latest_.end() ? handovers_.end() : handovers_.find(newest->second);
  return found == handovers_.end() ? nullptr : &found->second;
}

void PeriodBook::breach(const DecisionRecord& record, const Reason& reason) {
  BookedBreach breach;
  breach.at = parse_rfc3339(text(reason.facts, "due")).value_or(record.now);
  breach.person = record.person;
  breach.clock = text(reason.facts, "clock");
  breach.rep = RepId(text(reason.facts, "owner"));
  breach.excused = !text(reason.facts, "excused").empty();
  if (const auto* handover = latest(record.person)) breach.pool = handover->pool;
  breaches_.push_back(std::move(breach));
}

void PeriodBook::add(const DecisionRecord& record) {
  for (const auto& event : record.events) {
    if (event == "stage.entered.mql") mqls_.push_back(record.now);
  }
  bool wrong_route = false;
  for (const auto& reason : record.reasons) {
    if (reason.code == "handover.rejected") {
      wrong_route = text(reason.facts, "kind") == "procedural";
    } else if (reason.code == "handover.receipt") {
      if (const auto* snapshot = object(reason.facts, "snapshot"))
        receipt(record, *snapshot, wrong_route);
    } else if (reason.code == "attempt.made") {
      attempt(record, reason);
    } else if (reason.code == "clock.breached") {
      breach(record, reason);
    } else if (reason.code == "clock.late_evidence") {
      const auto clock = text(reason.facts, "clock");
      const auto its = std::find_if(breaches_.rbegin(), breaches_.rend(), [&](const auto& b) {
        return b.person == record.person && b.clock == clock;
      });
      if (its != breaches_.rend()) its->late_news = true;
    }
  }
}

void PeriodBook::forget_before(Instant at) {
  std::erase_if(handovers_, [&](const auto& h) {
    return h.second.decided_at ? *h.second.decided_at < at : h.second.offered_at < at;
  });
  std::erase_if(latest_, [&](const auto& l) { return !handovers_.contains(l.second); });
  std::erase_if(waiting_, [&](const auto& w) { return !handovers_.contains(w.first); });
  std::erase_if(breaches_, [&](const auto& b) { return b.at < at; });
  std::erase_if(mqls_, [&](Instant m) { return m < at; });
}

std::vector<const BookedHandover*> PeriodBook::offered(Instant from, Instant to) const {
  std::vector<const BookedHandover*> out;
  for (const auto& [id, handover] : handovers_) {
    if (in_period(handover.offered_at, from, to)) out.push_back(&handover);
  }
  std::sort(out.begin(), out.end(), [](const auto* a, const auto* b) {
    return std::tie(a->offered_at, a->id) < std::tie(b->offered_at, b->id);
  });
  return out;
}

std::vector<BookedBreach> PeriodBook::breaches(Instant from, Instant to) const {
  std::vector<BookedBreach> out;
  std::copy_if(breaches_.begin(), breaches_.end(), std::back_inserter(out),
               [&](const auto& b) { return in_period(b.at, from, to); });
  return out;
}

PeriodCounts PeriodBook::counts(Instant from, Instant to) const {
  PeriodCounts out;
  out.mqls =
      std::count_if(mqls_.begin(), mqls_.end(), [&](Instant m) { return in_period(m, from, to); });
  for (const auto& [id, handover] : handovers_) {
    if (!handover.decided_at || !in_period(*handover.decided_at, from, to)) continue;
    if (handover.state == HandoverState::kAccepted) ++out.accepted;
    if (handover.state == HandoverState::kRejected && !handover.wrong_route) ++out.rejected;
  }
  return out;
}

}  // namespace baton
