#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "gateway/core/explain.h"
#include "gateway/core/explain_words.h"

namespace baton {
namespace {

// A tree of lines: a branch has a title and leaves below it.
struct Branch {
  std::string title;
  std::vector<std::string> leaves;
};

void draw(const std::vector<Branch>& branches, std::string& out) {
  for (std::size_t i = 0; i < branches.size(); ++i) {
    const bool last = i + 1 == branches.size();
    out += fmt::format("{} {}\n", last ? "└─" : "├─", branches[i].title);
    const auto& leaves = branches[i].leaves;
    for (std::size_t j = 0; j < leaves.size(); ++j)
      out += fmt::format("{}  {} {}\n", last ? " " : "│", j + 1 == leaves.size() ? "└─" : "├─", leaves[j]);
  }
}

struct Teller {
  const PersonState& person;
  const std::vector<DecisionRecord>& records;
  const Telling& how;

  std::string say(std::string_view en, std::string_view de) const {
    return std::string(how.language == Language::kGerman ? de : en);
  }
  std::string at(Instant when) const { return how.moment(when); }
  std::string_view name(std::string_view code) const { return word(code, how.language); }

  std::string headline() const;
  Branch why_mql() const;
  Branch why_rep() const;
  Branch clocks() const;
  Branch handovers() const;
  Branch to_do() const;
  Branch history() const;
  std::string clock_line(const ClockInstance& clock) const;
};

bool starts_with_any(std::string_view code, std::initializer_list<std::string_view> prefixes) {
  return std::any_of(prefixes.begin(), prefixes.end(), [&](auto p) { return code.starts_with(p); });
}

bool has_event(const DecisionRecord& record, std::string_view event) {
  return std::find(record.events.begin(), record.events.end(), event) != record.events.end();
}

std::string Teller::headline() const {
  const auto& p = person.profile;
  std::string who = p.full_name.empty() ? p.first_name + (p.first_name.empty() || p.last_name.empty() ? "" : " ") + p.last_name
                                        : p.full_name;
  if (who.empty()) who = p.email.empty() ? person.id : p.email;
  const auto& firm = p.company.name.empty() ? p.company.domain : p.company.name;
  if (!firm.empty()) who += fmt::format(" ({})", firm);
  if (!person.lead) return fmt::format("{}: {}", who, say("no lead", "kein Lead"));
  const auto& lead = *person.lead;
  auto out = fmt::format("{}: {}, {} {}", who, name(to_string(lead.stage)), say("grade", "Note"),
                         person.score.grade.empty() ? "-" : person.score.grade);
  if (!lead.owner.empty()) out += fmt::format(", {} {}", say("owner", "verantwortlich"), how.called(lead.owner));
  if (lead.owner.empty() && is_open(lead.stage) && !lead.pool.empty())
    out += fmt::format(", {} {}", say("waits in pool", "wartet im Verteiler"), lead.pool);
  if (!lead.held.empty()) out += fmt::format(", {}", name(std::string_view(lead.held).substr(0, lead.held.find(':'))));
  if (!lead.blocked.empty()) out += fmt::format(", {}", name("blocked_by_law"));
  return out + fmt::format(" [{}]", lead.id);
}

// The newest hand-over to sales, and the score lines that led up to it.
Branch Teller::why_mql() const {
  Branch branch{say("Why sales got it", "Warum der Vertrieb ihn bekam"), {}};
  const auto made = std::find_if(records.rbegin(), records.rend(),
                                 [](const auto& r) { return has_event(r, "stage.entered.mql"); });
  if (made == records.rend()) {
    branch.leaves.push_back(say("it has not been handed over", "er wurde nicht übergeben"));
    return branch;
  }
  for (const auto& reason : made->reasons) {
    if (reason.code == "mql.because" || reason.code == "stage.entered")
      branch.leaves.push_back(explain_reason(reason, how));
  }
  const auto scored = std::find_if(made, records.rend(), [](const auto& r) { return has_event(r, "score.changed"); });
  if (scored == records.rend()) return branch;
  for (const auto& reason : scored->reasons) {
    if (reason.code.starts_with("score.")) branch.leaves.push_back(explain_reason(reason, how));
  }
  return branch;
}

// The way to the owner of today: from the last time a pool was asked, or the lead was given by hand.
// Owners before are told of under the handovers.
Branch Teller::why_rep() const {
  Branch branch{say("Why this rep", "Warum diese Person"), {}};
  std::size_t from = 0;
  for (std::size_t i = 0; i < records.size(); ++i) {
    if (has_event(records[i], "owner.requested") || has_event(records[i], "assignment.by_crm") || has_event(records[i], "assignment.restored"))
      from = i;
  }
  for (std::size_t i = from; i < records.size(); ++i) {
    for (const auto& reason : records[i].reasons) {
      if (starts_with_any(reason.code, {"route.", "pool.", "assignment.", "reassign.", "owner."}))
        branch.leaves.push_back(explain_reason(reason, how));
    }
  }
  return branch;
}

std::string Teller::clock_line(const ClockInstance& clock) const {
  auto line = fmt::format("{}: {}, {} {}, {} {}", name(clock.definition), name(to_string(clock.state)),
                          say("since", "seit"), at(clock.started_at), say("due", "fällig"), at(clock.due));
  if (!clock.owner.empty()) line += fmt::format(", {}", how.called(clock.owner));
  if (clock.breached_at) line += fmt::format(", {} {}", say("broken at", "verletzt am"), at(*clock.breached_at));
  if (clock.stopped_at) line += fmt::format(", {} {}", say("ended", "beendet"), at(*clock.stopped_at));
  if (clock.stopped_at && clock.breached_at && *clock.stopped_at > *clock.breached_at)
    line += fmt::format(" ({} {})", how.span(*clock.stopped_at - *clock.breached_at), say("late", "zu spät"));
  if (clock.late_evidence) line += say(": it was in time, only the news came late; it counts against nobody", ": es war rechtzeitig, nur die Nachricht kam spät; zählt gegen niemanden");
  if (!clock.excused.empty()) line += fmt::format(" ({}: {})", say("counts against nobody", "zählt gegen niemanden"), name(clock.excused));
  return line;
}

Branch Teller::clocks() const {
  Branch branch{say("Clocks", "Uhren"), {}};
  std::string at_once;
  for (const auto& clock : person.clocks) {
    const bool kept_at_once = clock.state == ClockState::kStopped && !clock.breached_at && *clock.stopped_at - clock.started_at < seconds(1);
    if (kept_at_once) at_once += fmt::format("{}{}", at_once.empty() ? "" : ", ", name(clock.definition));
    else branch.leaves.push_back(clock_line(clock));
  }
  if (!at_once.empty()) branch.leaves.push_back(fmt::format("{}: {}", say("kept at once", "sofort eingehalten"), at_once));
  return branch;
}

Branch Teller::handovers() const {
  Branch branch{say("Handovers", "Übergaben"), {}};
  if (!person.lead) return branch;
  for (const auto& h : person.lead->handovers) {
    auto line = fmt::format("{}: {}, {} {}", how.called(h.rep), name(to_string(h.state)), say("offered", "angeboten"), at(h.offered_at));
    if (h.delivered_at) line += fmt::format(", {} {}", say("in the CRM", "im CRM"), at(*h.delivered_at));
    if (h.seen_at) line += fmt::format(", {} {}", say("seen", "gesehen"), at(*h.seen_at));
    if (h.decided_at) line += fmt::format(", {} {}", say("decided", "entschieden"), at(*h.decided_at));
    if (!h.reason.empty()) line += fmt::format(" ({})", name(h.reason));
    branch.leaves.push_back(line + fmt::format(", {} {}", say("receipt", "Beleg"), h.receipt.substr(0, 12)));
  }
  return branch;
}

// What is expected of whom next, and whether anybody may call.
Branch Teller::to_do() const {
  Branch branch{say("What there is to do", "Was zu tun ist"), {}};
  if (!person.lead || !is_open(person.lead->stage)) return branch;
  for (const auto& task : person.lead->tasks) {
    if (!is_open(task.state)) continue;
    auto line = std::string(name("task." + task.kind));
    if (!task.channel.empty()) line += fmt::format(", {}", name(task.channel));
    const auto who = !task.owner.empty() ? how.called(task.owner) : task.team;
    if (!who.empty()) line += fmt::format(", {}", who);
    if (task.due_at) line += fmt::format(", {} {}", say("from", "ab"), at(*task.due_at));
    branch.leaves.push_back(std::move(line));
  }
  for (const auto& meeting : person.lead->meetings) {
    if (meeting.state != MeetingState::kBooked) continue;
    auto line = fmt::format("{} {}", say("appointment on", "Termin am"), at(meeting.at));
    if (!meeting.rep.empty()) line += fmt::format(", {}", how.called(meeting.rep));
    branch.leaves.push_back(std::move(line));
  }
  const auto& blocked = person.lead->blocked;
  if (!blocked.empty()) {
    branch.leaves.push_back(fmt::format("{}: {}", name("blocked_by_law"), name("blocked." + blocked.substr(blocked.find(':') + 1))));
  }
  return branch;
}

Branch Teller::history() const {
  Branch branch{say("What happened", "Was geschah"), {}};
  for (const auto& record : records) {
    for (const auto& reason : record.reasons) {
      if (starts_with_any(reason.code, {"score.rule", "route.", "pool.", "mql.", "owner.", "handover.receipt", "clock.ignored"}))
        continue;
      branch.leaves.push_back(fmt::format("{}  {}", at(record.now), explain_reason(reason, how)));
    }
  }
  return branch;
}

}  // namespace

std::string explain_tree(const PersonState& person, const std::vector<DecisionRecord>& records, const Telling& how) {
  const Teller teller{person, records, how};
  std::vector<Branch> branches = {teller.why_mql(), teller.why_rep(), teller.clocks(), teller.handovers(),
                                  teller.to_do(),   teller.history()};
  std::erase_if(branches, [](const Branch& b) { return b.leaves.empty(); });
  auto out = teller.headline() + "\n";
  draw(branches, out);
  return out;
}

}  // namespace baton
