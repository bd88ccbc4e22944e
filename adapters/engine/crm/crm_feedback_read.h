#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "adapters/engine/crm/crm_declared.h"

namespace baton {

// The parts that reading a record and following what belongs to it have in common.

// The text at a JSON pointer; "" where there is none, or no pointer.
std::string feedback_text(const json::value& record, const std::string& pointer);
// RFC 3339, or seconds or milliseconds since 1970.
std::optional<Instant> feedback_instant(const json::value& value);
// One element that the events of the adapter are asked about.
json::object feedback_change(const std::string& id, std::string_view property,
                             const json::value& value);
// What the elements say, oldest first.
std::vector<Touch> feedback_touches(const CrmPlan& plan, const json::value& record,
                                    json::array changes, Instant received_at);

// A record of an answer, and which item of the call it is about.
struct FoundRecord {
  std::size_t item = 0;
  std::string id;  // over there
  json::value record;
};
// Asks for what belongs to these; the plan must outlive it.
std::unique_ptr<FeedbackFollow> make_declared_follow(const CrmPlan& plan,
                                                     std::vector<FoundRecord> records,
                                                     Instant received_at);

}  // namespace baton
