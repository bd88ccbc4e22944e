#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "adapters/engine/crm/crm_declared.h"

namespace baton {

// Shared by reading a record and following the objects that belong to it.

// Returns the text at a JSON pointer; "" if it is missing or the pointer is empty.
std::string feedback_text(const json::value& record, const std::string& pointer);
// Parses RFC 3339, or seconds or milliseconds since 1970.
std::optional<Instant> feedback_instant(const json::value& value);
// Returns one element for the event rules of the adapter.
json::object feedback_change(const std::string& id, std::string_view property,
                             const json::value& value);
// Returns the touches of the elements, oldest first.
std::vector<Touch> feedback_touches(const CrmPlan& plan, const json::value& record,
                                    json::array changes, Instant received_at);

// A record in a response, and the item of the call it belongs to.
struct FoundRecord {
  std::size_t item = 0;
  std::string id;  // in the CRM
  json::value record;
};

}  // namespace baton
