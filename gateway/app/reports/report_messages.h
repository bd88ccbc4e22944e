#pragma once

#include <string>
#include <string_view>

#include "gateway/app/dispatch/dispatcher.h"
#include "gateway/app/documents/documents.h"
#include "gateway/app/engine/configuration.h"
#include "gateway/app/reports/digest_data.h"
#include "gateway/platform/clock.h"
#include "gateway/store/store.h"
#include "mapping/json/json.h"

namespace baton {

// Messages about no single lead: the digest, a forecast, a target of marketing, Baton's own clocks.
// They wait in the outbox of a separate document, which holds no customer's name.

inline constexpr std::string_view kReportsDocument =
    "~reports";  // of kind 'o'; no pool can be called so
inline constexpr std::string_view kReportsValue = "reports";  // their name in the API
bool is_report(const DocKey& key);

// The sources of a report's message.
struct ReportContext {
  const Configuration& configuration;
  const Documents& documents;
  const Clock& clock;
};

struct Report {
  std::string kind;  // "digest", "forecast", "period", "clocks"
  RepId recipient;
  std::string channel;  // "": as routes say
  json::object data;
};
OutboxItem report_item(std::string key, const Report& report, Instant not_before);

// The text of an item in its reader's language; the names of customers are looked up now. Nothing
// if the reader has left.
Result<std::optional<OutgoingMessage>> report_message(const ReportContext& context, Store& store,
                                                      const OutboxItem& item);

// The single reports.
Message compose_forecast(const json::object& data, const Texts& texts, std::string_view zone,
                         Instant now);
Message compose_period(const json::object& data, const Texts& texts, std::string_view zone,
                       Instant now);
Message compose_clocks(const json::object& data, const Texts& texts);

}  // namespace baton
