#pragma once

#include "adapters/engine/crm/crm_load.h"

namespace baton {

// What the examples of a CRM adapter's parts have in common.

// The example's own configuration stands for a destination's file.
YamlDocument example_config(const YamlDocument& spec, const json::object& example);
CrmRecord example_record(const json::object& record);
HttpResult example_answer(const json::object& example);
// A request as examples state it: method, path, body.
json::object example_request(const HttpRequest& request);

}  // namespace baton
