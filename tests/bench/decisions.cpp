#include <time.h>

#include <algorithm>
#include <array>
#include <deque>
#include <queue>

#include <fmt/format.h>

#include "gateway/core/decide/decide.h"
#include "gateway/core/model/feedback_form.h"
#include "gateway/core/policy/policy.h"
#include "tests/bench/bench.h"

namespace baton::bench {
namespace {

constexpr std::size_t kPersons = 10'000;
constexpr std::size_t kTouchesEach = 6;
constexpr std::int64_t kFrom = 1'772'438'400'000;  // 2026-03-02, a Monday
constexpr std::int64_t kSpan = 28LL * 86'400'000;  // four weeks

struct Coming {
  Instant at;
  std::size_t person = 0;
  std::size_t event = 0;  // index into the events
  bool timer = false;     // a clock; fires only if it is still set to this instant
};
struct Later {
  bool operator()(const Coming& a, const Coming& b) const {
    return a.at != b.at ? a.at > b.at : a.event > b.event;
  }
};

// Four weeks of a company's leads, replayed in memory: people read, download, ask for a demo; pools
// answer; reps accept and call, or let the clock run out. The figure counts decide() alone; the
// queue of events is cheap.
class Simulation {
 public:
  explicit Simulation(const Policy& policy) : policy_(policy), persons_(kPersons), set_(kPersons) {
    for (std::size_t i = 0; i < kPersons; ++i)
      persons_[i].id = PersonId(fmt::format("{:020x}", 7919 * (i + 1)));
    for (std::size_t i = 0; i < kPersons * kTouchesEach; ++i) add_touch(i);
  }

  std::size_t run() {
    std::size_t decisions = 0;
    while (!queue_.empty()) {
      const Coming next = queue_.top();
      if (next.at.ms > kFrom + kSpan) break;
      queue_.pop();
      if (next.timer && !is_set(next)) continue;
      Decision decision =
          decide(std::move(persons_[next.person]), events_[next.event], policy_, next.at);
      ++decisions;
      take(next, decision);
      persons_[next.person] = std::move(decision.next);
    }
    return decisions;
  }

 private:
  void plan(Instant at, std::size_t person, Event event, bool timer) {
    events_.push_back(std::move(event));
    queue_.push({at, person, events_.size() - 1, timer});
  }

  bool is_set(const Coming& coming) const {
    const auto& due = std::get<TimerFired>(events_[coming.event].body);
    const auto& set = set_[coming.person];
    return std::any_of(set.begin(), set.end(),
                       [&](const auto& t) { return t.first == due.timer && t.second == due.due; });
  }

  void set_timer(std::size_t person, const TimerChange& timer) {
    auto& set = set_[person];
    const auto found =
        std::find_if(set.begin(), set.end(), [&](const auto& t) { return t.first == timer.timer; });
    if (found != set.end()) set.erase(found);
    if (!timer.due) return;
    set.emplace_back(timer.timer, *timer.due);
    plan(*timer.due, person, {"", TimerFired{timer.timer, *timer.due}}, true);
  }

  void take(const Coming& now, const Decision& decision) {
    for (const auto& timer : decision.timers) set_timer(now.person, timer);
    for (const auto& effect : decision.effects) {
      const auto* request = std::get_if<OwnerRequest>(&effect);
      if (request == nullptr) continue;
      static constexpr std::array<const char*, 3> kReps{"erika", "max", "chris"};
      std::string rep = kReps[dice_.below(3)];
      plan(now.at + milliseconds(20), now.person,
           {"", OwnerPicked{request->key, request->pool, RepId(rep), {}, {}}}, false);
      if (!dice_.one_in(4)) work_on(now, rep);
    }
  }

  void work_on(const Coming& now, const std::string& rep) {
    FeedbackForm says;
    says.rep = rep;
    says.via = "action_page";
    says.at = now.at + minutes(4);
    says.id = fmt::format("f{}", events_.size());
    plan(says.at, now.person, {says.id, to_feedback(says)}, false);
    says.kind = FeedbackKind::kReached;
    says.channel = "phone";
    says.evidence = fmt::format("call-{}", events_.size());
    says.id = fmt::format("f{}", events_.size());
    says.at = now.at + minutes(50);
    plan(says.at, now.person, {says.id, to_feedback(says)}, false);
  }

  void add_touch(std::size_t i) {
    static constexpr std::array<TouchType, 8> kTypes{
        TouchType::kPageView,   TouchType::kProductPageView,    TouchType::kPricingPageView,
        TouchType::kEmailClick, TouchType::kContentDownload,    TouchType::kFormSubmit,
        TouchType::kEmailOpen,  TouchType::kNewsletterSubscribe};
    const std::size_t person = dice_.below(kPersons);
    Touch touch;
    touch.id = fmt::format("t{}", i);
    touch.source = "bench";
    touch.type = kTypes[dice_.below(kTypes.size())];
    if (dice_.one_in(20)) {
      touch.type = TouchType::kDemoRequest;
      touch.intent = Intent::kHandRaiser;
      touch.message = "Bitte um eine Vorführung";
    }
    touch.at =
        Instant{kFrom + static_cast<std::int64_t>(dice_.below(static_cast<std::size_t>(kSpan)))};
    touch.tracking_basis = "consent";
    touch.asset = fmt::format("asset-{}", dice_.below(40));
    touch.dwell_s = static_cast<int>(dice_.below(120));
    touch.person.email = fmt::format("person{}@kunde{}.example", person, person % 997);
    touch.person.country = "DE";
    touch.person.job_level = person % 3 == 0 ? "director" : "manager";
    touch.person.company.domain = fmt::format("kunde{}.example", person % 997);
    const Instant at = touch.at + seconds(1);
    plan(at, person, {touch.id, TouchesReceived{{std::move(touch)}}}, false);
  }

  const Policy& policy_;
  Dice dice_{11};
  std::vector<PersonState> persons_;
  std::vector<std::vector<std::pair<TimerId, Instant>>> set_;
  std::deque<Event> events_;
  std::priority_queue<Coming, std::vector<Coming>, Later> queue_;
};

double cpu_seconds() {
  timespec used{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
  return static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) / 1e9;
}

}  // namespace

Figures measure_decisions() {
  const auto policy = template_policy(false);
  Simulation simulation(*policy);
  // Measures the processor time of this thread, so that other programs do not count.
  const double begun = cpu_seconds();
  const std::size_t decisions = simulation.run();
  const double took = cpu_seconds() - begun;
  return {{"decisions_per_s_core", static_cast<double>(decisions) / took},
          {"decisions_simulated", static_cast<double>(decisions)}};
}

}  // namespace baton::bench
