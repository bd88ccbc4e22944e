#include "adapters/engine/crm/crm_field.h"

#include <algorithm>

#include <fmt/format.h>

#include "adapters/engine/crm/crm_template.h"

namespace baton {
namespace {

// Paths of the view whose values Baton created or normalised.
constexpr std::string_view kOwnPaths[] = {
    "id",         "version",     "email",           "language",   "country",          "explain_url",
    "owner.id",   "owner.email", "lead.id",         "lead.cycle", "lead.type",        "lead.stage",
    "lead.grade", "lead.fit",    "lead.engagement", "lead.total", "lead.work_status",
};

bool is_phone(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// Truncates after `max` characters, never inside one.
std::string cut(std::string text, std::size_t max) {
  if (max == 0) return text;
  std::size_t characters = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0xC0) == 0x80) continue;
    if (characters++ == max) return text.substr(0, i);
  }
  return text;
}

std::vector<std::string> paths_of(const json::value& value) {
  std::vector<std::string> paths;
  if (const auto* list = value.if_array()) {
    for (const auto& item : *list) paths.push_back(as_text(item));
  } else {
    paths.push_back(as_text(value));
  }
  return paths;
}

std::string safe(std::string_view path, const json::value& value,
                 const FieldMap::Options& options) {
  auto text = as_text(value);
  return options.neutralise && value.is_string() && is_free_text(path) && !is_phone(text)
             ? neutralise_formula(std::move(text))
             : text;
}

// Escapes all markup.
std::string as_html(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '"')
      out += "&quot;";
    else if (c == '\n')
      out += "<br>";
    else if (c != '\r')
      out += c;
  }
  return out;
}

}  // namespace

bool is_free_text(std::string_view path) {
  if (path.starts_with("stages.") || path.starts_with("handover.") || path.starts_with("task."))
    return false;
  return std::find(std::begin(kOwnPaths), std::end(kOwnPaths), path) == std::end(kOwnPaths);
}

std::string neutralise_formula(std::string text) {
  if (!text.empty() && std::string_view("=+-@\t\r\n").find(text.front()) != std::string_view::npos)
    text.insert(0, 1, '\'');
  return text;
}

void FieldMap::add(const YamlDocument& document, std::string_view pointer,
                   const json::object& fields, Findings& findings) {
  for (const auto& entry : fields) {
    const std::string name(entry.key());
    const auto& value = entry.value();
    Rule rule;
    if (value.is_null()) {
      rules_.erase(name);
      continue;
    }
    if (value.is_string()) {
      rule.paths = paths_of(value);
    } else if (const auto* o = value.if_object()) {
      const auto* from = o->if_contains("from");
      const auto* first = o->if_contains("first");
      const auto* join = o->if_contains("join");
      const auto* constant = o->if_contains("const");
      if ((from != nullptr) + (first != nullptr) + (join != nullptr) + (constant != nullptr) != 1) {
        findings.push_back(document.finding(fmt::format("{}/{}", pointer, name),
                                            "a field needs one of from, first, join, const",
                                            "adapter.bad_field"));
        continue;
      }
      rule.kind = join != nullptr ? Kind::kJoin : constant != nullptr ? Kind::kConst : Kind::kFirst;
      if (constant != nullptr)
        rule.constant = as_text(*constant);
      else
        rule.paths = paths_of(from != nullptr ? *from : first != nullptr ? *first : *join);
      rule.with = text(*o, "with", " ");
      rule.table = text(*o, "map");
      rule.otherwise = text(*o, "else");
      rule.text = text(*o, "as") == "text";
      rule.html = text(*o, "as") == "html";
      rule.raw = boolean(*o, "raw");
      rule.max = static_cast<std::size_t>(std::max<std::int64_t>(0, integer(*o, "max")));
    }
    rules_[name] = std::move(rule);
  }
}

void FieldMap::check_tables(const YamlDocument& document, const ValueTables& tables,
                            Findings& findings) const {
  for (const auto& [name, rule] : rules_) {
    if (rule.table.empty() || tables.contains(rule.table)) continue;
    findings.push_back(document.finding("/fields/" + name,
                                        fmt::format("no table has the name \"{}\"", rule.table),
                                        "adapter.unknown_table"));
  }
}

json::value FieldMap::value_of(const Rule& rule, const json::object& view,
                               const ValueTables& tables, const Options& options) {
  if (rule.kind == Kind::kConst) return json::value(rule.constant);
  std::string joined;
  for (const auto& path : rule.paths) {
    const auto* found = at_path(view, path);
    if (found == nullptr || as_text(*found).empty()) continue;
    if (rule.kind == Kind::kFirst && rule.table.empty() && !found->is_string()) return *found;
    const Options here{options.all_text, options.neutralise && !rule.raw};
    auto text = safe(path, *found, here);
    if (rule.kind == Kind::kFirst) {
      joined = std::move(text);
      break;
    }
    joined += joined.empty() ? text : rule.with + text;
  }
  if (!rule.table.empty()) {
    const auto& table = tables.find(rule.table)->second;
    const auto found = table.find(joined);
    joined = found != table.end() ? found->second : rule.otherwise;
  }
  if (joined.empty()) joined = rule.otherwise;
  if (joined.empty()) return {};
  joined = cut(std::move(joined), rule.max);
  return json::value(rule.html ? as_html(joined) : joined);
}

json::object FieldMap::render(const json::object& view, const ValueTables& tables,
                              const Options& options) const {
  json::object out;
  for (const auto& [name, rule] : rules_) {
    auto value = value_of(rule, view, tables, options);
    if (value.is_null()) continue;
    if (options.all_text || rule.text) value = json::value(as_text(value));
    out.emplace(name, std::move(value));
  }
  return out;
}

}  // namespace baton
