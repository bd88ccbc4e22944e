#include "gateway/app/admin/admin_backend.h"
#include "gateway/app/reports/report_messages.h"

namespace baton {
namespace {

// The part of the reports that the node of partition 0 published last.
Result<json::object> published(Store& store, std::string_view part) {
  auto value = store.get_value(kReportsValue);
  if (!value) return value.error();
  if (value->empty()) return json::object{{"items", json::array()}};
  auto parsed = parse_json(*value);
  if (!parsed) return parsed.error();
  const auto* all = parsed->if_object();
  const auto* items = all == nullptr ? nullptr : array(*all, part);
  if (items == nullptr) return json::object{{"items", json::array()}};
  return json::object{{"at", text(*all, "at")}, {"items", *items}};
}

}  // namespace

Result<json::object> AdminBackend::forecast() {
  const std::lock_guard lock(mutex_);
  auto s = store();
  if (!s) return s.error();
  return published(**s, "forecast");
}

Result<json::object> AdminBackend::periods() {
  const std::lock_guard lock(mutex_);
  auto s = store();
  if (!s) return s.error();
  return published(**s, "periods");
}

json::object AdminBackend::clock_health() {
  return runtime_.node.clock_health.view(runtime_.node.max_skew);
}

}  // namespace baton
