#include "gateway/app/messages/digest.h"

#include <algorithm>

#include <fmt/format.h>

#include "gateway/app/messages/messages.h"
#include "mapping/json/json.h"

namespace baton {
namespace {

struct DigestWords {
  std::string_view title, nothing, handed_over, accepted, untouched, rejected, breached, excused,
      likely, first, none_likely, period, forecast, stale, stale_label, late_news, since, more,
      forecast_pool, short_of, kept, broken, too_few, on_pace;
};

constexpr DigestWords kGerman = {
    .title = "Übergaben seit {}: {}",
    .nothing = "keine",
    .handed_over = "{} übergeben",
    .accepted = "{} angenommen",
    .untouched = "{} unberührt",
    .rejected = "{} abgelehnt",
    .breached = "{} Frist(en) gerissen",
    .excused = "davon {} ohne Schuld des Vertriebs",
    .likely = "{} von {} offenen Fristen reißen bis {}, wenn nichts geschieht",
    .first = "die erste {}",
    .none_likely = "keine von {} offenen Fristen in Gefahr bis {}",
    .period = "Zeitraum",
    .forecast = "Vorschau {} ({})",
    .stale = "Das CRM hat sich seit {} nicht gemeldet; manches kann schon erledigt sein.",
    .stale_label = "Hinweis",
    .late_news = "davon {} doch rechtzeitig, Nachricht kam spät",
    .since = "seit",
    .more = "und {} weitere",
    .forecast_pool = "Vorschau {}",
    .short_of = "{} statt {} bisher, Ziel {} bis {}: zu wenig",
    .kept = "{} bei Ziel {}: gehalten",
    .broken = "{} bei Ziel {}: verfehlt",
    .too_few = "noch zu wenig entschieden",
    .on_pace = "{} bei Ziel {} bis {}: im Plan",
};

constexpr DigestWords kEnglish = {
    .title = "Handovers since {}: {}",
    .nothing = "none",
    .handed_over = "{} handed over",
    .accepted = "{} accepted",
    .untouched = "{} untouched",
    .rejected = "{} rejected",
    .breached = "{} deadline(s) missed",
    .excused = "{} of them through no fault of sales",
    .likely = "{} of {} open deadlines will be missed by {} if nothing happens",
    .first = "the first {}",
    .none_likely = "none of {} open deadlines at risk until {}",
    .period = "Period",
    .forecast = "Forecast {} ({})",
    .stale = "The CRM has not answered since {}; some of it may be done already.",
    .stale_label = "Note",
    .late_news = "{} of them in time after all, the news came late",
    .since = "since",
    .more = "and {} more",
    .forecast_pool = "Forecast {}",
    .short_of = "{} instead of {} so far, target {} by {}: short",
    .kept = "{} for a target of {}: kept",
    .broken = "{} for a target of {}: missed",
    .too_few = "too few decided yet",
    .on_pace = "{} for a target of {} by {}: on pace",
};

template <class... Args>
std::string fill(std::string_view pattern, const Args&... args) {
  return fmt::format(fmt::runtime(pattern), args...);
}

std::string clock_words(const DigestForecast& forecast, bool german) {
  if (const auto& label = german ? forecast.clock_de : forecast.clock_en; !label.empty())
    return label;
  std::string words(forecast.clock);
  std::replace(words.begin(), words.end(), '_', ' ');
  return words;
}

std::string reasons_text(std::vector<DigestReason> reasons, bool german) {
  std::stable_sort(reasons.begin(), reasons.end(),
                   [](const auto& a, const auto& b) { return a.count > b.count; });
  std::string out;
  for (auto& reason : reasons) {
    if (reason.count == 0) continue;
    if (german && !reason.label_de.empty()) reason.label = reason.label_de;
    if (reason.label.empty()) {
      reason.label = reason.code;
      std::replace(reason.label.begin(), reason.label.end(), '_', ' ');
    }
    out += fmt::format("{}{} {}", out.empty() ? "" : ", ", reason.label, reason.count);
  }
  return out.empty() ? out : " (" + out + ")";
}

std::string counts(const DigestPool& pool, const DigestWords& words) {
  auto out = fmt::format("{}, {}, {}, {}{}", fill(words.handed_over, pool.handed_over),
                         fill(words.accepted, pool.accepted), fill(words.untouched, pool.untouched),
                         fill(words.rejected, pool.rejected),
                         reasons_text(pool.reasons, &words == &kGerman));
  if (pool.breached > 0) out += ", " + fill(words.breached, pool.breached);
  if (pool.excused > 0) out += ", " + fill(words.excused, pool.excused);
  if (pool.late_news > 0) out += ", " + fill(words.late_news, pool.late_news);
  return out;
}

// A comma and the longest waiting first; what is beyond the first twenty is only counted.
template <class When>
std::string untouched_text(const DigestData& data, const DigestWords& words, const When& when) {
  constexpr std::size_t kShown = 20;
  std::string out;
  for (std::size_t i = 0; i < std::min(data.untouched.size(), kShown); ++i) {
    const auto& u = data.untouched[i];
    out += fmt::format("{}{}, {}, {} {}", out.empty() ? "" : "; ", u.who.empty() ? u.lead : u.who,
                       u.pool, words.since, when(u.since));
  }
  if (data.untouched.size() > kShown)
    out += "; " + fill(words.more, data.untouched.size() - kShown);
  return out;
}

template <class When>
std::string promise_text(const DigestPromise& p, const DigestWords& words, const When& when) {
  const auto number = [&](std::int64_t n) {
    return p.share ? fmt::format("{} %", n) : fmt::format("{}", n);
  };
  if (p.state == "short")
    return fill(words.short_of, number(p.value), number(p.expected), number(p.target),
                when(p.until));
  if (p.state == "kept") return fill(words.kept, number(p.value), number(p.target));
  if (p.state == "broken") return fill(words.broken, number(p.value), number(p.target));
  if (p.state == "too_few") return std::string(words.too_few);
  return fill(words.on_pace, number(p.value), number(p.target), when(p.until));
}

DigestPool sum(const std::vector<DigestPool>& pools) {
  DigestPool all;
  for (const auto& pool : pools) {
    all.handed_over += pool.handed_over;
    all.accepted += pool.accepted;
    all.untouched += pool.untouched;
    all.rejected += pool.rejected;
  }
  return all;
}

json::object machine(const DigestData& data) {
  json::array pools, forecasts;
  for (const auto& pool : data.pools) {
    json::object reasons;
    for (const auto& reason : pool.reasons) reasons[reason.code] = reason.count;
    pools.push_back(json::object{{"pool", pool.name},
                                 {"handed_over", pool.handed_over},
                                 {"accepted", pool.accepted},
                                 {"untouched", pool.untouched},
                                 {"rejected", pool.rejected},
                                 {"reasons", std::move(reasons)},
                                 {"breached", pool.breached},
                                 {"excused", pool.excused},
                                 {"late_news", pool.late_news}});
  }
  json::array untouched, promises;
  for (const auto& u : data.untouched)
    untouched.push_back(
        json::object{{"lead", u.lead}, {"pool", u.pool}, {"since", to_rfc3339(u.since)}});
  for (const auto& p : data.promises)
    promises.push_back(json::object{{"label", p.label_en},
                                    {"value", p.value},
                                    {"target", p.target},
                                    {"expected", p.expected},
                                    {"state", p.state},
                                    {"until", to_rfc3339(p.until)}});
  for (const auto& f : data.forecasts) {
    json::object one{{"pool", f.pool},
                     {"clock", f.clock},
                     {"open", f.open},
                     {"likely", f.likely},
                     {"until", to_rfc3339(f.until)}};
    if (f.first) one.emplace("first", to_rfc3339(*f.first));
    forecasts.push_back(std::move(one));
  }
  json::object out{{"from", to_rfc3339(data.from)},     {"to", to_rfc3339(data.to)},
                   {"pools", std::move(pools)},         {"forecasts", std::move(forecasts)},
                   {"untouched", std::move(untouched)}, {"promises", std::move(promises)}};
  if (data.feedback_stale_since)
    out.emplace("feedback_stale_since", to_rfc3339(*data.feedback_stale_since));
  return out;
}

}  // namespace

Message compose_digest(const DigestData& data, std::string_view language, std::string_view zone) {
  const bool german = language == "de";
  const auto& words = german ? kGerman : kEnglish;
  const auto when = [&](Instant at) {
    return moment_text(at, data.to, zone, german ? "de" : "en");
  };
  Message message;
  message.kind = "digest";
  message.language = german ? "de" : "en";
  const auto all = sum(data.pools);
  const auto summary =
      all.handed_over == 0
          ? std::string(words.nothing)
          : fmt::format("{}, {}, {}, {}", fill(words.handed_over, all.handed_over),
                        fill(words.accepted, all.accepted), fill(words.untouched, all.untouched),
                        fill(words.rejected, all.rejected));
  message.headline = fill(words.title, when(data.from), summary);
  message.facts.emplace_back(words.period, fmt::format("{} – {}", when(data.from), when(data.to)));
  for (const auto& pool : data.pools) message.facts.emplace_back(pool.name, counts(pool, words));
  for (const auto& rep : data.reps) message.facts.emplace_back(rep.name, counts(rep, words));
  if (!data.untouched.empty())
    message.facts.emplace_back(german ? "Unberührt" : "Untouched",
                               untouched_text(data, words, when));
  for (const auto& p : data.promises)
    message.facts.emplace_back(german ? p.label_de : p.label_en, promise_text(p, words, when));
  for (const auto& f : data.forecasts) {
    auto text = f.likely == 0 ? fill(words.none_likely, f.open, when(f.until))
                              : fill(words.likely, f.likely, f.open, when(f.until));
    if (f.likely > 0 && f.first) text += ", " + fill(words.first, when(*f.first));
    message.facts.emplace_back(f.clock.empty()
                                   ? fill(words.forecast_pool, f.pool)
                                   : fill(words.forecast, f.pool, clock_words(f, german)),
                               std::move(text));
  }
  if (data.feedback_stale_since)
    message.facts.emplace_back(words.stale_label,
                               fill(words.stale, when(*data.feedback_stale_since)));
  message.data = machine(data);
  return message;
}

}  // namespace baton
