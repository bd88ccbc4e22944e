#include <algorithm>

#include <fmt/format.h>

#include "gateway/core/explain/explain_story.h"
#include "mapping/json/json.h"

namespace baton {
namespace {

// The first letter of a sentence. Beyond ASCII only the umlauts of German begin a word.
std::string capital(std::string text) {
  if (text.empty()) return text;
  if (text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
  if (text.size() > 1 && text[0] == '\xC3' &&
      (text[1] == '\xA4' || text[1] == '\xB6' || text[1] == '\xBC'))
    text[1] = static_cast<char>(text[1] - 0x20);
  return text;
}

Instant instant_fact(const Reason& reason, std::string_view fact) {
  return parse_rfc3339(text(reason.facts, fact)).value_or(Instant{});
}

struct Opening {
  const LeadStory& s;

  std::string headline() const;
  std::string why_sales() const;
  std::string asked(const Reason& because, Instant handed_over) const;
  std::string why_owner() const;
  std::string picked(const Reason& pick, const Reason* preferred, Instant at) const;
  std::string before_owner() const;
  std::string promises() const;
  std::string closed() const;
  std::string kept_or_broken(const ClockInstance& clock) const;
};

std::string Opening::headline() const {
  const auto& p = s.person.profile;
  std::string who =
      p.full_name.empty()
          ? p.first_name + (p.first_name.empty() || p.last_name.empty() ? "" : " ") + p.last_name
          : p.full_name;
  if (who.empty())
    who = p.email.empty() ? s.say("a person forgotten", "eine gelöschte Person") : p.email;
  const auto& firm = p.company.name.empty() ? p.company.domain : p.company.name;
  if (!firm.empty()) who += fmt::format(" ({})", firm);
  if (!s.person.lead) return fmt::format("{}: {}", who, s.say("no lead", "kein Lead"));
  const auto& lead = *s.person.lead;
  if (lead.stage == Stage::kErased) return capital(who);
  const auto stage =
      "stage." + std::string(to_string(lead.stage));  // with what its letters stand for
  const auto glossed = word(stage, s.how.language);
  auto out = fmt::format("{}: {}", who,
                         glossed == stage ? s.name(to_string(lead.stage)) : std::string(glossed));
  if (!s.person.score.grade.empty())
    out += fmt::format(", {} {}", s.say("grade", "Note"), s.person.score.grade);
  if (!lead.owner.empty())
    out += fmt::format(", {} {}", s.say("owner", "zuständig"), s.how.called(lead.owner));
  if (lead.owner.empty() && is_open(lead.stage) && !lead.pool.empty())
    out += fmt::format(", {} {}", s.say("waits in pool", "wartet im Verteiler"),
                       s.how.called(lead.pool));
  if (lead.hold) {
    const auto hold = to_string(*lead.hold);
    out += fmt::format(", {}", s.name(std::string_view(hold).substr(0, hold.find(':'))));
  }
  if (!lead.blocked.empty()) out += fmt::format(", {}", s.name("blocked_by_law"));
  return out;
}

// "Asked for a demo on Fri 6 Mar 2026, 16:59: handed to sales at once."
std::string Opening::asked(const Reason& because, Instant handed_over) const {
  std::string what(s.name(text(because.facts, "type")));
  const auto touch = text(because.facts, "touch");
  for (const auto& record : s.records) {
    for (const auto& reason : record.reasons) {
      if (!touch.empty() && reason.code == "touch.recorded" && text(reason.facts, "touch") == touch)
        what = s.name(text(reason.facts, "type"));
    }
  }
  const auto at = instant_fact(because, "trigger_at");
  const auto when =
      handed_over - at < minutes(1) ? s.say("at once", "sofort") : s.how.beside(at).on(handed_over);
  return fmt::format(
      fmt::runtime(s.say("{} {}: handed to sales {}.", "{} {}: {} an den Vertrieb übergeben.")),
      capital(what), s.how.on(at), when);
}

std::string Opening::why_sales() const {
  const auto* made = s.handed_over();
  if (made == nullptr) {
    const auto* back = s.records.empty() ? nullptr : find_reason(s.records.back(), "reopen.agreed");
    if (back != nullptr) return capital(explain_reason(*back, s.how)) + ".";
    return s.say("Not handed to sales.", "Nicht an den Vertrieb übergeben.");
  }
  const auto on = s.how.on(made->now);
  const auto* because = find_reason(*made, "mql.because");
  if (because == nullptr) {
    const auto* meeting = find_reason(*made, "meeting.booked");
    const auto what = meeting != nullptr ? capital(explain_reason(*meeting, s.how)) + ": " : "";
    return what +
           (meeting != nullptr ? s.say("with sales since ", "beim Vertrieb seit ")
                               : s.say("With sales since ", "Beim Vertrieb seit ")) +
           s.how.moment(made->now) + ".";
  }
  if (because->rule == "lifecycle.mql.grades")
    return fmt::format(
        fmt::runtime(
            s.say("Reached grade {} {}, which is enough for sales by agreement.",
                  "Erreichte {1} die Note {0}, das genügt nach Vereinbarung für den Vertrieb.")),
        text(because->facts, "grade"), on);
  if (because->rule == "lifecycle.mql.icp_confirmed")
    return fmt::format(
        fmt::runtime(s.say("Somebody checked {} that it fits, so sales got it.",
                           "{} hat jemand geprüft, dass es passt: an den Vertrieb übergeben.")),
        s.how.language == Language::kGerman ? capital(on) : on);
  if (because->rule == "lifecycle.nurture.wake")
    return fmt::format(
        fmt::runtime(s.say("The date sales had named has come: back with sales {}.",
                           "Der vom Vertrieb genannte Tag ist da: {} zurück beim Vertrieb.")),
        on);
  return asked(*because, made->now);
}

std::string Opening::picked(const Reason& pick, const Reason* preferred, Instant at) const {
  const auto by = text(pick.facts, "by");
  auto got = fmt::format("{} {}", s.how.called(text(pick.facts, "rep")),
                         s.say("got it", "bekam den Lead"));
  const auto* made = s.handed_over();
  if (made != nullptr && at - made->now >= minutes(1)) got += " " + s.how.beside(made->now).on(at);
  got += ":";
  if (by == "turn")
    return fmt::format("{} {} {}{}", got,
                       s.say("next in turn in pool", "an der Reihe im Verteiler"),
                       s.how.called(s.person.lead->pool), before_owner());
  if (by == "preferred" && preferred != nullptr)
    return fmt::format("{} {}{}", got, s.name(text(preferred->facts, "as")), before_owner());
  if (by == "escalation")
    return fmt::format("{} {}{}", got, s.say("nobody else was free", "sonst war niemand frei"),
                       before_owner());
  return fmt::format("{} {}{}", got, s.name(by), before_owner());
}

// Who had it last, and how that ended.
std::string Opening::before_owner() const {
  const auto& all = s.person.lead->handovers;
  if (all.size() < 2) return ".";
  const auto& last = all[all.size() - 2];
  if (last.rep == all.back().rep) return ".";
  const auto rep = s.how.called(last.rep);
  if (last.state == HandoverState::kExpired)
    return fmt::format(fmt::runtime(s.say(", after {} had let it lapse.",
                                          ", nachdem {} die Frist versäumt hatte.")),
                       rep);
  if (last.state == HandoverState::kRejected)
    return fmt::format(
        fmt::runtime(s.say(", after {} had rejected it.", ", nachdem {} abgelehnt hatte.")), rep);
  return ".";
}

std::string Opening::why_owner() const {
  const auto& lead = *s.person.lead;
  Instant picked_at;
  const Reason *pick = nullptr, *preferred = nullptr, *given = nullptr, *nobody = nullptr;
  for (auto i = s.way_to_owner(); i < s.records.size(); ++i) {
    for (const auto& reason : s.records[i].reasons) {
      if (reason.code == "pool.picked") pick = &reason, picked_at = s.records[i].now;
      if (reason.code == "route.preferred") preferred = &reason;
      if (reason.code == "assignment.nobody") nobody = &reason;
      if (reason.code == "assignment.by_crm" || reason.code == "assignment.restored" ||
          reason.code == "assignment.kept")
        given = &reason;
    }
  }
  if (lead.stage == Stage::kLead || lead.stage == Stage::kCaptured) return {};
  if (lead.owner.empty())
    return nobody != nullptr && is_open(lead.stage) ? capital(explain_reason(*nobody, s.how)) + "."
                                                    : "";
  if (given != nullptr) return capital(explain_reason(*given, s.how)) + ".";
  if (pick != nullptr && text(pick->facts, "rep") == lead.owner)
    return picked(*pick, preferred, picked_at);
  return {};
}

std::string Opening::kept_or_broken(const ClockInstance& clock) const {
  const auto label = capital(s.how.clock_display_name(clock.definition));
  if (clock.late_evidence)
    return fmt::format(fmt::runtime(s.say("{}: in time, only the news of it came late.",
                                          "{}: rechtzeitig, nur die Nachricht davon kam spät.")),
                       label);
  if (!clock.breached_at && clock.stopped_at) {
    auto line = fmt::format("{}: {} {}", label, s.say("in time", "rechtzeitig"),
                            s.how.on(*clock.stopped_at));
    // A clock that stood still has no due time until it runs again.
    if (*clock.stopped_at <= clock.due)
      line += fmt::format("{} {}", s.say(", due", ", fällig"),
                          s.how.beside(*clock.stopped_at).moment(clock.due));
    return line + ".";
  }
  const auto excuse =
      clock.excused.empty()
          ? std::string()
          : fmt::format(" ({}: {})", s.say("counts against nobody", "zählt gegen niemanden"),
                        s.name(clock.excused));
  if (!clock.stopped_at) {
    return fmt::format("{}: {} {}{}.", label, s.say("overdue since", "überfällig seit"),
                       s.how.moment(clock.due), excuse);
  }
  return fmt::format(
      fmt::runtime(s.say("{}: {} late {}, due {}{}.", "{}: {} zu spät {}, fällig {}{}.")), label,
      s.how.span(*clock.stopped_at - *clock.breached_at), s.how.on(*clock.stopped_at),
      s.how.beside(*clock.stopped_at).moment(clock.due), excuse);
}

// When the episode ended, and why.
std::string Opening::closed() const {
  const auto& lead = *s.person.lead;
  if (is_open(lead.stage) || lead.stage == Stage::kErased || lead.stages.empty()) return {};
  auto out =
      fmt::format("{} {}", capital(s.name(to_string(lead.stage))), s.how.on(lead.stages.back().at));
  if (!lead.reason.empty()) out += fmt::format(": {}", s.name(lead.reason));
  return out + ".";
}

// How the first contact went, what is overdue, and what comes next.
std::string Opening::promises() const {
  std::string out = closed();
  const ClockInstance* next = nullptr;
  bool contact = false;  // the first contact has been told
  for (const auto& clock : s.person.clocks) {
    const auto& attempts = s.person.lead->attempts;
    const bool by_contact = clock.state == ClockState::kStopped &&
                            std::any_of(attempts.begin(), attempts.end(), [&](const auto& a) {
                              return a.evidence == clock.stopped_by;
                            });
    const bool running = clock.state == ClockState::kRunning;
    if ((by_contact && (!contact || clock.breached_at)) || (running && clock.breached_at))
      out += (out.empty() ? "" : " ") + kept_or_broken(clock), contact = contact || by_contact;
    else if (running && (next == nullptr || clock.due < next->due))
      next = &clock;
  }
  if (next == nullptr) return out;
  return out + fmt::format("{}{} {} {} {}.", out.empty() ? "" : " ",
                           s.say("Next:", "Als Nächstes:"),
                           s.how.clock_display_name(next->definition), s.say("by", "bis"),
                           s.how.moment(next->due));
}

}  // namespace

std::string opening(const LeadStory& story) {
  const Opening o{story};
  auto out = o.headline() + "\n";
  if (!story.person.lead) return out;
  out += o.why_sales();
  if (const auto why = o.why_owner(); !why.empty()) out += " " + why;
  out += "\n";
  if (const auto promises = o.promises(); !promises.empty()) out += promises + "\n";
  return out;
}

}  // namespace baton
