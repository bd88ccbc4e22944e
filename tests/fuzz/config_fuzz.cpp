#include <array>
#include <string>

#include "adapters/engine/crm/crm.h"
#include "adapters/engine/crm/crm_load.h"
#include "adapters/engine/notify/notifier.h"
#include "adapters/engine/source/source.h"
#include "gateway/app/config/settings.h"
#include "gateway/app/messages/messages.h"
#include "gateway/core/decide/decide.h"
#include "gateway/core/model/person_codec.h"
#include "gateway/core/policy/policy.h"
#include "mapping/json/json.h"
#include "mapping/schema/schema.h"
#include "tests/fuzz/configs.h"
#include "tests/fuzz/fuzz.h"

namespace baton::fuzz {
namespace {

constexpr Instant kNow{1'773'000'000'000};
constexpr std::array<std::string_view, 5> kPolicies{"lifecycle", "scoring", "routing", "sla",
                                                    "calendars"};

// A lead from a form, so that a policy that loads is also used.
Event request_for_contact() {
  Touch touch;
  touch.id = "t-1";
  touch.source = "typeform";
  touch.type = TouchType::kContactRequest;
  touch.intent = Intent::kHandRaiser;
  touch.at = kNow - minutes(1);
  touch.person.email = "erika.beispiel@example.com";
  touch.person.country = "DE";
  touch.person.postal_code = "80331";
  touch.person.job_title = "Leiterin Einkauf";
  touch.message = "Bitte um Rueckruf";
  return {"d-1", TouchesReceived{{touch}}};
}

void decide_by(const Policy& policy) {
  PersonState person;
  person.id = PersonId("p1");
  const auto once = decide(person, request_for_contact(), policy, kNow);
  const auto again = decide(person, request_for_contact(), policy, kNow);
  require(to_json(once.next) == to_json(again.next), "a decision is the same each time");
  for (const auto& timer : once.timers) {
    if (timer.due)
      (void)decide(once.next, {"c-1", TimerFired{timer.timer, *timer.due}}, policy, *timer.due);
  }
}

void load_policy_with(std::string_view kind, const YamlDocument& document) {
  std::map<std::string, YamlDocument> documents;
  for (const auto name : kPolicies)
    documents.emplace(name, sample_config().at("policy/" + std::string(name) + ".yaml"));
  documents.insert_or_assign(std::string(kind), document);
  Findings findings;
  const auto policy = load_policy(documents, findings);
  require((policy == nullptr) == has_errors(findings),
          "a policy is loaded unless an error says why not");
  if (policy) decide_by(*policy);
}

void load_settings(const YamlDocument& document) {
  auto findings = check_schema(document, "baton");
  const auto settings = read_settings(document, "/etc/baton", findings);
  if (has_errors(findings)) return;
  require(settings.partitions >= 1 && settings.partitions <= 1024 && settings.engine_threads >= 1 &&
              settings.connections >= 1,
          "settings without errors are usable");
  require(parse_endpoint(to_string(settings.public_listener)).has_value(),
          "an endpoint is read back from its text");
}

void load_source(const YamlDocument& document) {
  Findings findings;
  const auto source = make_source(document, "fuzz", "", findings);
  require((source == nullptr) == has_errors(findings),
          "a source is made unless an error says why not");
  if (!source) return;
  RawDelivery raw{"fuzz",
                  "application/json",
                  {},
                  R"({"email":"erika.beispiel@example.com","id":7,"form":{"name":"Kontakt"}})",
                  kNow};
  require(!source->delivery_id(raw).empty(), "a delivery has an id");
  if (const auto mapped = source->map(raw)) {
    for (const auto& touch : mapped->touches)
      require(touch_from_json(to_json(touch, true)).has_value(), "a touch is read back");
  }
}

void load_crm(const YamlDocument& document) {
  Findings findings;
  const auto crm = make_crm(document, "", findings);
  require((crm == nullptr) == has_errors(findings),
          "a destination is made unless an error says why not");
  if (!crm) return;
  CrmRecord record;
  record.person = "p1";
  record.version = 3;
  record.view =
      parse_json(
          R"({"id":"p1","version":3,"email":"erika.beispiel@example.com","lead":{"grade":"A1"}})")
          ->get_object();
  for (const auto& call : crm->render(std::span(&record, 1))) {
    require(!call.items.empty() && call.items.size() == call.keys.size(),
            "a call has items with keys");
    require(crm->interpret(call, {}).size() == call.items.size(), "each item has an outcome");
  }
}

void load_alerts(const YamlDocument& document) {
  Findings findings;
  const auto notifiers = make_notifiers(document, "", findings);
  const auto routes = load_alert_routes(document, findings);
  Message message;
  message.key = "k", message.headline = "Erika Beispiel (Beispiel GmbH): wartet 6 Min.";
  message.links = {{"Annehmen", "https://hooks.example.com/a/x", true}};
  for (const auto& notifier : notifiers) (void)notifier->render(message, kNow);
  (void)routes.channel("offer", RepId("anna"));
}

// The file to replace, a line as a comment for humans, and its content.
void run(std::string_view bytes) {
  Input input(bytes);
  const auto which = input.pick(kPolicies.size() + 4);
  (void)input.line();
  Findings findings;
  const auto document = parse_yaml(input.rest(), "fuzz.yaml", findings);
  if (document.value.is_null()) return;
  if (which < kPolicies.size()) return load_policy_with(kPolicies[which], document);
  switch (which - kPolicies.size()) {
    case 0:
      return load_settings(document);
    case 1:
      return load_source(document);
    case 2:
      return load_crm(document);
    default:
      return load_alerts(document);
  }
}

const Target kTarget("config", run);

}  // namespace
}  // namespace baton::fuzz
