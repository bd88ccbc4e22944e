#include "mapping/json/json_path.h"

#include <charconv>

namespace baton {
namespace {

bool take_name(std::string_view& rest, std::string& name) {
  if (rest.starts_with('"')) {
    const auto end = rest.find('"', 1);
    if (end == std::string_view::npos) return false;
    name = rest.substr(1, end - 1);
    rest.remove_prefix(end + 1);
    return rest.empty() || rest.front() == '.' || rest.front() == '[';
  }
  const auto end = std::min(rest.find_first_of(".[]\""), rest.size());
  name = rest.substr(0, end);
  rest.remove_prefix(end);
  return !name.empty() && (rest.empty() || rest.front() == '.' || rest.front() == '[');
}

}  // namespace

bool JsonPath::parse_step(std::string_view& rest, Step& step) {
  if (!rest.starts_with('[')) {
    const bool quoted = rest.starts_with('"');
    if (!take_name(rest, step.name)) return false;
    if (!quoted && step.name.ends_with('*')) {
      step.kind = Step::Kind::kAllMembers;
      step.name.pop_back();
    }
    return true;
  }
  const auto end = rest.find(']');
  if (end == std::string_view::npos) return false;
  const auto inner = rest.substr(1, end - 1);
  rest.remove_prefix(end + 1);
  if (inner == "*") {
    step.kind = Step::Kind::kAllElements;
    return true;
  }
  step.kind = Step::Kind::kElement;
  const auto [last, failed] =
      std::from_chars(inner.data(), inner.data() + inner.size(), step.index);
  return failed == std::errc{} && last == inner.data() + inner.size();
}

std::optional<JsonPath> JsonPath::parse(std::string_view text) {
  JsonPath path;
  path.text_ = text;
  if (text == ".") return path;
  if (text.empty()) return std::nullopt;
  for (bool first = true; !text.empty(); first = false) {
    if (!first && text.front() != '[') {
      if (text.front() != '.' || text.size() == 1) return std::nullopt;
      text.remove_prefix(1);
      if (text.front() == '[') return std::nullopt;
    }
    Step step;
    if (!parse_step(text, step)) return std::nullopt;
    path.steps_.push_back(std::move(step));
  }
  return path;
}

const json::value* JsonPath::find(const json::value& root) const { return find_from(root, 0); }

const json::value* JsonPath::find_from(const json::value& value, std::size_t step) const {
  if (step == steps_.size()) return &value;
  const Step& s = steps_[step];
  const auto* object = value.if_object();
  const auto* array = value.if_array();
  switch (s.kind) {
    case Step::Kind::kMember: {
      const auto* next = object != nullptr ? object->if_contains(s.name) : nullptr;
      return next != nullptr ? find_from(*next, step + 1) : nullptr;
    }
    case Step::Kind::kElement:
      if (array == nullptr || s.index >= array->size()) return nullptr;
      return find_from((*array)[s.index], step + 1);
    case Step::Kind::kAllElements:
      if (array == nullptr) return nullptr;
      for (const auto& item : *array)
        if (const auto* found = find_from(item, step + 1)) return found;
      return nullptr;
    case Step::Kind::kAllMembers:
      if (object == nullptr) return nullptr;
      for (const auto& item : *object) {
        if (!item.key().starts_with(s.name)) continue;
        if (const auto* found = find_from(item.value(), step + 1)) return found;
      }
      return nullptr;
  }
  return nullptr;
}

void JsonPath::each(const json::value& root,
                    const std::function<void(const json::value&)>& visit) const {
  each_from(root, 0, visit);
}

void JsonPath::each_from(const json::value& value, std::size_t step,
                         const std::function<void(const json::value&)>& visit) const {
  if (step == steps_.size()) return visit(value);
  const Step& s = steps_[step];
  if (const auto* object = value.if_object()) {
    if (s.kind == Step::Kind::kAllMembers) {
      for (const auto& item : *object)
        if (item.key().starts_with(s.name)) each_from(item.value(), step + 1, visit);
    } else if (s.kind == Step::Kind::kMember) {
      if (const auto* next = object->if_contains(s.name)) each_from(*next, step + 1, visit);
    }
  } else if (const auto* array = value.if_array()) {
    if (s.kind == Step::Kind::kAllElements) {
      for (const auto& item : *array) each_from(item, step + 1, visit);
    } else if (s.kind == Step::Kind::kElement && s.index < array->size()) {
      each_from((*array)[s.index], step + 1, visit);
    }
  }
}

}  // namespace baton
