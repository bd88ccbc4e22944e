#pragma once

#include "adapters/crm.h"
#include "adapters/crm_outcome.h"
#include "adapters/crm_template.h"

namespace baton {

// What CRM destinations and notification channels have in common in their configuration.

// A built-in or user adapter's spec, parsed and checked; its value is null where there is none.
YamlDocument load_adapter_spec(std::string_view kind, const YamlDocument& config, std::string_view pointer,
                               std::string_view adapter, const std::string& user_adapters, Findings& findings);
HttpOptions read_http_options(const json::object* http);
// An absolute http(s) URL without user info; findings otherwise (never with the URL in them: it may
// be a secret).
bool check_url(const YamlDocument& document, std::string_view pointer, std::string_view what, const std::string& url,
               Findings& findings);

}  // namespace baton
