#include "mapping/schema/schema_fix.h"

#include <map>
#include <set>

#include <fmt/format.h>

#include "mapping/json/json.h"
#include "mapping/schema/schema.h"

namespace baton {
namespace {

// Changes to nodes of a document, by their pointers.
struct Changes {
  std::map<std::string, std::string, std::less<>> renamed;  // to this key
  std::set<std::string, std::less<>> quoted;                // read as text
  std::set<std::string, std::less<>> dropped;
  bool empty() const { return renamed.empty() && quoted.empty() && dropped.empty(); }
};

// Copies the document with the changes. Every node keeps its position under its current pointer.
class Copy {
 public:
  Copy(const YamlDocument& document, const Changes& changes) : from_(document), changes_(changes) {
    out_.file = document.file;
  }

  YamlDocument make() && {
    out_.value = copy(from_.value, "", "");
    return std::move(out_);
  }

 private:
  json::value copy(const json::value& value, const std::string& was, const std::string& is) {
    keep_position(was, is);
    keep_position(was + "#key", is + "#key");
    if (const auto* object = value.if_object()) return copy_members(*object, was, is);
    if (const auto* array = value.if_array()) return copy_items(*array, was, is);
    if (!changes_.quoted.contains(was)) return value;
    return json::value(json::serialize(value));
  }

  json::value copy_members(const json::object& object, const std::string& was,
                           const std::string& is) {
    json::object out;
    for (const auto& [key, value] : object) {
      const std::string pointer = was + '/' + pointer_segment(key);
      if (changes_.dropped.contains(pointer)) continue;
      const auto meant = changes_.renamed.find(pointer);
      const std::string name = meant != changes_.renamed.end() ? meant->second : std::string(key);
      out.emplace(name, copy(value, pointer, is + '/' + pointer_segment(name)));
    }
    return out;
  }

  json::value copy_items(const json::array& array, const std::string& was, const std::string& is) {
    json::array out;
    for (std::size_t i = 0; i < array.size(); ++i) {
      const std::string pointer = fmt::format("{}/{}", was, i);
      if (changes_.dropped.contains(pointer)) continue;
      out.push_back(copy(array[i], pointer, fmt::format("{}/{}", is, out.size())));
    }
    return out;
  }

  void keep_position(const std::string& was, const std::string& is) {
    const auto found = from_.positions.find(was);
    if (found != from_.positions.end()) out_.positions.insert_or_assign(is, found->second);
  }

  const YamlDocument& from_;
  const Changes& changes_;
  YamlDocument out_;
};

const json::value* node(const YamlDocument& document, std::string_view pointer) {
  json::error_code ec;
  return document.value.find_pointer({pointer.data(), pointer.size()}, ec);
}

std::string without_key_mark(std::string_view pointer) {
  return std::string(pointer.substr(0, pointer.size() - (pointer.ends_with("#key") ? 4 : 0)));
}

// A misspelt key is renamed unless the intended key exists as well.
Changes find_slips(const YamlDocument& document, const Findings& faults) {
  Changes changes;
  std::set<std::string> taken;
  for (const auto& fault : faults) {
    if (fault.code != "config.unknown_key" || fault.suggestion.empty()) continue;
    const std::string pointer = without_key_mark(fault.pointer);
    const std::string target =
        pointer.substr(0, pointer.rfind('/') + 1) + pointer_segment(fault.suggestion);
    if (node(document, target) == nullptr && taken.insert(target).second)
      changes.renamed.emplace(pointer, fault.suggestion);
  }
  return changes;
}

Changes guesses(const YamlDocument& document, const Findings& faults, bool quote) {
  Changes changes;
  for (const auto& fault : faults) {
    const std::string pointer = without_key_mark(fault.pointer);
    const auto* value = node(document, pointer);
    if (value == nullptr || pointer.empty()) continue;
    if (fault.code == "config.unknown_key") {
      changes.dropped.insert(pointer);
    } else if (fault.code != "config.missing_key" && !value->is_structured()) {
      const bool plain =
          fault.code == "config.wrong_type" && (value->is_number() || value->is_bool());
      (quote && plain ? changes.quoted : changes.dropped).insert(pointer);
    }
  }
  return changes;
}

}  // namespace

std::optional<YamlDocument> check_and_fix(const YamlDocument& document, std::string_view kind,
                                          Findings& findings) {
  Findings faults = check_schema(document, kind);
  if (!has_errors(faults)) {
    append(findings, std::move(faults));
    return document;
  }
  const Changes slips = find_slips(document, faults);
  YamlDocument fixed = Copy(document, slips).make();
  if (!slips.empty()) {
    for (auto& fault : faults) {
      if (slips.renamed.contains(without_key_mark(fault.pointer)))
        findings.push_back(std::move(fault));
    }
    faults = check_schema(fixed, kind);
  }
  append(findings, faults);
  for (const bool quote : {true, false}) {
    if (!has_errors(faults)) return fixed;
    const Changes changes = guesses(fixed, faults, quote);
    if (changes.empty()) return std::nullopt;
    fixed = Copy(fixed, changes).make();
    faults = check_schema(fixed, kind);
  }
  return has_errors(faults) ? std::nullopt : std::optional(std::move(fixed));
}

}  // namespace baton
