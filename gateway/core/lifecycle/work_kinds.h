#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace baton {

// The kinds of work that a CRM can show as a task, in the order of their bits in
// LifecyclePolicy::push_tasks.
inline constexpr std::array<std::string_view, 4> kCrmTaskKinds{"qualify", "connect", "reschedule",
                                                               "handover"};

// The index of a kind in kCrmTaskKinds. Empty for any other name.
std::optional<std::size_t> crm_task_kind(std::string_view name);

}  // namespace baton
