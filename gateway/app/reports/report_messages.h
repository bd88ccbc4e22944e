#pragma once

#include <string>
#include <string_view>

#include "gateway/app/dispatch/dispatcher.h"
#include "gateway/app/engine/runtime.h"
#include "gateway/app/reports/digest_data.h"
#include "gateway/store/store.h"
#include "mapping/json/json.h"

namespace baton {

// Messages that are about no single lead: the digest, a forecast, a promise of marketing, Baton's
// own clocks. They wait in the outbox of a document of their own, and hold no customer's name
// there.

inline constexpr std::string_view kReportsDocument =
    "~reports";  // of kind 'o'; no pool can be called so
inline constexpr std::string_view kReportsValue = "reports";  // what the API tells of them
bool is_report(const DocKey& key);

struct Report {
  std::string kind;       // "digest", "forecast", "period", "clocks"
  std::string recipient;  // rep id
  std::string channel;    // "": as routes say
  json::object data;
};
OutboxItem report_item(std::string key, const Report& report, Instant not_before);

// The text of an item, in its reader's language; names of customers are looked up now. Nothing
// where its reader has left.
Result<std::optional<OutgoingMessage>> report_message(const Runtime& runtime, Store& store,
                                                      const OutboxItem& item);

// The parts of it, for themselves.
Message compose_forecast(const json::object& data, std::string_view language, std::string_view zone,
                         Instant now);
Message compose_period(const json::object& data, std::string_view language, std::string_view zone,
                       Instant now);
Message compose_clocks(const json::object& data, std::string_view language);

}  // namespace baton
