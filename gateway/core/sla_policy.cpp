#include "gateway/core/sla_policy.h"

#include <algorithm>

#include <fmt/format.h>

#include "gateway/core/policy_reader.h"
#include "mapping/json.h"

namespace baton {
namespace {

const std::vector<std::string> kMoments = {
    "mql", "offered", "assigned", "accepted", "rejected", "attempt", "reached", "qualified",
    "lead", "requested", "task_opened", "task_done", "cadence_done", "meeting_booked", "meeting_held", "meeting_missed",
    "meeting_cancelled", "sent_back", "corrected", "reason_missing", "reason_given", "closed"};
const std::vector<std::string> kStarts = {"lead", "mql", "requested", "offered", "accepted", "qualified", "task_opened",
                                          "meeting_booked", "sent_back", "reason_missing"};
const std::vector<std::string> kConditions = {"rework", "waiting_for_lead", "blocked_by_law"};
const std::vector<std::string> kBreachActions = {"none", "reassign", "accept", "recycle"};

// The place of a text among the choices; the first with a finding where it is none of them.
std::size_t choose(PolicyReader& in, const std::string& pointer, std::string_view fallback,
                   const std::vector<std::string>& choices) {
  const auto text = in.text(pointer, fallback);
  const auto found = std::find(choices.begin(), choices.end(), text);
  if (found != choices.end()) return static_cast<std::size_t>(found - choices.begin());
  in.bad_choice(pointer, text, choices);
  return 0;
}

void read_budgets(PolicyReader& in, const std::string& at, ClockDefinition& clock) {
  const auto budget = in.duration(at + "/budget", hours(4));
  for (int i = 0; i < 3; ++i) {
    const auto name = std::string(to_string(static_cast<Intent>(i)));
    auto& slot = clock.budgets[static_cast<std::size_t>(i)];
    slot = in.duration(at + "/budgets/" + name, budget);
    if (slot.ms <= 0) in.error(at, "a budget has to be longer than nothing", "policy.bad_duration");
  }
}

// G22: traps that a clock can be built into, found before it runs.
void check_moments(PolicyReader& in, const std::string& at, const ClockDefinition& clock) {
  if (clock.stop.none())
    in.error(at, fmt::format("the clock \"{}\" never stops: name what stops it", clock.id), "policy.clock_never_stops");
  if (clock.stops_at(clock.start)) {
    in.error(at + "/stop", fmt::format("the clock \"{}\" stops at what starts it, so it never runs", clock.id),
             "policy.clock_never_runs");
  }
  if (clock.on_reassign == OnReassign::kKeep && clock.start == ClockMoment::kOffered) {
    in.error(at + "/on_reassign", "a clock that starts with each offer has to restart with the next one",
             "policy.clock_overlaps");
  }
}

std::vector<int> read_steps(PolicyReader& in, const std::string& pointer, int above, int below) {
  auto steps = in.integers(pointer);
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (steps[i] <= above || steps[i] >= below || (i > 0 && steps[i] <= steps[i - 1])) {
      in.error(pointer, fmt::format("percent have to rise, above {} and below {}", above, below), "policy.bad_steps");
      return {};
    }
  }
  return steps;
}

ClockDefinition read_clock(PolicyReader& in, const std::string& id, const SlaPolicy& policy) {
  const auto at = "/clocks/" + id;
  ClockDefinition clock;
  clock.id = id;
  const auto start = kStarts[choose(in, at + "/start", "mql", kStarts)];
  clock.start = static_cast<ClockMoment>(std::find(kMoments.begin(), kMoments.end(), start) - kMoments.begin());
  in.each(at + "/stop", [&](const std::string& name, const std::string& place) {
    const auto found = std::find(kMoments.begin(), kMoments.end(), name);
    if (found == kMoments.end()) return in.bad_choice(place, name, kMoments);
    clock.stop.set(static_cast<std::size_t>(found - kMoments.begin()));
  });
  in.each(at + "/pause", [&](const std::string& name, const std::string& place) {
    const auto found = std::find(kConditions.begin(), kConditions.end(), name);
    if (found == kConditions.end()) return in.bad_choice(place, name, kConditions);
    clock.pause.set(static_cast<std::size_t>(found - kConditions.begin()));
  });
  read_budgets(in, at, clock);
  clock.working_time = in.text(at + "/unit", "working") == "working";
  clock.calendar = in.text(at + "/calendar", policy.calendar);
  clock.on_reassign = in.text(at + "/on_reassign", "keep") == "restart" ? OnReassign::kRestart : OnReassign::kKeep;
  clock.on_breach = static_cast<OnBreach>(choose(in, at + "/on_breach", "none", kBreachActions));
  clock.warnings = read_steps(in, at + "/warnings", 0, 100);
  clock.escalations = read_steps(in, at + "/escalations", 100, 100'001);
  clock.label_en = in.text(at + "/label/en", id);
  clock.label_de = in.text(at + "/label/de", clock.label_en);
  check_moments(in, at, clock);
  return clock;
}

}  // namespace

std::string_view to_string(ClockMoment moment) { return kMoments[static_cast<std::size_t>(moment)]; }

int ClockDefinition::step_after(int percent) const {
  for (const int step : warnings) {
    if (step > percent) return step;
  }
  if (percent < 100) return 100;
  for (const int step : escalations) {
    if (step > percent) return step;
  }
  return 0;
}

const ClockDefinition* SlaPolicy::find(std::string_view id) const {
  const auto found = std::find_if(clocks.begin(), clocks.end(), [&](const auto& c) { return c.id == id; });
  return found == clocks.end() ? nullptr : &*found;
}

bool SlaPolicy::is_human_channel(std::string_view channel) const {
  return std::find(human_channels.begin(), human_channels.end(), channel) != human_channels.end();
}

std::shared_ptr<const SlaPolicy> load_sla(const YamlDocument& yaml, Findings& findings) {
  auto policy = std::make_shared<SlaPolicy>();
  PolicyReader in(yaml, findings);
  policy->hash = content_hash(yaml.value);
  policy->approvals = read_approvals(yaml, findings);
  policy->calendar = in.text("/calendar");
  policy->max_hops = in.integer("/reassign/max_hops", policy->max_hops);
  policy->reassign_on_breach = in.integer("/reassign/on_breach", policy->reassign_on_breach);
  policy->marketing = in.text("/marketing");
  if (in.at("/evidence/kinds") != nullptr) {
    const auto kinds = in.texts("/evidence/kinds");
    policy->accept_external_id = std::find(kinds.begin(), kinds.end(), "external_id") != kinds.end();
    policy->accept_attested = std::find(kinds.begin(), kinds.end(), "attested") != kinds.end();
  }
  policy->human_channels = in.texts("/evidence/channels");
  if (policy->human_channels.empty()) policy->human_channels = {"email", "in_person", "meeting", "phone", "video"};
  std::sort(policy->human_channels.begin(), policy->human_channels.end());
  for (const auto& id : in.keys("/clocks")) {
    if (id == "score" || id == "wake" || id == "route") {
      in.error("/clocks/" + id, fmt::format("\"{}\" is the name of one of Baton's own timers", id), "policy.reserved_name");
    }
    policy->clocks.push_back(read_clock(in, id, *policy));
  }
  return in.failed() ? nullptr : policy;
}

}  // namespace baton
