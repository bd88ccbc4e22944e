#include "gateway/core/model/reopen.h"

namespace baton {
namespace {

constexpr std::string_view kReopen = "reopen:";

}  // namespace

std::string reopen_held(const ReopenAsked& asked) {
  return std::string(kReopen).append(asked.by).append(":").append(asked.reason);
}

std::optional<ReopenAsked> reopen_asked(const Lead& lead) {
  if (lead.stage != Stage::kDisqualified || !lead.hold.starts_with(kReopen)) return std::nullopt;
  const auto rest = lead.hold.substr(kReopen.size());
  const auto colon = rest.find(':');
  return ReopenAsked{rest.substr(0, colon),
                     colon == std::string::npos ? std::string() : rest.substr(colon + 1)};
}

}  // namespace baton
