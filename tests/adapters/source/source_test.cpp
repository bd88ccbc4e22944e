#include "adapters/engine/source/source.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <random>

#include "adapters/engine/source/adapter_files.h"
#include "tests/adapters/source/source_support.h"

namespace baton {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// The bodies of all built-in examples that are JSON, by adapter: the seeds of the mutations.
std::vector<std::pair<std::string, json::value>> seeds() {
  std::vector<std::pair<std::string, json::value>> all;
  for (const auto& name : source_adapters()) {
    Findings ignored;
    const auto document = parse_yaml(adapter_text("sources", name, "")->first, name, ignored);
    for (const auto& example : *array(document.value.get_object(), "examples"))
      if (const auto* body = example.get_object().if_contains("body"); body->is_structured())
        all.emplace_back(name, *body);
  }
  return all;
}

class Bender {
 public:
  explicit Bender(std::uint64_t seed) : random_(seed) {}

  // Changes one value somewhere: another type, another place, removed, or very long.
  void bend(json::value& value) {
    const bool deeper = pick(3) != 0;
    if (auto* object = value.if_object(); object != nullptr && !object->empty() && deeper) {
      auto it = std::next(object->begin(), static_cast<std::ptrdiff_t>(pick(object->size())));
      if (pick(8) == 0)
        object->erase(it);
      else
        bend(it->value());
    } else if (auto* array = value.if_array(); array != nullptr && !array->empty() && deeper) {
      auto& item = (*array)[pick(array->size())];
      if (pick(8) == 0)
        array->push_back(json::value(item));
      else
        bend(item);
    } else {
      value = strange();
    }
  }

  std::size_t pick(std::size_t n) {
    return std::uniform_int_distribution<std::size_t>(0, n - 1)(random_);
  }

 private:
  json::value strange() {
    switch (pick(12)) {
      case 0:
        return nullptr;
      case 1:
        return true;
      case 2:
        return INT64_MIN;
      case 3:
        return UINT64_MAX;
      case 4:
        return 1e300;
      case 5:
        return "";
      case 6:
        return json::string(20'000, 'x');
      case 7:
        return json::array{json::array{}, nullptr, "a", json::object{}};
      case 8:
        return json::object{{"value", "erika.beispiel@example.com"}, {"", 1}};
      case 9:
        return "\x01\n\x7F ü €";
      case 10:
        return "+49 89 123456";
      default:
        return -1;
    }
  }

  std::mt19937_64 random_;
};

std::string outcome(const Source& source, const RawDelivery& raw) {
  const auto mapped = source.map(raw);
  if (!mapped) return std::string(to_string(mapped.error().code)) + mapped.error().message;
  std::string all = json::serialize(to_json(*mapped));
  for (const auto& touch : mapped->touches) all += json::serialize(to_json(touch, true));
  return all;
}

TEST(Source, MutatedDeliveriesNeverBreakTheMappingAndMapDeterministically) {
  const std::uint64_t seed = 20260309;
  Bender bender(seed);
  const auto all = seeds();
  std::map<std::string, std::unique_ptr<Source>> sources;
  for (const auto& name : source_adapters()) sources[name] = bare(name);
  for (int round = 0; round < 2'000; ++round) {
    auto [name, body] = all[bender.pick(all.size())];
    for (std::size_t times = bender.pick(4) + 1; times > 0; --times) bender.bend(body);
    const auto raw = delivery(json::serialize(body));
    const auto& source = *sources[name];
    EXPECT_EQ(outcome(source, raw), outcome(source, raw)) << "seed " << seed << " round " << round;
    EXPECT_EQ(source.delivery_id(raw), source.delivery_id(raw));
    EXPECT_LE(source.delivery_id(raw).size(), 200U);
    const auto mapped = source.map(raw);
    if (!mapped) {
      EXPECT_EQ(mapped.error().code, Errc::kInvalidInput);
      continue;
    }
    for (const auto& touch : mapped->touches) {
      EXPECT_LE(touch.at, raw.received_at);
      EXPECT_FALSE(touch.id.empty());
      EXPECT_LE(touch.message.size(), 8'192U);
    }
  }
}

TEST(Source, DeepTruncatedAndForeignBodiesAreInvalidInput) {
  std::string deep;
  for (int i = 0; i < 10'000; ++i) deep += "{\"a\":";
  const std::string bodies[] = {deep,
                                std::string(10'000, '['),
                                "{\"event_id\":\"x\"",
                                "",
                                "\"text\"",
                                "12",
                                "null",
                                "{\"a\":\"\xFF\xFE\"}",
                                "{\"a\":1}garbage",
                                std::string("\0", 1)};
  for (const auto& name : source_adapters()) {
    const auto source = bare(name);
    for (const auto& body : bodies) {
      const auto mapped = source->map(delivery(body));
      ASSERT_FALSE(mapped) << name << ' ' << body.substr(0, 20);
      EXPECT_EQ(mapped.error().code, Errc::kInvalidInput);
      EXPECT_EQ(source->delivery_id(delivery(body)), sha256_hex(body));
    }
  }
}

TEST(Source, TooManyElementsAreRefused) {
  json::array batch;
  for (int i = 0; i < 1'001; ++i)
    batch.push_back({{"subscriptionType", "contact.creation"},
                     {"objectId", i},
                     {"eventId", i},
                     {"portalId", 1},
                     {"subscriptionId", 1}});
  EXPECT_FALSE(bare("hubspot")->map(delivery(json::serialize(batch))));
  batch.pop_back();
  const auto mapped = bare("hubspot")->map(delivery(json::serialize(batch)));
  ASSERT_TRUE(mapped);
  EXPECT_EQ(mapped->touches.size(), 1'000U);
}

// Events of three contacts, in batches like HubSpot's.
json::array hubspot_batch() {
  json::array batch;
  std::int64_t id = 100;
  for (const std::int64_t object : {1801, 1802, 1803}) {
    const auto event = [&](json::object more) {
      json::object e{{"eventId", ++id},
                     {"subscriptionId", 7},
                     {"portalId", 62515},
                     {"objectId", object},
                     {"occurredAt", 1'773'046'000'000 + id % 3},
                     {"changeSource", "CRM_UI"}};
      for (auto& member : more) e.insert_or_assign(member.key(), member.value());
      batch.push_back(std::move(e));
    };
    const auto change = [&](const char* name, const char* value) {
      event({{"subscriptionType", "contact.propertyChange"},
             {"propertyName", name},
             {"propertyValue", value}});
    };
    change("email", "erika.beispiel@example.com");
    change("email", "erika@example.com");
    event({{"subscriptionType", "contact.creation"}});
    change("firstname", "Erika");
    change("lifecyclestage", "opportunity");
    change("hs_lead_status", "CONNECTED");
  }
  return batch;
}

TEST(Source, TheOrderOfABatchDoesNotMatter) {
  const std::uint64_t seed = 7;
  std::mt19937_64 random(seed);
  const auto source = bare("hubspot");
  auto batch = hubspot_batch();
  const auto touches_of = [&] {
    const auto mapped = source->map(delivery(json::serialize(batch)));
    EXPECT_TRUE(mapped);
    std::vector<std::string> all;
    for (const auto& touch : mapped->touches) all.push_back(canonical(to_json(touch, true)));
    std::sort(all.begin(), all.end());
    return std::pair(mapped->delivery_id, all);
  };
  const auto first = touches_of();
  EXPECT_EQ(first.second.size(), 9U);
  for (int round = 0; round < 100; ++round) {
    std::shuffle(batch.begin(), batch.end(), random);
    EXPECT_EQ(touches_of(), first) << "seed " << seed << " round " << round;
  }
}

TEST(Source, ARegroupedRetryKeepsTheIdsOfItsElements) {
  const auto source = bare("hubspot");
  const auto whole = source->map(delivery(json::serialize(hubspot_batch())));
  ASSERT_TRUE(whole);
  std::set<std::string> ids;
  for (const auto& touch : whole->touches) ids.insert(touch.id);
  for (const auto& element : hubspot_batch()) {
    const auto* kind = element.get_object().if_contains("propertyName");
    if (kind != nullptr && (*kind == "email" || *kind == "firstname"))
      continue;  // merged into the creation
    const auto alone = source->map(delivery(json::serialize(json::array{element})));
    ASSERT_TRUE(alone);
    for (const auto& touch : alone->touches) EXPECT_TRUE(ids.contains(touch.id)) << touch.id;
  }
}

TEST(Source, TimesAreNeverLaterThanTheArrival) {
  const auto source = bare("standard_webhooks");
  for (const char* at : {"2030-01-01T00:00:00Z", "1971-01-01T00:00:00Z", "0", "never"}) {
    const auto mapped = source->map(delivery(
        std::string(R"({"email":"erika.beispiel@example.com","timestamp":")") + at + "\"}"));
    ASSERT_TRUE(mapped);
    EXPECT_EQ(to_rfc3339(mapped->touches.at(0).at), "2026-03-09T09:00:00Z") << at;
  }
}

TEST(Source, TheConfigurationOverridesTheAdapter) {
  Findings findings;
  const auto source = configured(R"(adapter: typeform
secret: [new, old]
region: AT
ok_status: 204
max_body: 4096
requests_per_second: 50
)",
                                 findings);
  ASSERT_NE(source, nullptr) << said(findings);
  EXPECT_EQ(source->name(), "test");
  EXPECT_EQ(source->adapter(), "typeform");
  EXPECT_THAT(source->setting("secret"), ElementsAre("new", "old"));
  EXPECT_TRUE(source->setting("other").empty());
  EXPECT_EQ(source->ok_status(), 204);
  EXPECT_EQ(source->max_body(), 4096U);
  EXPECT_EQ(source->requests_per_second(), 50);
  EXPECT_TRUE(source->accepts_content_type("application/json; charset=utf-8"));
  EXPECT_FALSE(source->accepts_content_type("application/x-www-form-urlencoded"));
  EXPECT_EQ(source->verify().size(), 1U);
}

TEST(Source, ConfigurationFaultsAreReportedTogether) {
  Findings findings;
  EXPECT_EQ(configured(R"(adapter: typeform
secrte: x
region: Germany
touch: demo_reqest
max_body: 12
map: { fields: { emial: a } }
)",
                       findings),
            nullptr);
  const std::string all = said(findings);
  EXPECT_THAT(all, HasSubstr("sources/test.yaml:2:1:"));
  EXPECT_THAT(all, HasSubstr("did you mean \"secret\"?"));
  EXPECT_THAT(all, HasSubstr("\"secret\" is missing or empty"));
  EXPECT_THAT(all, HasSubstr("sources/test.yaml:3:"));
  EXPECT_THAT(all, HasSubstr("demo_request"));
  EXPECT_THAT(all, HasSubstr("sources/test.yaml:5:"));
  EXPECT_THAT(all, HasSubstr("did you mean \"email\"?"));
}

TEST(Source, AnUnknownAdapterIsReportedWithTheNearest) {
  Findings findings;
  EXPECT_EQ(configured("adapter: typefrom\nsecret: x\n", findings), nullptr);
  EXPECT_THAT(said(findings), HasSubstr("did you mean \"typeform\"?"));
}

TEST(Source, UnsignedIsAWarningAndAChoice) {
  Findings findings;
  const auto source = configured("adapter: standard_webhooks\nunsigned: true\n", findings);
  ASSERT_NE(source, nullptr) << said(findings);
  EXPECT_THAT(said(findings), HasSubstr("source.unsigned"));
  EXPECT_FALSE(has_errors(findings));
  EXPECT_EQ(source->verify()[0].method, VerifyMethod::kNone);
}

TEST(Source, HeadersWithCredentialsAreNotKept) {
  Findings findings;
  const auto source = configured(R"(adapter: standard_webhooks
unsigned: true
map: { delivery_id: "{header:Authorization}{header:X-Delivery}" }
)",
                                 findings);
  ASSERT_NE(source, nullptr) << said(findings);
  const std::vector<std::string> kept(source->kept_headers().begin(), source->kept_headers().end());
  EXPECT_THAT(kept, testing::Contains("x-delivery"));
  EXPECT_THAT(kept, testing::Not(testing::Contains("authorization")));
}

TEST(Source, ConsentOfTheConfigurationIsRead) {
  Findings findings;
  const auto source = configured(R"(adapter: typeform
secret: x
consent:
  - { purpose: marketing, channel: email, basis: express, state: { named: newsletter }, wording: { const: v3 } }
)",
                                 findings);
  ASSERT_NE(source, nullptr) << said(findings);
  const auto mapped = source->map(
      delivery(R"({"event_id":"1","event_type":"form_response","form_response":{"token":"t",
    "answers":[{"type":"boolean","boolean":true,"field":{"id":"q1","ref":"newsletter"}},
               {"type":"email","email":"erika.beispiel@example.com","field":{"id":"q2"}}]}})"));
  ASSERT_TRUE(mapped);
  const auto& consent = mapped->touches.at(0).consent;
  ASSERT_EQ(consent.size(), 1U);
  EXPECT_TRUE(consent[0].granted);
  EXPECT_EQ(consent[0].wording, "v3");
}

}  // namespace
}  // namespace baton
