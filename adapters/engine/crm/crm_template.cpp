#include "adapters/engine/crm/crm_template.h"

#include <fmt/format.h>

#include "mapping/schema/schema.h"

namespace baton {
namespace {

std::string_view view_of(const json::string& text) { return {text.data(), text.size()}; }

// Replaces "${name}". An unknown name is reported once for each place.
std::string substitute(std::string_view text, const AdapterSettings& settings,
                       const YamlDocument& spec, Findings& findings) {
  std::string out;
  while (true) {
    const auto open = text.find("${");
    const auto close = open == std::string_view::npos ? open : text.find('}', open);
    if (close == std::string_view::npos) return out.append(text);
    const auto name = text.substr(open + 2, close - open - 2);
    out.append(text.substr(0, open));
    if (const auto found = settings.find(name); found != settings.end())
      out += found->second;
    else
      findings.push_back(spec.finding("", fmt::format("no setting has the name \"{}\"", name),
                                      "adapter.unknown_setting"));
    text.remove_prefix(close + 1);
  }
}

bool unreserved(unsigned char c) {
  return std::isalnum(c) != 0 || c == '-' || c == '_' || c == '.' || c == '~';
}

const json::value* lookup(std::string_view name, const TemplateScope& scope) {
  if (const auto found = scope.values.find(name); found != scope.values.end())
    return &found->second;
  if (name.starts_with("view.")) name.remove_prefix(5);
  return scope.view == nullptr ? nullptr : at_path(*scope.view, name);
}

}  // namespace

AdapterSettings read_settings(const YamlDocument& config, std::string_view pointer,
                              const json::object& given, const YamlDocument& spec, bool live,
                              Findings& findings) {
  AdapterSettings settings;
  std::vector<std::string> known;
  const auto* declared =
      spec.value.is_object() ? object(spec.value.get_object(), "settings") : nullptr;
  const std::string base(pointer);
  if (declared != nullptr) {
    for (const auto& entry : *declared) {
      const std::string name(entry.key());
      known.push_back(name);
      const auto* traits = entry.value().if_object();
      const auto* value = given.if_contains(name);
      const auto* fallback = traits != nullptr ? traits->if_contains("default") : nullptr;
      settings[name] = value != nullptr      ? as_text(*value)
                       : fallback != nullptr ? as_text(*fallback)
                                             : std::string();
      const bool required = traits != nullptr && boolean(*traits, "required");
      if (live && required && settings[name].empty())
        findings.push_back(config.finding(base, fmt::format("setting \"{}\" is missing", name),
                                          "config.missing_key"));
    }
  }
  for (const auto& entry : given) {
    const std::string name(entry.key());
    if (settings.contains(name)) continue;
    const auto nearest = did_you_mean(name, known);
    findings.push_back(config.finding(
        base + '/' + name + "#key",
        fmt::format("unknown setting \"{}\"{}", name,
                    nearest.empty() ? "" : fmt::format("; did you mean \"{}\"?", nearest)),
        "config.unknown_key"));
  }
  return settings;
}

void put_settings(json::value& value, const AdapterSettings& settings, const YamlDocument& spec,
                  Findings& findings) {
  if (auto* text = value.if_string()) {
    if (text->find("${") != json::string::npos)
      *text = substitute(view_of(*text), settings, spec, findings);
  } else if (auto* members = value.if_object()) {
    for (auto& entry : *members) put_settings(entry.value(), settings, spec, findings);
  } else if (auto* items = value.if_array()) {
    for (auto& item : *items) put_settings(item, settings, spec, findings);
  }
}

const json::value* at_path(const json::object& root, std::string_view path) {
  const json::object* here = &root;
  while (true) {
    const auto dot = path.find('.');
    const auto* found = here->if_contains(path.substr(0, dot));
    if (found == nullptr || dot == std::string_view::npos) return found;
    here = found->if_object();
    if (here == nullptr) return nullptr;
    path.remove_prefix(dot + 1);
  }
}

const json::value* at_pointer(const json::value& value, std::string_view pointer) {
  json::error_code ec;
  return value.find_pointer(pointer, ec);
}

std::string as_text(const json::value& value) {
  switch (value.kind()) {
    case json::kind::string:
      return std::string(view_of(value.get_string()));
    case json::kind::int64:
      return fmt::format("{}", value.get_int64());
    case json::kind::uint64:
      return fmt::format("{}", value.get_uint64());
    case json::kind::double_:
      return fmt::format("{}", value.get_double());
    case json::kind::bool_:
      return value.get_bool() ? "true" : "false";
    default:
      return {};
  }
}

std::string percent_encode(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (unreserved(byte))
      out += c;
    else
      out += fmt::format("%{:02X}", byte);
  }
  return out;
}

std::string fill_text(std::string_view text, const TemplateScope& scope, bool encode) {
  std::string out;
  while (true) {
    const auto open = text.find('{');
    const auto close = open == std::string_view::npos ? open : text.find('}', open);
    if (close == std::string_view::npos) return out.append(text);
    out.append(text.substr(0, open));
    if (const auto* value = lookup(text.substr(open + 1, close - open - 1), scope);
        value != nullptr)
      out += encode ? percent_encode(as_text(*value)) : as_text(*value);
    text.remove_prefix(close + 1);
  }
}

json::value fill_json(const json::value& value, const TemplateScope& scope) {
  if (const auto* text = value.if_string()) {
    const auto view = view_of(*text);
    if (view.starts_with("$$")) return json::value(view.substr(1));
    if (!view.starts_with('$')) return value;
    const auto* found = lookup(view.substr(1), scope);
    return found != nullptr ? *found : json::value();
  }
  if (const auto* members = value.if_object()) {
    json::object out;
    for (const auto& entry : *members) out.emplace(entry.key(), fill_json(entry.value(), scope));
    return out;
  }
  if (const auto* items = value.if_array()) {
    json::array out;
    for (const auto& item : *items) out.push_back(fill_json(item, scope));
    return out;
  }
  return value;
}

}  // namespace baton
