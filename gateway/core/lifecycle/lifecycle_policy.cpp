#include "gateway/core/lifecycle/lifecycle_policy.h"

#include <algorithm>

#include <fmt/format.h>

#include "gateway/core/policy_file/policy_reader.h"
#include "mapping/json/json.h"

namespace baton {
namespace {

const std::vector<std::string> kGrades = {"A1", "A2", "A3", "A4", "B1", "B2", "B3", "B4",
                                          "C1", "C2", "C3", "C4", "D1", "D2", "D3", "D4"};
const std::vector<std::string> kKinds = {"procedural", "clerical", "definitional"};

ReasonCatalogue read_catalogue(PolicyReader& in, const std::string& pointer) {
  ReasonCatalogue out;
  for (std::size_t i = 0; i < in.size(pointer); ++i) {
    const auto item = fmt::format("{}/{}", pointer, i);
    ReasonEntry entry;
    entry.code = in.text(item + "/code");
    const auto kind = in.text(item + "/kind", "definitional");
    const auto found = std::find(kKinds.begin(), kKinds.end(), kind);
    if (found == kKinds.end()) {
      in.bad_choice(item + "/kind", kind, kKinds);
    } else {
      entry.kind = static_cast<RejectKind>(found - kKinds.begin());
    }
    entry.permanent = in.boolean(item + "/permanent", false);
    entry.label = in.label(item + "/label", entry.code);
    if (out.find(entry.code) != nullptr)
      in.error(item + "/code", fmt::format("the reason \"{}\" is defined twice", entry.code),
               "policy.duplicate");
    out.entries.push_back(std::move(entry));
  }
  return out;
}

void read_mql(PolicyReader& in, LifecyclePolicy& policy) {
  in.each("/mql/grades", [&](const std::string& grade, const std::string& place) {
    if (std::find(kGrades.begin(), kGrades.end(), grade) == kGrades.end())
      in.bad_choice(place, grade, kGrades);
    policy.mql_grades.push_back(grade);
  });
  std::sort(policy.mql_grades.begin(), policy.mql_grades.end());
  in.each("/mql/types", [&](const std::string& name, const std::string& place) {
    const auto intent = parse_intent(name);
    if (!intent)
      return in.bad_choice(place, name, {"informational", "hand_raiser", "transactional"});
    policy.mql_types[static_cast<std::size_t>(*intent)] = true;
  });
  policy.mql_icp = in.boolean("/mql/icp_confirmed", true);
  policy.trigger_max_age = in.duration("/mql/trigger_max_age", policy.trigger_max_age);
  if (in.at("/mql/contactable_by") != nullptr) {
    const auto by = in.texts("/mql/contactable_by");
    policy.contact_by_email = std::find(by.begin(), by.end(), "email") != by.end();
    policy.contact_by_phone = std::find(by.begin(), by.end(), "phone") != by.end();
  }
  if (policy.mql_grades.empty() && policy.mql_types == std::array<bool, 3>{} && !policy.mql_icp)
    in.error("/mql", "no condition makes an MQL: set grades, types, or icp_confirmed",
             "policy.unreachable");
}

void read_tracking(PolicyReader& in, LifecyclePolicy& policy) {
  in.each("/tracking/basis_required", [&](const std::string& name, const std::string& place) {
    if (const auto type = parse_touch_type(name)) {
      policy.needs_tracking_basis.set(static_cast<std::size_t>(*type));
      return;
    }
    std::vector<std::string> names;
    for (int i = 0; i < kTouchTypes; ++i) names.emplace_back(to_string(static_cast<TouchType>(i)));
    in.bad_choice(place, name, names);
  });
}

}  // namespace

std::string_view to_string(RejectKind kind) { return kKinds[static_cast<std::size_t>(kind)]; }

const ReasonEntry* ReasonCatalogue::find(std::string_view code) const {
  const auto found =
      std::find_if(entries.begin(), entries.end(), [&](const auto& e) { return e.code == code; });
  return found == entries.end() ? nullptr : &*found;
}

std::shared_ptr<const LifecyclePolicy> load_lifecycle(const YamlDocument& yaml,
                                                      Findings& findings) {
  auto policy = std::make_shared<LifecyclePolicy>();
  PolicyReader in(yaml, findings);
  policy->hash = content_hash(yaml.value);
  policy->approvals = read_approvals(yaml, findings);
  read_mql(in, *policy);
  read_tracking(in, *policy);
  policy->cool_down = in.duration("/nurture/cool_down", policy->cool_down);
  policy->max_cycles = in.integer("/nurture/max_cycles", policy->max_cycles);
  policy->max_attempts = in.integer("/attempts/max", policy->max_attempts);
  policy->icp_no =
      in.text("/icp/no", "nurture") == "disqualify" ? Stage::kDisqualified : Stage::kNurture;
  policy->push_from = parse_stage(in.text("/push/from", "lead")).value_or(Stage::kLead);
  in.each("/push/tasks", [&](const std::string& name, const std::string& place) {
    const auto kind = crm_task_kind(name);
    if (!kind) return in.bad_choice(place, name, {kCrmTaskKinds.begin(), kCrmTaskKinds.end()});
    policy->push_tasks.set(*kind);
  });
  policy->reject = read_catalogue(in, "/reasons/reject");
  policy->recycle = read_catalogue(in, "/reasons/recycle");
  policy->disqualify = read_catalogue(in, "/reasons/disqualify");
  policy->lost = read_catalogue(in, "/reasons/lost");
  policy->work = read_work(in);
  return in.failed() ? nullptr : policy;
}

}  // namespace baton
