#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <boost/json/object.hpp>

#include "gateway/core/sla/sla_clock.h"
#include "gateway/core/decide/decide.h"
#include "gateway/core/model/transitions.h"
#include "gateway/core/policy/policy.h"
#include "gateway/core/pool/rep_load.h"
#include "gateway/core/scoring/score.h"

namespace baton {

// Texts put together in one allocation.
std::string joined(std::initializer_list<std::string_view> parts);

// One decision in the making: what the parts of decide (decide_*.cpp) share. Not used outside.
struct DecideStep {
  const Policy& policy;
  const Event& event;
  Instant now;
  Decision& out;
  PersonState& person;       // out.next
  bool push = false;         // a CRM has to learn of it
  std::optional<ScoreResult> score_now = {};   // see scored()
  bool attempted = false;    // the lead's newest attempt was evidenced by this event
  std::optional<Intent> interest = {};   // the strongest that this event brings

  void happened(std::string what) { out.events.push_back(std::move(what)); }
  void because(std::string_view code, std::string_view rule = {}, std::initializer_list<Fact> facts = {}) {
    out.reasons.add(code, rule, facts);
  }
  void changed() { out.changed = true; }

  // The score as of now, with its lines. Touches and profile are settled before anybody asks.
  const ScoreResult& scored();

  Lead* lead() { return person.lead && is_open(person.lead->stage) ? &*person.lead : nullptr; }
  Handover* handover();      // the last one, while it is open
  // The rules a clock runs by: those of its start where the policy says that a change is for new ones.
  const SlaPolicy& sla(const ClockInstance& clock) const;
  const ClockDefinition& definition(const ClockInstance& clock) const;
  const BusinessCalendar& calendar(const ClockInstance& clock) const;
  const std::string& team() const;   // of the lead's pool; ""
  std::string team_lead() const;     // rep ids; "" where there is none
  std::string head() const;          // the team's head, else its lead
};

// --- the parts, one for each kind of event -------------------------------------------------------
void decide_touches(DecideStep& s, const TouchesArrived& event);
void decide_clock(DecideStep& s, const ClockDue& event);
void decide_owner(DecideStep& s, const OwnerPicked& event);
void decide_feedback(DecideStep& s, const SalesFeedback& event);
// Feedback of a CRM comes as touches; each is read as what sales says.
void decide_crm_touch(DecideStep& s, const Touch& touch);
// Remembers an id; false where it was applied before: a repeat changes nothing.
bool first_time(DecideStep& s, const std::string& id);
void decide_outcome(DecideStep& s, const EffectOutcome& event);

// --- contact and its evidence (decide_contact.cpp) -----------------------------------------------------
bool from_crm(const SalesFeedback& f);
// What makes it evidence (N16, hard rule 12): "external_id" or "attested"; "" where it is none, because
// no human did it, or nothing shows that one did.
std::string_view evidence_kind(const DecideStep& s, const SalesFeedback& f);
void keep_attempt(Lead& lead, Attempt attempt);   // the newest 50
void contact(DecideStep& s, const SalesFeedback& f, Instant at);
// A contact of an owner from before he lost the lead, of which the news comes only now. True where it
// was one, and has been dealt with.
bool late_contact(DecideStep& s, const SalesFeedback& f, Instant at);
// A call or mail that the tool it was made with tells of.
void contact_touch(DecideStep& s, const Touch& touch);

// --- episode (decide_episode.cpp) ------------------------------------------------------------------
// What may make an MQL: a touch, an SDR's word, or time alone.
struct Trigger {
  Instant at;
  Intent intent = Intent::kInformational;
  std::string touch;         // "" where time or a human did it
  std::string rule;          // "lifecycle.mql.types", ...; "" : to be found out
};
void open_episode(DecideStep& s, Instant at, Intent type, std::string_view rule, Stage first = Stage::kLead);
// T4 from lead, T17 from nurture, where the policy's conditions hold.
void consider_mql(DecideStep& s, const Trigger& trigger);
bool hand_over(DecideStep& s, const Trigger& trigger, std::string_view transition);
// Enters a stage by a transition of the table, or refuses it. `implied`: stamped on the way to a
// later stage.
bool enter(DecideStep& s, std::string_view transition, Stage to, bool implied = false);
// Enters the stages between the lead's and `to` (exclusive) as implied.
void imply_until(DecideStep& s, Stage to);
void refuse(DecideStep& s, std::string_view wanted, std::string_view why, std::initializer_list<Fact> facts = {});
// Leaves the funnel for nurture, won, lost or disqualified: clocks end, handover and request close.
bool close_episode(DecideStep& s, std::string_view transition, Stage to, std::string_view reason);
// Whether what they did after `floor` would make an MQL by itself.
bool is_engaged_since(const DecideStep& s, Instant floor);
bool rescore(DecideStep& s);           // true where the grade changed

// As hand_over, but asks nobody for an owner.
bool become_mql(DecideStep& s, const Trigger& trigger, std::string_view transition);
// T1: an episode that waits until the address is confirmed (decide_capture.cpp).
void capture(DecideStep& s, const Trigger& trigger);
bool awaits_opt_in(const DecideStep& s);
// T2: somebody who was waited for has shown to be real.
void confirm(DecideStep& s, const Trigger& trigger);
void opt_in_due(DecideStep& s, Instant due);       // T3
void cool_down_due(DecideStep& s, Instant due);    // T16

// --- work (decide_task.cpp, decide_cadence.cpp, decide_lawful.cpp, decide_meeting.cpp) ---------------
// After every event: what people have to do about the lead now, and whether they may call.
void settle_work(DecideStep& s);
void settle_contact(DecideStep& s);
void settle_cadence(DecideStep& s);
// The episode is over: nobody has anything to do about it any more.
void drop_work(DecideStep& s, std::string_view why);
void task_due(DecideStep& s, const ClockDue& event);
void meeting_due(DecideStep& s, Instant due);
void decide_task(DecideStep& s, const SalesFeedback& f, Instant at);
void decide_meeting(DecideStep& s, const SalesFeedback& f, Instant at);
// What a calendar tool tells; false where it is no appointment and the touch counts as any other.
bool decide_meeting_touch(DecideStep& s, const Touch& touch, const std::string& id);
// A reason that was owed, and the way back for somebody who was ruled out (T18).
void decide_reason(DecideStep& s, const SalesFeedback& f, Instant at);
void decide_reopen(DecideStep& s, const SalesFeedback& f);
void owe_reason(DecideStep& s, Instant at);

// What CRMs show of all that (decide_crm_task.cpp): asks for every change of it, and hears what became of it.
void settle_crm_tasks(DecideStep& s);
void crm_task_outcome(DecideStep& s, const EffectOutcome& event);

Task* open_task(Lead& lead, std::string_view kind);
struct TaskWish {
  std::string kind, owner, team, channel;
  int step = 0;
  Instant due;
  bool tell = true;          // its owner has not heard of it otherwise
  std::string blocked = {};  // why nobody may do it yet; "" : somebody may
};
Task& add_task(DecideStep& s, TaskWish wish);
void close_task(DecideStep& s, Task& task, TaskState state, std::string_view result, Instant at, std::string_view by);
// When so much of the rep's working time has passed.
Instant working_later(const DecideStep& s, std::string_view rep, Instant from, Duration after);

// --- owner (decide_owner.cpp) ------------------------------------------------------------------------
void ask_for_owner(DecideStep& s, std::string_view credit_to = {});
// Takes the lead from its owner and asks for another, who is none of those that lapsed or refused.
void pass_on(DecideStep& s, HandoverState end, std::string_view reason, std::string_view credit_to = {});
bool may_pass_on(const DecideStep& s);
// A human gave the lead to somebody in the CRM, or an appointment did (`rule`): that counts.
void assign_by_crm(DecideStep& s, const std::string& rep, std::string_view rule = "crm");
void accept_handover(DecideStep& s, Instant at, bool implied, std::string_view by);
// Gives the lead back to an owner whose contact was in time after all, and takes it from the next one,
// who has done nothing yet.
void restore_owner(DecideStep& s, const std::string& rep, Instant at, std::string_view evidence);

// --- pools (decide_pool.cpp) ---------------------------------------------------------------------------
// OwnerRequest::key of a hop.
std::string request_key(const PersonState& person, const Lead& lead, int hop);

struct PoolView {
  std::optional<LeadWork> work;
  std::string handover;      // the open one
};
PoolView pool_view(const PersonState& person);
// Tells the pools what the decision changed for them.
void tell_pools(DecideStep& s, const PoolView& before);
// The turn of a handover was none: "clerical", "no_show", "withdrawn"; once, where its pool's policy
// gives credit for that.
void give_turn_back(DecideStep& s, const Handover& handover, std::string_view why);
// An answer that came too late: nobody was given the lead by it.
void return_unused(DecideStep& s, const OwnerPicked& event);
// --- receipts (decide_receipt.cpp) -------------------------------------------------------------------
// What a receipt tells besides the state that a handover is in.
struct ReceiptNote {
  std::string_view by = {};            // id of the feedback, evidence or clock behind it
  bool implied = false;
  std::string_view destination = {}, ref = {};  // where it arrived, and its id over there
};
// The next receipt of the lead's chain: an owner is asked for; this is what was handed over; what
// became of it at `at`. An owner that is asked for again is the same draft.
void draft_receipt(DecideStep& s);
void offer_receipt(DecideStep& s, Handover& handover);
void state_receipt(DecideStep& s, Handover& handover, Instant at, const ReceiptNote& note = {});
// Where nobody was offered the lead yet: there is nothing to hand over any more.
void withdraw_draft(DecideStep& s, std::string_view reason);

// --- clocks (decide_clocks.cpp, decide_clock_steps.cpp) -------------------------------------------------
// What a moment means to the clocks there are, in this order: cancelled, stopped, reset, resumed. Where
// it is about one handover, task or meeting, `subject` names it: clocks of another one go on.
void stop_clocks(DecideStep& s, ClockMoment moment, Instant at, std::string_view by, std::string_view subject = {});
// Starts those that the moment starts and that do not run yet for that subject.
void start_clocks(DecideStep& s, ClockMoment moment, Instant at, std::string_view subject = {});
// Both, for moments between which nothing else has to happen.
void at_moment(DecideStep& s, ClockMoment moment, Instant at, std::string_view by, std::string_view subject = {});
void pause_clocks(DecideStep& s, PauseCondition condition, Instant at);
// Those that stood still on it, as far as no other of their conditions holds.
void resume_clocks(DecideStep& s, PauseCondition condition, Instant at);
void reassign_clocks(DecideStep& s, Instant at);  // ends those that restart or are split with each owner
void tighten_clocks(DecideStep& s, Intent type, Instant at);
void cancel_clocks(DecideStep& s, std::string_view by);
void own_clocks(DecideStep& s);                   // the running ones get the lead's owner and team
void retime_clocks(DecideStep& s);                // by the policy of today, where it wants that
// Feedback on alerts: seen, or to be told again later.
void acknowledge(DecideStep& s, const SalesFeedback& f);
void snooze(DecideStep& s, const SalesFeedback& f);

// The parts that decide_clock_steps.cpp has for the others.
void report_clock(DecideStep& s, const ClockInstance& clock, std::string_view code, std::initializer_list<Fact> more = {});
// A stop or pause behind the due time, before the timer fired: the breach counts all the same.
void settle_clock(DecideStep& s, ClockInstance& clock, Instant at);
// Tells those who heard of its breach that it is over, or that it was none (late evidence).
void resolve_clock(DecideStep& s, const ClockInstance& clock, NoticeKind kind = NoticeKind::kResolved);
bool holds(const DecideStep& s, PauseCondition condition);

// --- notices (decide_notice.cpp) -----------------------------------------------------------------------
void notify(DecideStep& s, NoticeKind kind, std::string_view recipient, const ClockInstance* clock, std::string key,
            boost::json::object more = {});
// To exactly those who got a breach or escalation of this clock: how it ended (kResolved, kCorrected).
void tell_the_told(DecideStep& s, NoticeKind kind, const ClockInstance& clock);
std::string clock_key(const DecideStep& s, const ClockInstance& clock, std::string_view level, std::string_view recipient);

// --- profile (decide_profile.cpp) ------------------------------------------------------------------------
// Merges what a touch says of the person; true where something changed. Free of the order of arrival.
bool merge_profile(PersonState& person, const Touch& touch, const std::string& touch_id, Instant at);
bool merge_consents(PersonState& person, const Touch& touch, Instant at);
bool merge_attribution(PersonState& person, const Touch& touch, const std::string& touch_id, Instant at);
// Art. 21 (2) DSGVO: since when marketing as a whole is objected to, by the consents as they stand.
std::optional<Instant> objection(const PersonState& person);
// The time stamp a merge goes by: events of the future happen now.
Instant clamp(Instant at, Instant now);

}  // namespace baton
