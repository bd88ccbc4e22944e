#include "gateway/cli/demo/client.h"

#include <algorithm>
#include <future>
#include <thread>

#include <fmt/format.h>

#include "gateway/platform/clock.h"
#include "gateway/platform/random.h"
#include "webhooks/edge/signature.h"

namespace baton {
namespace {

constexpr Duration kCallDeadline = seconds(10);
constexpr auto kLookAgain = std::chrono::milliseconds(20);

std::string between(std::string_view text, std::string_view before, std::string_view after) {
  const auto begin = text.find(before);
  if (begin == std::string_view::npos) return {};
  const auto from = begin + before.size();
  const auto end = text.find(after, from);
  return end == std::string_view::npos ? std::string() : std::string(text.substr(from, end - from));
}

// application/x-www-form-urlencoded
std::string form_value(std::string_view value) {
  std::string out;
  for (const char c : value) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) != 0 || c == '-' || c == '.' || c == '_')
      out += c;
    else
      out += fmt::format("%{:02X}", byte);
  }
  return out;
}

}  // namespace

DemoClient::DemoClient(const Deployment& deployment, std::string token,
                       const std::atomic<bool>& interrupted)
    : deployment_(deployment),
      token_(std::move(token)),
      public_url_(deployment.settings.public_url),
      admin_url_("http://" + to_string(deployment.settings.admin_listener)),
      interrupted_(interrupted) {
  reconnect();
}

void DemoClient::reconnect() { http_ = make_http_client({.allow_private = {"127.0.0.0/8"}}); }

Result<HttpResponse> DemoClient::call(HttpRequest request) {
  request.deadline = kCallDeadline;
  const std::string url = request.url;
  std::promise<HttpResult> answered;
  http_->send(std::move(request),
              [&](HttpResult result) { answered.set_value(std::move(result)); });
  auto result = answered.get_future().get();
  if (result.transport != Transport::kAnswered)
    return error(Errc::kTransient, fmt::format("{}: {}", url, result.detail));
  return std::move(result.response);
}

Headers DemoClient::sign_as_vendor(const DemoDelivery& delivery, const Source& source,
                                   bool forged) const {
  const std::string uri = fmt::format("{}/hooks/{}", public_url_, delivery.source);
  const SignedRequest request{"POST", uri, {}, {}, {}, delivery.body};
  const auto secret = source.setting("secret").front();
  return sign(source.verify().front(), forged ? std::string(secret.size(), 'A') : secret, request,
              "msg_" + random_hex(12), system_clock().now());
}

Status DemoClient::deliver(DemoDelivery& delivery, bool forged) {
  const auto source = std::find_if(deployment_.sources.begin(), deployment_.sources.end(),
                                   [&](const auto& s) { return s->name() == delivery.source; });
  if (source == deployment_.sources.end())
    return error(Errc::kInternal, "no source named " + delivery.source);
  if (delivery.headers.empty() || forged)
    delivery.headers = sign_as_vendor(delivery, **source, forged);
  HttpRequest request;
  request.url = fmt::format("{}/hooks/{}", public_url_, delivery.source);
  request.headers = delivery.headers;
  request.headers.emplace_back("Content-Type", "application/json");
  request.body = delivery.body;
  delivery.sent_ns = system_clock().steady_ns();
  auto response = call(std::move(request));
  delivery.took = {(system_clock().steady_ns() - delivery.sent_ns) / 1'000'000};
  if (!response) return response.error();
  delivery.status = response->status;
  if (const auto answer = parse_json(response->body); answer && answer->is_object()) {
    delivery.id = text(answer->get_object(), "id");
    delivery.duplicate = boolean(answer->get_object(), "duplicate");
  }
  sent_.push_back(delivery);
  return {};
}

Result<json::object> DemoClient::get(const std::string& path) {
  HttpRequest request;
  request.method = "GET";
  request.url = admin_url_ + path;
  request.headers = {{"Authorization", "Bearer " + token_}};
  request.max_response = 8 << 20;
  auto response = call(std::move(request));
  if (!response) return response.error();
  auto answer = parse_json(response->body);
  if (!answer) return answer.error();
  if (response->status != 200 || !answer->is_object())
    return error(Errc::kTransient, fmt::format("{}: {}", path, response->status));
  return std::move(answer->get_object());
}

bool DemoClient::ready() { return get("/readyz").has_value(); }

Result<json::object> DemoClient::lead_of(std::string_view company) {
  auto leads = get("/api/v1/leads?limit=200");
  if (!leads) return leads.error();
  if (const auto* items = array(*leads, "items")) {
    for (const auto& item : *items) {
      if (item.is_object() && text(item.get_object(), "company") == company)
        return item.get_object();
    }
  }
  return error(Errc::kNotFound, "no lead of " + std::string(company));
}

Result<std::string> DemoClient::act(std::string_view link, std::string_view action,
                                    std::string_view reason) {
  HttpRequest open;
  open.method = "GET";
  open.url = link.substr(0, link.find('#'));
  const auto page = call(open);
  if (!page) return page.error();
  const auto nonce = between(page->body, "name=\"nonce\" value=\"", "\"");
  if (page->status != 200 || nonce.empty())
    return error(Errc::kPermanent,
                 fmt::format("the page behind the link answered {}", page->status));
  HttpRequest post;
  post.url = open.url;
  post.headers = {{"Content-Type", "application/x-www-form-urlencoded"}};
  post.body = fmt::format("nonce={}&action={}", form_value(nonce), action);
  if (!reason.empty()) post.body += "&reason=" + form_value(reason);
  const auto done = call(std::move(post));
  if (!done) return done.error();
  if (done->status != 200)
    return error(Errc::kPermanent,
                 fmt::format("the page does not accept \"{}\": {}", action, done->status));
  return between(page->body, fmt::format("<option value=\"{}\">", reason), "<");
}

void DemoClient::pause(Duration time) {
  (void)wait("", time, [] { return false; });
}

Status DemoClient::wait(std::string_view what, Duration at_most,
                        const std::function<bool()>& done) {
  const auto deadline = system_clock().steady_ns() + at_most.ms * 1'000'000;
  while (!done()) {
    if (interrupted_.load()) return error(Errc::kTransient, "interrupted");
    if (system_clock().steady_ns() > deadline)
      return error(Errc::kTransient, fmt::format("waited {} s for {}", at_most.ms / 1000, what));
    std::this_thread::sleep_for(kLookAgain);
  }
  return {};
}

}  // namespace baton
