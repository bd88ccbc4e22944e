#include "gateway/cli/cmd_config.h"

#include <algorithm>

#include <fmt/format.h>

#include "gateway/app/config/deployment.h"
#include "gateway/app/config/route_check.h"
#include "gateway/cli/output.h"
#include "gateway/platform/clock.h"
#include "gateway/platform/exit_code.h"
#include "mapping/json/json.h"
#include "mapping/schema/schema.h"

namespace baton {
namespace {

void hide(json::value& document, const std::vector<std::string>& pointers) {
  for (const auto& pointer : pointers) {
    json::error_code ec;
    if (auto* node = document.find_pointer(pointer, ec)) *node = "<secret>";
  }
}

// Writes JSON in the style of YAML, for humans. It does not round-trip.
void write_text(const json::value& v, int depth, std::string& out) {
  const std::string indent(static_cast<std::size_t>(depth) * 2, ' ');
  if (const auto* o = v.if_object()) {
    for (const auto& m : *o) {
      out += fmt::format("{}{}:", indent, std::string_view(m.key()));
      const bool nested = m.value().is_object() || m.value().is_array();
      out += nested ? "\n" : " ";
      write_text(m.value(), depth + 1, out);
    }
  } else if (const auto* a = v.if_array()) {
    for (const auto& item : *a) {
      out += fmt::format("{}-{}", indent, item.is_object() || item.is_array() ? "\n" : " ");
      write_text(item, depth + 1, out);
    }
  } else {
    out += json::serialize(v) + '\n';
  }
}

}  // namespace

int cmd_check(const std::string& folder, bool as_json) {
  Findings findings;
  const Deployment deployment = load_deployment(folder, findings);
  append(findings, check_routes(deployment, system_clock().now()).findings);
  const bool failed = has_errors(findings);
  if (as_json) {
    print(json::serialize(json::object{{"ok", !failed}, {"findings", to_json(findings)}}));
  } else {
    for (const auto& finding : findings) print(to_string(finding));
    const auto errors = std::count_if(findings.begin(), findings.end(),
                                      [](const Finding& f) { return !f.warning; });
    complain(failed
                 ? counted(static_cast<std::uint64_t>(errors), "error")
                 : fmt::format("{} is valid: {}, {}, {}{}", folder,
                               counted(deployment.sources.size(), "source"),
                               counted(deployment.crms.size(), "CRM"),
                               counted(deployment.notifiers.size(), "channel"),
                               findings.empty() ? "" : "; " + counted(findings.size(), "warning")));
  }
  return failed ? kExitConfig : kExitOk;
}

int cmd_config_show(const std::string& folder, bool as_json) {
  Findings findings;
  Deployment deployment = load_deployment(folder, findings);
  complain(findings);
  json::object all;
  for (auto& [path, document] : deployment.documents) {
    hide(document.value, deployment.secrets[path]);
    all.emplace(path, document.value);
  }
  std::string text;
  if (as_json)
    text = json::serialize(all);
  else
    write_text(all, 0, text);
  print(text);
  return has_errors(findings) ? kExitConfig : kExitOk;
}

int cmd_schema(const std::string& kind) {
  const std::string_view text = schema_text(kind);
  if (!text.empty()) {
    print(text);
    return kExitOk;
  }
  for (const auto& known : schema_kinds()) print(known);
  if (kind.empty()) return kExitOk;
  const std::string meant = did_you_mean(kind, schema_kinds());
  complain(fmt::format("no schema has this name{}",
                       meant.empty() ? "" : "; did you mean " + meant + "?"));
  return kExitUsage;
}

}  // namespace baton
