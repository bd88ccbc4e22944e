#include "gateway/core/policy_file/approval.h"

#include <fmt/format.h>

#include "gateway/core/policy_file/policy_reader.h"

namespace baton {
namespace {

Approval read_approval(PolicyReader& in, const std::string& who) {
  Approval out{in.text("/approvals/" + who + "/by"), in.text("/approvals/" + who + "/on")};
  if (out.by.empty() || out.on.empty()) {
    in.warn("/approvals",
            fmt::format("{} has not approved this policy: approvals.{} needs \"by\" and \"on\"",
                        who, who),
            "policy.not_approved");
  }
  return out;
}

}  // namespace

Approvals read_approvals(const YamlDocument& yaml, Findings& findings) {
  PolicyReader in(yaml, findings);
  return {read_approval(in, "marketing"), read_approval(in, "sales")};
}

}  // namespace baton
