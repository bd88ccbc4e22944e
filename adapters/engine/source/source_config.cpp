#include "adapters/engine/source/source_config.h"

#include <algorithm>

#include <fmt/format.h>

#include "adapters/engine/source/adapter_files.h"
#include "mapping/map/map_compile_parts.h"
#include "mapping/normalise/country.h"
#include "mapping/schema/schema.h"

namespace baton {
namespace {

const json::object& root_of(const YamlDocument& document) {
  static const json::object empty;
  const auto* root = document.value.if_object();
  return root != nullptr ? *root : empty;
}

// Every member that is not common to all configurations is a setting of the adapter.
bool is_common(std::string_view key) {
  static constexpr std::array<std::string_view, 14> kCommon{"adapter",
                                                            "region",
                                                            "touch",
                                                            "intent",
                                                            "by_asset",
                                                            "consent",
                                                            "map",
                                                            "verify",
                                                            "unsigned",
                                                            "max_body",
                                                            "requests_per_second",
                                                            "ok_status",
                                                            "ok_body",
                                                            "description"};
  return std::find(kCommon.begin(), kCommon.end(), key) != kCommon.end();
}

std::vector<std::string> setting_names(const SourceSpec& spec, const SourceConfig& config) {
  std::vector<std::string> names;
  for (const auto& [name, setting] : spec.settings) names.push_back(name);
  for (const auto& scheme : config.verify) {
    names.push_back(scheme.secret_setting);
    if (!scheme.username_setting.empty()) names.push_back(scheme.username_setting);
  }
  return names;
}

void read_config_settings(const YamlDocument& document, const SourceSpec& spec,
                          SourceConfig& config, Findings& findings) {
  const auto names = setting_names(spec, config);
  for (const auto& member : root_of(document)) {
    const std::string_view key = member.key();
    if (is_common(key)) continue;
    const std::string pointer = child("", key);
    if (std::find(names.begin(), names.end(), key) == names.end()) {
      const std::string nearest = did_you_mean(key, names);
      findings.push_back(document.finding(
          pointer + "#key",
          nearest.empty() ? fmt::format("adapter {} has no setting \"{}\"", spec.name, key)
                          : fmt::format("adapter {} has no setting \"{}\"; did you mean \"{}\"?",
                                        spec.name, key, nearest),
          "config.unknown_key"));
      continue;
    }
    config.settings[std::string(key)] = scalar_texts(&member.value());
  }
}

bool has_value(const SourceConfig& config, const std::string& name) {
  const auto found = config.settings.find(name);
  return found != config.settings.end() && std::any_of(found->second.begin(), found->second.end(),
                                                       [](const auto& v) { return !v.empty(); });
}

// Without its secret a source would refuse every delivery, so this is reported at start.
void check_secrets(const YamlDocument& document, const SourceSpec& spec, const SourceConfig& config,
                   Findings& findings) {
  if (config.verify.empty()) {
    for (const auto& [name, setting] : spec.settings)
      if (setting.required && !has_value(config, name))
        findings.push_back(
            document.finding('/' + pointer_segment(name),
                             fmt::format("\"{}\" is missing or empty: {}", name, setting.help),
                             "config.missing_key"));
    if (spec.verify.empty())
      findings.push_back(document.finding(
          "",
          fmt::format("adapter {} cannot verify the sender; add verify, or unsigned: true",
                      spec.name),
          "source.no_verify"));
    return;
  }
  for (const auto& scheme : config.verify)
    if (scheme.method != VerifyMethod::kNone && !has_value(config, scheme.secret_setting))
      findings.push_back(document.finding(
          '/' + pointer_segment(scheme.secret_setting),
          fmt::format("\"{}\" is missing or empty, and verify needs it", scheme.secret_setting),
          "config.missing_key"));
}

void read_verification(const YamlDocument& document, const json::object& root, SourceConfig& config,
                       Findings& findings) {
  if (boolean(root, "unsigned")) {
    VerifySpec none;
    none.method = VerifyMethod::kNone;
    config.verify = {none};
    auto warning = document.finding(
        "/unsigned", "anyone who knows the address can send to this source", "source.unsigned");
    warning.warning = true;
    findings.push_back(std::move(warning));
    return;
  }
  config.verify = read_verify(document, "/verify", root.if_contains("verify"), findings);
}

}  // namespace

SourceConfig read_source_config(const YamlDocument& document, const SourceSpec& spec, bool bare,
                                Findings& findings) {
  SourceConfig config;
  append(findings, check_schema(document, "source_config"));
  const auto& root = root_of(document);
  read_verification(document, root, config, findings);
  read_config_settings(document, spec, config, findings);
  if (!bare) check_secrets(document, spec, config, findings);
  config.max_body = static_cast<std::size_t>(integer(root, "max_body", 1 << 20));
  if (root.contains("requests_per_second"))
    config.requests_per_second = integer(root, "requests_per_second");
  if (root.contains("ok_status")) config.ok_status = static_cast<int>(integer(root, "ok_status"));
  if (root.contains("ok_body")) config.ok_body = std::string(text(root, "ok_body"));
  if (const auto region = text(root, "region");
      !region.empty() && normalise_country(region) != region)
    findings.push_back(document.finding("/region", "not an ISO 3166-1 country code; write \"DE\"",
                                        "config.bad_value"));
  return config;
}

std::string adapter_of(const YamlDocument& config, Findings& findings) {
  const std::string name(text(root_of(config), "adapter"));
  if (name.empty())
    findings.push_back(config.finding("", "no adapter given; add, for example, adapter: typeform",
                                      "config.missing_key"));
  return name;
}

std::optional<SourceSpec> load_source_spec(const YamlDocument& config, const std::string& adapter,
                                           const std::string& user_adapters, Findings& findings) {
  if (adapter.empty()) return std::nullopt;
  const auto found = adapter_text("sources", adapter, user_adapters);
  if (!found) {
    std::vector<std::string> known;
    for (const auto& info : list_adapters(user_adapters))
      if (info.kind == "sources") known.push_back(info.name);
    const std::string nearest = did_you_mean(adapter, known);
    findings.push_back(config.finding(
        "/adapter",
        nearest.empty()
            ? fmt::format("unknown adapter \"{}\"; the available ones are {}", adapter,
                          fmt::join(known, ", "))
            : fmt::format("unknown adapter \"{}\"; did you mean \"{}\"?", adapter, nearest),
        "source.unknown_adapter"));
    return std::nullopt;
  }
  auto document = parse_yaml(found->first, found->second, findings);
  if (has_errors(findings)) return std::nullopt;
  auto spec = read_source_spec(std::move(document), findings);
  if (has_errors(findings)) return std::nullopt;
  return spec;
}

}  // namespace baton
