#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "adapters/engine/crm/crm_feedback.h"
#include "adapters/engine/crm/crm_load.h"
#include "mapping/json/json.h"
#include "mapping/schema/yaml.h"
#include "tests/support/source_dir.h"

namespace baton {
namespace {

const std::string kSpec = source_dir() + "/../shared/crm-specs/espocrm/openapi.json";

// Checks the requests of a destination that consists of configuration only against the vendor's API
// description.
constexpr std::string_view kEspo = R"(
adapter: rest
mode: live
settings: {base_url: "https://crm.example.com/api/v1", token: t}
upsert: {method: POST, path: /Lead, body: $fields}
fields: {emailAddress: email}
feedback:
  enabled: true
  path: /Lead/{ref}
  key: ""
  changes: {properties: "", current: [status, assignedUserId]}
  events:
    - {name: accepted, when: {property: status, value: [Assigned, "In Process"]}, touch: crm_accepted}
    - {name: rejected, when: {property: status, value: [Recycled, Dead]}, touch: crm_rejected, fields: {properties.reason: {path: value, lower: true}}}
    - {name: owner, when: {property: assignedUserId}, touch: crm_owner_changed, fields: {properties.owner: value}}
    - {name: others, when: {property: {present: true}}, touch: none}
)";

json::object spec() {
  std::ostringstream text;
  text << std::ifstream(kSpec).rdbuf();
  return parse_json(text.str()).value().as_object();
}

TEST(CrmFeedbackSpec, EspoCrmHasThePathAndTheProperties) {
  if (!std::filesystem::exists(kSpec)) GTEST_SKIP() << "the vendor's description is not here";
  Findings findings;
  const auto crm = make_crm(parse_yaml(kEspo, "crm/espo.yaml", findings), "", findings);
  std::string found;
  for (const auto& finding : findings) found += to_string(finding) + '\n';
  ASSERT_NE(crm, nullptr) << found;
  CrmRecord record;
  record.person = "p1";
  EXPECT_FALSE(crm->feedback()->knows(record));
  record.ref = "65f0ab";
  ASSERT_TRUE(crm->feedback()->knows(record));
  const auto call = crm->feedback()->render({&record, 1});
  EXPECT_EQ(call.request.method, "GET");
  EXPECT_EQ(call.request.url, "https://crm.example.com/api/v1/Lead/65f0ab");
  EXPECT_EQ(call.request.body, "");
  const auto described = spec();
  const auto& path = described.at("paths").as_object().at("/Lead/{id}").as_object();
  ASSERT_TRUE(path.contains("get"));
  const auto& lead =
      described.at("components").at("schemas").at("Lead").at("properties").as_object();
  for (const auto* property : {"id", "status", "assignedUserId"})
    EXPECT_TRUE(lead.contains(property)) << property;
  // The statuses in the rules exist in the vendor's description.
  if (const auto* statuses = lead.at("status").as_object().if_contains("enum")) {
    for (const auto* status : {"Assigned", "In Process", "Recycled", "Dead"})
      EXPECT_NE(
          std::find(statuses->as_array().begin(), statuses->as_array().end(), json::value(status)),
          statuses->as_array().end())
          << status;
  }
  HttpResult result;
  result.response.status = 200;
  result.response.body = R"({"id":"65f0ab","status":"Dead","assignedUserId":"u7"})";
  const auto answer = crm->feedback()->interpret(call, result, Instant{1'773'043'200'000});
  ASSERT_EQ(answer.touches.at(0).size(), 2u);
  EXPECT_EQ(answer.touches[0][0].type, TouchType::kCrmRejected);
  EXPECT_EQ(answer.touches[0][0].id, "65f0ab.status.Dead");
  result.response.body = R"({"id":"another","status":"Dead"})";
  EXPECT_EQ(crm->feedback()->interpret(call, result, Instant{1}).outcome.verdict,
            Verdict::kUnknown);
}

}  // namespace
}  // namespace baton
