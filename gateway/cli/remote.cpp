#include "gateway/cli/remote.h"

#include <cstdlib>
#include <future>

#include <fmt/format.h>

#include "adapters/engine/http/http_client.h"
#include "gateway/app/config/deployment.h"
#include "mapping/json/json.h"

namespace baton {
namespace {

std::string from_environment(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

// The detail or title of the problem document, or only the status.
std::string complaint(const HttpResponse& response) {
  const auto parsed = parse_json(response.body);
  if (parsed && parsed->is_object()) {
    const auto detail = text(parsed->get_object(), "detail", text(parsed->get_object(), "title"));
    if (!detail.empty()) return std::string(detail);
  }
  return fmt::format("the gateway answered {}", response.status);
}

Errc code_of(int status) {
  if (status == 401 || status == 403) return Errc::kUnauthorised;
  if (status == 404) return Errc::kNotFound;
  if (status >= 500) return Errc::kTransient;
  return Errc::kPermanent;
}

}  // namespace

std::string in_query(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       std::string_view("-._~").find(c) != std::string_view::npos;
    out += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

Result<Remote> Remote::open(const RemoteOptions& options) {
  Remote remote;
  remote.address_ = options.address.empty() ? from_environment("BATON_ADMIN") : options.address;
  remote.token_ = options.token.empty() ? from_environment("BATON_ADMIN_TOKEN") : options.token;
  if (!options.config.empty()) {
    Findings findings;
    const Deployment deployment = load_deployment(options.config, findings);
    if (remote.address_.empty())
      remote.address_ = "http://" + to_string(deployment.settings.admin_listener);
    if (remote.token_.empty() && !deployment.settings.admin_tokens.empty())
      remote.token_ = deployment.settings.admin_tokens.front();
  }
  if (remote.address_.empty()) remote.address_ = "http://127.0.0.1:8081";
  if (remote.token_.empty()) {
    return error(
        Errc::kInvalidInput,
        "no token for the admin API: name the config folder with -c, or set BATON_ADMIN_TOKEN");
  }
  return remote;
}

Result<std::string> Remote::text(const std::string& method, const std::string& path,
                                 const std::string& body) const {
  HttpOptions http;
  http.allow_private = {"127.0.0.0/8",   "::1/128",        "10.0.0.0/8",
                        "172.16.0.0/12", "192.168.0.0/16", "localhost"};
  const auto client = make_http_client(http);
  HttpRequest request;
  request.method = method;
  request.url = address_ + path;
  request.headers = {{"Authorization", "Bearer " + token_}, {"Accept", "application/json"}};
  if (!body.empty()) request.headers.emplace_back("Content-Type", "application/json");
  request.body = body;
  request.max_response = 64 << 20;
  std::promise<HttpResult> answered;
  client->send(std::move(request),
               [&](HttpResult result) { answered.set_value(std::move(result)); });
  HttpResult result = answered.get_future().get();
  if (result.transport != Transport::kAnswered) {
    return error(Errc::kTransient,
                 fmt::format("no gateway answers at {}: {}", address_, result.detail));
  }
  if (result.response.status >= 300)
    return error(code_of(result.response.status), complaint(result.response));
  return std::move(result.response.body);
}

Result<json::value> Remote::call(const std::string& method, const std::string& path,
                                 const std::string& body) const {
  auto answer = text(method, path, body);
  if (!answer) return answer.error();
  if (answer->empty()) return json::value();
  return parse_json(*answer);
}

}  // namespace baton
