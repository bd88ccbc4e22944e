#include "gateway/app/reports/report_worker.h"

#include <algorithm>

#include <fmt/format.h>

#include "gateway/app/documents/decision_log.h"
#include "gateway/core/calendar/local_day.h"
#include "gateway/platform/log.h"
#include "gateway/platform/metrics.h"
#include "gateway/store/seal/packing.h"

namespace baton {
namespace {

constexpr Duration kRound = minutes(1);
constexpr Duration kLookBack = days(8);  // after a week without one, the digest starts again
constexpr std::size_t kPage = 1000;
constexpr PartitionId kLeader = 0;
constexpr int kMostTries = 5;

const DocKey& reports_key() {
  static const DocKey kKey{'o', std::string(kReportsDocument)};
  return kKey;
}

const BusinessCalendar& calendar_or_always(const Policy& policy, std::string_view name) {
  const auto* calendar = policy.calendars.find(name);
  return calendar != nullptr ? *calendar : BusinessCalendar::always();
}

std::string date_text(std::int32_t day) {
  return to_rfc3339(Instant{day * days(1).ms}).substr(0, 10);
}

json::object& part(json::object& state, std::string_view name) {
  auto& value = state[name];
  if (!value.is_object()) value = json::object();
  return value.get_object();
}

// The start of reading the log: the beginning of the oldest period that is not judged yet.
Instant first_needed(const Policy& policy, const json::object& state, Instant now) {
  Instant first = now - kLookBack;
  const auto* periods = object(state, "periods");
  for (const auto& period : policy.sla->periods) {
    const auto* known = periods == nullptr ? nullptr : object(*periods, period.id);
    const Instant from = period_at(period, calendar_or_always(policy, period.calendar), now).from;
    first = std::min(
        {first, from, known == nullptr ? from : Instant{integer(*known, "from", from.ms)}});
  }
  return std::max(first, now - days(70));
}

}  // namespace

void ReportWorker::start() {
  thread_ = std::thread([this] { run(); });
}

void ReportWorker::join() {
  wake_.raise();
  if (thread_.joinable()) thread_.join();
}

void ReportWorker::run() {
  bool well = true;
  while (!parts_.applier.signals.stopping.load()) {
    // Until the leases are known, no node is responsible.
    const bool early = !leases_.known();
    if (!early) {
      Status done;
      if (!store_) {
        auto store = parts_.stores.open();
        if (store)
          store_ = std::move(*store);
        else
          done = store.error();
      }
      if (store_) done = tick(*store_);
      if (!done && well)
        log_warn("reports", "forecast and digest wait for the store",
                 {{"error", done.error().message}});
      well = done.has_value();
    }
    if (!parts_.applier.signals.stopping.load()) wake_.wait(early || !well ? seconds(1) : kRound);
  }
}

Status ReportWorker::tick(Store& store) {
  auto now = store.now();
  if (!now) return now.error();
  watch_clocks(store, *now);
  if (!leases_.holds(kLeader)) {
    cursors_.clear();
    return {};
  }
  auto said = load_said(store);
  if (!said) return said.error();
  Round round{*now,
              parts_.applier.configuration.policy.load(),
              parts_.applier.configuration.reports.load(),
              std::move(*said),
              {},
              false};
  if (auto followed = follow_log(store, round); !followed) return followed;
  auto queue = queue_.read(*parts_.applier.access.documents, store, *round.policy,
                           parts_.applier.signals.stopping);
  if (!queue) return queue.error();
  const auto forecasts = make_forecasts(*queue, book_, *round.policy, round.now);
  const auto periods = judge(round);
  warn_of_breaches(round, forecasts);
  send_digest(round, forecasts, periods);
  // If another node was quicker, its messages count. The next round adds what is missing.
  if (auto committed = commit(store, round); !committed) return committed.error();
  return publish(store, round, forecasts, periods);
}

// Every node checks its machine's clock.
void ReportWorker::watch_clocks(Store& store, Instant now) {
  if (const auto jump = clock_health_.look(*parts_.node.clock)) {
    log_error("engine", "this machine's clock was set while the gateway ran",
              {{"by_ms", jump->ms}});
    alarm(store, now, "jump", *jump);
  }
  const Duration ahead = now - parts_.node.clock->now();
  if (!clock_health_.compared(ahead)) return;
  log_error("engine", "the clocks of Redis and of this machine differ",
            {{"redis_is_ahead_ms", ahead.ms}});
  alarm(store, now, "skew", ahead);
}

// At most once an hour for each kind.
void ReportWorker::alarm(Store& store, Instant now, std::string_view what, Duration by) {
  const auto settings = parts_.applier.configuration.reports.load();
  if (settings->operators.to.empty()) return;
  for (int i = 0; i < kMostTries; ++i) {  // other nodes write here too
    auto said = load_said(store);
    if (!said) break;
    Round round{now, nullptr, settings, std::move(*said), {}, true};
    for (const auto& to : settings->operators.to) {
      const Report report{"clocks",
                          RepId(to),
                          settings->operators.channel,
                          {{"what", what}, {"by_ms", by.ms}, {"node", parts_.node.name}}};
      round.items.push_back(report_item(
          fmt::format("clocks:{}:{}:{}:{}", parts_.node.name, what, now.ms / hours(1).ms, to),
          report, now));
    }
    const auto committed = commit(store, round);
    if (!committed) break;
    if (*committed) return;
  }
  log_warn("reports", "an alarm about clocks could not be stored");
}

Status ReportWorker::follow_log(Store& store, const Round& round) {
  const Instant first = first_needed(*round.policy, round.said.state, round.now);
  if (cursors_.empty()) {
    book_ = {};
    queue_.clear();
    cursors_.assign(store.partitions(), fmt::format("{}-0", std::max<std::int64_t>(first.ms, 0)));
  }
  for (std::size_t p = 0; p < cursors_.size(); ++p) {
    for (bool more = true; more && !parts_.applier.signals.stopping.load();) {
      auto page = store.read_log(static_cast<PartitionId>(p), cursors_[p], kPage);
      if (!page) return page.error();
      more = page->size() == kPage;
      for (const auto& entry : *page) {
        cursors_[p] = entry.entry;
        const auto record = read_record(*parts_.applier.access.documents, nullptr, entry.bytes);
        if (!record) continue;  // of a pool
        book_.add(*record);
        queue_.note(*record);
      }
    }
  }
  book_.forget_before(first);
  return {};
}

void ReportWorker::warn_of_breaches(Round& round, const std::vector<PoolForecast>& forecasts) {
  const auto& policy = *round.policy;
  auto& sent = part(round.said.state, "forecast");
  const std::int64_t hour = round.now.ms / hours(1).ms;
  for (const auto& f : forecasts) {
    gauge("forecast_breaches", static_cast<double>(f.forecast.late.size()), "pool=" + f.pool);
    const int least = policy.sla->forecast.warn;
    if (least <= 0 || static_cast<int>(f.forecast.late.size()) < least ||
        integer(sent, f.pool) == hour)
      continue;
    const auto* pool = policy.routing->pool(f.pool);
    const auto* lead = policy.routing->lead_of(pool->team);
    if (lead == nullptr) continue;
    auto data = to_json(f);
    data["name"] = pool->name.empty() ? pool->id : pool->name;
    label_clocks(data, *policy.sla);
    round.items.push_back(report_item(
        fmt::format("forecast:{}:{}:{}", f.pool,
                    to_rfc3339(Instant{hour * hours(1).ms}).substr(0, 13), lead->id.view()),
        {"forecast", lead->id, {}, std::move(data)}, round.now));
    sent[f.pool] = hour;
    round.changed = true;
  }
}

void ReportWorker::say_period(Round& round, const PeriodDefinition& period,
                              const PeriodReport& report) {
  if (report.partial || (report.standing.state != PeriodState::kShort &&
                         report.standing.state != PeriodState::kMissed))
    return;
  auto data = to_json(report);
  for (const auto& [language, text] : period.label.by_language()) data["label_" + language] = text;
  for (const auto& to : period.to) {
    const RepId reader = to == "marketing" ? round.policy->sla->marketing : RepId(to);
    if (reader.empty()) continue;
    round.items.push_back(report_item(
        fmt::format("period:{}:{}:{}:{}", period.id, to_rfc3339(report.window.from).substr(0, 10),
                    report.percent, reader.view()),
        {"period", reader, {}, data}, round.now));
  }
}

std::vector<PeriodReport> ReportWorker::judge(Round& round) {
  std::vector<PeriodReport> out;
  auto& known = part(round.said.state, "periods");
  for (const auto& period : round.policy->sla->periods) {
    const auto& calendar = calendar_or_always(*round.policy, period.calendar);
    const auto current = period_at(period, calendar, round.now);
    if (!known.contains(period.id)) {
      part(known, period.id) = {
          {"from", current.from.ms}, {"done", 0}, {"partial", round.now > current.from + days(1)}};
      round.changed = true;
    }
    auto& state = part(known, period.id);
    const auto report = [&](const PeriodWindow& window, int percent, Instant at) {
      PeriodReport r{period.id,
                     period.measure,
                     window,
                     {},
                     book_.counts(window.from, at),
                     percent,
                     period.target,
                     boolean(state, "partial")};
      r.standing = judge_period(period, r.counts, percent);
      return r;
    };
    for (auto window = period_at(period, calendar, Instant{integer(state, "from")});
         window.from <= current.from;) {
      std::optional<PeriodCheck> due;  // if several were missed, the last one covers all
      for (const auto& check : period_checks(period, calendar, window)) {
        if (check.percent > integer(state, "done") && check.at <= round.now) due = check;
      }
      if (due) {
        say_period(round, period, report(window, due->percent, due->at));
        state["done"] = due->percent;
        round.changed = true;
      }
      if (window.to > round.now) break;
      state = {{"from", window.to.ms}, {"done", 0}, {"partial", false}};
      round.changed = true;
      window = period_at(period, calendar, window.to);
    }
    out.push_back(
        report(current, std::min(period_percent(calendar, current, round.now), 99), round.now));
  }
  return out;
}

void ReportWorker::send_digest(Round& round, const std::vector<PoolForecast>& forecasts,
                               const std::vector<PeriodReport>& periods) {
  const auto& digest = round.settings->digest;
  if (digest.at_s < 0 || digest.to.empty()) return;
  const auto& policy = *round.policy;
  const auto& calendar =
      calendar_or_always(policy, digest.calendar.empty() ? policy.sla->calendar : digest.calendar);
  const auto& zone = calendar.spec().zone;
  const auto today = local_day(round.now, zone);
  const Instant at = instant_of(today, digest.at_s, zone);
  auto& state = round.said.state;
  const bool works =
      calendar.between(start_of_day(today, zone), start_of_day(today + 1, zone)).ms > 0;
  if (!works || round.now < at || integer(state, "digest_day", INT32_MIN) >= today) return;
  const Instant from =
      std::max(Instant{integer(state, "digest_to", (at - days(1)).ms)}, at - kLookBack);
  auto data = digest_data(book_, policy, from, at, digest.individuals);
  add_forecasts(data, forecasts, policy);
  data.feedback_stale_since = parts_.applier.feedback.stale_since(round.now);
  for (const auto& p : periods) {
    const auto found = std::find_if(policy.sla->periods.begin(), policy.sla->periods.end(),
                                    [&](const auto& d) { return d.id == p.id; });
    if (!p.partial)
      data.promises.push_back({found->label, p.standing.value, p.target, p.standing.expected,
                               p.measure == PeriodMeasure::kQuality,
                               std::string(to_string(p.standing.state)), p.window.to});
  }
  auto json = digest_to_json(data);
  json["zone"] = zone;
  for (const auto& to : digest.to) {
    round.items.push_back(report_item(fmt::format("digest:{}:{}", date_text(today), to),
                                      {"digest", RepId(to), digest.channel, json}, round.now));
  }
  state["digest_day"] = today;
  state["digest_to"] = at.ms;
  round.changed = true;
}

Result<ReportWorker::Said> ReportWorker::load_said(Store& store) {
  auto documents = store.load({&reports_key(), 1});
  if (!documents) return documents.error();
  Said said;
  said.version = documents->front().version;
  if (said.version == 0) return said;
  auto text = unpack(documents->front().bytes);
  if (!text) return text.error();
  auto parsed = parse_json(*text);
  if (!parsed) return parsed.error();
  if (auto* state = parsed->if_object()) said.state = std::move(*state);
  return said;
}

Result<bool> ReportWorker::commit(Store& store, Round& round) {
  if (!round.changed) return true;
  round.said.state["v"] = 1;
  Commit commit;
  commit.key = reports_key();
  commit.expected_version = round.said.version;
  commit.bytes = pack(json::serialize(round.said.state));
  commit.outbox_add = round.items;
  auto answers = store.commit({&commit, 1});
  if (!answers) return answers.error();
  if (answers->front() == CommitAnswer::kConflict) return false;
  if (!round.items.empty()) parts_.applier.signals.wake_dispatcher();
  return true;
}

Status ReportWorker::publish(Store& store, const Round& round,
                             const std::vector<PoolForecast>& forecasts,
                             const std::vector<PeriodReport>& periods) {
  json::array pools, promises;
  for (const auto& f : forecasts) pools.push_back(to_json(f));
  for (const auto& p : periods) promises.push_back(to_json(p));
  const json::object view{{"at", to_rfc3339(round.now)},
                          {"forecast", std::move(pools)},
                          {"periods", std::move(promises)}};
  return store.put_value(kReportsValue, json::serialize(view));
}

}  // namespace baton
