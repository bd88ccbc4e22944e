#include "adapters/engine/crm/crm_examples.h"

#include <fmt/format.h>

namespace baton {

YamlDocument example_config(const YamlDocument& spec, const json::object& example) {
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

CrmRecord example_record(const json::object& given) {
  CrmRecord record;
  record.person = text(given, "id");
  record.ref = text(given, "ref");
  if (const auto* view = object(given, "view")) record.view = *view;
  return record;
}

HttpResult example_answer(const json::object& example) {
  HttpResult result;
  const auto* answer = object(example, "answer");
  if (answer == nullptr) return result;
  result.response.status = static_cast<int>(integer(*answer, "status", 200));
  result.response.headers.emplace_back("Content-Type", "application/json");
  if (const auto* body = answer->if_contains("body")) result.response.body = json::serialize(*body);
  return result;
}

json::object example_request(const HttpRequest& request) {
  const auto slash = request.url.find('/', request.url.find("://") + 3);
  auto body = parse_json(request.body);
  return {{"method", request.method},
          {"path", slash == std::string::npos ? "/" : request.url.substr(slash)},
          {"body", body ? std::move(*body) : json::value()}};
}

}  // namespace baton
