#include "adapters/engine/http/http_client.h"

#include <algorithm>

#include <fmt/format.h>

#include "adapters/engine/http/address_policy.h"
#include "adapters/engine/http/http_client_cpprest.h"

namespace baton {
namespace {

char lower_letter(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

bool same_name(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower_letter(x) == lower_letter(y); });
}

// How requests leave. Outlives the client while names are being resolved.
struct Route {
  AddressPolicy policy;
  std::optional<Url> proxy;
  std::shared_ptr<HttpSender> sender;
};

// Every resolved address must be allowed: a name that also leads inside is not trusted.
void check_and_send(const Route& route, const std::shared_ptr<Exchange>& exchange, Url url,
                    const std::vector<IpAddress>& addresses) {
  if (addresses.empty()) {
    exchange->finish({Transport::kRefused, {}, "host not found: " + url.host});
    return;
  }
  for (const IpAddress& address : addresses) {
    if (route.policy.allows(url.host, address)) continue;
    exchange->finish(
        {Transport::kBlocked,
         {},
         fmt::format("{} resolves to a {} address; list it under allow_private if that is intended",
                     url.host, to_string(classify(address)))});
    return;
  }
  route.sender->send(exchange, {std::move(url), addresses.front(), std::nullopt});
}

// Checks the request and its address, then sends it.
class CheckingClient final : public HttpClient {
 public:
  explicit CheckingClient(std::shared_ptr<const Route> route) : route_(std::move(route)) {}

  void send(HttpRequest request, std::function<void(HttpResult)> done) override {
    auto exchange = std::make_shared<Exchange>(std::move(request), std::move(done));
    auto url = parse_url(exchange->request().url);
    const auto headers = check_headers(exchange->request());
    if (!url || !headers) {
      exchange->finish(
          {Transport::kBlocked, {}, url ? headers.error().message : url.error().message});
      return;
    }
    watch_.add(exchange);
    if (route_->proxy) return send_by_proxy(exchange, std::move(*url));
    if (const auto address = parse_ip(url->host))
      return check_and_send(*route_, exchange, std::move(*url), {*address});
    const std::string host = url->host;
    resolver_.resolve(
        host, [route = route_, exchange, url = std::move(*url)](std::vector<IpAddress> addresses) {
          check_and_send(*route, exchange, url, addresses);
        });
  }

 private:
  // The proxy resolves names, so only literal addresses can be checked here.
  void send_by_proxy(const std::shared_ptr<Exchange>& exchange, Url url) {
    const auto address = parse_ip(url.host);
    if (address && !route_->policy.allows(url.host, *address))
      return check_and_send(*route_, exchange, std::move(url), {*address});
    resolver_.resolve(route_->proxy->host, [route = route_, exchange, url = std::move(url)](
                                               std::vector<IpAddress> addresses) {
      if (addresses.empty())
        exchange->finish({Transport::kRefused, {}, "proxy not found"});
      else
        route->sender->send(exchange, {url, std::nullopt, addresses.front()});
    });
  }

  std::shared_ptr<const Route> route_;
  NameResolver resolver_;
  ExchangeWatch watch_;  // destroyed first: it ends what is in flight
};

// A client with unusable options blocks every call and reports the reason.
class RefusingClient final : public HttpClient {
 public:
  explicit RefusingClient(std::string why) : why_(std::move(why)) {}
  void send(HttpRequest, std::function<void(HttpResult)> done) override {
    done({Transport::kBlocked, {}, why_});
  }

 private:
  std::string why_;
};

}  // namespace

std::string_view header(const Headers& headers, std::string_view name) {
  for (const auto& [key, value] : headers) {
    if (same_name(key, name)) return value;
  }
  return {};
}

std::unique_ptr<HttpClient> make_http_client(const HttpOptions& options) {
  auto policy = AddressPolicy::make(options.allow_private);
  if (!policy) return std::make_unique<RefusingClient>(policy.error().message);
  std::optional<Url> proxy;
  if (!options.proxy.empty()) {
    auto parsed = parse_url(options.proxy);
    if (!parsed) return std::make_unique<RefusingClient>("proxy: " + parsed.error().message);
    proxy = std::move(*parsed);
  }
  auto sender = make_cpprest_sender(options, proxy);
  return std::make_unique<CheckingClient>(
      std::make_shared<Route>(Route{std::move(*policy), std::move(proxy), std::move(sender)}));
}

}  // namespace baton
