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

// The handovers with their results, the MQLs and the breaches in a part of the decision log. Add
// the records of each person in order. Contains no personal data.

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
  std::string clock, pool;  // definition; pool of the lead at that time
  RepId rep;
  bool excused = false;    // not the fault of sales
  bool late_news = false;  // the contact was in time, but reported late
};

class PeriodBook {
 public:
  void add(const DecisionRecord& record);
  // Removes handovers, breaches and MQLs that ended earlier.
  void forget_before(Instant at);

  // In [from, to): handovers by the time of their offer, breaches and MQLs by their own time.
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
