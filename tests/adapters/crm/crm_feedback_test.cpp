#include "adapters/engine/crm/crm_feedback.h"

#include <gtest/gtest.h>

#include "adapters/engine/crm/crm_feedback_examples.h"
#include "adapters/engine/crm/crm_load.h"
#include "adapters/engine/source/adapter_files.h"
#include "adapters/engine/source/source.h"
#include "mapping/schema/yaml.h"

namespace baton {
namespace {

std::string said(const Findings& findings) {
  std::string all;
  for (const auto& finding : findings) all += to_string(finding) + '\n';
  return all;
}

TEST(CrmFeedback, EveryBuiltInAdapterMatchesItsExamples) {
  std::size_t run = 0;
  for (const auto& info : list_adapters("")) {
    if (info.kind != "crm") continue;
    const auto text = adapter_text(info.kind, info.name, "");
    Findings findings;
    const auto spec = parse_yaml(text->first, text->second, findings);
    append(findings, run_feedback_examples(spec, run));
    EXPECT_EQ(said(findings), "");
  }
  EXPECT_GE(run, 5u);
}

TEST(CrmFeedback, AnExampleThatDiffersIsAFinding) {
  auto text = adapter_text("crm", "rest", "")->first;
  text.replace(text.find("outcome: reached, evidence: call-7"), 16, "outcome: no_such");
  Findings findings;
  std::size_t run = 0;
  append(findings, run_feedback_examples(parse_yaml(text, "rest.yaml", findings), run));
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings.front().code, "example.differs");
}

std::unique_ptr<Crm> crm_of(const std::string& more, Findings& findings) {
  return make_crm(parse_yaml("adapter: hubspot\nmode: live\nsettings: {token: t}\n" + more,
                             "crm/hubspot.yaml", findings),
                  "", findings);
}

TEST(CrmFeedback, TheDestinationSetsTheIntervalOrSwitchesItOff) {
  Findings findings;
  const auto crm = crm_of(
      "feedback: {contact_every: 10s, stale_after: 5m, budget: {calls: 3, per: 1s}}\n", findings);
  ASSERT_NE(crm, nullptr) << said(findings);
  const auto& options = crm->feedback()->options();
  EXPECT_EQ(options.contact_every, seconds(10));
  EXPECT_EQ(options.lead_every, minutes(5));
  EXPECT_EQ(options.stale_after, minutes(5));
  EXPECT_EQ(options.calls, 3);
  EXPECT_EQ(options.per, seconds(1));
  EXPECT_EQ(options.source, "hubspot");
  EXPECT_EQ(crm_of("feedback: {enabled: false}\n", findings)->feedback(), nullptr);
}

TEST(CrmFeedback, ConfigurationFaultsHaveTheirPosition) {
  Findings findings;
  EXPECT_EQ(crm_of("feedback: {contact_every: soon}\n", findings), nullptr);
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(to_string(findings.front()),
            "crm/hubspot.yaml:4:27: not a duration such as \"30s\" [config.bad_value]");
  findings.clear();
  EXPECT_EQ(crm_of("feedback: {back: {owner: nobodys}}\n", findings), nullptr);
  EXPECT_EQ(findings.front().code, "adapter.unknown_table");
  findings.clear();
  EXPECT_EQ(crm_of("feedback: {batch: 50, item: null, results: \"\"}\n", findings), nullptr);
  EXPECT_EQ(findings.front().code, "adapter.bad_feedback");
  for (const auto* follow :
       {"{changed: \"\"}",
        "{objects: [{name: call, list: {path: /l, item: $ref}, read: {path: /r}}]}"}) {
    findings.clear();
    EXPECT_EQ(crm_of(std::string("feedback: {follow: ") + follow + "}\n", findings), nullptr);
    EXPECT_EQ(findings.front().code, "adapter.bad_feedback");
  }
  findings.clear();
  EXPECT_NE(crm_of("feedback: {follow: {enabled: false}}\n", findings), nullptr);
}

// A contact that sales has not contacted since its lead began costs no extra call.
TEST(CrmFeedback, FollowsChangedRecordsAndReadsTheirNewestObjects) {
  Findings findings;
  const auto crm = crm_of(
      "feedback: {follow: {changed: /properties/notes_last_contacted, objects: [{name: call, "
      "newest: 2, list: {path: /l, item: {id: $ref}, body: $items, results: /results, key: /from,"
      " objects: /to}, read: {path: /r, item: $object, body: $items, results: \"\", id: /id}}]}}\n",
      findings);
  ASSERT_NE(crm, nullptr);
  CrmRecord record;
  record.person = "p1";
  const auto call = crm->feedback()->render({&record, 1});
  HttpResult result;
  result.response.status = 200;
  result.response.body =
      R"({"results":[{"id":"251","properties":{"baton_id":"p1","notes_last_contacted":"2026-03-09T08:20:00Z"}}]})";
  const Instant contacted = parse_rfc3339("2026-03-09T08:20:00Z").value();
  const Instant before = contacted, after = contacted + milliseconds(1);
  EXPECT_EQ(crm->feedback()->follow(call, result, {&after, 1}, contacted), nullptr);
  const auto follow = crm->feedback()->follow(call, result, {&before, 1}, contacted);
  ASSERT_NE(follow, nullptr);
  EXPECT_EQ(follow->next()->body, R"([{"id":"251"}])");
  result.response.body = R"({"results":[{"from":251,"to":["9","100","11"]}]})";
  EXPECT_EQ(follow->take(result).verdict, Verdict::kOk);
  EXPECT_EQ(follow->next()->body, R"(["100","11"])");
  result.response.status = 500;
  EXPECT_EQ(follow->take(result).verdict, Verdict::kRetryBackoff);
  EXPECT_FALSE(follow->next()) << "a failure ends it";
}

// The same response read again contains the same changes, whatever the time.
TEST(CrmFeedback, ChangesKeepTheirIds) {
  Findings findings;
  const auto crm = crm_of("", findings);
  ASSERT_NE(crm, nullptr) << said(findings);
  CrmRecord record;
  record.person = "p1";
  const auto call = crm->feedback()->render({&record, 1});
  HttpResult result;
  result.response.status = 200;
  result.response.body =
      R"({"results":[{"id":"7","properties":{"baton_id":"p1"},"propertiesWithHistory":{"hs_lead_status":[
      {"value":"OPEN","timestamp":"1773043200250","sourceType":"CRM_UI"},{"value":"OPEN","timestamp":"nonsense"},{"value":"NEW"}, 5]}}]})";
  for (const auto* at : {"2026-03-10T00:00:00Z", "2026-03-11T00:00:00Z"}) {
    const auto answer = crm->feedback()->interpret(call, result, *parse_rfc3339(at));
    ASSERT_EQ(answer.touches.at(0).size(), 1u);
    EXPECT_EQ(answer.touches[0][0].id, "7.hs_lead_status.1773043200250");
    EXPECT_EQ(to_rfc3339(answer.touches[0][0].at), "2026-03-09T08:00:00.250Z");
  }
}

TEST(CrmFeedback, AResponseWithoutRecordsIsNoNews) {
  Findings findings;
  const auto crm = crm_of("", findings);
  CrmRecord record;
  record.person = "p1";
  const auto call = crm->feedback()->render({&record, 1});
  for (const auto* body : {"", "[]", "{}", R"({"results":7})", R"("x")"}) {
    HttpResult result;
    result.response.status = 200;
    result.response.body = body;
    const auto answer = crm->feedback()->interpret(call, result, Instant{1});
    EXPECT_NE(answer.outcome.verdict, Verdict::kOk) << body;
    EXPECT_TRUE(answer.touches.at(0).empty());
  }
}

}  // namespace
}  // namespace baton
