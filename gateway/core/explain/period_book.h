#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/core/explain/decision_record.h"
#include "gateway/core/model/person.h"
#include "gateway/core/sla/period.h"

namespace baton {

// What the log of decisions says of a stretch of time: handovers and what became of them, MQLs,
// broken promises. Fed record by record, in the order of each person's; nothing in it names a
// person.

struct BookedHandover {
  HandoverId id;
  LeadId lead;
  PersonId person;
  std::string pool;
  RepId rep;
  HandoverState state = HandoverState::kOffered;
  Instant offered_at;
  std::optional<Instant> decided_at;  // accepted, rejected, or over otherwise
  std::string reason;                 // of a rejection
  bool wrong_route = false;  // of a rejection: the lead was good, the rep was not the right one
};

struct BookedBreach {
  Instant at;
  PersonId person;
  std::string clock, pool;  // definition; of the lead as it stood then
  RepId rep;
  bool excused = false;    // through no fault of sales
  bool late_news = false;  // it was in time, the news of it came late
};

class PeriodBook {
 public:
  void add(const DecisionRecord& record);
  // What ended before then may be forgotten.
  void forget_before(Instant at);

  // By the time of offer; of breaches and MQLs by the time they happened. In [from, to).
  std::vector<const BookedHandover*> offered(Instant from, Instant to) const;
  std::vector<BookedBreach> breaches(Instant from, Instant to) const;
  PeriodCounts counts(Instant from, Instant to) const;
  // Business time from acceptance to the first contact, newest last.
  struct Handling {
    std::string pool;
    Instant accepted_at, contact_at;
  };
  const std::vector<Handling>& handlings() const { return handlings_; }

 private:
  void receipt(const DecisionRecord& record, const boost::json::object& snapshot, bool wrong_route);
  void attempt(const DecisionRecord& record, const Reason& reason);
  void breach(const DecisionRecord& record, const Reason& reason);
  const BookedHandover* latest(const PersonId& person) const;

  std::map<HandoverId, BookedHandover> handovers_;  // by id
  std::map<PersonId, HandoverId> latest_;           // person -> id of the newest
  std::map<HandoverId, Instant> waiting_;  // handover -> accepted by a word, no contact yet
  std::vector<BookedBreach> breaches_;
  std::vector<Instant> mqls_;
  std::vector<Handling> handlings_;
};

}  // namespace baton
