#include "gateway/app/delivery/deliveries.h"

#include "adapters/engine/mail/mail_curl.h"

namespace baton {

Deliveries::Deliveries(Runtime& runtime)
    : leases_(runtime.leases),
      connections_(runtime.stores.open),
      stores_(runtime.stores.open),
      records_(runtime.configuration, runtime.access, stores_),
      outcomes_(runtime.applier(), stores_),
      preparation_{runtime.node, runtime.configuration, runtime.access, runtime.rehearsed, stores_},
      messages_(preparation_),
      tasks_(preparation_, outcomes_),
      feedback_(runtime.applier(), stores_) {}

DispatcherPorts Deliveries::ports() {
  return {connections_, leases_, records_, messages_, tasks_, feedback_, outcomes_};
}

std::unique_ptr<HttpClient> Deliveries::LiveConnections::open_http(const HttpOptions& options) {
  return make_http_client(options);
}

std::unique_ptr<MailClient> Deliveries::LiveConnections::open_mail(const MailOptions& options) {
  return make_mail_client(options);
}

}  // namespace baton
