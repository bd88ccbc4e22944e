#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "gateway/core/explain/explain_story.h"
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
  std::string clock_line(const ClockInstance& clock) const;
  std::string why_paused(const ClockInstance& clock) const;
  std::set<std::string, std::less<>> kept_at_once() const;
  std::string task_line(const Task& task) const;
  std::string noted(const DecisionRecord& record) const;
};

bool starts_with_any(std::string_view code, std::initializer_list<std::string_view> prefixes) {
  return std::any_of(prefixes.begin(), prefixes.end(), [&](auto p) { return code.starts_with(p); });
}

// What sales said goes without saying where it is told what that led to; so does a touch that is
// about an appointment, the end of a handover that was rejected, and whom it was given to where it
// is said who gave it.
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
  Branch branch{say("Why sales got it", "Warum der Vertrieb den Lead bekam"), {}};
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

// The way to the owner of today. Owners before are told of under the handovers. The last request is
// counted where it was not the first, and who was picked is not told twice.
Branch Teller::why_rep() const {
  Branch branch{say("Why this rep", "Warum diese Person"), {}};
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
  return why.empty() ? why : ": " + why;
}

// "first contact, Max Muster: 35 min late at 09:39, due 09:04 ..."
std::string Teller::clock_line(const ClockInstance& clock) const {
  auto line = how.clock_display_name(clock.definition);
  if (!clock.owner.empty()) line += ", " + how.called(clock.owner);
  line += ": ";
  const bool late = clock.breached_at && !clock.late_evidence;
  if (clock.state == ClockState::kPaused) {
    line += say("stands still", "steht") + why_paused(clock);
  } else if (!clock.stopped_at) {
    line += fmt::format(
        "{} {}", late ? say("overdue since", "überfällig seit") : say("runs, due", "läuft, fällig"),
        how.moment(clock.due));
  } else {
    const auto near = how.beside(*clock.stopped_at);
    if (clock.state == ClockState::kCancelled)
      line += fmt::format("{} {}: {}", say("ended", "beendet"), how.on(*clock.stopped_at),
                          name(clock.stopped_by));
    else if (clock.late_evidence)
      line += fmt::format(fmt::runtime(say("done in time {}", "rechtzeitig erledigt {}")),
                          how.on(*clock.stopped_at));
    else if (late)
      line +=
          fmt::format(fmt::runtime(say("done {1} late {0}", "{1} zu spät erledigt {0}")),
                      how.on(*clock.stopped_at), how.span(*clock.stopped_at - *clock.breached_at));
    else
      line += fmt::format("{} {}", say("kept", "eingehalten"), how.on(*clock.stopped_at));
    const bool stood_still = !clock.breached_at && *clock.stopped_at > clock.due;
    if (clock.state != ClockState::kCancelled && !stood_still)
      line += fmt::format("{} {}", say(", due", ", fällig"), near.moment(clock.due));
  }
  if (clock.late_evidence)
    line += say("; only the news came late, which counts against nobody",
                "; nur die Nachricht kam spät, das zählt gegen niemanden");
  if (!clock.excused.empty())
    line += fmt::format(" ({}: {})", say("counts against nobody", "zählt gegen niemanden"),
                        name(clock.excused));
  return line;
}

// Ids of clocks that had hardly begun when they were stopped in time.
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
  Branch branch{say("Clocks", "Uhren"), {}};
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
    branch.below.push_back(
        {fmt::format("{}: {}", say("kept at once", "sofort eingehalten"), at_once), {}});
  return branch;
}

Branch Teller::handovers() const {
  Branch branch{say("Handovers", "Übergaben"), {}};
  if (!person.lead) return branch;
  for (const auto& h : person.lead->handovers) {
    const auto near = how.beside(h.offered_at);
    auto line = fmt::format("{}: {} {}", how.called(h.rep), say("offered", "angeboten"),
                            how.on(h.offered_at));
    if (h.delivered_at)
      line += fmt::format(", {} {}", say("in the CRM", "im CRM"), near.on(*h.delivered_at));
    if (h.seen_at) line += fmt::format(", {} {}", say("seen", "gesehen"), near.on(*h.seen_at));
    if (h.decided_at)
      line += fmt::format(", {} {}", name(to_string(h.state)), near.on(*h.decided_at));
    else
      line += say(", not answered yet", ", noch keine Antwort");
    if (!h.reason.empty())
      line += fmt::format(" ({})", name(h.reason.substr(0, h.reason.find('#'))));
    branch.below.push_back(
        {line + fmt::format(", {} {}", say("receipt", "Beleg"), h.receipt.substr(0, 12)), {}});
  }
  return branch;
}

std::string Teller::task_line(const Task& task) const {
  auto line = std::string(name("task." + task.kind));
  if (!task.channel.empty()) line += fmt::format(", {}", name(task.channel));
  const auto who = how.called(!task.owner.empty() ? task.owner : task.team);
  if (!who.empty()) line += fmt::format(", {}", who);
  if (task.due_at) line += fmt::format(", {} {}", say("from", "ab"), how.moment(*task.due_at));
  return line;
}

// What is expected of whom next, and whether anybody may call.
Branch Teller::to_do() const {
  Branch branch{say("What there is to do", "Was zu tun ist"), {}};
  if (!person.lead || !is_open(person.lead->stage)) return branch;
  for (const auto& task : person.lead->tasks) {
    if (is_open(task.state)) branch.below.push_back({task_line(task), {}});
  }
  for (const auto& meeting : person.lead->meetings) {
    if (meeting.state != MeetingState::kBooked) continue;
    auto line = fmt::format("{} {}", say("appointment", "Termin"), how.on(meeting.at));
    if (!meeting.rep.empty()) line += fmt::format(", {}", how.called(meeting.rep));
    branch.below.push_back({std::move(line), {}});
  }
  const auto& blocked = person.lead->blocked;
  if (!blocked.empty()) {
    branch.below.push_back({fmt::format("{}: {}", name("blocked_by_law"),
                                        name("blocked." + blocked.substr(blocked.find(':') + 1))),
                            {}});
  }
  return branch;
}

// What somebody wrote beside an answer, on one line.
std::string Teller::noted(const DecisionRecord& record) const {
  const auto* feedback = std::get_if<SalesFeedback>(&record.event.body);
  if (feedback == nullptr || feedback->note.empty()) return {};
  std::string note = feedback->note;
  std::replace_if(
      note.begin(), note.end(), [](unsigned char c) { return c < 0x20 || c == 0x7F; }, ' ');
  return fmt::format(fmt::runtime(say("note: \"{}\"", "Anmerkung: „{}“")), note);
}

// Each moment once, with all that happened then. What other branches tell better, what a word of
// sales led to, and clocks that were kept at once are left out.
Branch Teller::history() const {
  Branch branch{say("What happened", "Was geschah"), {}};
  const auto at_once = kept_at_once();
  for (const auto& record : records) {
    const auto near = how.beside(record.now);
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

bool has_event(const DecisionRecord& record, std::string_view event) {
  return std::find(record.events.begin(), record.events.end(), event) != record.events.end();
}

const Reason* find_reason(const DecisionRecord& record, std::string_view code) {
  const auto found = std::find_if(record.reasons.begin(), record.reasons.end(),
                                  [&](const auto& r) { return r.code == code; });
  return found == record.reasons.end() ? nullptr : &*found;
}

const DecisionRecord* LeadStory::handed_over() const {
  if (person.lead && (person.lead->stage == Stage::kLead || person.lead->stage == Stage::kCaptured))
    return nullptr;
  for (auto record = records.rbegin(); record != records.rend(); ++record) {
    if (person.lead && record->now < person.lead->opened_at) return nullptr;
    if (has_event(*record, "stage.entered.mql")) return &*record;
  }
  return nullptr;
}

std::size_t LeadStory::way_to_owner() const {
  std::size_t from = 0;
  for (std::size_t i = 0; i < records.size(); ++i) {
    const auto* made = find_reason(records[i], "assignment.made");
    if (has_event(records[i], "owner.requested") ||
        (made != nullptr && !made->facts.contains("pool")))
      from = i;
  }
  return from;
}

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
