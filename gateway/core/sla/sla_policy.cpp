#include "gateway/core/sla/sla_policy.h"

#include <algorithm>
#include <array>

#include "gateway/core/policy_file/policy_reader.h"
#include "gateway/core/sla/period_load.h"
#include "gateway/core/sla/sla_clock_load.h"
#include "mapping/json/json.h"

namespace baton {
namespace {

// Timers that do not belong to a clock.
bool is_own_timer(std::string_view id) {
  constexpr std::array<std::string_view, 6> kOwn = {"score",   "wake",   "route",
                                                    "meeting", "opt_in", "cool_down"};
  return std::find(kOwn.begin(), kOwn.end(), id) != kOwn.end();
}

void read_evidence(PolicyReader& in, SlaPolicy& policy) {
  if (in.at("/evidence/kinds") != nullptr) {
    const auto kinds = in.texts("/evidence/kinds");
    policy.accept_external_id = std::find(kinds.begin(), kinds.end(), "external_id") != kinds.end();
    policy.accept_attested = std::find(kinds.begin(), kinds.end(), "attested") != kinds.end();
  }
  policy.human_channels = in.texts("/evidence/channels");
  if (policy.human_channels.empty())
    policy.human_channels = {"email", "in_person", "meeting", "phone", "video"};
  std::sort(policy.human_channels.begin(), policy.human_channels.end());
}

void read_places(PolicyReader& in, SlaPolicy& policy) {
  for (std::size_t i = 0; i < in.size("/places"); ++i) {
    const auto at = "/places/" + std::to_string(i);
    policy.places.push_back({in.texts(at + "/countries"), in.texts(at + "/regions"),
                             in.text(at + "/calendar"), in.text(at + "/zone")});
  }
}

OnChange read_on_change(PolicyReader& in) {
  const auto mode = in.text("/on_change", "new_only");
  return mode == "from_now"      ? OnChange::kFromNow
         : mode == "retroactive" ? OnChange::kRetroactive
                                 : OnChange::kNewOnly;
}

}  // namespace

std::string_view to_string(OnChange mode) {
  return mode == OnChange::kNewOnly   ? "new_only"
         : mode == OnChange::kFromNow ? "from_now"
                                      : "retroactive";
}

Duration ClockStep::counted(Duration budget) const {
  if (percent > 0) return {budget.ms / 100 * percent + budget.ms % 100 * percent / 100};
  return budget + offset;
}

std::string ClockStep::name() const {
  if (percent > 0) return std::to_string(percent);
  return offset.ms < 0 ? to_string(Duration{-offset.ms}) + " left" : to_string(offset) + " over";
}

const ClockStep* ClockDefinition::step_after(Duration done, Duration budget) const {
  const ClockStep* next = nullptr;
  for (const auto& step : steps) {
    const auto counted = step.counted(budget);
    if (counted > done && (next == nullptr || counted < next->counted(budget))) next = &step;
  }
  return next;
}

const ClockDefinition* SlaPolicy::find(std::string_view id) const {
  const auto found =
      std::find_if(clocks.begin(), clocks.end(), [&](const auto& c) { return c.id == id; });
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
  policy->on_change = read_on_change(in);
  policy->max_hops = in.integer("/reassign/max_hops", policy->max_hops);
  policy->reassign_on_breach = in.integer("/reassign/on_breach", policy->reassign_on_breach);
  policy->marketing = RepId(in.text("/marketing"));
  policy->downtime_after = in.duration("/downtime_after", policy->downtime_after);
  read_evidence(in, *policy);
  read_places(in, *policy);
  read_periods(in, *policy);
  read_forecast(in, *policy);
  for (const auto& id : in.keys("/clocks")) {
    if (is_own_timer(id))
      in.error("/clocks/" + id, "\"" + id + "\" is the name of a timer that Baton uses itself",
               "policy.reserved_name");
    policy->clocks.push_back(read_clock(in, id, *policy));
    check_clock(in, "/clocks/" + id, policy->clocks.back());
  }
  return in.failed() ? nullptr : policy;
}

}  // namespace baton
