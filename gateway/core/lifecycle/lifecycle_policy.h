#pragma once

#include <array>
#include <bitset>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/core/lifecycle/work_kinds.h"
#include "gateway/core/lifecycle/work_policy.h"
#include "gateway/core/model/person.h"
#include "gateway/core/policy_file/approval.h"
#include "gateway/core/text/label.h"
#include "mapping/map/touch.h"
#include "mapping/schema/finding.h"
#include "mapping/schema/yaml.h"

namespace baton {

// policy/lifecycle.yaml, compiled: the conditions of an MQL, the return from nurture, the number of
// attempts, and the reasons sales may give. Read-only once loaded.

// The kind of a rejection before contact, which decides who made the mistake (T7 to T9).
enum class RejectKind : std::uint8_t { kProcedural, kClerical, kDefinitional };
std::string_view to_string(RejectKind kind);

struct ReasonEntry {
  std::string code;
  RejectKind kind = RejectKind::kDefinitional;  // of rejections
  bool permanent = false;  // of disqualifications: a later request opens no new lead
  Label label;
};

struct ReasonCatalogue {
  std::vector<ReasonEntry> entries;
  const ReasonEntry* find(std::string_view code) const;
};

struct LifecyclePolicy {
  std::string hash;
  Approvals approvals;

  // T4: any of these, if the guard holds.
  std::vector<std::string> mql_grades;  // sorted
  std::array<bool, 3> mql_types{};      // by Intent
  bool mql_icp = true;                  // an SDR's confirmation of the customer profile
  bool contact_by_email = true, contact_by_phone = true;
  Duration trigger_max_age = days(30);  // older touches (imports) are history, not a trigger

  // T17.
  Duration cool_down = days(30);
  int max_cycles = 6;  // for a return by grade; a request for contact always returns

  int max_attempts = 4;                           // T11: evidenced attempts without an answer
  Stage icp_no = Stage::kNurture;                 // or kDisqualified
  Stage push_from = Stage::kLead;                 // CRMs see the person from this stage on
  std::bitset<kCrmTaskKinds.size()> push_tasks;   // which of kCrmTaskKinds CRMs show as tasks
  std::bitset<kTouchTypes> needs_tracking_basis;  // do not score without a legal basis (C22)

  ReasonCatalogue reject, recycle, disqualify, lost;
  WorkPolicy work;
};

// Compiles a document that has passed check_schema(document, "lifecycle"). Returns null if it adds
// an error.
std::shared_ptr<const LifecyclePolicy> load_lifecycle(const YamlDocument& yaml, Findings& findings);

}  // namespace baton
