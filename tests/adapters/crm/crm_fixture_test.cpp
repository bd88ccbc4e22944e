#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "adapters/engine/crm/crm.h"
#include "adapters/engine/crm/crm_load.h"
#include "mapping/json/json.h"
#include "mapping/schema/yaml.h"
#include "tests/support/source_dir.h"

namespace baton {
namespace {

namespace fs = std::filesystem;

// Every JSON file below tests/fixtures/crm is a case: the configuration of a destination, the
// records, the exact requests, the responses and their meaning.
std::vector<std::string> cases() {
  std::vector<std::string> files;
  for (const auto& entry :
       fs::recursive_directory_iterator(fs::path(source_dir()) / "tests/fixtures/crm")) {
    if (entry.path().extension() == ".json") files.push_back(entry.path().string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

json::value read(const std::string& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return parse_json(text.str()).value();
}

std::vector<CrmRecord> records_of(const json::object& fixture) {
  std::vector<CrmRecord> records;
  for (const auto& entry : *array(fixture, "records")) {
    const auto& o = entry.get_object();
    CrmRecord record;
    record.person = text(o, "person");
    record.version = static_cast<std::uint64_t>(integer(o, "version"));
    record.ref = text(o, "ref");
    record.view = *object(o, "view");
    records.push_back(std::move(record));
  }
  return records;
}

json::object shown(const HttpRequest& request) {
  json::object headers;
  for (const auto& [name, value] : request.headers) headers[name] = value;
  auto body = parse_json(request.body);
  return {{"method", request.method},
          {"url", request.url},
          {"headers", std::move(headers)},
          {"body", body ? *body : json::value(request.body)}};
}

HttpResult answer_of(const json::object& exchange) {
  HttpResult result;
  if (const auto transport = text(exchange, "transport"); !transport.empty()) {
    result.transport = transport == "timeout"   ? Transport::kTimeout
                       : transport == "refused" ? Transport::kRefused
                       : transport == "blocked" ? Transport::kBlocked
                                                : Transport::kBroken;
    return result;
  }
  const auto& answer = *object(exchange, "answer");
  result.response.status = static_cast<int>(integer(answer, "status"));
  if (const auto* headers = object(answer, "headers")) {
    for (const auto& h : *headers)
      result.response.headers.emplace_back(h.key(), h.value().as_string());
  }
  if (const auto* body = answer.if_contains("body"))
    result.response.body =
        body->is_string() ? std::string(body->get_string()) : json::serialize(*body);
  return result;
}

json::array shown(const std::vector<Outcome>& outcomes) {
  json::array list;
  for (const auto& outcome : outcomes) {
    json::object o{{"verdict", to_string(outcome.verdict)}};
    if (!outcome.ref.empty()) o["ref"] = outcome.ref;
    if (outcome.retry_after) o["after"] = to_string(*outcome.retry_after);
    if (!outcome.reason.empty()) o["reason"] = outcome.reason;
    list.push_back(std::move(o));
  }
  return list;
}

class CrmFixture : public testing::TestWithParam<std::string> {};

TEST_P(CrmFixture, SendsAndInterpretsTheCase) {
  const auto fixture = read(GetParam()).as_object();
  Findings findings;
  const auto config = parse_yaml(text(fixture, "config"), "crm/case.yaml", findings);
  const auto crm = make_crm(config, "", findings);
  std::string found;
  for (const auto& finding : findings) found += to_string(finding) + '\n';
  ASSERT_NE(crm, nullptr) << found;
  EXPECT_EQ(found, "");
  const auto records = records_of(fixture);
  const auto calls = crm->render(records);
  const auto& exchanges = *array(fixture, "exchanges");
  ASSERT_EQ(calls.size(), exchanges.size());
  for (std::size_t i = 0; i < calls.size(); ++i) {
    const auto& exchange = exchanges[i].get_object();
    if (const auto* request = exchange.if_contains("request")) {
      EXPECT_EQ(canonical(shown(calls[i].request)), canonical(*request));
    }
    const auto outcomes = crm->interpret(calls[i], answer_of(exchange));
    EXPECT_EQ(canonical(shown(outcomes)), canonical(*exchange.if_contains("expect")));
  }
}

INSTANTIATE_TEST_SUITE_P(All, CrmFixture, testing::ValuesIn(cases()), [](const auto& param) {
  auto name = fs::path(param.param).parent_path().filename().string() + "_" +
              fs::path(param.param).stem().string();
  std::replace_if(
      name.begin(), name.end(),
      [](char c) { return std::isalnum(static_cast<unsigned char>(c)) == 0; }, '_');
  return name;
});

}  // namespace
}  // namespace baton
