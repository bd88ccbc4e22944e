#include "gateway/core/decide/meeting.h"

#include <algorithm>

#include "gateway/core/decide/contact.h"
#include "gateway/core/decide/episode.h"
#include "gateway/core/decide/owner.h"
#include "gateway/core/decide/pool.h"
#include "gateway/core/decide/profile.h"
#include "gateway/core/decide/task.h"
#include "gateway/core/decision/lead_team.h"
#include "gateway/core/model/transitions.h"
#include "mapping/json/json.h"

namespace baton {
namespace {

constexpr std::size_t kMeetings = 8;

// A report about a meeting, from a calendar tool or from sales.
struct Said {
  std::string id;
  RepId host;
  std::string source, by;  // `by`: the evidence
  std::optional<Instant> begins;
  Instant at;
};

Meeting* find_meeting(Lead& lead, const std::string& id) {
  const auto found = std::find_if(
      lead.meetings.rbegin(), lead.meetings.rend(),
      [&](const Meeting& m) { return id.empty() ? m.state == MeetingState::kBooked : m.id == id; });
  return found == lead.meetings.rend() ? nullptr : &*found;
}

Meeting* booked(Lead& lead) { return find_meeting(lead, {}); }

Reasons& note(DecisionContext& s, std::string_view code, const Meeting& meeting) {
  s.happened(std::string(code));
  s.changed();
  s.push();
  return s.sink.reasons.begin(code).facts(
      {{"at", meeting.at}, {"meeting", meeting.id}, {"rep", FactValue::if_said(meeting.rep)}});
}

// The pool that the meeting counts in: one with the rep as a member, otherwise "".
std::string pool_of(const DecisionContext& s, const RepId& rep) {
  const auto& pools = s.policy.routing->pools;
  const auto found = std::find_if(pools.begin(), pools.end(),
                                  [&](const Pool& p) { return p.member(rep) != nullptr; });
  return found == pools.end() ? std::string() : found->id;
}

// The host owns the lead, and accepts it by hosting.
void give_to_host(DecisionContext& s, const Meeting& meeting, Instant at) {
  auto& lead = s.open_lead();
  if (meeting.rep.empty()) {
    if (lead.owner.empty() && lead.open_request.empty()) ask_for_owner(s);
    return;
  }
  if (lead.owner != meeting.rep) {
    if (lead.pool.empty()) lead.pool = pool_of(s, meeting.rep);
    assign(s, meeting.rep, "meeting");
  }
  if (s.handover() != nullptr) accept_handover(s, at, true, meeting.id);
}

// T10, T19: a lead with a meeting is an SQL. Skipped stages are stamped as implied.
void make_sql(DecisionContext& s, const Meeting& meeting, Instant at) {
  auto& lead = s.open_lead();
  if (funnel_rank(lead.stage) >= funnel_rank(Stage::kSql)) return give_to_host(s, meeting, at);
  if (lead.stage == Stage::kLead && !enter(s, Transition::kT19, Stage::kMql, true)) return;
  if (lead.trigger_at.ms == 0) lead.trigger_at = at;
  give_to_host(s, meeting, at);
  imply_until(s, Stage::kSql);
  if (!enter(s, Transition::kT10, Stage::kSql)) return;
  lead.work = WorkStatus::kMeetingBooked;
  s.clocks.at_moment(ClockMoment::kQualified, at, meeting.id);
}

// Moves the booked meeting or adds one. There is never a second booked meeting.
Meeting& put_in(DecisionContext& s, const Said& said) {
  auto& lead = s.open_lead();
  if (auto* open = booked(lead); open != nullptr) {
    if (open->begun) s.clocks.stop(ClockMoment::kMeetingCancelled, said.at, "moved", open->id);
    if (open->at != *said.begins) ++open->moves;
    open->at = *said.begins;
    open->begun = false;
    open->booked_at = said.at;
    if (!said.id.empty()) open->id = said.id;
    if (!said.host.empty()) open->rep = said.host;
    note(s, "meeting.moved", *open).fact("moves", open->moves);
    return *open;
  }
  if (lead.meetings.size() >= kMeetings) lead.meetings.erase(lead.meetings.begin());
  Meeting meeting;
  meeting.id = said.id.empty() ? lead.id.str() + "/m" + sha256_hex(said.by).substr(0, 8) : said.id;
  meeting.at = *said.begins;
  meeting.booked_at = said.at;
  meeting.rep = said.host.empty() ? lead.owner : said.host;
  meeting.source = said.source;
  lead.meetings.push_back(std::move(meeting));
  note(s, "meeting.booked", lead.meetings.back());
  return lead.meetings.back();
}

void book(DecisionContext& s, const Said& said) {
  auto& lead = s.open_lead();
  if (!said.begins) return refuse(s, "meeting", "no_time");
  const auto* known = find_meeting(lead, said.id);
  const bool over = !said.id.empty() && known != nullptr && known->state != MeetingState::kBooked;
  const auto* open = booked(lead);
  if (over || (open != nullptr && said.at < open->booked_at))
    return s.because("meeting.stale", {}, {{"meeting", said.id}});
  const Meeting meeting = put_in(s, said);
  if (auto* task = open_task(lead, TaskKind::kReschedule))
    close_task(s, *task, TaskState::kDone, "booked", said.at, meeting.id);
  if (!s.policy.lifecycle->work.meetings.hands_over) return;
  make_sql(s, meeting, said.at);
  s.clocks.stop(ClockMoment::kMeetingBooked, said.at, said.id.empty() ? said.by : said.id,
                meeting.id);
}

Meeting* close(DecisionContext& s, const Said& said, MeetingState state, std::string_view code,
               ClockMoment moment) {
  auto* meeting = find_meeting(s.open_lead(), said.id);
  if (meeting == nullptr || meeting->state != MeetingState::kBooked) {
    refuse(s, "meeting", "no_such_meeting");
    return nullptr;
  }
  meeting->state = state;
  meeting->closed_at = said.at;
  note(s, code, *meeting);
  if (s.lead()->work == WorkStatus::kMeetingBooked) s.lead()->work = WorkStatus::kAssigned;
  s.clocks.at_moment(moment, said.at, said.by, meeting->id);
  return meeting;
}

void ask_for_another(DecisionContext& s, const Meeting& meeting) {
  const auto& lead = s.open_lead();
  if (open_task(s.open_lead(), TaskKind::kReschedule) != nullptr) return;
  const auto& rep = lead.owner.empty() ? meeting.rep : lead.owner;
  add_task(s, {TaskKind::kReschedule,
               rep,
               team_of(s.policy, s.person),
               {},
               0,
               working_later(s, rep, s.now, {})});
}

// After a no-show the meeting is rescheduled, as often as agreed. Then the lead goes back (T14).
void missed(DecisionContext& s, const Said& said) {
  auto* meeting =
      close(s, said, MeetingState::kNoShow, "meeting.missed", ClockMoment::kMeetingMissed);
  if (meeting == nullptr) return;
  auto& lead = s.open_lead();
  const auto missed =
      std::count_if(lead.meetings.begin(), lead.meetings.end(),
                    [](const Meeting& m) { return m.state == MeetingState::kNoShow; });
  if (missed > s.policy.lifecycle->work.meetings.reschedules && lead.stage == Stage::kSql) {
    if (!lead.handovers.empty()) give_turn_back(s, lead.handovers.back(), "no_show");
    close_episode(s, Transition::kT14, Stage::kNurture, "no_show");
    return;
  }
  ask_for_another(s, Meeting(*meeting));
}

void cancelled(DecisionContext& s, const Said& said) {
  const auto* meeting =
      close(s, said, MeetingState::kCancelled, "meeting.cancelled", ClockMoment::kMeetingCancelled);
  if (meeting != nullptr) ask_for_another(s, Meeting(*meeting));
}

// A meeting that was held is contact with the lead.
void held(DecisionContext& s, const Said& said, EvidenceKind kind) {
  auto* meeting = close(s, said, MeetingState::kHeld, "meeting.held", ClockMoment::kMeetingHeld);
  if (meeting == nullptr) return;
  meeting->evidence = said.by;
  auto& lead = s.open_lead();
  lead.work = WorkStatus::kConnected;
  keep_attempt(lead, {said.at, meeting->rep.empty() ? lead.owner : meeting->rep, "meeting",
                      "reached", said.by, kind});
  if (lead.stage == Stage::kMql || s.handover() != nullptr)
    accept_handover(s, said.at, true, said.by);
  s.clocks.at_moment(ClockMoment::kAttempt, said.at, said.by);
  s.clocks.at_moment(ClockMoment::kReached, said.at, said.by);
}

Said said_by(const DecisionContext& s, const Touch& touch, const std::string& id) {
  const auto* host = s.policy.routing->rep_by_email(text(touch.properties, "meeting_host"));
  Said said;
  said.id = text(touch.properties, "meeting_uri");
  said.host = host != nullptr ? host->id : RepId();
  said.source = touch.source;
  said.by = id;
  said.begins = parse_rfc3339(text(touch.properties, "meeting_start"));
  said.at = clamp(touch.at, s.now);
  return said;
}

// Without an open lead, a meeting opens an episode as a request does.
bool has_lead(DecisionContext& s, const Touch& touch, const std::string& id) {
  if (s.lead() != nullptr) return true;
  if (!s.person.lead || s.person.lead->stage != Stage::kNurture || s.person.objected_at)
    return false;
  return become_mql(s, Trigger{clamp(touch.at, s.now), touch.intent, id, "lifecycle.meetings"},
                    Transition::kT17);
}

// Any rep may report a booking. Only the owner may report how the meeting went.
std::string_view meeting_guard(const DecisionContext& s, const SalesFeedback& f,
                               const MeetingReport& report) {
  const auto& lead = s.newest_lead();
  if (f.rep.empty()) return f.via == "action_page" ? "not_the_owner" : "";
  if (s.policy.routing->rep(f.rep) == nullptr) return "not_the_owner";
  const bool books = report.outcome == "booked" || report.outcome == "moved";
  return books || lead.owner.empty() || f.rep == lead.owner ? std::string_view() : "not_the_owner";
}

}  // namespace

bool decide_meeting_touch(DecisionContext& s, const Touch& touch, const std::string& id) {
  const auto said = said_by(s, touch, id);
  const bool books = touch.type == TouchType::kMeetingBooked;
  if (said.at + s.policy.lifecycle->trigger_max_age < s.now) return false;  // from an import
  if (books && (!said.begins || !s.policy.lifecycle->work.meetings.hands_over)) {
    if (said.begins && s.lead() != nullptr) book(s, said);
    return false;
  }
  if (books) {
    if (!has_lead(s, touch, id)) return false;
    s.lead()->type = std::max(s.lead()->type, touch.intent);
    book(s, said);
    return true;
  }
  if (s.lead() == nullptr) return false;
  switch (touch.type) {
    case TouchType::kMeetingNoShow:
      missed(s, said);
      return true;
    case TouchType::kMeetingCancelled:
      cancelled(s, said);
      return true;
    case TouchType::kMeetingHeld:
      held(s, said, EvidenceKind::kExternalId);
      return true;
    default:
      return false;
  }
}

bool meeting_due(DecisionContext& s, Instant due) {
  auto* lead = s.lead();
  auto* meeting = lead != nullptr ? booked(*lead) : nullptr;
  if (meeting == nullptr || meeting->begun || meeting->at != due) return false;
  meeting->begun = true;
  note(s, "meeting.begun", *meeting);
  s.clocks.start(ClockMoment::kMeetingBooked, due, meeting->id);
  return true;
}

void decide_meeting(DecisionContext& s, const SalesFeedback& f, const MeetingReport& report,
                    Instant at) {
  if (const auto guard = meeting_guard(s, f, report); !guard.empty())
    return refuse(s, "meeting", guard);
  if (!report.host.empty() && s.policy.routing->rep(report.host) == nullptr)
    return refuse(s, "meeting", "unknown_rep");
  const bool attested = report.evidence.empty();
  Said said{report.meeting, report.host, f.via, attested ? "attested:" + f.id : report.evidence,
            report.begins,  at};
  if (said.host.empty() && s.lead()->owner.empty()) said.host = f.rep;
  if (report.outcome == "booked" || report.outcome == "moved") return book(s, said);
  if (report.outcome == "no_show") return missed(s, said);
  if (report.outcome == "cancelled") return cancelled(s, said);
  if (report.outcome != "held") return refuse(s, "meeting", "no_answer_given");
  const auto& sla = *s.policy.sla;
  if (attested ? !sla.accept_attested : !sla.accept_external_id)
    return refuse(s, "meeting", "no_evidence");
  if (attested) said.at = s.now;  // a click cannot move it back in time
  held(s, said, attested ? EvidenceKind::kAttested : EvidenceKind::kExternalId);
}

}  // namespace baton
