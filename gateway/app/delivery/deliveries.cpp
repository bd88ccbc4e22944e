#include "gateway/app/delivery/deliveries.h"

#include "adapters/engine/mail/mail_curl.h"

namespace baton {

Deliveries::Deliveries(Runtime& runtime)
    : leases_(runtime.leases),
      connections_(runtime.open_store),
      stores_(runtime.open_store),
      records_(runtime, stores_),
      outcomes_(runtime, stores_),
      messages_(runtime, stores_),
      tasks_(runtime, stores_, outcomes_),
      feedback_(runtime, stores_) {}

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
