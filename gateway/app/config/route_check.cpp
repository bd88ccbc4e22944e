#include "gateway/app/config/route_check.h"

namespace baton {

RouteProbe check_routes(const Deployment& deployment, Instant now) {
  const auto document = deployment.documents.find("policy/routing.yaml");
  if (!deployment.policy || document == deployment.documents.end()) return {};
  // Without sources, the configuration is unfinished and the possible values are unknown.
  std::optional<Delivered> delivered;
  for (const auto& source : deployment.sources) {
    if (!delivered) delivered.emplace();
    auto output = source->output();
    delivered->sources.insert(source->name());
    delivered->touches.merge(output.touches);
    delivered->fields.merge(output.fields);
  }
  if (delivered) delivered->crm = !deployment.crms.empty();
  return probe_routing(document->second, *deployment.policy, delivered, now);
}

}  // namespace baton
