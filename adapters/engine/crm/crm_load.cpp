#include "adapters/engine/crm/crm_load.h"

#include <algorithm>

#include <fmt/format.h>

#include "adapters/engine/crm/crm_feedback_load.h"
#include "adapters/engine/crm/crm_tasks_load.h"
#include "adapters/engine/http/address_policy.h"
#include "adapters/engine/source/adapter_files.h"
#include "adapters/engine/source/source.h"
#include "mapping/net/ip_address.h"
#include "mapping/net/url.h"
#include "mapping/schema/schema.h"

namespace baton {
namespace {

std::string stem(const std::string& file) {
  const auto slash = file.find_last_of('/');
  const auto name = slash == std::string::npos ? file : file.substr(slash + 1);
  return name.substr(0, name.find('.'));
}

// The configuration may override these parts of an adapter; members it does not name stay.
void override_part(json::object& spec, const json::object& config, std::string_view part) {
  const auto* given = object(config, part);
  if (given == nullptr) return;
  auto* there = spec.if_contains(part);
  if (there == nullptr || !there->is_object()) {
    spec[part] = *given;
    return;
  }
  for (const auto& entry : *given) {
    auto& slot = there->get_object()[entry.key()];
    const auto* headers = entry.key() == "headers" ? entry.value().if_object() : nullptr;
    if (headers == nullptr || !slot.is_object())
      slot = entry.value();
    else
      for (const auto& one : *headers) slot.get_object()[one.key()] = one.value();
  }
}

AnswerSpec read_answer(const json::object& answer) {
  AnswerSpec out;
  out.results = text(answer, "results");
  out.id = text(answer, "id");
  out.trace = text(answer, "trace");
  out.key = text(answer, "key");
  out.errors = text(answer, "errors");
  out.error_trace = text(answer, "error_trace");
  out.error_key = text(answer, "error_key");
  out.id_required = boolean(answer, "id_required");
  return out;
}

BudgetHeaders read_budget(const json::object& budget) {
  return {std::string(text(budget, "remaining")), std::string(text(budget, "resets_s")),
          std::string(text(budget, "resets_ms")), std::string(text(budget, "daily_remaining"))};
}

void add_tables(const json::object* from, ValueTables& tables) {
  if (from == nullptr) return;
  for (const auto& table : *from) {
    if (!table.value().is_object()) continue;
    auto& entries = tables[std::string(table.key())];
    for (const auto& entry : table.value().get_object())
      entries[std::string(entry.key())] = as_text(entry.value());
  }
}

void read_calls(const json::object& spec, CrmPlan& plan) {
  if (const auto* upsert = object(spec, "upsert")) {
    plan.upsert = read_call(*upsert, "POST");
    if (const auto* item = upsert->if_contains("item")) plan.item = *item;
    plan.batch = static_cast<std::size_t>(std::max<std::int64_t>(1, integer(*upsert, "batch", 1)));
  }
  if (const auto* answer = object(spec, "answer")) plan.answer = read_answer(*answer);
  if (const auto* budget = object(spec, "budget")) plan.budget = read_budget(*budget);
  if (const auto* read = object(spec, "read_back")) {
    plan.read_back = read_call(*read, "GET");
    plan.read_back_id = text(*read, "id");
  }
  if (const auto* test = object(spec, "credential_test"))
    plan.credential_test = read_call(*test, "GET");
  if (const auto* headers = object(spec, "headers")) plan.headers = *headers;
  plan.key = text(spec, "key", "{id}");
  plan.trace = text(spec, "trace", "{id}:v{version}");
}

// The configuration comes first: its outcome rules win, and its fields and tables replace the
// adapter's.
void read_rules(const YamlDocument& config, const json::object& own, const YamlDocument& spec,
                const json::object& theirs, CrmPlan& plan, Findings& findings) {
  if (const auto* rules = array(own, "outcomes"))
    plan.outcomes.add(config, "/outcomes", *rules, findings);
  if (const auto* rules = array(theirs, "outcomes"))
    plan.outcomes.add(spec, "/outcomes", *rules, findings);
  if (const auto* fields = object(theirs, "fields"))
    plan.fields.add(spec, "/fields", *fields, findings);
  if (const auto* fields = object(own, "fields"))
    plan.fields.add(config, "/fields", *fields, findings);
  add_tables(object(theirs, "tables"), plan.tables);
  add_tables(object(own, "tables"), plan.tables);
  plan.fields.check_tables(config, plan.tables, findings);
  plan.field_options.all_text = text(theirs, "values") == "text";
  plan.field_options.neutralise = boolean(own, "neutralise_formulas", true);
}

void read_delivery(const YamlDocument& config, const json::object& own, const json::object& theirs,
                   CrmPlan& plan, Findings& findings) {
  plan.mode = text(own, "mode") == "live" ? Mode::kLive : Mode::kObserve;
  plan.repeat = read_repeat(text(own, "repeat", text(theirs, "repeat", "keyed")));
  plan.http = read_http_options(object(own, "http"));
  check_allow_private(config, "/http/allow_private", plan.http.allow_private, findings);
  if (const auto batch = integer(own, "batch_size"); batch > 0)
    plan.batch = std::min(plan.batch, static_cast<std::size_t>(batch));
  if (const auto deadline = text(own, "deadline", text(theirs, "deadline")); !deadline.empty()) {
    const auto parsed = parse_duration(deadline);
    if (parsed && parsed->ms > 0)
      plan.deadline = *parsed;
    else
      findings.push_back(
          config.finding("/deadline", "not a duration such as \"30s\"", "config.bad_value"));
  }
  if (plan.mode == Mode::kLive) check_url(config, "/settings", "base_url", plan.base_url, findings);
}

}  // namespace

Repeat read_repeat(std::string_view name) {
  return name == "blind" ? Repeat::kBlind : name == "readable" ? Repeat::kReadable : Repeat::kKeyed;
}

bool uses_ref(const json::value& value) {
  if (const auto* text = value.if_string())
    return *text == "$ref" || text->find("{ref}") != json::string::npos;
  if (const auto* members = value.if_object())
    return std::any_of(members->begin(), members->end(),
                       [](const auto& entry) { return uses_ref(entry.value()); });
  if (const auto* items = value.if_array())
    return std::any_of(items->begin(), items->end(),
                       [](const auto& item) { return uses_ref(item); });
  return false;
}

bool uses_ref(const CallTemplate& call) {
  return call.path.find("{ref}") != std::string::npos || uses_ref(call.body);
}

CallTemplate read_call(const json::object& call, std::string_view default_method) {
  CallTemplate out;
  out.method = text(call, "method", default_method);
  out.path = text(call, "path");
  if (const auto* headers = object(call, "headers")) out.headers = *headers;
  if (const auto* body = call.if_contains("body")) out.body = *body;
  return out;
}

Finding SpecPlace::finding(const std::string& pointer, std::string message,
                           std::string code) const {
  const auto& document = config.positions.contains(pointer) ? config : spec;
  return document.finding(pointer, std::move(message), std::move(code));
}

void SpecPlace::read_time(const json::object& in, std::string_view key, const std::string& at,
                          Duration& out, Findings& findings) const {
  const auto given = text(in, key);
  if (given.empty()) return;
  const auto parsed = parse_duration(given);
  if (parsed && parsed->ms > 0)
    out = *parsed;
  else
    findings.push_back(finding(fmt::format("{}/{}", at, key), "not a duration such as \"30s\"",
                               "config.bad_value"));
}

bool check_url(const YamlDocument& document, std::string_view pointer, std::string_view what,
               const std::string& url, Findings& findings) {
  const auto parsed = parse_url(url);
  if (parsed) return true;
  findings.push_back(document.finding(pointer, fmt::format("{}: {}", what, parsed.error().message),
                                      "config.bad_value"));
  return false;
}

HttpOptions read_http_options(const json::object* http) {
  HttpOptions options;
  if (http == nullptr) return options;
  options.ca_file = text(*http, "ca_file");
  options.client_cert_file = text(*http, "client_cert_file");
  options.client_key_file = text(*http, "client_key_file");
  options.proxy = text(*http, "proxy");
  if (const auto* list = array(*http, "allow_private")) {
    for (const auto& entry : *list) options.allow_private.push_back(as_text(entry));
  }
  return options;
}

void check_allow_private(const YamlDocument& document, const std::string& pointer,
                         const std::vector<std::string>& entries, Findings& findings) {
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const auto& entry = entries[i];
    const auto place = fmt::format("{}/{}", pointer, i);
    if (const auto policy = AddressPolicy::make({entry}); !policy) {
      findings.push_back(document.finding(
          place,
          fmt::format("\"{}\" is not a network or host name; write \"10.0.0.0/8\" or "
                      "\"crm.example.com\"",
                      entry),
          "config.bad_value"));
    } else if (!parse_network(entry) && (!parse_host_port(entry) || is_numeric_host(entry))) {
      findings.push_back(document.finding(
          place, fmt::format("\"{}\" is not a host name, so it allows nothing", entry),
          "config.bad_value"));
      findings.back().warning = true;
    }
  }
}

YamlDocument load_adapter_spec(std::string_view kind, const YamlDocument& config,
                               std::string_view pointer, std::string_view adapter,
                               const std::string& user_adapters, Findings& findings) {
  const auto found = adapter_text(kind, adapter, user_adapters);
  if (!found) {
    std::vector<std::string> names;
    for (const auto& info : list_adapters(user_adapters)) {
      if (info.kind == kind) names.push_back(info.name);
    }
    const auto nearest = did_you_mean(adapter, names);
    findings.push_back(config.finding(
        pointer,
        fmt::format("no adapter has the name \"{}\"{}", adapter,
                    nearest.empty() ? "" : fmt::format("; did you mean \"{}\"?", nearest)),
        "config.unknown_adapter"));
    return {};
  }
  auto spec = parse_yaml(found->first, found->second, findings);
  append(findings, check_schema(spec, kind == "crm" ? "crm" : "notify"));
  return spec;
}

std::unique_ptr<Crm> make_crm(const YamlDocument& config, YamlDocument spec, Findings& findings) {
  const auto& own = config.value.get_object();
  for (const auto part : {"upsert", "answer", "read_back", "credential_test", "headers", "budget",
                          "feedback", "tasks"})
    override_part(spec.value.get_object(), own, part);
  static const json::object kNone;
  const auto* given = object(own, "settings");
  const auto settings = read_settings(config, "/settings", given != nullptr ? *given : kNone, spec,
                                      text(own, "mode") == "live", findings);
  for (auto& entry : spec.value.get_object()) {
    if (entry.key() != "settings") put_settings(entry.value(), settings, spec, findings);
  }
  const auto& theirs = spec.value.get_object();
  CrmPlan plan;
  plan.name = stem(config.file);
  plan.base_url = text(theirs, "base_url");
  while (plan.base_url.ends_with('/')) plan.base_url.pop_back();
  if (const auto* auth = object(theirs, "auth")) {
    if (auto parsed = read_auth(*auth))
      plan.auth = std::move(*parsed);
    else
      findings.push_back(
          spec.finding("/auth", "unknown kind of authentication", "adapter.bad_auth"));
  }
  read_calls(theirs, plan);
  read_rules(config, own, spec, theirs, plan, findings);
  read_delivery(config, own, theirs, plan, findings);
  plan.feedback = read_feedback(config, spec, plan, findings);
  plan.tasks = read_tasks(config, spec, plan, findings);
  return has_errors(findings) ? nullptr : make_declared_crm(std::move(plan));
}

std::unique_ptr<Crm> make_crm(const YamlDocument& config, const std::string& user_adapters,
                              Findings& findings) {
  Findings here = check_schema(config, "crm_config");
  std::unique_ptr<Crm> crm;
  if (!has_errors(here) && config.value.is_object()) {
    auto spec = load_adapter_spec("crm", config, "/adapter",
                                  text(config.value.get_object(), "adapter"), user_adapters, here);
    if (!has_errors(here) && spec.value.is_object()) crm = make_crm(config, std::move(spec), here);
  }
  append(findings, std::move(here));
  return crm;
}

}  // namespace baton
