#pragma once

#include "adapters/crm.h"
#include "adapters/crm_declared.h"
#include "adapters/crm_outcome.h"
#include "adapters/crm_template.h"

namespace baton {

// What CRM destinations and notification channels have in common in their configuration.

// A built-in or user adapter's spec, parsed and checked; its value is null where there is none.
YamlDocument load_adapter_spec(std::string_view kind, const YamlDocument& config, std::string_view pointer,
                               std::string_view adapter, const std::string& user_adapters, Findings& findings);
CallTemplate read_call(const json::object& call, std::string_view default_method);
HttpOptions read_http_options(const json::object* http);
// A destination of a spec that passed its schema.
std::unique_ptr<Crm> make_crm(const YamlDocument& config, YamlDocument spec, Findings& findings);
// The spec's part `feedback`, with the configuration's members in it already; nothing where there is
// none, or it is switched off.
std::optional<FeedbackPlan> read_feedback(const YamlDocument& config, const YamlDocument& spec, const CrmPlan& plan,
                                          Findings& findings);
// An absolute http(s) URL without user info; findings otherwise (never with the URL in them: it may
// be a secret).
bool check_url(const YamlDocument& document, std::string_view pointer, std::string_view what, const std::string& url,
               Findings& findings);

}  // namespace baton
