#include "gateway/core/sla/sla_clock_load.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

namespace baton {
namespace {

const std::vector<std::string> kMoments = {"mql",
                                           "offered",
                                           "assigned",
                                           "accepted",
                                           "rejected",
                                           "attempt",
                                           "reached",
                                           "qualified",
                                           "lead",
                                           "requested",
                                           "task_opened",
                                           "task_done",
                                           "cadence_done",
                                           "meeting_booked",
                                           "meeting_held",
                                           "meeting_missed",
                                           "meeting_cancelled",
                                           "sent_back",
                                           "corrected",
                                           "reason_missing",
                                           "reason_given",
                                           "closed"};
const std::vector<std::string> kConditions = {"rework", "waiting_for_lead", "blocked_by_law"};
const std::vector<std::string> kSubjects = {"lead", "handover", "task", "meeting"};
const std::vector<std::string> kBreachActions = {"none", "reassign", "accept", "recycle"};
const std::vector<std::string> kReassign = {"keep", "restart", "split"};

// The index of a text among the choices. Reports an unknown text and returns the first index.
std::size_t choose_word(PolicyReader& in, const std::string& pointer, std::string_view fallback,
                        const std::vector<std::string>& choices) {
  const auto text = in.text(pointer, fallback);
  const auto found = std::find(choices.begin(), choices.end(), text);
  if (found != choices.end()) return static_cast<std::size_t>(found - choices.begin());
  in.bad_choice(pointer, text, choices);
  return 0;
}

// Reads one name, or a list of names.
template <std::size_t N>
std::bitset<N> read_names(PolicyReader& in, const std::string& pointer,
                          const std::vector<std::string>& choices) {
  std::bitset<N> out;
  const auto take = [&](const std::string& name, const std::string& place) {
    const auto found = std::find(choices.begin(), choices.end(), name);
    if (found == choices.end()) return in.bad_choice(place, name, choices);
    out.set(static_cast<std::size_t>(found - choices.begin()));
  };
  if (const auto* value = in.at(pointer); value != nullptr && value->is_string())
    take(in.text(pointer), pointer);
  else
    in.each(pointer, take);
  return out;
}

void read_budgets(PolicyReader& in, const std::string& at, ClockDefinition& clock) {
  const auto budget = in.duration(at + "/budget", hours(4));
  bool said = false;  // of the budget for all types, which is one mistake
  for (int i = 0; i < 3; ++i) {
    const auto place = at + "/budgets/" + std::string(to_string(static_cast<Intent>(i)));
    auto& slot = clock.budgets[static_cast<std::size_t>(i)];
    slot = in.duration(place, budget);
    const bool own = in.at(place) != nullptr;
    if (slot.ms > 0 || (!own && said)) continue;
    said = said || !own;
    in.error(own ? place : at + "/budget", "a budget must be positive, such as \"5m\"",
             "policy.bad_duration");
  }
}

// The place of a warning or escalation in time. Empty after an error.
bool read_when(PolicyReader& in, const std::string& pointer, bool behind, ClockStep& step) {
  const auto* value = in.at(pointer);
  const bool plain = value != nullptr && value->is_int64();
  const auto percent_at = plain ? pointer : pointer + "/at";
  if (plain || in.at(percent_at) != nullptr) {
    step.percent = plain ? static_cast<int>(value->get_int64()) : in.integer(percent_at, 0);
    const bool fits = behind ? step.percent > 100 && step.percent <= 100'000
                             : step.percent > 0 && step.percent < 100;
    if (!fits)
      in.error(percent_at,
               behind ? "an escalation must be above 100 percent of the budget"
                      : "a warning must be between 1 and 99 percent of the budget",
               "policy.bad_steps");
    return fits;
  }
  const auto offset_at = pointer + (behind ? "/after" : "/left");
  const auto length = in.duration(offset_at, Duration{0});
  step.offset = behind ? length : Duration{-length.ms};
  if (length.ms > 0) return true;
  in.error(
      pointer,
      behind ? "say when: `at`, percent of the budget above 100, or `after`, the time after its end"
             : "say when: `at`, percent of the budget, or `left`, the time before its end",
      "policy.bad_steps");
  return false;
}

void read_steps(PolicyReader& in, const std::string& pointer, bool behind,
                const std::vector<std::string>& to, ClockDefinition& clock) {
  for (std::size_t i = 0; i < in.size(pointer); ++i) {
    const auto at = pointer + "/" + std::to_string(i);
    ClockStep step;
    if (!read_when(in, at, behind, step)) continue;
    step.to = in.texts(at + "/to");
    if (step.to.empty()) step.to = to;
    const auto same = [&](const ClockStep& other) { return other.name() == step.name(); };
    if (std::any_of(clock.steps.begin(), clock.steps.end(), same)) {
      in.error(at, fmt::format("\"{}\" is already defined", step.name()), "policy.bad_steps");
      continue;
    }
    const auto longest = *std::max_element(clock.budgets.begin(), clock.budgets.end());
    if (step.counted(longest).ms <= 0)
      in.error(
          at,
          fmt::format("the longest budget is {}: no time is left before that", to_string(longest)),
          "policy.bad_steps");
    clock.steps.push_back(std::move(step));
  }
}

void read_all_steps(PolicyReader& in, const std::string& at, ClockDefinition& clock) {
  const std::vector<std::string> owner = {clock.of_marketing ? "marketing" : "owner"};
  auto breach_to = in.texts(at + "/breach_to");
  if (breach_to.empty())
    breach_to = clock.of_marketing ? std::vector<std::string>{"marketing"}
                                   : std::vector<std::string>{"owner", "team_lead"};
  read_steps(in, at + "/warnings", false, owner, clock);
  clock.steps.push_back({100, {}, std::move(breach_to)});
  read_steps(in, at + "/escalations", true, {"head"}, clock);
}

ClockSubject subject_by_start(const ClockDefinition& clock) {
  if (clock.starts_at(ClockMoment::kTaskOpened)) return ClockSubject::kTask;
  if (clock.starts_at(ClockMoment::kMeetingBooked)) return ClockSubject::kMeeting;
  return ClockSubject::kLead;
}

void read_conditions(PolicyReader& in, const std::string& at, ClockDefinition& clock) {
  clock.start = read_names<kClockMoments>(in, at + "/start", kMoments);
  clock.stop = read_names<kClockMoments>(in, at + "/stop", kMoments);
  clock.cancel = read_names<kClockMoments>(in, at + "/cancel", kMoments);
  clock.reset = read_names<kClockMoments>(in, at + "/reset", kMoments);
  clock.resume = read_names<kClockMoments>(in, at + "/resume", kMoments);
  clock.pause = read_names<kPauseConditions>(in, at + "/pause", kConditions);
  clock.when = {in.texts(at + "/when/type"), in.texts(at + "/when/grade"),
                in.texts(at + "/when/pool"), in.texts(at + "/when/rule")};
  clock.from_event = in.text(at + "/from", "event") == "event";
}

std::string names(const std::bitset<kClockMoments>& moments) {
  std::string out;
  for (std::size_t i = 0; i < moments.size(); ++i) {
    if (moments[i]) out += (out.empty() ? "" : ", ") + kMoments[i];
  }
  return out;
}

// The moments that can start a clock of the subject.
bool can_start(ClockSubject subject, ClockMoment moment) {
  switch (subject) {
    case ClockSubject::kLead:
      return true;
    case ClockSubject::kHandover:
      return moment == ClockMoment::kOffered || moment == ClockMoment::kAccepted;
    case ClockSubject::kTask:
      return moment == ClockMoment::kTaskOpened;
    case ClockSubject::kMeeting:
      return moment == ClockMoment::kMeetingBooked;
  }
  return false;
}

void check_start(PolicyReader& in, const std::string& at, const ClockDefinition& clock) {
  if (clock.start.none())
    in.error(at, fmt::format("the clock \"{}\" never starts: name what starts it", clock.id),
             "policy.clock_never_starts");
  for (std::size_t i = 0; i < clock.start.size(); ++i) {
    if (!clock.start[i] || can_start(clock.subject, static_cast<ClockMoment>(i))) continue;
    in.error(at + "/start",
             fmt::format("a clock about a {} cannot start with \"{}\"",
                         kSubjects[static_cast<std::size_t>(clock.subject)], kMoments[i]),
             "policy.clock_subject");
  }
}

// Reports two lists that contradict each other by sharing a moment.
void check_apart(PolicyReader& in, const std::string& at, const std::bitset<kClockMoments>& one,
                 const std::bitset<kClockMoments>& other, std::string_view why, std::string code) {
  const auto both = one & other;
  if (both.any()) in.error(at, fmt::format(fmt::runtime(why), names(both)), std::move(code));
}

// Reports a clock that is paused from the start because its start begins its own pause condition.
void check_pause(PolicyReader& in, const std::string& at, const ClockDefinition& clock) {
  if (clock.starts_at(ClockMoment::kSentBack) && clock.pauses_on(PauseCondition::kRework)) {
    in.error(at + "/pause",
             fmt::format("the clock \"{}\" starts with \"sent_back\" and pauses on \"rework\", "
                         "which begins then: it would never count",
                         clock.id),
             "policy.clock_always_paused");
  }
  if (clock.resume.any() && clock.pause.none())
    in.error(at + "/resume", "a clock that is never paused cannot be resumed",
             "policy.clock_never_paused");
}

}  // namespace

std::string_view to_string(ClockMoment moment) {
  return kMoments[static_cast<std::size_t>(moment)];
}
std::string_view to_string(PauseCondition condition) {
  return kConditions[static_cast<std::size_t>(condition)];
}

ClockDefinition read_clock(PolicyReader& in, const std::string& id, const SlaPolicy& policy) {
  const auto at = "/clocks/" + id;
  ClockDefinition clock;
  clock.id = id;
  read_conditions(in, at, clock);
  clock.subject =
      in.at(at + "/subject") != nullptr
          ? static_cast<ClockSubject>(choose_word(in, at + "/subject", "lead", kSubjects))
          : subject_by_start(clock);
  clock.of_marketing = in.text(at + "/accountable", "sales") == "marketing";
  read_budgets(in, at, clock);
  clock.working_time = in.text(at + "/unit", "working") == "working";
  clock.calendar = in.text(at + "/calendar", policy.calendar);
  clock.zone = in.text(at + "/zone");
  clock.on_reassign =
      static_cast<OnReassign>(choose_word(in, at + "/on_reassign", "keep", kReassign));
  clock.on_breach =
      static_cast<OnBreach>(choose_word(in, at + "/on_breach", "none", kBreachActions));
  clock.track_late = in.text(at + "/after_breach", "track") == "track";
  read_all_steps(in, at, clock);
  clock.label = in.label(at + "/label", id);
  return clock;
}

void check_clock(PolicyReader& in, const std::string& at, const ClockDefinition& clock) {
  check_start(in, at, clock);
  if ((clock.stop | clock.cancel).none())
    in.error(at, fmt::format("the clock \"{}\" never stops: name what stops it", clock.id),
             "policy.clock_never_stops");
  check_apart(in, at + "/stop", clock.start, clock.stop,
              "the clock stops at its own start ({}), so it never runs", "policy.clock_never_runs");
  check_apart(in, at + "/cancel", clock.start, clock.cancel,
              "the clock is cancelled at its own start ({}), so it never runs",
              "policy.clock_never_runs");
  check_apart(in, at + "/reset", clock.reset, clock.stop | clock.cancel,
              "{} cannot both end the clock and restart it", "policy.clock_contradicts");
  check_apart(in, at + "/cancel", clock.cancel, clock.stop,
              "{} cannot both stop the clock and cancel it", "policy.clock_contradicts");
  check_pause(in, at, clock);
  if (clock.on_reassign != OnReassign::kRestart && clock.subject == ClockSubject::kLead &&
      clock.starts_at(ClockMoment::kOffered))
    in.error(at + "/on_reassign",
             "a clock that starts with each offer must restart with the next one",
             "policy.clock_overlaps");
  if (!clock.track_late && clock.steps.size() > 1 &&
      (clock.steps.back().percent > 100 || clock.steps.back().offset.ms > 0))
    in.error(at + "/escalations", "a clock that ends with its breach cannot escalate",
             "policy.clock_contradicts");
}

}  // namespace baton
