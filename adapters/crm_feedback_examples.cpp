#include <fmt/format.h>

#include "adapters/crm_feedback.h"
#include "adapters/crm_load.h"
#include "adapters/examples.h"
#include "mapping/map_compile.h"

namespace baton {
namespace {

// The example's own configuration stands for a destination's file.
YamlDocument config_of(const YamlDocument& spec, const json::object& example) {
  YamlDocument config;
  const auto name = spec.value.is_object() ? text(spec.value.get_object(), "crm") : "crm";
  config.file = fmt::format("crm/{}.yaml", name);
  const auto* given = object(example, "config");
  json::object value = given != nullptr ? *given : json::object{};
  value["adapter"] = name;
  value["mode"] = "observe";
  config.value = std::move(value);
  return config;
}

std::vector<CrmRecord> records_of(const json::object& example) {
  std::vector<CrmRecord> records;
  const auto* list = array(example, "records");
  for (const auto& entry : list != nullptr ? *list : json::array{}) {
    const auto* o = entry.if_object();
    if (o == nullptr) continue;
    CrmRecord record;
    record.person = text(*o, "id");
    record.ref = text(*o, "ref");
    if (const auto* view = object(*o, "view")) record.view = *view;
    records.push_back(std::move(record));
  }
  return records;
}

json::object shown(const HttpRequest& request) {
  const auto slash = request.url.find('/', request.url.find("://") + 3);
  auto body = parse_json(request.body);
  return {{"method", request.method},
          {"path", slash == std::string::npos ? "/" : request.url.substr(slash)},
          {"body", body ? std::move(*body) : json::value()}};
}

HttpResult answer_of(const json::object& example) {
  HttpResult result;
  const auto* answer = object(example, "answer");
  if (answer == nullptr) return result;
  result.response.status = static_cast<int>(integer(*answer, "status", 200));
  result.response.headers.emplace_back("Content-Type", "application/json");
  if (const auto* body = answer->if_contains("body")) result.response.body = json::serialize(*body);
  return result;
}

json::array shown(const FeedbackAnswer& answer) {
  json::array all;
  for (const auto& touches : answer.touches) {
    json::array list;
    for (const auto& touch : touches) list.push_back(to_json(touch, true));
    all.push_back(std::move(list));
  }
  return all;
}

std::vector<std::string> differences_of(const CrmFeedback& feedback, const json::object& example) {
  std::vector<std::string> differences;
  const auto records = records_of(example);
  if (records.empty()) return {"it names no records"};
  const auto call = feedback.render(records);
  if (const auto* wanted = example.if_contains("request")) {
    const json::value request = shown(call.request);
    compare_example(*wanted, &request, "request", differences);
  }
  const auto received_at = parse_rfc3339(text(example, "received_at", "2030-01-01T00:00:00Z")).value_or(Instant{});
  const auto answer = feedback.interpret(call, answer_of(example), received_at);
  const json::value verdict(to_string(answer.outcome.verdict));
  compare_example(json::value(text(example, "verdict", "ok")), &verdict, "verdict", differences);
  if (const auto* wanted = example.if_contains("touches")) {
    const json::value touches = shown(answer);
    compare_example(*wanted, &touches, "touches", differences);
  }
  return differences;
}

}  // namespace

Findings run_feedback_examples(const YamlDocument& spec, std::size_t& examples_run) {
  Findings findings;
  const auto* root = spec.value.if_object();
  const auto* feedback = root != nullptr ? object(*root, "feedback") : nullptr;
  const auto* examples = feedback != nullptr ? array(*feedback, "examples") : nullptr;
  if (examples == nullptr) return findings;
  for (std::size_t i = 0; i < examples->size(); ++i) {
    const auto* example = (*examples)[i].if_object();
    if (example == nullptr) continue;
    ++examples_run;
    Findings building;
    const auto crm = make_crm(config_of(spec, *example), spec, building);
    if (crm == nullptr || crm->feedback() == nullptr) {
      append(findings, std::move(building));
      continue;
    }
    for (auto& difference : differences_of(*crm->feedback(), *example)) {
      findings.push_back(spec.finding(child("/feedback/examples", i),
                                      fmt::format("example \"{}\": {}", text(*example, "name"), difference), "example.differs"));
    }
  }
  return findings;
}

}  // namespace baton
