#include "gateway/app/messages/digest.h"

#include <algorithm>

#include <fmt/format.h>

#include "gateway/app/messages/messages.h"
#include "mapping/json/json.h"

namespace baton {
namespace {

// A label of the policy, or the code with spaces.
std::string label_or_code(const Label& label, std::string_view code, const Texts& texts) {
  if (const auto& known = label.in(texts.tag()); !known.empty()) return known;
  std::string words(code);
  std::replace(words.begin(), words.end(), '_', ' ');
  return words;
}

// The most frequent first.
std::string reasons_text(std::vector<DigestReason> reasons, const Texts& texts) {
  std::stable_sort(reasons.begin(), reasons.end(),
                   [](const auto& a, const auto& b) { return a.count > b.count; });
  std::string out;
  for (const auto& reason : reasons) {
    if (reason.count == 0) continue;
    out += fmt::format("{}{} {}", out.empty() ? "" : ", ",
                       label_or_code(reason.label, reason.code, texts), reason.count);
  }
  return out.empty() ? out : " (" + out + ")";
}

std::string totals(const DigestPool& pool, const Texts& texts) {
  return fmt::format("{}, {}, {}, {}",
                     texts.say("digest.handed_over", {{"count", pool.handed_over}}),
                     texts.say("digest.accepted", {{"count", pool.accepted}}),
                     texts.say("digest.untouched", {{"count", pool.untouched}}),
                     texts.say("digest.rejected", {{"count", pool.rejected}}));
}

std::string counts(const DigestPool& pool, const Texts& texts) {
  auto out = totals(pool, texts) + reasons_text(pool.reasons, texts);
  const auto add = [&](TextKey key, int count) {
    if (count > 0) out += ", " + texts.say(key, {{"count", count}});
  };
  add("digest.breached", pool.breached);
  add("digest.excused", pool.excused);
  add("digest.reported_late", pool.late_news);
  return out;
}

// The longest waiting first; leads beyond the first twenty are only counted.
template <class When>
std::string untouched_text(const DigestData& data, const Texts& texts, const When& when) {
  constexpr std::size_t kShown = 20;
  std::string out;
  for (std::size_t i = 0; i < std::min(data.untouched.size(), kShown); ++i) {
    const auto& u = data.untouched[i];
    out += (out.empty() ? "" : "; ") +
           texts.say("digest.untouched_lead", {{"who", u.who.empty() ? u.lead.str() : u.who},
                                               {"pool", u.pool},
                                               {"since", when(u.since)}});
  }
  if (data.untouched.size() > kShown)
    out += "; " + texts.say("digest.and_more", {{"count", data.untouched.size() - kShown}});
  return out;
}

TextKey target_text(std::string_view state) {
  if (state == "short") return "digest.target_short";
  if (state == "kept") return "digest.target_met";
  if (state == "broken") return "digest.target_missed";
  return state == "too_few" ? TextKey("digest.too_few") : TextKey("digest.on_pace");
}

template <class When>
std::string promise_text(const DigestPromise& p, const Texts& texts, const When& when) {
  const auto number = [&](std::int64_t n) {
    return p.share ? texts.say("digest.percent", {{"number", n}}) : fmt::format("{}", n);
  };
  return texts.say(target_text(p.state), {{"value", number(p.value)},
                                          {"expected", number(p.expected)},
                                          {"target", number(p.target)},
                                          {"until", when(p.until)}});
}

template <class When>
void add_forecast(const DigestForecast& f, const Texts& texts, const When& when, Message& message) {
  const auto clock = f.clock.empty() ? std::string() : label_or_code(f.clock_label, f.clock, texts);
  const auto text =
      texts.say(f.likely == 0 ? TextKey("digest.none_likely") : TextKey("digest.likely"),
                {{"likely", f.likely},
                 {"open", f.open},
                 {"until", when(f.until)},
                 {"first", f.likely > 0 && f.first ? when(*f.first) : std::string()}});
  message.facts.emplace_back(
      texts.say("digest.label_forecast", {{"pool", f.pool}, {"clock", clock}}), text);
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

json::object digest_data(const DigestData& data) {
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
        json::object{{"lead", u.lead.view()}, {"pool", u.pool}, {"since", to_rfc3339(u.since)}});
  for (const auto& p : data.promises)
    promises.push_back(json::object{{"label", p.label.in("en")},
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

Message compose_digest(const DigestData& data, const Texts& texts, std::string_view zone) {
  const auto when = [&](Instant at) { return moment_text(at, data.to, zone, texts); };
  Message message;
  message.kind = "digest";
  message.language = texts.tag();
  message.sent_by = texts.text("message.sent_by");
  const auto all = sum(data.pools);
  message.headline = texts.say(
      "digest.title",
      {{"time", when(data.from)},
       {"summary", all.handed_over == 0 ? texts.say("digest.nothing") : totals(all, texts)}});
  const auto add = [&](std::string_view label, std::string value) {
    message.facts.emplace_back(label, std::move(value));
  };
  add(texts.text("digest.label_period"), fmt::format("{} – {}", when(data.from), when(data.to)));
  for (const auto& pool : data.pools) add(pool.name, counts(pool, texts));
  for (const auto& rep : data.reps) add(rep.name, counts(rep, texts));
  if (!data.untouched.empty())
    add(texts.text("digest.label_untouched"), untouched_text(data, texts, when));
  for (const auto& p : data.promises) add(p.label.in(texts.tag()), promise_text(p, texts, when));
  for (const auto& f : data.forecasts) add_forecast(f, texts, when, message);
  if (data.feedback_stale_since)
    add(texts.text("digest.label_note"),
        texts.say("digest.stale", {{"time", when(*data.feedback_stale_since)}}));
  message.data = digest_data(data);
  return message;
}

}  // namespace baton
