#pragma once

#include "adapters/engine/crm/crm_load.h"

namespace baton {

// Shared by the examples of all parts of a CRM adapter.

// Uses the example's configuration as the destination's file.
YamlDocument example_config(const YamlDocument& spec, const json::object& example);
CrmRecord example_record(const json::object& record);
HttpResult example_answer(const json::object& example);
// Returns a request in the form that examples use: method, path, body.
json::object example_request(const HttpRequest& request);

}  // namespace baton
