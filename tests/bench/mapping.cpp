#include <fmt/format.h>

#include "adapters/engine/source/source.h"
#include "tests/bench/bench.h"

namespace baton::bench {
namespace {

constexpr int kDeliveries = 20'000;

std::string answer(std::string_view ref, std::string_view type, std::string_view value) {
  return fmt::format(R"({{"type":"{}","{}":{},"field":{{"id":"f{}","type":"{}","ref":"{}"}}}})",
                     type, type, value, ref.size(), type, ref);
}

// A contact form with seven answers in the vendor's format, about 2 KB, with realistic answers.
std::string typeform_body(int i) {
  const std::string answers = fmt::format(
      "{},{},{},{},{},{},{}", answer("first_name", "text", R"("Erika")"),
      answer("last_name", "text", R"("von der Beispiel")"),
      answer("email", "email",
             fmt::format(R"("Erika.Beispiel+{}@Kunde{}.Example.COM")", i, i % 97)),
      answer("phone", "phone_number", fmt::format(R"("+49 30 {:07}")", 1'000'000 + i)),
      answer("company", "text", R"("Beispiel Maschinenbau GmbH & Co. KG")"),
      answer("job_title", "text", R"("Leiterin Vertrieb")"),
      answer(
          "message", "text",
          R"("Bitte rufen Sie mich wegen eines Angebots für vierzig Plätze zurück, am besten vormittags.")"));
  std::string fields;
  for (const std::string_view ref :
       {"first_name", "last_name", "email", "phone", "company", "job_title", "message"}) {
    fields += fmt::format(
        R"({}{{"id":"f{}","ref":"{}","type":"short_text","title":"{}","properties":{{}}}})",
        fields.empty() ? "" : ",", ref.size(), ref, ref);
  }
  return fmt::format(
      R"({{"event_id":"01HQBENCH{:017}","event_type":"form_response","form_response":{{"form_id":"lT4Z3j","token":"bench{}",)"
      R"("landed_at":"2026-03-09T08:58:12Z","submitted_at":"2026-03-09T09:00:01Z","hidden":{{"utm_source":"newsletter","utm_medium":"email",)"
      R"("utm_campaign":"spring"}},"calculated":{{"score":9}},"definition":{{"id":"lT4Z3j","title":"Kontakt","fields":[{}]}},"answers":[{}]}}}})",
      i, i, fields, answers);
}

}  // namespace

Figures measure_mapping() {
  Findings findings;
  const auto source = make_bare_source("typeform", "", "DE", findings);
  if (!source) give_up("no typeform adapter");
  RawDelivery raw;
  raw.source = "typeform";
  raw.content_type = "application/json";
  raw.received_at = Instant{1'773'046'805'000};
  std::vector<std::string> bodies;
  for (int i = 0; i < kDeliveries; ++i) bodies.push_back(typeform_body(i));
  const double size = static_cast<double>(bodies.front().size());
  std::size_t touches = 0;
  const Stopwatch watch;
  for (auto& body : bodies) {
    raw.body = std::move(body);
    const auto mapped = source->map(raw);
    if (!mapped || mapped->touches.size() != 1 || mapped->touches[0].person.phone.empty())
      give_up("the delivery did not map");
    touches += mapped->touches.size();
  }
  return {{"map_typeform_us", watch.seconds() * 1e6 / static_cast<double>(touches)},
          {"map_typeform_bytes", size}};
}

}  // namespace baton::bench
