#include "gateway/core/explain/explain_clock.h"

#include <algorithm>

#include <fmt/format.h>

#include "gateway/core/calendar/local_day.h"
#include "gateway/core/decision/alert.h"
#include "gateway/core/explain/explain_words.h"
#include "gateway/core/sla/sla_clock.h"
#include "mapping/json/json.h"

namespace baton {
namespace {

constexpr std::size_t kMostRows = 40;  // more days of a long clock are only counted

class Writer {
 public:
  Writer(const ClockDossier& dossier, const NarrationStyle& how)
      : d_(dossier), c_(dossier.clock), how_(how) {}

  std::string text() {
    headline();
    promise();
    counted();
    notified();
    ending();
    return std::move(out_);
  }

 private:
  std::string say(TextKey key, TextArgs args = {}) const { return how_.say(key, args); }
  void section(TextKey key) { out_ += say(key) + "\n"; }
  void item(std::string_view line) { out_ += fmt::format("  - {}\n", line); }

  Instant end() const { return c_.stopped_at.value_or(std::max(d_.now, c_.started_at)); }

  std::string standing() const {
    if (c_.late_evidence) return say("dossier.reported_late");
    if (c_.breached_at) return say("dossier.breached", {{"on", how_.on(*c_.breached_at)}});
    if (c_.state == ClockState::kStopped) return say("dossier.kept");
    if (c_.state == ClockState::kCancelled) return say("dossier.cancelled");
    return say("dossier.running", {{"due", how_.moment(c_.due)}});
  }

  void headline() {
    const auto* defined = d_.definition;
    const auto& label = defined == nullptr ? c_.definition : defined->label.in(how_.texts->tag());
    out_ += say("dossier.headline",
                {{"clock", label != c_.definition ? label : how_.clock_display_name(c_.definition)},
                 {"id", c_.id.str()},
                 {"lead", d_.person.lead ? d_.person.lead->id.str() : d_.person.id.str()},
                 {"state", standing()}}) +
            '\n';
  }

  void promise() {
    section("dossier.promise");
    const auto& spec = d_.calendar.spec();
    item(say(c_.working_time ? TextKey("dossier.working_time") : TextKey("dossier.wall_time"),
             {{"budget", how_.span(c_.budget)},
              {"from", how_.moment(c_.started_at)},
              {"due", how_.moment(c_.due)}}));
    if (c_.working_time)
      item(say("dossier.calendar",
               {{"calendar", c_.calendar}, {"zone", spec.zone}, {"region", spec.region}}));
    if (!c_.owner.empty())
      item(say("dossier.owner", {{"owner", how_.display_name(c_.owner.view())}}));
    for (const auto& record : d_.records) {
      if (mentions(record, "clock.started")) rules("dossier.rules_at_start", record);
      if (mentions(record, "clock.breached")) rules("dossier.rules_at_breach", record);
    }
  }

  // Whether the record holds a reason of that code about this clock.
  bool mentions(const DecisionRecord& record, std::string_view code) const {
    return std::any_of(record.reasons.begin(), record.reasons.end(), [&](const Reason& r) {
      return r.code == code && baton::text(r.facts, "id") == c_.id && record.now >= c_.started_at;
    });
  }
  void rules(TextKey key, const DecisionRecord& record) {
    item(say(key, {{"policy", record.policy.substr(0, 12)},
                   {"calendars", record.calendar.substr(0, 12)}}));
  }

  void counted() {
    section("dossier.counted");
    std::vector<std::string> rows;
    for (const auto& segment : c_.segments) add_rows(segment, rows);
    const std::size_t skip = rows.size() > kMostRows ? rows.size() - kMostRows : 0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (skip == 0 || i < kMostRows / 2 || i >= kMostRows / 2 + skip)
        item(rows[i]);
      else if (i == kMostRows / 2)
        item(say("dossier.more_days", {{"count", skip}}));
    }
    if (c_.carried.ms > 0) item(say("dossier.carried", {{"time", how_.span(c_.carried)}}));
    const auto times = clock_times(c_, d_.calendar, end());
    item(say("dossier.totals", {{"counted", how_.span(times.counted)},
                                {"paused", how_.span(times.paused)},
                                {"closed", how_.span(times.closed)}}));
  }

  // "Mon 9 Mar 2026, 10:05 – 12:00: what"
  std::string row(Instant from, Instant to, std::string_view what) const {
    return fmt::format("{} – {}: {}", how_.moment(from), how_.relative_to(from).moment(to), what);
  }

  void add_rows(const ClockSegment& segment, std::vector<std::string>& rows) const {
    const Instant to = segment.to.value_or(end());
    if (to <= segment.from) return;
    if (segment.kind == SegmentKind::kPaused) {
      rows.push_back(
          row(segment.from, to, say("dossier.row_paused", {{"why", why_paused(segment.from)}})));
      return;
    }
    if (!c_.working_time) {
      rows.push_back(row(
          segment.from, to,
          say("dossier.row_counted", {{"time", how_.span(to - segment.from)}, {"windows", ""}})));
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
    std::string what;
    if (open.ms > 0)
      what = say("dossier.row_counted", {{"time", how_.span(open)}, {"windows", windows(day)}});
    if (closed.ms > 0)
      what += (what.empty() ? "" : ", ") +
              say("dossier.row_closed",
                  {{"time", how_.span(closed)},
                   {"why", open.ms > 0 ? say("dossier.outside_hours")
                                       : why_closed({from.ms + (to - from).ms / 2})}});
    return row(from, to, what);
  }

  std::string windows(std::int32_t day) const {
    const auto& list = d_.calendar.spec().windows[(day % 7 + 10) % 7];  // 1970-01-01 was a Thursday
    std::string out;
    for (const auto& w : list)
      out += fmt::format("{}{:02}:{:02}–{:02}:{:02}", out.empty() ? "" : ", ", w.open_s / 3600,
                         w.open_s / 60 % 60, w.close_s / 3600, w.close_s / 60 % 60);
    return out;
  }

  std::string why_closed(Instant at) const {
    const auto why = d_.calendar.why_closed(at);
    if (why.starts_with("holiday:")) return say("dossier.holiday", {{"name", why.substr(8)}});
    return why == "outside_hours" ? say("dossier.outside_hours") : say("dossier.closed_day");
  }

  std::string why_paused(Instant at) const {
    for (const auto& record : d_.records) {
      for (const auto& reason : record.reasons) {
        if (reason.code == "clock.paused" && baton::text(reason.facts, "id") == c_.id &&
            record.now >= at)
          return std::string(word(baton::text(reason.facts, "why"), *how_.texts));
      }
    }
    return {};
  }

  void notified() {
    section("dossier.notified");
    bool any = false;
    for (const auto& record : d_.records) {
      for (const auto& reason : record.reasons) {
        const TextKey key("dossier.notified_", baton::text(reason.facts, "kind"));
        if (reason.code != "notice.sent" || baton::text(reason.facts, "clock") != c_.definition ||
            how_.texts->find(key) == nullptr || record.now < c_.started_at)
          continue;
        const auto rep = how_.display_name(baton::text(reason.facts, "recipient"));
        item(fmt::format("{}: {}", how_.moment(record.now), say(key, {{"rep", rep}})));
        any = true;
      }
    }
    if (!any) item(say("dossier.no_one"));
  }

  void ending() {
    section("dossier.standing");
    if (c_.stopped_at)
      item(say(c_.state == ClockState::kCancelled ? TextKey("dossier.cancelled_on")
                                                  : TextKey("dossier.stopped_on"),
               {{"on", how_.on(*c_.stopped_at)}, {"by", c_.stopped_by}}));
    else
      item(c_.state == ClockState::kPaused ? say("dossier.paused") : say("dossier.still_running"));
    if (c_.breached_at && !c_.late_evidence && end() > c_.due)
      item(say("dossier.late", {{"time", how_.span(end() - c_.due)}}));
    if (c_.late_evidence) item(say("dossier.counts_against_no_one"));
    if (!c_.excused.empty())
      item(say("dossier.excused", {{"excuse", word(c_.excused, *how_.texts)}}));
    for (const auto& rep : who_knows(c_)) {
      const auto until = snoozed_until(c_, rep);
      item(say("dossier.acknowledged", {{"rep", how_.display_name(rep.view())},
                                        {"on", until ? how_.on(*until) : std::string()}}));
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
