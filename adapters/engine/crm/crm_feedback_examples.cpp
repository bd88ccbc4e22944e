#include "adapters/engine/crm/crm_feedback_examples.h"

#include <fmt/format.h>

#include "adapters/engine/crm/crm_examples.h"
#include "adapters/engine/crm/crm_feedback.h"
#include "adapters/engine/crm/crm_load.h"
#include "adapters/engine/source/examples.h"
#include "mapping/map/map_compile_parts.h"

namespace baton {
namespace {

std::vector<CrmRecord> records_of(const json::object& example) {
  std::vector<CrmRecord> records;
  const auto* list = array(example, "records");
  for (const auto& entry : list != nullptr ? *list : json::array{}) {
    const auto* o = entry.if_object();
    if (o == nullptr) continue;
    records.push_back(example_record(*o));
  }
  return records;
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

// Checks the requests that follow the first response, in their order. The last one may be refused.
void run_follow(const CrmFeedback& feedback, const json::object& example, const CrmCall& call,
                Instant received_at, FeedbackAnswer& answer,
                std::vector<std::string>& differences) {
  const std::vector<Instant> since(call.items.size(),
                                   parse_rfc3339(text(example, "since")).value_or(Instant{}));
  const auto follow = answer.outcome.verdict == Verdict::kOk
                          ? feedback.follow(call, example_answer(example), since, received_at)
                          : nullptr;
  const auto* steps = array(example, "follow");
  std::size_t n = 0;
  for (auto asked = follow ? follow->next() : std::nullopt; asked; asked = follow->next(), ++n) {
    const auto* step = steps != nullptr && n < steps->size() ? (*steps)[n].if_object() : nullptr;
    if (step == nullptr) {
      differences.push_back(fmt::format("it makes more than the {} requests of follow", n));
      return;
    }
    if (const auto* wanted = step->if_contains("request")) {
      const json::value request = example_request(*asked);
      compare_example(*wanted, &request, fmt::format("follow/{}/request", n), differences);
    }
    const json::value verdict(to_string(follow->take(example_answer(*step)).verdict));
    compare_example(json::value(text(*step, "verdict", "ok")), &verdict,
                    fmt::format("follow/{}/verdict", n), differences);
  }
  if (follow) follow->add_to(answer);
  if (steps != nullptr && n < steps->size())
    differences.push_back(
        fmt::format("it makes {} of the {} requests of follow", n, steps->size()));
}

std::vector<std::string> differences_of(const CrmFeedback& feedback, const json::object& example) {
  std::vector<std::string> differences;
  const auto records = records_of(example);
  if (records.empty()) return {"the example has no records"};
  const auto call = feedback.render(records);
  if (const auto* wanted = example.if_contains("request")) {
    const json::value request = example_request(call.request);
    compare_example(*wanted, &request, "request", differences);
  }
  const auto received_at =
      parse_rfc3339(text(example, "received_at", "2030-01-01T00:00:00Z")).value_or(Instant{});
  auto answer = feedback.interpret(call, example_answer(example), received_at);
  const json::value verdict(to_string(answer.outcome.verdict));
  compare_example(json::value(text(example, "verdict", "ok")), &verdict, "verdict", differences);
  run_follow(feedback, example, call, received_at, answer, differences);
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
    const auto crm = make_crm(example_config(spec, *example), spec, building);
    if (crm == nullptr || crm->feedback() == nullptr) {
      append(findings, std::move(building));
      continue;
    }
    for (auto& difference : differences_of(*crm->feedback(), *example)) {
      findings.push_back(
          spec.finding(child("/feedback/examples", i),
                       fmt::format("example \"{}\": {}", text(*example, "name"), difference),
                       "example.differs"));
    }
  }
  return findings;
}

}  // namespace baton
