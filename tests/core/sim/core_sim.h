#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "gateway/core/decide/decide.h"
#include "gateway/core/explain/decision_record.h"
#include "gateway/core/model/feedback_form.h"
#include "gateway/core/model/person_codec.h"
#include "gateway/core/policy/policy.h"
#include "gateway/core/pool/pool.h"
#include "tests/support/ids.h"

namespace baton {

inline Instant at(std::string_view text) { return parse_rfc3339(text).value_or(Instant{}); }

// The built-in policy templates, with some kinds replaced by other texts. Fails the test on errors.
std::shared_ptr<const Policy> template_policy(
    const std::map<std::string, std::string>& instead = {});
// The template text of a kind ("sla"), for tests that change part of it.
std::string template_text(const std::string& kind);

// A minimal engine for one person: fires timers in order before each event, lets the pools answer,
// keeps the log. Records the effects of each decision without performing them.
class CoreSim {
 public:
  explicit CoreSim(std::shared_ptr<const Policy> policy, std::string person = "p1");

  // Runs the timers that are due until `now`, then the event.
  Decision event(Instant now, Event event);
  Decision touches(Instant now, std::vector<Touch> touches);
  Decision touch(Instant now, Touch touch) { return touches(now, {std::move(touch)}); }
  Decision feedback(Instant now, FeedbackForm feedback);
  void run_until(Instant now);

  int count(std::string_view event) const;  // how often it happened
  const Lead& lead() const;
  const ClockInstance* clock(std::string_view definition) const;  // the newest of its kind
  std::vector<std::string> notice_keys() const;
  std::vector<Notice> notices_of(NoticeKind kind) const;

  std::shared_ptr<const Policy> policy;
  PersonState person;
  std::map<std::string, PoolState> pools;
  RepLoads loads;  // the reps' work as the pools know it
  std::map<std::string, Instant> timers;
  std::vector<DecisionRecord> log;
  std::vector<RecordText> written;  // the same, as stored
  std::vector<Effect> effects;
  std::vector<Decision> decisions;
  bool answer_requests = true;

 private:
  Decision apply(Instant now, const Event& event);
  void answer(Instant now, const OwnerRequest& request);
  void learn(Instant now, const PoolUpdate& note);
};

// A touch of erika.beispiel@example.com at example.com. Its id is unique for its arguments.
Touch make_touch(std::string id, TouchType type, Intent intent, Instant at);
Touch demo_request(std::string id, Instant at);
FeedbackForm says(FeedbackKind kind, std::string id, std::string rep, Instant at = {});
FeedbackForm reached(std::string id, std::string rep, Instant at);  // attested
FeedbackForm called(std::string id, std::string rep,
                    Instant at);  // the same, with the id of a call

}  // namespace baton
