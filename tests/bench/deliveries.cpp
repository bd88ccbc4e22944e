#include "tests/bench/deliveries.h"

#include <fmt/format.h>

#include "gateway/platform/clock.h"
#include "tests/bench/bench.h"
#include "tests/bench/load.h"
#include "webhooks/edge/signature.h"

namespace baton::bench {
namespace {

constexpr std::string_view kSecret = "whsec_YmVuY2gtYmVuY2gtYmVuY2gtYmVuY2gtYmVuY2g=";

// Padding as in real forms: the text of a privacy notice and hidden fields.
const std::string& padding() {
  static const std::string text(560, 'n');
  return text;
}

}  // namespace

std::string delivery_body(const Stream& stream, std::size_t i) {
  const std::size_t person = i % std::max<std::size_t>(stream.persons(), 1);
  const std::size_t turn = i / std::max<std::size_t>(stream.persons(), 1);
  const bool demo = turn + 1 == stream.touches_each && person % stream.demo_every == 0;
  return fmt::format(
      R"({{"type":"form.submitted","data":{{"form_id":"{}","first_name":"Erika","last_name":"Beispiel","email":"erika.{}.{}@kunde{}.example",)"
      R"("phone":"+49 30 {:07}","company":"Beispiel Maschinenbau GmbH","job_title":"Leiterin Vertrieb","country":"DE","city":"Berlin",)"
      R"("message":"Bitte um Rückruf wegen eines Angebots für vierzig Plätze.","utm_source":"newsletter","utm_medium":"email",)"
      R"("utm_campaign":"spring","marketing_consent":true,"notice":"{}"}}}})",
      demo ? "demo" : "whitepaper", stream.name, person, person % 997, 1'000'000 + person,
      padding());
}

std::string delivery_of(const std::string& email) {
  return fmt::format(
      R"({{"type":"form.submitted","data":{{"form_id":"whitepaper","first_name":"Erika","last_name":"Beispiel","email":"{}",)"
      R"("company":"Beispiel Maschinenbau GmbH","country":"DE","notice":"{}"}}}})",
      email, padding());
}

std::vector<std::string> signed_bodies(const std::vector<std::string>& bodies,
                                       const std::string& name) {
  Findings findings;
  const auto source = make_bare_source("standard_webhooks", "", "DE", findings);
  if (!source) give_up("no standard_webhooks adapter");
  const Instant now = system_clock().now();
  std::vector<std::string> requests;
  requests.reserve(bodies.size());
  for (std::size_t i = 0; i < bodies.size(); ++i) {
    SignedRequest request{"POST", {}, {}, {}, {}, bodies[i]};
    requests.push_back(post_request(
        kHookPath,
        sign(source->verify()[0], kSecret, request, fmt::format("msg_{}_{}", name, i), now),
        bodies[i]));
  }
  return requests;
}

std::vector<std::string> signed_requests(const Stream& stream) {
  std::vector<std::string> bodies;
  bodies.reserve(stream.count);
  for (std::size_t i = 0; i < stream.count; ++i) bodies.push_back(delivery_body(stream, i));
  return signed_bodies(bodies, stream.name);
}

std::string source_config_text() {
  return fmt::format(
      "adapter: standard_webhooks\nsecret: {}\nregion: DE\nby_asset:\n  demo: {{touch: "
      "demo_request}}\n  whitepaper: {{touch: content_download}}\n",
      kSecret);
}

}  // namespace baton::bench
