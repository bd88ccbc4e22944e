#include "gateway/core/model/effect.h"

#include <array>

namespace baton {

std::string_view to_string(NoticeKind kind) {
  constexpr std::array<std::string_view, 9> kNames = {"offer",      "warning",    "breach",
                                                      "escalation", "reassigned", "withdrawn",
                                                      "resolved",   "task",       "corrected"};
  return kNames[static_cast<std::size_t>(kind)];
}

}  // namespace baton
