#pragma once

#include "adapters/engine/crm/crm.h"
#include "adapters/engine/crm/crm_declared.h"
#include "adapters/engine/crm/crm_outcome.h"
#include "adapters/engine/crm/crm_template.h"

namespace baton {

// What CRM destinations and notification channels have in common in their configuration.

// A built-in or user adapter's spec, parsed and checked; its value is null where there is none.
YamlDocument load_adapter_spec(std::string_view kind, const YamlDocument& config,
                               std::string_view pointer, std::string_view adapter,
                               const std::string& user_adapters, Findings& findings);
CallTemplate read_call(const json::object& call, std::string_view default_method);
HttpOptions read_http_options(const json::object* http);
// A destination of a spec that passed its schema.
std::unique_ptr<Crm> make_crm(const YamlDocument& config, YamlDocument spec, Findings& findings);
Repeat read_repeat(std::string_view name);
// Whether a template names the person's id over there.
bool uses_ref(const json::value& value);
bool uses_ref(const CallTemplate& call);

// Where a part of a spec stands that the configuration may have replaced: the destination's file,
// else the adapter's.
struct SpecPlace {
  const YamlDocument& config;
  const YamlDocument& spec;
  Finding finding(const std::string& pointer, std::string message, std::string code) const;
  // A length of time at `at`/`key`; as it was where there is none.
  void read_time(const json::object& in, std::string_view key, const std::string& at, Duration& out,
                 Findings& findings) const;
};

// The spec's part `tasks`, likewise.
std::optional<TaskPlan> read_tasks(const YamlDocument& config, const YamlDocument& spec,
                                   const CrmPlan& plan, Findings& findings);
// The spec's part `feedback`, with the configuration's members in it already; nothing where there
// is none, or it is switched off.
std::optional<FeedbackPlan> read_feedback(const YamlDocument& config, const YamlDocument& spec,
                                          const CrmPlan& plan, Findings& findings);
// An absolute http(s) URL without user info; findings otherwise (never with the URL in them: it may
// be a secret).
bool check_url(const YamlDocument& document, std::string_view pointer, std::string_view what,
               const std::string& url, Findings& findings);

}  // namespace baton
