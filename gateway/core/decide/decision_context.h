#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <boost/json/object.hpp>

#include "gateway/core/decide/decide.h"
#include "gateway/core/model/transitions.h"
#include "gateway/core/policy/policy.h"
#include "gateway/core/pool/rep_load.h"
#include "gateway/core/scoring/score.h"
#include "gateway/core/sla/sla_clock.h"

namespace baton {

// Texts put together in one allocation.
std::string joined(std::initializer_list<std::string_view> parts);

// One decision in the making: what the parts of decide (decide_*.cpp) share. Not used outside.
struct DecisionContext {
  const Policy& policy;
  const Event& event;
  Instant now;
  Decision& out;
  PersonState& person;                        // out.next
  bool push = false;                          // a CRM has to learn of it
  std::optional<ScoreResult> score_now = {};  // see scored()
  bool attempted = false;               // the lead's newest attempt was evidenced by this event
  std::optional<Intent> interest = {};  // the strongest that this event brings

  void happened(std::string what) { out.events.push_back(std::move(what)); }
  void because(std::string_view code, std::string_view rule = {},
               std::initializer_list<Fact> facts = {}) {
    out.reasons.add(code, rule, facts);
  }
  void changed() { out.changed = true; }

  // The score as of now, with its lines. Touches and profile are settled before anybody asks.
  const ScoreResult& scored();

  Lead* lead() { return person.lead && is_open(person.lead->stage) ? &*person.lead : nullptr; }
  Handover* handover();  // the last one, while it is open
  // The rules a clock runs by: those of its start where the policy says that a change is for new
  // ones.
  const SlaPolicy& sla(const ClockInstance& clock) const;
  const ClockDefinition& definition(const ClockInstance& clock) const;
  const BusinessCalendar& calendar(const ClockInstance& clock) const;
  const std::string& team() const;  // of the lead's pool; ""
  std::string team_lead() const;    // rep ids; "" where there is none
  std::string head() const;         // the team's head, else its lead
};

// --- the parts, one for each kind of event -------------------------------------------------------
void decide_touches(DecisionContext& s, const TouchesReceived& event);
void decide_clock(DecisionContext& s, const ClockDue& event);
void decide_owner(DecisionContext& s, const OwnerPicked& event);
void decide_feedback(DecisionContext& s, const SalesFeedback& event);
// Feedback of a CRM comes as touches; each is read as what sales says.
void decide_crm_touch(DecisionContext& s, const Touch& touch);
// Remembers an id; false where it was applied before: a repeat changes nothing.
bool first_time(DecisionContext& s, const std::string& id);
void decide_outcome(DecisionContext& s, const EffectOutcome& event);

// --- contact and its evidence (decide_contact.cpp)
// -----------------------------------------------------
bool from_crm(const SalesFeedback& f);
// What makes it evidence (N16, hard rule 12): "external_id" or "attested"; "" where it is none,
// because no human did it, or nothing shows that one did.
std::string_view evidence_kind(const DecisionContext& s, const SalesFeedback& f);
void keep_attempt(Lead& lead, Attempt attempt);  // the newest 50
void contact(DecisionContext& s, const SalesFeedback& f, Instant at);
// A contact of an owner from before he lost the lead, of which the news comes only now. True where
// it was one, and has been dealt with.
bool late_contact(DecisionContext& s, const SalesFeedback& f, Instant at);
// A call or mail that the tool it was made with tells of.
void contact_touch(DecisionContext& s, const Touch& touch);

// --- episode (decide_episode.cpp)
// ------------------------------------------------------------------ What may make an MQL: a touch,
// an SDR's word, or time alone.
struct Trigger {
  Instant at;
  Intent intent = Intent::kInformational;
  std::string touch;  // "" where time or a human did it
  std::string rule;   // "lifecycle.mql.types", ...; "" : to be found out
};
void open_episode(DecisionContext& s, Instant at, Intent type, std::string_view rule,
                  Stage first = Stage::kLead);
// T4 from lead, T17 from nurture, where the policy's conditions hold.
void consider_mql(DecisionContext& s, const Trigger& trigger);
bool hand_over(DecisionContext& s, const Trigger& trigger, std::string_view transition);
// Enters a stage by a transition of the table, or refuses it. `implied`: stamped on the way to a
// later stage.
bool enter(DecisionContext& s, std::string_view transition, Stage to, bool implied = false);
// Enters the stages between the lead's and `to` (exclusive) as implied.
void imply_until(DecisionContext& s, Stage to);
void refuse(DecisionContext& s, std::string_view wanted, std::string_view why,
            std::initializer_list<Fact> facts = {});
// Leaves the funnel for nurture, won, lost or disqualified: clocks end, handover and request close.
bool close_episode(DecisionContext& s, std::string_view transition, Stage to,
                   std::string_view reason);
// Whether what they did after `floor` would make an MQL by itself.
bool is_engaged_since(const DecisionContext& s, Instant floor);
bool rescore(DecisionContext& s);  // true where the grade changed

// As hand_over, but asks nobody for an owner.
bool become_mql(DecisionContext& s, const Trigger& trigger, std::string_view transition);
// T1: an episode that waits until the address is confirmed (decide_capture.cpp).
void capture(DecisionContext& s, const Trigger& trigger);
bool awaits_opt_in(const DecisionContext& s);
// T2: somebody who was waited for has shown to be real.
void confirm(DecisionContext& s, const Trigger& trigger);
void opt_in_due(DecisionContext& s, Instant due);     // T3
void cool_down_due(DecisionContext& s, Instant due);  // T16

// --- work (decide_task.cpp, decide_cadence.cpp, decide_lawful.cpp, decide_meeting.cpp)
// --------------- After every event: what people have to do about the lead now, and whether they
// may call.
void reconcile_work(DecisionContext& s);
void reassess_contact(DecisionContext& s);
void advance_cadence(DecisionContext& s);
// The episode is over: nobody has anything to do about it any more.
void drop_work(DecisionContext& s, std::string_view why);
void task_due(DecisionContext& s, const ClockDue& event);
void meeting_due(DecisionContext& s, Instant due);
void decide_task(DecisionContext& s, const SalesFeedback& f, Instant at);
void decide_meeting(DecisionContext& s, const SalesFeedback& f, Instant at);
// What a calendar tool tells; false where it is no appointment and the touch counts as any other.
bool decide_meeting_touch(DecisionContext& s, const Touch& touch, const std::string& id);
// A reason that was owed, and the way back for somebody who was ruled out (T18).
void decide_reason(DecisionContext& s, const SalesFeedback& f, Instant at);
void decide_reopen(DecisionContext& s, const SalesFeedback& f);
void owe_reason(DecisionContext& s, Instant at);

// What CRMs show of all that (decide_crm_task.cpp): asks for every change of it, and hears what
// became of it.
void reconcile_crm_tasks(DecisionContext& s);
void crm_task_outcome(DecisionContext& s, const EffectOutcome& event);

Task* open_task(Lead& lead, std::string_view kind);
struct TaskWish {
  std::string kind, owner, team, channel;
  int step = 0;
  Instant due;
  bool tell = true;          // its owner has not heard of it otherwise
  std::string blocked = {};  // why nobody may do it yet; "" : somebody may
};
Task& add_task(DecisionContext& s, TaskWish wish);
void close_task(DecisionContext& s, Task& task, TaskState state, std::string_view result,
                Instant at, std::string_view by);
// When so much of the rep's working time has passed.
Instant working_later(const DecisionContext& s, std::string_view rep, Instant from, Duration after);

// --- owner (decide_owner.cpp)
// ------------------------------------------------------------------------
void ask_for_owner(DecisionContext& s, std::string_view credit_to = {});
// Takes the lead from its owner and asks for another, who is none of those that lapsed or refused.
void pass_on(DecisionContext& s, HandoverState end, std::string_view reason,
             std::string_view credit_to = {});
bool may_pass_on(const DecisionContext& s);
// A human gave the lead to somebody in the CRM, or an appointment did (`rule`): that counts.
void assign_by_crm(DecisionContext& s, const std::string& rep, std::string_view rule = "crm");
void accept_handover(DecisionContext& s, Instant at, bool implied, std::string_view by);
// Gives the lead back to an owner whose contact was in time after all, and takes it from the next
// one, who has done nothing yet.
void restore_owner(DecisionContext& s, const std::string& rep, Instant at,
                   std::string_view evidence);

// --- pools (decide_pool.cpp)
// --------------------------------------------------------------------------- OwnerRequest::key of
// a hop.
std::string request_key(const PersonState& person, const Lead& lead, int hop);

struct PoolView {
  std::optional<LeadWork> work;
  std::string handover;  // the open one
};
PoolView pool_view(const PersonState& person);
// Tells the pools what the decision changed for them.
void tell_pools(DecisionContext& s, const PoolView& before);
// The turn of a handover was none: "clerical", "no_show", "withdrawn"; once, where its pool's
// policy gives credit for that.
void give_turn_back(DecisionContext& s, const Handover& handover, std::string_view why);
// An answer that came too late: nobody was given the lead by it.
void return_unused(DecisionContext& s, const OwnerPicked& event);
// --- receipts (decide_receipt.cpp)
// ------------------------------------------------------------------- What a receipt tells besides
// the state that a handover is in.
struct ReceiptNote {
  std::string_view by = {};  // id of the feedback, evidence or clock behind it
  bool implied = false;
  std::string_view destination = {}, ref = {};  // where it arrived, and its id over there
};
// The next receipt of the lead's chain: an owner is asked for; this is what was handed over; what
// became of it at `at`. An owner that is asked for again is the same draft.
void draft_receipt(DecisionContext& s);
void offer_receipt(DecisionContext& s, Handover& handover);
void state_receipt(DecisionContext& s, Handover& handover, Instant at,
                   const ReceiptNote& note = {});
// Where nobody was offered the lead yet: there is nothing to hand over any more.
void withdraw_draft(DecisionContext& s, std::string_view reason);

// --- clocks (decide_clocks.cpp, decide_clock_steps.cpp)
// ------------------------------------------------- What a moment means to the clocks there are, in
// this order: cancelled, stopped, reset, resumed. Where it is about one handover, task or meeting,
// `subject` names it: clocks of another one go on.
void stop_clocks(DecisionContext& s, ClockMoment moment, Instant at, std::string_view by,
                 std::string_view subject = {});
// Starts those that the moment starts and that do not run yet for that subject.
void start_clocks(DecisionContext& s, ClockMoment moment, Instant at,
                  std::string_view subject = {});
// Both, for moments between which nothing else has to happen.
void at_moment(DecisionContext& s, ClockMoment moment, Instant at, std::string_view by,
               std::string_view subject = {});
void pause_clocks(DecisionContext& s, PauseCondition condition, Instant at);
// Those that stood still on it, as far as no other of their conditions holds.
void resume_clocks(DecisionContext& s, PauseCondition condition, Instant at);
void reassign_clocks(DecisionContext& s,
                     Instant at);  // ends those that restart or are split with each owner
void tighten_clocks(DecisionContext& s, Intent type, Instant at);
void cancel_clocks(DecisionContext& s, std::string_view by);
void own_clocks(DecisionContext& s);     // the running ones get the lead's owner and team
void retime_clocks(DecisionContext& s);  // by the policy of today, where it wants that
// Feedback on alerts: seen, or to be told again later.
void acknowledge(DecisionContext& s, const SalesFeedback& f);
void snooze(DecisionContext& s, const SalesFeedback& f);

// The parts that decide_clock_steps.cpp has for the others.
void report_clock(DecisionContext& s, const ClockInstance& clock, std::string_view code,
                  std::initializer_list<Fact> more = {});
// A stop or pause behind the due time, before the timer fired: the breach counts all the same.
void mark_overdue(DecisionContext& s, ClockInstance& clock, Instant at);
// Tells those who heard of its breach that it is over, or that it was none (late evidence).
void resolve_clock(DecisionContext& s, const ClockInstance& clock,
                   NoticeKind kind = NoticeKind::kResolved);
bool holds(const DecisionContext& s, PauseCondition condition);

// --- notices (decide_notice.cpp)
// -----------------------------------------------------------------------
void notify(DecisionContext& s, NoticeKind kind, std::string_view recipient,
            const ClockInstance* clock, std::string key, boost::json::object more = {});
// To exactly those who got a breach or escalation of this clock: how it ended (kResolved,
// kCorrected).
void tell_the_told(DecisionContext& s, NoticeKind kind, const ClockInstance& clock);
std::string clock_key(const DecisionContext& s, const ClockInstance& clock, std::string_view level,
                      std::string_view recipient);

// --- profile (decide_profile.cpp)
// ------------------------------------------------------------------------ Merges what a touch says
// of the person; true where something changed. Free of the order of arrival.
bool merge_profile(PersonState& person, const Touch& touch, const std::string& touch_id,
                   Instant at);
bool merge_consents(PersonState& person, const Touch& touch, Instant at);
bool merge_attribution(PersonState& person, const Touch& touch, const std::string& touch_id,
                       Instant at);
// Art. 21 (2) DSGVO: since when marketing as a whole is objected to, by the consents as they stand.
std::optional<Instant> objection(const PersonState& person);
// The time stamp a merge goes by: events of the future happen now.
Instant clamp(Instant at, Instant now);

}  // namespace baton
