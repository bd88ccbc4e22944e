#include "gateway/app/digest.h"

#include <algorithm>

#include <fmt/format.h>

#include "gateway/app/messages.h"
#include "mapping/json.h"

namespace baton {
namespace {

struct DigestWords {
  std::string_view title, nothing, handed_over, accepted, untouched, rejected, breached, excused, likely, first, none_likely,
      period, forecast, stale, stale_label;
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
};

template <class... Args>
std::string fill(std::string_view pattern, const Args&... args) {
  return fmt::format(fmt::runtime(pattern), args...);
}

std::string clock_words(std::string_view clock, bool german) {
  if (clock == "accept") return german ? "Annahme" : "acceptance";
  if (clock == "first_contact") return german ? "Erstkontakt" : "first contact";
  std::string words(clock);
  std::replace(words.begin(), words.end(), '_', ' ');
  return words;
}

std::string reasons_text(std::vector<DigestReason> reasons) {
  std::stable_sort(reasons.begin(), reasons.end(), [](const auto& a, const auto& b) { return a.count > b.count; });
  std::string out;
  for (auto& reason : reasons) {
    if (reason.count == 0) continue;
    if (reason.label.empty()) {
      reason.label = reason.code;
      std::replace(reason.label.begin(), reason.label.end(), '_', ' ');
    }
    out += fmt::format("{}{} {}", out.empty() ? "" : ", ", reason.label, reason.count);
  }
  return out.empty() ? out : " (" + out + ")";
}

std::string counts(const DigestPool& pool, const DigestWords& words) {
  auto out = fmt::format("{}, {}, {}, {}{}", fill(words.handed_over, pool.handed_over), fill(words.accepted, pool.accepted),
                         fill(words.untouched, pool.untouched), fill(words.rejected, pool.rejected), reasons_text(pool.reasons));
  if (pool.breached > 0) out += ", " + fill(words.breached, pool.breached);
  if (pool.excused > 0) out += ", " + fill(words.excused, pool.excused);
  return out;
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
    pools.push_back(json::object{{"pool", pool.name}, {"handed_over", pool.handed_over}, {"accepted", pool.accepted},
                                 {"untouched", pool.untouched}, {"rejected", pool.rejected}, {"reasons", std::move(reasons)},
                                 {"breached", pool.breached}, {"excused", pool.excused}});
  }
  for (const auto& f : data.forecasts) {
    json::object one{{"pool", f.pool}, {"clock", f.clock}, {"open", f.open}, {"likely", f.likely}, {"until", to_rfc3339(f.until)}};
    if (f.first) one.emplace("first", to_rfc3339(*f.first));
    forecasts.push_back(std::move(one));
  }
  json::object out{{"from", to_rfc3339(data.from)}, {"to", to_rfc3339(data.to)}, {"pools", std::move(pools)}, {"forecasts", std::move(forecasts)}};
  if (data.feedback_stale_since) out.emplace("feedback_stale_since", to_rfc3339(*data.feedback_stale_since));
  return out;
}

}  // namespace

Message compose_digest(const DigestData& data, std::string_view language, std::string_view zone) {
  const bool german = language == "de";
  const auto& words = german ? kGerman : kEnglish;
  const auto when = [&](Instant at) { return moment_text(at, data.to, zone, german ? "de" : "en"); };
  Message message;
  message.kind = "digest";
  message.language = german ? "de" : "en";
  const auto all = sum(data.pools);
  const auto summary = all.handed_over == 0 ? std::string(words.nothing)
                                            : fmt::format("{}, {}, {}, {}", fill(words.handed_over, all.handed_over),
                                                          fill(words.accepted, all.accepted), fill(words.untouched, all.untouched),
                                                          fill(words.rejected, all.rejected));
  message.headline = fill(words.title, when(data.from), summary);
  message.facts.emplace_back(words.period, fmt::format("{} – {}", when(data.from), when(data.to)));
  for (const auto& pool : data.pools) message.facts.emplace_back(pool.name, counts(pool, words));
  for (const auto& f : data.forecasts) {
    auto text = f.likely == 0 ? fill(words.none_likely, f.open, when(f.until)) : fill(words.likely, f.likely, f.open, when(f.until));
    if (f.likely > 0 && f.first) text += ", " + fill(words.first, when(*f.first));
    message.facts.emplace_back(fill(words.forecast, f.pool, clock_words(f.clock, german)), std::move(text));
  }
  if (data.feedback_stale_since) message.facts.emplace_back(words.stale_label, fill(words.stale, when(*data.feedback_stale_since)));
  message.data = machine(data);
  return message;
}

}  // namespace baton
