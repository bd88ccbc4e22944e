#include "gateway/core/explain/explain_tree.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "gateway/core/explain/explain.h"
#include "gateway/core/explain/explain_opening.h"
#include "gateway/core/explain/lead_story.h"
#include "mapping/json/json.h"

namespace baton {
namespace {

// A tree of lines.
struct Branch {
  std::string title;
  std::vector<Branch> below;
};

void draw(const std::vector<Branch>& branches, const std::string& before, std::string& out) {
  for (std::size_t i = 0; i < branches.size(); ++i) {
    const bool last = i + 1 == branches.size();
    out += fmt::format("{}{} {}\n", before, last ? "└─" : "├─", branches[i].title);
    draw(branches[i].below, before + (last ? "   " : "│  "), out);
  }
}

struct Teller : LeadStory {
  Branch why_mql() const;
  Branch why_rep() const;
  Branch clocks() const;
  Branch handovers() const;
  Branch to_do() const;
  Branch history() const;
  std::string clock_state(const ClockInstance& clock) const;
  std::string clock_line(const ClockInstance& clock) const;
  std::string why_paused(const ClockInstance& clock) const;
  std::set<std::string, std::less<>> kept_at_once() const;
  std::string task_line(const Task& task) const;
  std::string noted(const DecisionRecord& record) const;
};

bool starts_with_any(std::string_view code, std::initializer_list<std::string_view> prefixes) {
  return std::any_of(prefixes.begin(), prefixes.end(), [&](auto p) { return code.starts_with(p); });
}

// Another reason of the record says the same: feedback is followed by its effects, a touch about an
// appointment by the appointment, the end of a rejected handover by the rejection, and an
// assignment by who made it.
bool is_told_by_others(const Reason& reason, const DecisionRecord& record) {
  if (reason.code == "feedback.received") return record.reasons.size() > 1;
  if (reason.code == "handover.ended") return find_reason(record, "handover.rejected") != nullptr;
  if (reason.code == "assignment.made")
    return find_reason(record, "assignment.by_crm") != nullptr ||
           find_reason(record, "assignment.restored") != nullptr;
  if (reason.code != "touch.recorded" || !text(reason.facts, "type").starts_with("meeting_"))
    return false;
  return std::any_of(record.reasons.begin(), record.reasons.end(),
                     [](const auto& r) { return r.code.starts_with("meeting."); });
}

// The newest hand-over to sales, and the score lines that led up to it.
Branch Teller::why_mql() const {
  Branch branch{say("explain.why_sales"), {}};
  const auto* made = handed_over();
  if (made == nullptr) return branch;
  const bool explained = find_reason(*made, "mql.because") != nullptr;
  for (const auto& reason : made->reasons) {
    if (reason.code == "mql.because" || (!explained && reason.code == "stage.entered"))
      branch.below.push_back({explain_reason(reason, how), {}});
  }
  for (const auto* scored = made + 1; scored-- != records.data();) {
    if (!has_event(*scored, "score.changed")) continue;
    for (const auto& reason : scored->reasons) {
      if (reason.code.starts_with("score."))
        branch.below.push_back({explain_reason(reason, how), {}});
    }
    break;
  }
  return branch;
}

// How the current owner was chosen; earlier owners appear under the handovers. A request is shown
// from the second on, and a pick is not repeated as an assignment.
Branch Teller::why_rep() const {
  Branch branch{say("explain.why_rep"), {}};
  bool picked = false;
  for (std::size_t i = way_to_owner(); i < records.size(); ++i) {
    for (const auto& reason : records[i].reasons) {
      if (!starts_with_any(reason.code, {"route.", "pool.", "assignment.", "reassign.", "owner."}))
        continue;
      if (reason.code == "owner.requested" && integer(reason.facts, "hop") < 2) continue;
      if (reason.code == "assignment.made" && (picked || is_told_by_others(reason, records[i])))
        continue;
      picked = picked || reason.code == "pool.picked";
      branch.below.push_back({explain_reason(reason, how), {}});
    }
  }
  return branch;
}

std::string Teller::why_paused(const ClockInstance& clock) const {
  std::string why;
  for (const auto& record : records) {
    for (const auto& reason : record.reasons) {
      if (reason.code == "clock.paused" && text(reason.facts, "id") == clock.id)
        why = name(text(reason.facts, "why"));
    }
  }
  if (why.empty() && person.lead && !person.lead->blocked.empty()) why = name("blocked_by_law");
  return why;
}

std::string Teller::clock_state(const ClockInstance& clock) const {
  if (clock.state == ClockState::kPaused)
    return say("explain.clock_paused", {{"why", why_paused(clock)}});
  const bool late = clock.breached_at && !clock.late_evidence;
  if (!clock.stopped_at)
    return say(late ? TextKey("explain.clock_overdue") : TextKey("explain.clock_running"),
               {{"due", how.moment(clock.due)}});
  const auto on = how.on(*clock.stopped_at);
  if (clock.state == ClockState::kCancelled)
    return say("explain.clock_cancelled", {{"on", on}, {"why", name(clock.stopped_by)}});
  const bool was_paused = !clock.breached_at && *clock.stopped_at > clock.due;
  const auto due =
      was_paused ? std::string() : how.relative_to(*clock.stopped_at).moment(clock.due);
  if (clock.late_evidence) return say("explain.clock_reported_late", {{"on", on}, {"due", due}});
  if (!late) return say("explain.clock_kept", {{"on", on}, {"due", due}});
  return say(
      "explain.clock_late",
      {{"late", how.span(*clock.stopped_at - *clock.breached_at)}, {"on", on}, {"due", due}});
}

// "first contact, Max Muster: done 35 min late at 09:39, due 09:04"
std::string Teller::clock_line(const ClockInstance& clock) const {
  const auto& owner = clock.owner;
  return say("explain.clock_line",
             {{"clock", how.clock_display_name(clock.definition)},
              {"owner", owner.empty() ? std::string() : how.display_name(owner.view())},
              {"state", clock_state(clock)},
              {"excuse", clock.excused.empty() ? std::string() : name(clock.excused)}});
}

// Ids of clocks that were met within a second of their start.
std::set<std::string, std::less<>> Teller::kept_at_once() const {
  std::set<std::string, std::less<>> ids;
  for (const auto& record : records) {
    for (const auto& reason : record.reasons) {
      if (reason.code != "clock.stopped" || boolean(reason.facts, "late")) continue;
      const std::string id(text(reason.facts, "id"));
      const auto at = parse_rfc3339(text(reason.facts, "stopped_at"));
      for (const auto& other : records) {
        for (const auto& began : other.reasons) {
          if (began.code != "clock.started" || text(began.facts, "id") != id || !at) continue;
          const auto from = parse_rfc3339(text(began.facts, "started_at"));
          if (from && *at - *from < seconds(1)) ids.insert(id);
        }
      }
    }
  }
  return ids;
}

Branch Teller::clocks() const {
  Branch branch{say("explain.clocks"), {}};
  std::string at_once;
  for (const auto& clock : person.clocks) {
    const bool kept_at_once = clock.state == ClockState::kStopped && !clock.breached_at &&
                              *clock.stopped_at - clock.started_at < seconds(1);
    const auto label = how.clock_display_name(clock.definition);
    if (!kept_at_once)
      branch.below.push_back({clock_line(clock), {}});
    else if (at_once.find(label) == std::string::npos)
      at_once += (at_once.empty() ? "" : ", ") + label;
  }
  if (!at_once.empty())
    branch.below.push_back({say("explain.kept_at_once", {{"clocks", at_once}}), {}});
  return branch;
}

Branch Teller::handovers() const {
  Branch branch{say("explain.handovers"), {}};
  if (!person.lead) return branch;
  for (const auto& h : person.lead->handovers) {
    const auto near = how.relative_to(h.offered_at);
    const auto on = [&](const std::optional<Instant>& at) {
      return at ? near.on(*at) : std::string();
    };
    const auto reason = std::string_view(h.reason).substr(0, h.reason.find('#'));
    branch.below.push_back(
        {say("explain.handover_line", {{"rep", how.display_name(h.rep.view())},
                                       {"on_offered", how.on(h.offered_at)},
                                       {"on_delivered", on(h.delivered_at)},
                                       {"on_seen", on(h.seen_at)},
                                       {"answered", h.decided_at ? "yes" : "no"},
                                       {"state", name(to_string(h.state))},
                                       {"on_decided", on(h.decided_at)},
                                       {"reason", reason.empty() ? std::string() : name(reason)},
                                       {"receipt", h.receipt.substr(0, 12)}}),
         {}});
  }
  return branch;
}

std::string Teller::task_line(const Task& task) const {
  const auto& who = !task.owner.empty() ? task.owner.str() : task.team;
  return say("explain.task_line",
             {{"kind", name(fmt::format("task.{}", to_string(task.kind)))},
              {"channel", task.channel.empty() ? std::string() : name(task.channel)},
              {"who", who.empty() ? std::string() : how.display_name(who)},
              {"due", task.due_at ? how.moment(*task.due_at) : std::string()}});
}

// The open tasks and appointments, and whether calls are allowed.
Branch Teller::to_do() const {
  Branch branch{say("explain.to_do"), {}};
  if (!person.lead || !is_open(person.lead->stage)) return branch;
  for (const auto& task : person.lead->tasks) {
    if (is_open(task.state)) branch.below.push_back({task_line(task), {}});
  }
  for (const auto& meeting : person.lead->meetings) {
    if (meeting.state != MeetingState::kBooked) continue;
    branch.below.push_back(
        {say("explain.appointment_line",
             {{"on", how.on(meeting.at)},
              {"rep", meeting.rep.empty() ? std::string() : how.display_name(meeting.rep.view())}}),
         {}});
  }
  const auto& blocked = person.lead->blocked;
  if (!blocked.empty()) {
    branch.below.push_back({fmt::format("{}: {}", name("blocked_by_law"),
                                        name("blocked." + blocked.substr(blocked.find(':') + 1))),
                            {}});
  }
  return branch;
}

// The note that came with an answer, on one line.
std::string Teller::noted(const DecisionRecord& record) const {
  const auto* feedback = std::get_if<SalesFeedback>(&record.event.body);
  if (feedback == nullptr || feedback->note.empty()) return {};
  std::string note = feedback->note;
  std::replace_if(
      note.begin(), note.end(), [](unsigned char c) { return c < 0x20 || c == 0x7F; }, ' ');
  return say("explain.note", {{"note", note}});
}

// Each moment once, with everything that happened then. Left out: what other branches say better,
// feedback that is followed by its effects, and clocks that were met at once.
Branch Teller::history() const {
  Branch branch{say("explain.history"), {}};
  const auto at_once = kept_at_once();
  for (const auto& record : records) {
    const auto near = how.relative_to(record.now);
    std::vector<Branch> told;
    for (const auto& reason : record.reasons) {
      if (starts_with_any(reason.code, {"score.rule", "route.", "pool.", "mql.", "owner.",
                                        "handover.receipt", "clock.ignored"}))
        continue;
      if (is_told_by_others(reason, record)) continue;
      if (starts_with_any(reason.code, {"clock.started", "clock.stopped"}) &&
          at_once.contains(text(reason.facts, "id")))
        continue;
      told.push_back({explain_reason(reason, near), {}});
    }
    if (auto line = noted(record); !line.empty()) told.push_back({std::move(line), {}});
    if (told.empty()) continue;
    const auto moment = how.moment(record.now);
    if (branch.below.empty() || branch.below.back().title != moment)
      branch.below.push_back({moment, {}});
    auto& below = branch.below.back().below;
    below.insert(below.end(), told.begin(), told.end());
  }
  for (auto& moment : branch.below) {
    if (moment.below.size() == 1) moment = {moment.title + "  " + moment.below.front().title, {}};
  }
  return branch;
}

}  // namespace

std::string explain_tree(const PersonState& person, const std::vector<DecisionRecord>& records,
                         const NarrationStyle& how) {
  const Teller teller{{person, records, how}};
  std::vector<Branch> branches = {teller.why_mql(),   teller.why_rep(), teller.clocks(),
                                  teller.handovers(), teller.to_do(),   teller.history()};
  std::erase_if(branches, [](const Branch& b) { return b.below.empty(); });
  auto out = opening(teller);
  draw(branches, "", out);
  return out;
}

}  // namespace baton
