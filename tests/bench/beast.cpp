#include <thread>

#include <boost/asio/io_context.hpp>

#include "mapping/json/json.h"
#include "tests/bench/bench.h"
#include "tests/bench/deliveries.h"
#include "tests/bench/load.h"
#include "webhooks/edge/digest.h"
#include "webhooks/http/http_server.h"

namespace baton::bench {
namespace {

constexpr std::size_t kRequests = 60'000;
constexpr std::string_view kKey = "bare";

// The smallest possible handler: an HMAC over the body, one JSON parse, a short answer. It stores
// nothing.
class BareHandler final : public HttpHandler {
 public:
  HeadVerdict on_head(const HttpIn&) override { return {}; }
  void handle(HttpIn& request, Responder respond) override {
    const std::string_view body = request.body;
    const std::string proof = encode(hmac(Digest::kSha256, kKey, {&body, 1}), Encoding::kHex);
    HttpOut out;
    out.status =
        equal_constant_time(proof, request.header("x-signature")) && parse_json(body) ? 200 : 401;
    out.body = R"({"ok":true})";
    respond(std::move(out));
  }
};

}  // namespace

Figures measure_bare_beast() {
  HttpServerOptions options;
  options.threads = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  auto server = HttpServer::start(
      options, [](boost::asio::io_context&, int) { return std::make_unique<BareHandler>(); });
  if (!server) give_up(server.error().message);
  Stream stream;
  stream.count = kRequests;
  std::vector<std::string> requests;
  for (std::size_t i = 0; i < stream.count; ++i) {
    const std::string body = delivery_body(stream, i);
    const std::string_view view = body;
    requests.push_back(post_request(
        "/", {{"X-Signature", encode(hmac(Digest::kSha256, kKey, {&view, 1}), Encoding::kHex)}},
        body));
  }
  Load load;
  load.port = (*server)->port();
  const auto result = drive(load, requests);
  if (result.refused > 0) give_up("the bare server refused a request");
  return {{"bare_beast_rps", result.rate()}};
}

}  // namespace baton::bench
