#include "adapters/engine/crm/crm_tasks.h"

#include <gtest/gtest.h>

#include "adapters/engine/crm/crm_load.h"
#include "adapters/engine/crm/crm_tasks_examples.h"
#include "adapters/engine/source/adapter_files.h"
#include "adapters/engine/source/source.h"
#include "mapping/json/json.h"
#include "mapping/schema/yaml.h"

namespace baton {
namespace {

std::string said(const Findings& findings) {
  std::string all;
  for (const auto& finding : findings) all += to_string(finding) + '\n';
  return all;
}

std::unique_ptr<Crm> crm_of(const std::string& config, Findings& findings) {
  return make_crm(parse_yaml(config, "crm/case.yaml", findings), "", findings);
}

std::unique_ptr<Crm> hubspot(const std::string& more = "") {
  Findings findings;
  auto crm = crm_of("adapter: hubspot\nmode: live\nsettings: {token: t}\n" + more, findings);
  EXPECT_EQ(said(findings), "");
  return crm;
}

TaskRecord record() {
  TaskRecord task;
  task.person.person = "p1";
  task.person.ref = "251";
  task.key = "p1.1/t1";
  task.person.view = parse_json(R"({"email":"erika@beispiel.example","full_name":"Erika Beispiel",
    "task":{"key":"p1.1/t1","kind":"qualify","state":"open","subject":"Qualify and enrich: Erika Beispiel","opened":"2026-03-09T09:00:00Z"}})")
                         .value()
                         .as_object();
  return task;
}

HttpResult answer(int status, std::string body = "{}") {
  HttpResult result;
  result.response.status = status;
  result.response.headers = {{"Content-Type", "application/json"}};
  result.response.body = std::move(body);
  return result;
}

TEST(CrmTasks, EveryBuiltInAdapterMatchesItsExamples) {
  std::size_t run = 0;
  for (const auto& info : list_adapters("")) {
    if (info.kind != "crm") continue;
    const auto text = adapter_text(info.kind, info.name, "");
    Findings findings;
    const auto spec = parse_yaml(text->first, text->second, findings);
    append(findings, run_task_examples(spec, run));
    EXPECT_EQ(said(findings), "");
  }
  EXPECT_GE(run, 8u);
}

TEST(CrmTasks, AnExampleThatDiffersIsAFinding) {
  auto text = adapter_text("crm", "hubspot", "")->first;
  text.replace(text.find("hs_task_status: NOT_STARTED"), 27, "hs_task_status: NOT_BEGUN");
  Findings findings;
  std::size_t run = 0;
  append(findings, run_task_examples(parse_yaml(text, "hubspot.yaml", findings), run));
  ASSERT_EQ(findings.size(), 1u) << said(findings);
  EXPECT_EQ(findings.front().code, "example.differs");
}

TEST(CrmTasks, TheDestinationSwitchesThemOnAndOffAndOverridesMembers) {
  Findings findings;
  const auto off = crm_of(
      "adapter: hubspot\nmode: observe\nsettings: {token: t}\ntasks: {enabled: false}\n", findings);
  ASSERT_NE(off, nullptr) << said(findings);
  EXPECT_EQ(off->tasks(), nullptr);
  const auto plain = crm_of(
      "adapter: rest\nmode: observe\nsettings: {base_url: 'https://crm.example.com'}\n", findings);
  ASSERT_NE(plain, nullptr) << said(findings);
  EXPECT_EQ(plain->tasks(), nullptr);
  const auto rest = crm_of(
      "adapter: rest\nmode: observe\nsettings: {base_url: 'https://crm.example.com'}\ntasks: "
      "{enabled: true, settles: 2s, repeat: blind}\n",
      findings);
  ASSERT_NE(rest, nullptr) << said(findings);
  ASSERT_NE(rest->tasks(), nullptr);
  EXPECT_EQ(rest->tasks()->repeat(), Repeat::kBlind);
  EXPECT_EQ(rest->tasks()->settles(), seconds(2));
  EXPECT_FALSE(rest->tasks()->needs_person());
  EXPECT_TRUE(hubspot()->tasks()->needs_person());
}

TEST(CrmTasks, RefusesConfigurationsThatCannotWork) {
  const auto refused = [](const std::string& tasks) {
    Findings findings;
    const auto crm = crm_of(
        "adapter: rest\nmode: observe\nsettings: {base_url: 'https://crm.example.com'}\ntasks: " +
            tasks + "\n",
        findings);
    EXPECT_EQ(crm, nullptr);
    return said(findings);
  };
  EXPECT_NE(refused("{enabled: true, repeat: readable}").find("needs find"), std::string::npos);
  EXPECT_NE(refused("{enabled: true, create: {method: POST}}").find("each with a path"),
            std::string::npos);
  EXPECT_NE(refused("{enabled: true, settles: soon}").find("not a duration"), std::string::npos);
  EXPECT_NE(refused("{enabled: true, fields: {state: {from: task.state, map: no_such}}}")
                .find("no table has the name"),
            std::string::npos);
}

TEST(CrmTasks, AResponseIsJudgedByItsCall) {
  const auto crm = hubspot();
  const auto& tasks = *crm->tasks();
  auto task = record();
  const auto verdict = [&](TaskCall call, const HttpResult& result) {
    return tasks.interpret(call, task, result).verdict;
  };
  EXPECT_EQ(verdict(TaskCall::kCreate, answer(201, R"({"id":"9"})")), Verdict::kOk);
  EXPECT_EQ(verdict(TaskCall::kCreate, answer(201, "{}")), Verdict::kUnknown)
      << "created, but with an unknown id";
  EXPECT_EQ(verdict(TaskCall::kCreate, answer(404)), Verdict::kPermanentData)
      << "concerns this task, not all of them";
  EXPECT_EQ(verdict(TaskCall::kCreate, answer(429)), Verdict::kRetryAfter);
  EXPECT_EQ(verdict(TaskCall::kCreate, answer(503)), Verdict::kRetryBackoff);
  EXPECT_EQ(verdict(TaskCall::kCreate, {Transport::kTimeout, {}, "late"}), Verdict::kUnknown);
  EXPECT_EQ(verdict(TaskCall::kCreate, answer(403, R"({"category":"MISSING_SCOPES"})")),
            Verdict::kPermanentConfig);
  EXPECT_EQ(verdict(TaskCall::kFind, answer(404)), Verdict::kPermanentData);
  EXPECT_EQ(verdict(TaskCall::kFind, answer(500)), Verdict::kRetryBackoff);
  task.ref = "9";
  EXPECT_EQ(tasks.interpret(TaskCall::kUpdate, task, answer(200)).ref, "9");
  EXPECT_EQ(verdict(TaskCall::kUpdate, answer(404)), Verdict::kOkNoop)
      << "a user deleted it on purpose";
}

TEST(CrmTasks, ARefusalIsQuotedWithoutPersonalData) {
  const auto crm = hubspot();
  const auto outcome = crm->tasks()->interpret(
      TaskCall::kCreate, record(),
      answer(400, R"({"message":"property of Erika Beispiel (erika@beispiel.example) is odd"})"));
  EXPECT_EQ(outcome.verdict, Verdict::kPermanentData);
  EXPECT_NE(outcome.reason.find("is odd"), std::string::npos);
  EXPECT_EQ(outcome.reason.find("rika"), std::string::npos) << outcome.reason;
}

TEST(CrmTasks, AListIsSearchedIfACrmCanOnlySearch) {
  Findings findings;
  const auto crm = crm_of(
      "adapter: rest\nmode: observe\nsettings: {base_url: 'https://crm.example.com'}\n"
      "tasks: {enabled: true, repeat: readable, find: {method: POST, path: /search, body: {q: "
      "$task}, results: /hits, id: /id}}\n",
      findings);
  ASSERT_NE(crm, nullptr) << said(findings);
  const auto& tasks = *crm->tasks();
  EXPECT_EQ(tasks.render(TaskCall::kFind, record()).body, R"({"q":"p1.1/t1"})");
  EXPECT_EQ(tasks.interpret(TaskCall::kFind, record(), answer(200, R"({"hits":[]})")).verdict,
            Verdict::kPermanentData);
  EXPECT_EQ(
      tasks.interpret(TaskCall::kFind, record(), answer(200, R"({"hits":[{"id":7},{"id":8}]})"))
          .ref,
      "7");
  EXPECT_EQ(tasks.interpret(TaskCall::kFind, record(), answer(200, "{}")).verdict,
            Verdict::kUnknown)
      << "a missing list proves nothing";
}

}  // namespace
}  // namespace baton
