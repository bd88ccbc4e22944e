#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace baton {

// Adapter specs by kind ("sources", "crm", "notify"): built in, and the user's, which take
// precedence.
struct AdapterInfo {
  std::string kind, name, title, stability;
  bool built_in = true;
};
std::vector<AdapterInfo> list_adapters(const std::string& user_adapters);
// Returns the text of a spec and the name to show in findings.
std::optional<std::pair<std::string, std::string>> adapter_text(std::string_view kind,
                                                                std::string_view name,
                                                                const std::string& user_adapters);

}  // namespace baton
