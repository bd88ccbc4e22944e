#include "gateway/core/explain/explain_opening.h"

#include <algorithm>

#include <fmt/format.h>

#include "gateway/core/explain/explain.h"
#include "gateway/core/explain/explain_words.h"
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
  std::string why_picked(std::string_view by, const Reason* preferred) const;
  std::string picked(const Reason& pick, const Reason* preferred, Instant at) const;
  std::string promises() const;
  std::string closed() const;
  std::string met_or_breached(const ClockInstance& clock) const;
};

std::string Opening::headline() const {
  const auto& p = s.person.profile;
  std::string who =
      p.full_name.empty()
          ? p.first_name + (p.first_name.empty() || p.last_name.empty() ? "" : " ") + p.last_name
          : p.full_name;
  if (who.empty()) who = p.email.empty() ? s.say("explain.deleted_person") : p.email;
  const auto& firm = p.company.name.empty() ? p.company.domain : p.company.name;
  if (!firm.empty()) who += fmt::format(" ({})", firm);
  if (!s.person.lead) return s.say("explain.no_lead", {{"who", who}});
  const auto& lead = *s.person.lead;
  if (lead.stage == Stage::kErased) return capital(who);
  const auto stage = "stage." + std::string(to_string(lead.stage));  // with its letters spelled out
  const auto glossed = word(stage, *s.how.texts);
  const bool waits = lead.owner.empty() && is_open(lead.stage) && !lead.pool.empty();
  const auto held = lead.hold ? to_string(*lead.hold) : std::string();
  const auto hold = std::string_view(held).substr(0, held.find(':'));
  return s.say(
      "explain.headline",
      {{"who", who},
       {"stage", glossed == stage ? s.name(to_string(lead.stage)) : std::string(glossed)},
       {"grade", s.person.score.grade},
       {"owner", lead.owner.empty() ? std::string() : s.how.display_name(lead.owner.view())},
       {"pool", waits ? s.how.display_name(lead.pool) : std::string()},
       {"hold", hold.empty() ? std::string() : s.name(hold)},
       {"blocked", lead.blocked.empty() ? std::string() : s.name("blocked_by_law")}});
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
  const auto when = handed_over - at < minutes(1) ? s.say("explain.at_once")
                                                  : s.how.relative_to(at).on(handed_over);
  return capital(
      s.say("explain.asked", {{"what", what}, {"on_asked", s.how.on(at)}, {"when", when}}));
}

std::string Opening::why_sales() const {
  const auto* made = s.handed_over();
  if (made == nullptr) {
    const auto* back = s.records.empty() ? nullptr : find_reason(s.records.back(), "reopen.agreed");
    if (back != nullptr) return capital(explain_reason(*back, s.how)) + ".";
    return s.say("explain.not_handed_over");
  }
  const auto on = s.how.on(made->now), since = s.how.moment(made->now);
  const auto* because = find_reason(*made, "mql.because");
  if (because == nullptr) {
    const auto* meeting = find_reason(*made, "meeting.booked");
    if (meeting == nullptr) return s.say("explain.with_sales", {{"since", since}});
    return capital(s.say("explain.meeting_with_sales",
                         {{"meeting", explain_reason(*meeting, s.how)}, {"since", since}}));
  }
  if (because->rule == "lifecycle.mql.grades")
    return capital(
        s.say("explain.reached_grade", {{"grade", text(because->facts, "grade")}, {"on", on}}));
  if (because->rule == "lifecycle.mql.icp_confirmed")
    return capital(s.say("explain.icp_confirmed", {{"on", on}}));
  if (because->rule == "lifecycle.nurture.wake")
    return capital(s.say("explain.nurture_over", {{"on", on}}));
  return asked(*because, made->now);
}

std::string Opening::why_picked(std::string_view by, const Reason* preferred) const {
  if (by == "turn")
    return s.say("explain.why_turn", {{"pool", s.how.display_name(s.person.lead->pool)}});
  if (by == "preferred" && preferred != nullptr) return s.name(text(preferred->facts, "as"));
  if (by == "escalation") return s.say("explain.why_escalation");
  return s.name(by);
}

// The owner, why it is them, and how the handover before theirs ended.
std::string Opening::picked(const Reason& pick, const Reason* preferred, Instant at) const {
  const auto* made = s.handed_over();
  const bool later = made != nullptr && at - made->now >= minutes(1);
  const auto& all = s.person.lead->handovers;
  const auto* last = all.size() < 2 ? nullptr : &all[all.size() - 2];
  if (last != nullptr && last->rep == all.back().rep) last = nullptr;
  const auto before = [&](HandoverState state) {
    return last != nullptr && last->state == state ? s.how.display_name(last->rep.view())
                                                   : std::string();
  };
  return s.say("explain.picked",
               {{"rep", s.how.display_name(text(pick.facts, "rep"))},
                {"on", later ? s.how.relative_to(made->now).on(at) : std::string()},
                {"why", why_picked(text(pick.facts, "by"), preferred)},
                {"lapsed", before(HandoverState::kExpired)},
                {"rejected_by", before(HandoverState::kRejected)}});
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

std::string Opening::met_or_breached(const ClockInstance& clock) const {
  const auto label = capital(s.how.clock_display_name(clock.definition));
  const auto excuse = clock.excused.empty() ? std::string() : s.name(clock.excused);
  if (clock.late_evidence) return s.say("explain.promise_reported_late", {{"clock", label}});
  if (!clock.stopped_at)
    return s.say("explain.promise_overdue",
                 {{"clock", label}, {"due", s.how.moment(clock.due)}, {"excuse", excuse}});
  const auto on = s.how.on(*clock.stopped_at);
  const auto due = s.how.relative_to(*clock.stopped_at).moment(clock.due);
  // A paused clock has no due time until it resumes.
  if (!clock.breached_at)
    return s.say("explain.promise_kept",
                 {{"clock", label},
                  {"on", on},
                  {"due", *clock.stopped_at <= clock.due ? due : std::string()}});
  return s.say("explain.promise_late",
               {{"clock", label},
                {"late", s.how.span(*clock.stopped_at - *clock.breached_at)},
                {"on", on},
                {"due", due},
                {"excuse", excuse}});
}

// When the episode ended, and why.
std::string Opening::closed() const {
  const auto& lead = *s.person.lead;
  if (is_open(lead.stage) || lead.stage == Stage::kErased || lead.stages.empty()) return {};
  return capital(s.say("explain.closed",
                       {{"stage", s.name(to_string(lead.stage))},
                        {"on", s.how.on(lead.stages.back().at)},
                        {"reason", lead.reason.empty() ? std::string() : s.name(lead.reason)}}));
}

// How the first contact went, what is overdue, and what comes next.
std::string Opening::promises() const {
  std::string out = closed();
  const ClockInstance* next = nullptr;
  bool contact = false;  // the first contact is in the text
  for (const auto& clock : s.person.clocks) {
    const auto& attempts = s.person.lead->attempts;
    const bool by_contact = clock.state == ClockState::kStopped &&
                            std::any_of(attempts.begin(), attempts.end(), [&](const auto& a) {
                              return a.evidence == clock.stopped_by;
                            });
    const bool running = clock.state == ClockState::kRunning;
    if ((by_contact && (!contact || clock.breached_at)) || (running && clock.breached_at))
      out += (out.empty() ? "" : " ") + met_or_breached(clock), contact = contact || by_contact;
    else if (running && (next == nullptr || clock.due < next->due))
      next = &clock;
  }
  if (next == nullptr) return out;
  return out + (out.empty() ? "" : " ") +
         s.say("explain.next", {{"clock", s.how.clock_display_name(next->definition)},
                                {"moment", s.how.moment(next->due)}});
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
