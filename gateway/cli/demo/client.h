#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/engine/http/http_client.h"
#include "adapters/engine/source/source.h"
#include "gateway/app/config/deployment.h"
#include "gateway/cli/demo/delivery.h"
#include "mapping/json/json.h"
#include "mapping/result.h"

namespace baton {

// Plays the users of the demo's gateway: marketing's tools, a rep's browser and an operator. For
// one thread.
class DemoClient {
 public:
  // `interrupted` ends every wait.
  DemoClient(const Deployment& deployment, std::string token, const std::atomic<bool>& interrupted);

  // Sends the delivery and fills in the answer. `forged` signs it with a wrong secret. Fails
  // without an answer.
  Status deliver(DemoDelivery& delivery, bool forged = false);
  // All deliveries that were sent, with their answers.
  const std::vector<DemoDelivery>& sent() const { return sent_; }

  Result<json::object> get(const std::string& path);
  bool ready();
  // The lead of a company, as the list of leads shows it.
  Result<json::object> lead_of(std::string_view company);

  // Acts as a rep's browser: opens the page, then sends its form with one of the buttons. For
  // "reject", sends the reason that has this label on the page.
  Result<std::string> act(std::string_view link, std::string_view action,
                          std::string_view reason = {});

  // Repeats until `done` returns true. kTransient "waited ..." at the deadline.
  Status wait(std::string_view what, Duration at_most, const std::function<bool()>& done);
  // Pauses for a human reader. Ends early when interrupted.
  void pause(Duration time);
  // Drops the connections of a gateway that has ended.
  void reconnect();

 private:
  Result<HttpResponse> call(HttpRequest request);
  Headers sign_as_vendor(const DemoDelivery& delivery, const Source& source, bool forged) const;

  const Deployment& deployment_;
  const std::string token_, public_url_, admin_url_;
  const std::atomic<bool>& interrupted_;
  std::unique_ptr<HttpClient> http_;
  std::vector<DemoDelivery> sent_;
};

}  // namespace baton
