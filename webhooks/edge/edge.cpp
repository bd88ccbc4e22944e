#include "webhooks/edge/edge.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "mapping/json/json.h"
#include "mapping/unicode.h"
#include "webhooks/edge/delivery_id.h"
#include "webhooks/edge/edge_request.h"
#include "webhooks/edge/handshake.h"
#include "webhooks/http/http_server_response.h"
#include "webhooks/http/inflate.h"

namespace baton {
namespace {

constexpr Duration kUnavailableRetry = seconds(5);

HttpOut limited(std::string_view detail, Duration wait) {
  auto out = problem(429, "rate_limited", detail);
  out.headers.emplace_back("Retry-After", std::to_string(retry_after_seconds(wait)));
  return out;
}

HttpOut unavailable() {
  auto out = problem(503, "unavailable", "the delivery could not be stored; please send it again");
  out.headers.emplace_back("Retry-After", std::to_string(retry_after_seconds(kUnavailableRetry)));
  return out;
}

HttpOut not_found() { return problem(404, "not_found", "there is no such resource"); }

HttpOut acknowledge(const Source& source, std::string_view id, bool duplicate) {
  HttpOut out;
  out.status = source.ok_status();
  if (source.ok_body().empty()) {
    out.body = fmt::format(R"({{"id":"{}"{}}})", id, duplicate ? R"(,"duplicate":true)" : "");
  } else {
    out.body = source.ok_body();
    if (out.body.front() != '{' && out.body.front() != '[')
      out.content_type = "text/plain; charset=utf-8";
  }
  return out;
}

std::string_view signature_result(Refusal refusal) {
  switch (refusal) {
    case Refusal::kMissingHeader:
      return "signature_missing_header";
    case Refusal::kMalformed:
      return "signature_malformed";
    case Refusal::kStale:
      return "signature_stale";
    case Refusal::kWrong:
      return "signature_wrong";
    case Refusal::kNoSecret:
      return "signature_no_secret";
  }
  return "signature_wrong";
}

bool announces_length(const HttpIn& in) {
  return in.count("content-length") > 0 || in.count("transfer-encoding") > 0;
}

std::uint64_t announced_length(const HttpIn& in) {
  const auto text = in.header("content-length");
  std::uint64_t n = 0;
  std::from_chars(text.data(), text.data() + text.size(), n);
  return n;
}

// Returns whether a verified request identifies its sender. If a source has no secret, every sender
// is verified.
bool proves_sender(const Source& source) {
  const auto ways = source.verify();
  return std::none_of(ways.begin(), ways.end(),
                      [](const VerifySpec& way) { return way.method == VerifyMethod::kNone; });
}

class Edge final : public HttpHandler {
 public:
  Edge(EdgeState& state, std::unique_ptr<IntakeSink> sink, std::unique_ptr<HttpHandler> actions)
      : state_(state), sink_(std::move(sink)), actions_(std::move(actions)) {}

  HeadVerdict on_head(const HttpIn& head) override;
  void handle(HttpIn& request, Responder respond) override;

 private:
  // A request in progress: what later steps need after the request object is gone.
  struct RequestContext {
    std::shared_ptr<const Source> source;
    Responder respond;
    std::int64_t began_ns;
    Instant now;
  };

  std::shared_ptr<const Source> find(std::string_view name);
  HeadVerdict refuse(HttpOut out, std::string_view source, std::string_view result);
  void end(const RequestContext& context, std::string_view result, HttpOut out);
  bool is_handshake(const RequestContext& context, const SignedRequest& request);
  bool verified(const RequestContext& context, const SignedRequest& request,
                const IpAddress& client);
  bool decode(const RequestContext& context, HttpIn& request);
  void store(RequestContext context, HttpIn& request);

  EdgeState& state_;
  std::unique_ptr<IntakeSink> sink_;
  std::unique_ptr<HttpHandler> actions_;
  std::uint64_t version_ = 0;
  std::shared_ptr<const SourceTable> sources_;
  SignedParts parts_;
};

std::shared_ptr<const Source> Edge::find(std::string_view name) {
  if (const auto version = state_.version(); version != version_ || !sources_) {
    sources_ = state_.sources();
    version_ = version;
  }
  const auto it = sources_->find(name);
  return it == sources_->end() ? nullptr : it->second;
}

HeadVerdict Edge::refuse(HttpOut out, std::string_view source, std::string_view result) {
  state_.observer().request(source, result, 0);
  return {0, std::move(out)};
}

HeadVerdict Edge::on_head(const HttpIn& head) {
  if (actions_ && head.path.starts_with("/a/")) return actions_->on_head(head);
  const auto& options = state_.options();
  if (const auto wait =
          state_.addresses().take(head.client, options.address_rate, options.steady_ns()))
    return refuse(limited("too many requests from this address", *wait), "unknown", "rate_address");
  const auto route = parse_hook_path(head.path);
  const auto source = route ? find(route->source) : nullptr;
  if (!source) return refuse(not_found(), "unknown", "not_found");
  if (head.method != "POST" && !handshake_uses(*source, head.method)) {
    auto out = problem(405, "method_not_allowed", "use POST for deliveries");
    out.headers.emplace_back("Allow", "POST");
    return refuse(std::move(out), source->name(), "method");
  }
  if (announced_length(head) > source->max_body())
    return refuse(problem(413, "too_large", "the body is too large"), source->name(), "too_large");
  return {source->max_body(), std::nullopt};
}

void Edge::end(const RequestContext& context, std::string_view result, HttpOut out) {
  state_.observer().request(context.source->name(), result,
                            state_.options().steady_ns() - context.began_ns);
  context.respond(std::move(out));
}

void Edge::handle(HttpIn& request, Responder respond) {
  if (actions_ && request.path.starts_with("/a/"))
    return actions_->handle(request, std::move(respond));
  const auto route = parse_hook_path(request.path);
  auto source = route ? find(route->source) : nullptr;
  if (!source) return respond(not_found());  // removed by a reload between head and body
  RequestContext context{std::move(source), std::move(respond), state_.options().steady_ns(),
                         state_.options().now()};
  const auto signed_request = parts_.build(request, route->token, state_.options().public_url);
  if (is_handshake(context, signed_request)) return;
  if (request.method != "POST") {
    auto out = problem(405, "method_not_allowed", "use POST for deliveries");
    out.headers.emplace_back("Allow", "POST");
    return end(context, "method", std::move(out));
  }
  if (!announces_length(request))
    return end(context, "length_required",
               problem(411, "length_required", "Content-Length is missing"));
  if (!verified(context, signed_request, request.client)) return;
  if (!context.source->accepts_content_type(request.header("content-type")))
    return end(context, "content_type",
               problem(415, "content_type", "this source does not accept this content type"));
  if (!decode(context, request)) return;
  store(std::move(context), request);
}

bool Edge::is_handshake(const RequestContext& context, const SignedRequest& request) {
  auto answer = answer_handshake(*context.source, request);
  if (!answer) return false;
  HttpOut out;
  out.status = answer->status;
  out.content_type = std::move(answer->content_type);
  out.body = std::move(answer->body);
  const bool ok = out.status < 400;
  end(context, ok ? "handshake" : "handshake_refused", std::move(out));
  return true;
}

bool Edge::verified(const RequestContext& context, const SignedRequest& request,
                    const IpAddress& client) {
  const auto signature = verify(*context.source, request, context.now);
  if (!signature.ok) {
    // The exact reason is for the operator (metrics), not for a sender who tries keys.
    end(context, signature_result(signature.refusal),
        problem(401, "unauthorised", "the signature, token or time stamp is not valid"));
    return false;
  }
  if (proves_sender(*context.source))
    state_.addresses().give_back(client, state_.options().address_rate);
  const auto budget = context.source->requests_per_second();
  if (!budget) return true;
  const Rate rate{*budget, 2 * *budget};
  const auto wait =
      state_.budgets().take(std::string_view(context.source->name()), rate, context.began_ns);
  if (!wait) return true;
  end(context, "rate_source", limited("this source exceeds its request limit", *wait));
  return false;
}

bool Edge::decode(const RequestContext& context, HttpIn& request) {
  const auto coding = parse_coding(request.header("content-encoding"));
  if (!coding) {
    end(context, "encoding",
        problem(415, "content_encoding", "supported codings: gzip, deflate, identity"));
    return false;
  }
  if (*coding == Coding::kIdentity) return true;
  std::string plain;
  const InflateLimits limits{context.source->max_body(), state_.options().inflate_ratio};
  switch (inflate_body(request.body, *coding, limits, plain)) {
    case Inflated::kOk:
      request.body = std::move(plain);
      return true;
    case Inflated::kTooLarge:
      end(context, "too_large", problem(413, "too_large", "the decoded body is too large"));
      return false;
    case Inflated::kMalformed:
      end(context, "encoding",
          problem(400, "content_encoding", "the body does not match its Content-Encoding"));
      return false;
  }
  return false;
}

void Edge::store(RequestContext context, HttpIn& request) {
  const auto& source = *context.source;
  Delivery delivery;
  delivery.raw.source = source.name();
  // Stored texts become JSON, in the envelope and as ids: an invalid byte would make it unreadable.
  delivery.raw.content_type = as_utf8(request.header("content-type"));
  for (const auto& name : source.kept_headers()) {
    if (const auto value = request.header(name); !value.empty())
      delivery.raw.headers.emplace_back(name, as_utf8(value));
  }
  delivery.raw.body = std::move(request.body);
  delivery.raw.received_at = context.now;
  delivery.delivery_id = source.delivery_id(delivery.raw);
  delivery.id = public_delivery_id(source.name(), delivery.delivery_id);
  auto id = delivery.id;
  sink_->store(std::move(delivery),
               [this, context = std::move(context), id = std::move(id)](Stored stored) {
                 switch (stored) {
                   case Stored::kStored:
                     return end(context, "stored", acknowledge(*context.source, id, false));
                   case Stored::kDuplicate:
                     return end(context, "duplicate", acknowledge(*context.source, id, true));
                   case Stored::kUnavailable:
                     return end(context, "unavailable", unavailable());
                 }
               });
}

}  // namespace

EdgeState::EdgeState(EdgeOptions options, EdgeObserver& observer)
    : options_(std::move(options)),
      observer_(observer),
      addresses_(options_.max_addresses, options_.seed),
      budgets_(4096, options_.seed),
      sources_(std::make_shared<SourceTable>()) {}

void EdgeState::set_sources(std::shared_ptr<const SourceTable> sources) {
  const std::lock_guard lock(mutex_);
  sources_ = std::move(sources);
  version_.fetch_add(1, std::memory_order_release);
}

std::shared_ptr<const SourceTable> EdgeState::sources() const {
  const std::lock_guard lock(mutex_);
  return sources_;
}

std::unique_ptr<HttpHandler> make_edge(EdgeState& state, std::unique_ptr<IntakeSink> sink,
                                       std::unique_ptr<HttpHandler> actions) {
  return std::make_unique<Edge>(state, std::move(sink), std::move(actions));
}

}  // namespace baton
