#include "gateway/app/reports/digest_data.h"

#include <algorithm>
#include <map>

#include "gateway/core/explain/clock_label.h"

namespace baton {
namespace {

std::string pool_name(const RoutingPolicy& routing, const std::string& id) {
  const auto* pool = routing.pool(id);
  return pool == nullptr || pool->name.empty() ? id : pool->name;
}

std::string rep_name(const RoutingPolicy& routing, const RepId& id) {
  const auto* rep = routing.rep(id);
  return rep == nullptr || rep->name.empty() ? id.str() : rep->name;
}

void count_reason(std::vector<DigestReason>& reasons, const std::string& code,
                  const LifecyclePolicy& policy) {
  const auto known =
      std::find_if(reasons.begin(), reasons.end(), [&](const auto& r) { return r.code == code; });
  if (known != reasons.end()) {
    ++known->count;
    return;
  }
  const auto* entry = policy.reject.find(code);
  if (entry == nullptr)
    reasons.push_back({code, {}, 1});
  else
    reasons.push_back({code, entry->label, 1});
}

bool is_untouched(const BookedHandover& h) {
  return h.state == HandoverState::kOffered || h.state == HandoverState::kDelivered ||
         h.state == HandoverState::kSeen;
}

// Lines in the order of their ids. Items of removed pools are listed under their id.
class Lines {
 public:
  explicit Lines(const Policy& policy, bool of_reps) : policy_(policy), of_reps_(of_reps) {}

  DigestPool& of(const std::string& pool, const RepId& rep) {
    const auto& id = of_reps_ ? rep.str() : pool;
    auto [line, fresh] = lines_.try_emplace(id);
    if (fresh)
      line->second.name =
          of_reps_ ? rep_name(*policy_.routing, rep) : pool_name(*policy_.routing, pool);
    return line->second;
  }
  void add(const BookedHandover& h) {
    auto& line = of(h.pool, h.rep);
    ++line.handed_over;
    if (h.state == HandoverState::kAccepted) ++line.accepted;
    if (is_untouched(h)) ++line.untouched;
    if (h.state != HandoverState::kRejected) return;
    ++line.rejected;
    count_reason(line.reasons, h.reason, *policy_.lifecycle);
  }
  void add(const BookedBreach& b) {
    const auto& id = of_reps_ ? b.rep.str() : b.pool;
    if (id.empty()) return;
    auto& line = of(b.pool, b.rep);
    ++line.breached;
    if (b.late_news)
      ++line.late_news;
    else if (b.excused)
      ++line.excused;
  }
  std::vector<DigestPool> take() {
    std::vector<DigestPool> out;
    for (auto& [id, line] : lines_) out.push_back(std::move(line));
    return out;
  }

 private:
  const Policy& policy_;
  bool of_reps_;
  std::map<std::string, DigestPool> lines_;
};

std::optional<Instant> when(const json::object& o, std::string_view key) {
  return parse_rfc3339(text(o, key));
}

template <class Read>
void each(const json::object& o, std::string_view key, Read read) {
  const auto* list = array(o, key);
  for (std::size_t i = 0; list != nullptr && i < list->size(); ++i) {
    if ((*list)[i].is_object()) read((*list)[i].get_object());
  }
}

// A label as members of an object: its text under each language, after a prefix.
void put_label(json::object& o, std::string_view prefix, const Label& label) {
  for (const auto& [language, text] : label.by_language())
    put(o, fmt::format("{}{}", prefix, language), text);
}

Label read_label(const json::object& o, std::string_view prefix) {
  Label label;
  for (const auto& language : text_languages()) {
    if (const auto known = text(o, fmt::format("{}{}", prefix, language)); !known.empty())
      label.set(language, std::string(known));
  }
  return label;
}

Label label_of_clock(const SlaPolicy& sla, std::string_view clock) {
  Label label;
  for (const auto& texts : built_in_texts()->all())
    label.set(texts->tag(), clock_label(sla, clock, *texts));
  return label;
}

json::object line_json(const DigestPool& line) {
  json::array reasons;
  for (const auto& r : line.reasons) {
    json::object reason{{"code", r.code}, {"count", r.count}};
    put_label(reason, {}, r.label);
    reasons.push_back(std::move(reason));
  }
  return {{"name", line.name},          {"handed_over", line.handed_over},
          {"accepted", line.accepted},  {"untouched", line.untouched},
          {"rejected", line.rejected},  {"reasons", std::move(reasons)},
          {"breached", line.breached},  {"excused", line.excused},
          {"late_news", line.late_news}};
}

DigestPool line_from_json(const json::object& o) {
  const auto number = [&](std::string_view key) { return static_cast<int>(integer(o, key)); };
  DigestPool line;
  line.name = text(o, "name");
  line.handed_over = number("handed_over"), line.accepted = number("accepted"),
  line.untouched = number("untouched");
  line.rejected = number("rejected"), line.breached = number("breached"),
  line.excused = number("excused"), line.late_news = number("late_news");
  each(o, "reasons", [&](const json::object& r) {
    line.reasons.push_back(
        {std::string(text(r, "code")), read_label(r, {}), static_cast<int>(integer(r, "count"))});
  });
  return line;
}

}  // namespace

json::object to_json(const PoolForecast& f) {
  json::array late;
  for (const auto& lead : f.forecast.late) {
    json::object row{
        {"lead", lead.lead.view()}, {"clock", lead.clock}, {"due", to_rfc3339(lead.due)}};
    if (lead.expected) row.emplace("expected", to_rfc3339(*lead.expected));
    late.push_back(std::move(row));
  }
  return {{"pool", f.pool},
          {"at", to_rfc3339(f.at)},
          {"until", to_rfc3339(f.until)},
          {"open", f.forecast.open},
          {"likely", f.forecast.late.size()},
          {"handling", to_string(f.handling)},
          {"late", std::move(late)}};
}

json::object to_json(const PeriodReport& r) {
  json::object o{{"id", r.id},
                 {"measure", to_string(r.measure)},
                 {"from", to_rfc3339(r.window.from)},
                 {"to", to_rfc3339(r.window.to)},
                 {"percent", r.percent},
                 {"target", r.target},
                 {"value", r.standing.value},
                 {"expected", r.standing.expected},
                 {"state", to_string(r.standing.state)},
                 {"mqls", r.counts.mqls},
                 {"accepted", r.counts.accepted},
                 {"rejected", r.counts.rejected}};
  if (r.partial) o.emplace("partial", true);
  return o;
}

std::optional<PeriodReport> period_report_from_json(const json::object& o) {
  const auto from = when(o, "from"), to = when(o, "to");
  if (!from || !to) return std::nullopt;
  PeriodReport r;
  r.id = text(o, "id");
  r.measure = text(o, "measure") == "quality" ? PeriodMeasure::kQuality : PeriodMeasure::kVolume;
  r.window = {*from, *to};
  r.percent = static_cast<int>(integer(o, "percent"));
  r.target = static_cast<int>(integer(o, "target"));
  r.standing.value = integer(o, "value");
  r.standing.expected = integer(o, "expected");
  for (const auto state : {PeriodState::kOnPace, PeriodState::kShort, PeriodState::kMet,
                           PeriodState::kMissed, PeriodState::kTooFew}) {
    if (to_string(state) == text(o, "state")) r.standing.state = state;
  }
  r.counts = {integer(o, "mqls"), integer(o, "accepted"), integer(o, "rejected")};
  r.partial = boolean(o, "partial");
  return r;
}

DigestData digest_data(const PeriodBook& book, const Policy& policy, Instant from, Instant to,
                       bool individuals) {
  DigestData data;
  data.from = from;
  data.to = to;
  Lines pools(policy, false), reps(policy, true);
  for (const auto& pool : policy.routing->pools) pools.of(pool.id, {});
  for (const auto* handover : book.offered(from, to)) {
    pools.add(*handover);
    if (individuals) reps.add(*handover);
    if (is_untouched(*handover))
      data.untouched.push_back(
          {handover->lead, {}, pool_name(*policy.routing, handover->pool), handover->offered_at});
  }
  for (const auto& breach : book.breaches(from, to)) {
    pools.add(breach);
    if (individuals) reps.add(breach);
  }
  data.pools = pools.take();
  data.reps = reps.take();
  return data;
}

void add_forecasts(DigestData& data, const std::vector<PoolForecast>& forecasts,
                   const Policy& policy) {
  for (const auto& f : forecasts) {
    DigestForecast line;
    line.pool = pool_name(*policy.routing, f.pool);
    line.open = f.forecast.open;
    line.likely = static_cast<int>(f.forecast.late.size());
    line.until = f.until;
    if (!f.forecast.late.empty()) {
      line.clock = f.forecast.late.front().clock;
      line.clock_label = label_of_clock(*policy.sla, line.clock);
      line.first = f.forecast.late.front().due;
    }
    if (line.open > 0) data.forecasts.push_back(std::move(line));
  }
}

void label_clocks(json::object& forecast, const SlaPolicy& sla) {
  auto* late = forecast.if_contains("late");
  if (late == nullptr || !late->is_array()) return;
  for (auto& value : late->get_array()) {
    auto& row = value.as_object();
    put_label(row, "clock_", label_of_clock(sla, text(row, "clock")));
  }
}

json::object digest_to_json(const DigestData& data) {
  json::array pools, reps, untouched, forecasts, periods;
  for (const auto& line : data.pools) pools.push_back(line_json(line));
  for (const auto& line : data.reps) reps.push_back(line_json(line));
  for (const auto& u : data.untouched)
    untouched.push_back(
        json::object{{"lead", u.lead.view()}, {"pool", u.pool}, {"since", to_rfc3339(u.since)}});
  for (const auto& f : data.forecasts) {
    json::object row{{"pool", f.pool},
                     {"clock", f.clock},
                     {"open", f.open},
                     {"likely", f.likely},
                     {"until", to_rfc3339(f.until)}};
    if (f.first) row.emplace("first", to_rfc3339(*f.first));
    put_label(row, "clock_", f.clock_label);
    forecasts.push_back(std::move(row));
  }
  for (const auto& p : data.promises) {
    json::object row{{"value", p.value}, {"target", p.target}, {"expected", p.expected},
                     {"share", p.share}, {"state", p.state},   {"until", to_rfc3339(p.until)}};
    put_label(row, {}, p.label);
    periods.push_back(std::move(row));
  }
  json::object out{{"from", to_rfc3339(data.from)},     {"to", to_rfc3339(data.to)},
                   {"pools", std::move(pools)},         {"reps", std::move(reps)},
                   {"untouched", std::move(untouched)}, {"forecasts", std::move(forecasts)},
                   {"promises", std::move(periods)}};
  if (data.feedback_stale_since)
    out.emplace("feedback_stale_since", to_rfc3339(*data.feedback_stale_since));
  return out;
}

DigestData digest_from_json(const json::object& o) {
  DigestData data;
  data.from = when(o, "from").value_or(Instant{});
  data.to = when(o, "to").value_or(Instant{});
  each(o, "pools", [&](const json::object& line) { data.pools.push_back(line_from_json(line)); });
  each(o, "reps", [&](const json::object& line) { data.reps.push_back(line_from_json(line)); });
  each(o, "untouched", [&](const json::object& u) {
    data.untouched.push_back({LeadId(text(u, "lead")),
                              {},
                              std::string(text(u, "pool")),
                              when(u, "since").value_or(Instant{})});
  });
  each(o, "forecasts", [&](const json::object& f) {
    data.forecasts.push_back(
        {std::string(text(f, "pool")), std::string(text(f, "clock")),
         static_cast<int>(integer(f, "open")), static_cast<int>(integer(f, "likely")),
         when(f, "until").value_or(Instant{}), when(f, "first"), read_label(f, "clock_")});
  });
  each(o, "promises", [&](const json::object& p) {
    data.promises.push_back({read_label(p, {}), integer(p, "value"), integer(p, "target"),
                             integer(p, "expected"), boolean(p, "share"),
                             std::string(text(p, "state")), when(p, "until").value_or(Instant{})});
  });
  data.feedback_stale_since = when(o, "feedback_stale_since");
  return data;
}

}  // namespace baton
