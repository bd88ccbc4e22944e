#include "gateway/cli/demo/delivery.h"

#include <array>
#include <map>

#include <fmt/format.h>

#include "gateway/core/text/texts.h"
#include "gateway/platform/random.h"
#include "mapping/json/json.h"
#include "mapping/schema/embedded.h"

namespace baton {
namespace {

using Values = std::map<std::string, std::string, std::less<>>;

std::string_view sample(std::string_view name) {
  const auto path = fmt::format("gateway/cli/demo/deliveries/{}.json", name);
  for (const auto& file : embedded_cli()) {
    if (file.path == path) return file.content;
  }
  return {};
}

std::string json_text(std::string_view value) {
  const auto quoted = json::serialize(json::value(value));
  return quoted.substr(1, quoted.size() - 2);
}

// Replaces @NAME@ by its value. A name without a value stays unchanged.
std::string filled(std::string_view text, const Values& values) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const auto end = text[i] == '@' ? text.find('@', i + 1) : std::string_view::npos;
    const auto found =
        end == std::string_view::npos ? values.end() : values.find(text.substr(i + 1, end - i - 1));
    if (found == values.end()) {
      out += text[i++];
      continue;
    }
    out += json_text(found->second);
    i = end + 1;
  }
  return out;
}

Values values_of(const DemoPerson& person, std::string_view language, Instant now) {
  const auto& texts = texts_in(language);
  return {{"ID", random_hex(8)},
          {"NUMBER", std::to_string(1000 + random_below(900'000))},
          {"AT", to_rfc3339(now)},
          {"MS", std::to_string(now.ms)},
          {"FIRST", person.first},
          {"LAST", person.last},
          {"NAME", person.name()},
          {"EMAIL", person.email},
          {"PHONE", person.phone},
          {"COMPANY", person.company},
          {"SIZE", std::to_string(person.employees)},
          {"JOB", std::string(texts->text({"demo.job.", person.key}))},
          {"ASK", std::string(texts->text({"demo.request.", person.key}))}};
}

DemoDelivery make(std::string source, std::string_view name, const Values& values) {
  DemoDelivery delivery;
  delivery.source = std::move(source);
  delivery.body = filled(sample(name), values);
  return delivery;
}

const std::array<DemoPerson, 6> kPeople{{
    {"petra", "Petra", "Probe", "Probe Anlagenbau GmbH", "petra.probe@example.com", "+493023125014",
     120},
    {"bruno", "Bruno", "Baumuster", "Baumuster Logistik AG", "bruno.baumuster@example.com",
     "+493023125027", 300},
    {"clara", "Clara", "Platzhalter", "Platzhalter & Söhne KG", "clara.platzhalter@example.com",
     "+493023125031", 40},
    {"dora", "Dora", "Exempel", "Exempel Medizintechnik GmbH", "dora.exempel@example.com",
     "+493023125045", 80},
    {"emil", "Emil", "Vorlage", "Vorlage Verpackung GmbH", "emil.vorlage@example.com",
     "+493023125052", 65},
    {"frieda", "Frieda", "Fiktiv", "Fiktiv Gebäudetechnik eG", "frieda.fiktiv@example.com",
     "+493023125068", 210},
}};

}  // namespace

std::span<const DemoPerson> demo_people() { return kPeople; }

DemoPerson demo_person(std::size_t number) {
  DemoPerson person = kPeople[number % kPeople.size()];
  const auto round = number / kPeople.size();
  if (round == 0) return person;
  person.last += fmt::format("-{}", round + 1);
  person.company = fmt::format("{} {}", round + 1, person.company);
  person.email = fmt::format("{}{}", round + 1, person.email);
  person.phone = fmt::format("+493023125{:03}", (100 + number) % 1000);
  return person;
}

DemoDelivery typeform_demo_request(const DemoPerson& person, std::string_view language,
                                   Instant now) {
  return make("typeform", "typeform", values_of(person, language, now));
}

DemoDelivery calendly_booking(const DemoPerson& person, std::string_view language, Instant now) {
  return make("calendly", "calendly", values_of(person, language, now));
}

DemoDelivery hubspot_contact(const DemoPerson& person, std::string_view language, Instant now) {
  return make("hubspot", "hubspot_contact", values_of(person, language, now));
}

DemoDelivery website_download(const DemoPerson& person, std::string_view language, Instant now) {
  return make("website", "website", values_of(person, language, now));
}

DemoDelivery hubspot_qualified(std::string_view contact, Instant now) {
  return make("hubspot", "hubspot_qualified",
              {{"CONTACT", std::string(contact)},
               {"MS", std::to_string(now.ms)},
               {"NUMBER", std::to_string(1000 + random_below(900'000))}});
}

}  // namespace baton
