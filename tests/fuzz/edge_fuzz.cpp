#include <memory>
#include <string>

#include "mapping/unicode.h"
#include "tests/fuzz/configs.h"
#include "tests/fuzz/fuzz.h"
#include "webhooks/edge/edge.h"
#include "webhooks/http/http_server_parser.h"

namespace baton::fuzz {
namespace {

constexpr std::int64_t kNowMs = 1'773'000'000'000;

struct Silent final : EdgeObserver {
  void request(std::string_view, std::string_view, std::int64_t) override {}
};

class Sink final : public IntakeSink {
 public:
  void store(Delivery delivery, std::function<void(Stored)> done) override {
    require(delivery.raw.source == "open", "only what verifies is stored");
    require(is_utf8(delivery.raw.content_type), "stored texts of a delivery are UTF-8");
    for (const auto& [name, value] : delivery.raw.headers)
      require(is_utf8(value), "a stored header is UTF-8");
    require(delivery.raw.body.size() <= (1 << 20) && !delivery.id.empty(),
            "a delivery is bounded and has an id");
    done(Stored::kStored);
  }
};

struct Answer final : Responder::Target {
  int count = 0;
  HttpOut out;
  void answer(std::uint64_t, HttpOut given) override {
    ++count;
    out = std::move(given);
  }
};

// The edge of a gateway with every built-in source and one without verification.
struct Stage {
  Stage() {
    auto sources = std::make_shared<SourceTable>();
    for (const auto& sample : sample_sources())
      sources->emplace(sample.source->name(), sample.source);
    Findings findings;
    const auto open = parse_yaml("adapter: standard_webhooks\nunsigned: true\nregion: DE\n",
                                 "open.yaml", findings);
    sources->emplace("open", make_source(open, "open", "", findings));
    state.set_sources(std::move(sources));
    handler = make_edge(state, std::make_unique<Sink>(), nullptr);
  }
  static EdgeOptions options() {
    EdgeOptions o;
    o.public_url = "https://hooks.example.com";
    o.address_rate = {1'000'000'000, 1'000'000'000};
    o.max_addresses = 64;
    o.now = [] { return Instant{kNowMs}; };
    o.steady_ns = [] { return kNowMs; };
    return o;
  }
  Silent silent;
  EdgeState state{options(), silent};
  std::unique_ptr<HttpHandler> handler;
};

void serve(Stage& stage, HttpIn& request) {
  auto answer = std::make_shared<Answer>();
  const auto post =
      std::make_shared<const Responder::Post>([](std::function<void()> run) { run(); });
  stage.handler->handle(request, Responder(answer, 1, post));
  require(answer->count == 1, "a request is answered once");
  require(answer->out.status >= 200 && answer->out.status < 600, "an answer has a status");
  require(answer->out.body.size() < 4096, "an answer is short");
}

// The bytes of one connection.
void run(std::string_view bytes) {
  static Stage stage;
  RequestParser parser(16 * 1024, 100);
  for (;;) {
    std::size_t used = 0;
    const auto step = parser.feed(bytes, used);
    bytes.remove_prefix(used);
    if (step == RequestParser::Step::kMore || step == RequestParser::Step::kFailed) return;
    if (step == RequestParser::Step::kHead) {
      const auto verdict = stage.handler->on_head(parser.request());
      if (verdict.refusal || !parser.set_body_limit(verdict.max_body)) return;
      continue;
    }
    serve(stage, parser.request());
    parser.reset();
  }
}

const Target kTarget("edge", run);

}  // namespace
}  // namespace baton::fuzz
