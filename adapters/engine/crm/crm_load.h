#pragma once

#include "adapters/engine/crm/crm.h"
#include "adapters/engine/crm/crm_declared.h"
#include "adapters/engine/crm/crm_outcome.h"
#include "adapters/engine/crm/crm_template.h"

namespace baton {

// Configuration code shared by CRM destinations and notification channels.

// Returns the parsed and checked spec of a built-in or user adapter; its value is null if it does
// not exist.
YamlDocument load_adapter_spec(std::string_view kind, const YamlDocument& config,
                               std::string_view pointer, std::string_view adapter,
                               const std::string& user_adapters, Findings& findings);
CallTemplate read_call(const json::object& call, std::string_view default_method);
HttpOptions read_http_options(const json::object* http);
// Checks each entry of the list `pointer` (of `allow_private`). Warns of a host name that no URL
// can have.
void check_allow_private(const YamlDocument& document, const std::string& pointer,
                         const std::vector<std::string>& entries, Findings& findings);
// Builds a destination from a spec that passed its schema.
std::unique_ptr<Crm> make_crm(const YamlDocument& config, YamlDocument spec, Findings& findings);
Repeat read_repeat(std::string_view name);
// Return whether a template refers to the person's id in the CRM.
bool uses_ref(const json::value& value);
bool uses_ref(const CallTemplate& call);

// Finds the place of a part of a spec that the configuration may override: in the destination's
// file, otherwise in the adapter's.
struct SpecPlace {
  const YamlDocument& config;
  const YamlDocument& spec;
  Finding finding(const std::string& pointer, std::string message, std::string code) const;
  // Reads the duration at `at`/`key` into `out`; leaves `out` unchanged if it is missing.
  void read_time(const json::object& in, std::string_view key, const std::string& at, Duration& out,
                 Findings& findings) const;
};

// Checks for an absolute http(s) URL without user info. Findings never quote the URL, because it
// may be a secret.
bool check_url(const YamlDocument& document, std::string_view pointer, std::string_view what,
               const std::string& url, Findings& findings);

// Builds a destination from its configuration file (crm/<name>.yaml of the config folder: adapter,
// mode, settings, overrides) and the adapter's spec (built in, or from the user's `adapters`
// folder). Returns null after errors, which are in `findings`.
std::unique_ptr<Crm> make_crm(const YamlDocument& config, const std::string& user_adapters,
                              Findings& findings);

}  // namespace baton
