#include "gateway/core/explain/explain_clock.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "gateway/core/calendar/local_day.h"
#include "gateway/core/decide/alert.h"
#include "gateway/core/sla/sla_clock.h"
#include "mapping/json/json.h"

namespace baton {
namespace {

constexpr std::size_t kMostRows = 40;  // the rest of a long clock is only summed up

class Writer {
 public:
  Writer(const ClockDossier& dossier, const NarrationStyle& how)
      : d_(dossier), c_(dossier.clock), how_(how) {}

  std::string text() {
    headline();
    promise();
    counted();
    told();
    ending();
    return std::move(out_);
  }

 private:
  std::string say(std::string_view english, std::string_view german) const {
    return std::string(how_.language == Language::kGerman ? german : english);
  }
  void section(std::string_view english, std::string_view german) {
    out_ += say(english, german) + "\n";
  }
  void item(std::string_view line) { out_ += fmt::format("  - {}\n", line); }

  Instant end() const { return c_.stopped_at.value_or(std::max(d_.now, c_.started_at)); }

  void headline() {
    const bool named = d_.definition != nullptr && d_.definition->label_en != c_.definition;
    const std::string label = named ? say(d_.definition->label_en, d_.definition->label_de)
                                    : how_.clock_display_name(c_.definition);
    std::string how_it_stands;
    if (c_.late_evidence)
      how_it_stands = say("kept, the news of it came late", "gehalten, die Nachricht kam spät");
    else if (c_.breached_at)
      how_it_stands =
          fmt::format("{} {}", say("broken at", "verletzt am"), how_.moment(*c_.breached_at));
    else if (c_.state == ClockState::kStopped)
      how_it_stands = say("kept", "gehalten");
    else if (c_.state == ClockState::kCancelled)
      how_it_stands = say("cancelled", "aufgehoben");
    else
      how_it_stands = fmt::format("{} {}", say("runs, due", "läuft, fällig"), how_.moment(c_.due));
    out_ += fmt::format("{} ({}, {} {}): {}\n", label, c_.id, say("lead", "Lead"),
                        d_.person.lead ? d_.person.lead->id : d_.person.id, how_it_stands);
  }

  void promise() {
    section("The promise", "Das Versprechen");
    const auto& spec = d_.calendar.spec();
    if (c_.working_time) {
      item(fmt::format(fmt::runtime(say("{} of business time from {}, due {}",
                                        "{} Geschäftszeit ab {}, fällig {}")),
                       how_.span(c_.budget), how_.moment(c_.started_at), how_.moment(c_.due)));
      item(fmt::format(
          "{} {}: {}{}", say("calendar", "Kalender"), c_.calendar, spec.zone,
          spec.region.empty()
              ? std::string()
              : fmt::format(", {} {}", say("holidays of", "Feiertage von"), spec.region)));
    } else {
      item(fmt::format(fmt::runtime(say("{} from {}, nights and holidays too, due {}",
                                        "{} ab {}, auch nachts und an Feiertagen, fällig {}")),
                       how_.span(c_.budget), how_.moment(c_.started_at), how_.moment(c_.due)));
    }
    if (!c_.owner.empty())
      item(fmt::format("{} {}", say("owner:", "zuständig:"), how_.called(c_.owner)));
    for (const auto& record : d_.records) {
      if (mentions(record, "clock.started"))
        item(versions(record, say("rules at its start:", "Regeln beim Beginn:")));
      if (mentions(record, "clock.breached"))
        item(versions(record, say("rules at the breach:", "Regeln bei der Verletzung:")));
    }
  }

  // Whether the record holds a reason of that code about this very clock.
  bool mentions(const DecisionRecord& record, std::string_view code) const {
    return std::any_of(record.reasons.begin(), record.reasons.end(), [&](const Reason& r) {
      return r.code == code && baton::text(r.facts, "id") == c_.id && record.now >= c_.started_at;
    });
  }
  std::string versions(const DecisionRecord& record, const std::string& when) const {
    return fmt::format("{} {} {}, {} {}", when, say("policy", "Regelwerk"),
                       record.policy.substr(0, 12), say("calendars", "Kalender"),
                       record.calendar.substr(0, 12));
  }

  void counted() {
    section("What counted", "Was zählte");
    std::vector<std::string> rows;
    for (const auto& segment : c_.segments) add_rows(segment, rows);
    const std::size_t skip = rows.size() > kMostRows ? rows.size() - kMostRows : 0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (skip == 0 || i < kMostRows / 2 || i >= kMostRows / 2 + skip)
        item(rows[i]);
      else if (i == kMostRows / 2)
        item(fmt::format(fmt::runtime(say("... {} more days ...", "... {} weitere Tage ...")),
                         skip));
    }
    if (c_.carried.ms > 0)
      item(fmt::format(
          "{} {}", how_.span(c_.carried),
          say("had counted by the rules before", "hatten nach den Regeln davor gezählt")));
    const auto times = clock_times(c_, d_.calendar, end());
    item(fmt::format(fmt::runtime(say("in all {} counted, {} paused, {} closed",
                                      "zusammen {} gezählt, {} angehalten, {} geschlossen")),
                     how_.span(times.counted), how_.span(times.paused), how_.span(times.closed)));
  }

  void add_rows(const ClockSegment& segment, std::vector<std::string>& rows) const {
    const Instant to = segment.to.value_or(end());
    if (to <= segment.from) return;
    if (segment.kind == SegmentKind::kPaused) {
      rows.push_back(fmt::format("{} – {}: {}{}", how_.moment(segment.from),
                                 how_.beside(segment.from).moment(to), say("paused", "angehalten"),
                                 why_paused(segment.from)));
      return;
    }
    if (!c_.working_time) {
      rows.push_back(fmt::format("{} – {}: {} {}", how_.moment(segment.from),
                                 how_.beside(segment.from).moment(to), how_.span(to - segment.from),
                                 say("counted", "gezählt")));
      return;
    }
    const auto& zone = d_.calendar.spec().zone;
    for (auto day = local_day(segment.from, zone); day <= local_day(to - milliseconds(1), zone);
         ++day)
      rows.push_back(day_row(day, std::max(segment.from, start_of_day(day, zone)),
                             std::min(to, start_of_day(day + 1, zone))));
  }

  std::string day_row(std::int32_t day, Instant from, Instant to) const {
    const auto open = d_.calendar.between(from, to);
    const auto closed = (to - from) - open;
    std::string row = fmt::format("{} – {}:", how_.moment(from), how_.beside(from).moment(to));
    if (open.ms > 0)
      row += fmt::format(" {} {}{}", how_.span(open), say("counted", "gezählt"), windows(day));
    if (closed.ms > 0)
      row += fmt::format("{} {} {} ({})", open.ms > 0 ? "," : "", how_.span(closed),
                         say("closed", "geschlossen"),
                         open.ms > 0 ? say("outside hours", "außerhalb der Zeiten")
                                     : why_closed({from.ms + (to - from).ms / 2}));
    return row;
  }

  std::string windows(std::int32_t day) const {
    const auto& list = d_.calendar.spec().windows[(day % 7 + 10) % 7];  // 1970-01-01 was a Thursday
    std::string out;
    for (const auto& w : list)
      out += fmt::format("{}{:02}:{:02}–{:02}:{:02}", out.empty() ? "" : ", ", w.open_s / 3600,
                         w.open_s / 60 % 60, w.close_s / 3600, w.close_s / 60 % 60);
    return out.empty() ? out : " (" + out + ")";
  }

  std::string why_closed(Instant at) const {
    const auto why = d_.calendar.why_closed(at);
    if (why.starts_with("holiday:"))
      return fmt::format("{} {}", say("holiday:", "Feiertag:"), why.substr(8));
    return why == "outside_hours" ? say("outside hours", "außerhalb der Zeiten")
                                  : say("closed that day", "an diesem Tag geschlossen");
  }

  std::string why_paused(Instant at) const {
    static const std::map<std::string, std::pair<const char*, const char*>, std::less<>> kWhy = {
        {"rework", {"marketing corrects the data", "Marketing berichtigt die Daten"}},
        {"waiting_for_lead", {"the lead asked to wait", "der Lead bat zu warten"}},
        {"blocked_by_law", {"nobody may call", "niemand darf anrufen"}}};
    for (const auto& record : d_.records) {
      for (const auto& reason : record.reasons) {
        if (reason.code != "clock.paused" || baton::text(reason.facts, "id") != c_.id ||
            record.now < at)
          continue;
        const std::string why(baton::text(reason.facts, "why"));
        const auto known = kWhy.find(why);
        return ": " + (known == kWhy.end() ? why : say(known->second.first, known->second.second));
      }
    }
    return {};
  }

  void told() {
    static const std::map<std::string, std::pair<const char*, const char*>, std::less<>> kKinds = {
        {"warning", {"warning to", "Warnung an"}},
        {"breach", {"breach told to", "Verletzung gemeldet an"}},
        {"escalation", {"escalated to", "eskaliert an"}},
        {"reassigned", {"taken from", "weggenommen von"}},
        {"resolved", {"told as over to", "erledigt gemeldet an"}},
        {"corrected", {"corrected towards", "berichtigt gegenüber"}}};
    section("Who was told", "Wer Bescheid bekam");
    bool any = false;
    for (const auto& record : d_.records) {
      for (const auto& reason : record.reasons) {
        const auto kind = kKinds.find(std::string(baton::text(reason.facts, "kind")));
        if (reason.code != "notice.sent" || baton::text(reason.facts, "clock") != c_.definition ||
            kind == kKinds.end() || record.now < c_.started_at)
          continue;
        item(fmt::format("{}: {} {}", how_.moment(record.now),
                         say(kind->second.first, kind->second.second),
                         how_.called(baton::text(reason.facts, "recipient"))));
        any = true;
      }
    }
    if (!any) item(say("nobody", "niemand"));
  }

  void ending() {
    section("How it stands", "Wie es steht");
    if (c_.stopped_at) {
      item(
          fmt::format("{} {}{}",
                      c_.state == ClockState::kCancelled ? say("cancelled at", "aufgehoben am")
                                                         : say("stopped at", "beendet am"),
                      how_.moment(*c_.stopped_at),
                      c_.stopped_by.empty() ? std::string() : fmt::format(" ({})", c_.stopped_by)));
    } else {
      item(c_.state == ClockState::kPaused ? say("paused", "angehalten")
                                           : say("still runs", "läuft noch"));
    }
    if (c_.breached_at && !c_.late_evidence && end() > c_.due)
      item(fmt::format("{} {}", how_.span(end() - c_.due), say("late", "zu spät")));
    if (c_.late_evidence)
      item(say("done in time, the news came late: counts against nobody",
               "rechtzeitig erledigt, die Nachricht kam spät: zählt gegen niemanden"));
    if (!c_.excused.empty())
      item(fmt::format("{} {}", say("counts against nobody:", "zählt gegen niemanden:"),
                       c_.excused));
    for (const auto& rep : who_knows(c_)) {
      const auto until = snoozed_until(c_, rep);
      item(fmt::format(
          "{} {}{}", say("knows of it:", "weiß Bescheid:"), how_.called(rep),
          until ? fmt::format(", {} {}", say("to be told again", "wird wieder benachrichtigt"),
                              how_.moment(*until))
                : std::string()));
    }
  }

  const ClockDossier& d_;
  const ClockInstance& c_;
  const NarrationStyle& how_;
  std::string out_;
};

}  // namespace

std::string explain_clock(const ClockDossier& dossier, const NarrationStyle& how) {
  return Writer(dossier, how).text();
}

}  // namespace baton
