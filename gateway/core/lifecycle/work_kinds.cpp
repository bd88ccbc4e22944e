#include "gateway/core/lifecycle/work_kinds.h"

#include <algorithm>

namespace baton {

std::optional<std::size_t> crm_task_kind(std::string_view name) {
  const auto found = std::find(kCrmTaskKinds.begin(), kCrmTaskKinds.end(), name);
  if (found == kCrmTaskKinds.end()) return std::nullopt;
  return static_cast<std::size_t>(found - kCrmTaskKinds.begin());
}

}  // namespace baton
