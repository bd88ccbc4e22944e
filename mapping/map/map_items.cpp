#include "mapping/map/map_items.h"

#include <algorithm>
#include <array>

namespace baton {
namespace {

constexpr std::size_t kMaxItems = 500;
constexpr int kMaxFlattenDepth = 5;

std::string first_text(const std::vector<JsonPath>& paths, const json::value& from,
                       std::string_view join = {}) {
  for (const auto& path : paths) {
    const auto* value = path.find(from);
    if (value == nullptr) continue;
    if (std::string text = text_of(*value, join); !text.empty()) return text;
  }
  return {};
}

const json::array* list_at(const ValueRef& ref, const MapContext& context) {
  std::string_view header_text;
  const auto* value = resolve(ref, context, header_text);
  return value != nullptr ? value->if_array() : nullptr;
}

std::string text_at(const JsonPath& path, const json::value& from) {
  const auto* value = path.find(from);
  return value != nullptr && !is_blank(*value) ? text_of(*value) : std::string();
}

// A record of the definition list, with the texts by which answers refer to it, one for each match.
struct Definition {
  const json::value* record;
  std::vector<std::string> names;
};

// Returns the record of the definition list that describes an answer.
const json::value* definition_of(const ItemsPlan& plan, const json::value& answer,
                                 const std::vector<Definition>& definitions) {
  std::vector<std::string> wanted;
  if (!definitions.empty()) {
    for (const auto& match : plan.match) wanted.push_back(text_at(match.first, answer));
  }
  for (const auto& definition : definitions) {
    for (std::size_t i = 0; i < wanted.size(); ++i)
      if (!wanted[i].empty() && wanted[i] == definition.names[i]) return definition.record;
  }
  return nullptr;
}

std::vector<Definition> definitions_of(const ItemsPlan& plan, MapContext& context) {
  std::vector<Definition> found;
  const auto add = [&](const json::value& record) {
    auto& definition = found.emplace_back(Definition{&record, {}});
    for (const auto& match : plan.match) definition.names.push_back(text_at(match.second, record));
  };
  for (const auto& ref : plan.definitions) {
    const auto& from = ref.from == ValueRef::From::kRoot ? context.root : context.element;
    ref.path.each(from, [&](const json::value& list) {
      context.read.push_back(&list);
      if (const auto* array = list.if_array())
        for (const auto& item : *array) add(item);
    });
  }
  return found;
}

Field kind_of(const ItemsPlan& plan, const std::string& kind) {
  const auto found = plan.kinds.find(kind);
  return found != plan.kinds.end() ? found->second : Field::kNone;
}

void collect_list(const ItemsPlan& plan, MapContext& context, std::vector<Item>& items) {
  const auto* list = list_at(plan.from, context);
  if (list == nullptr) return;
  const auto definitions = definitions_of(plan, context);
  for (const auto& answer : *list) {
    if (items.size() == kMaxItems) return;
    Item item;
    item.value = first_text(plan.value, answer, ", ");
    if (item.value.empty()) continue;
    item.key = first_text(plan.key, answer);
    item.label = first_text(plan.label, answer);
    item.by_kind = kind_of(plan, first_text(plan.kind, answer));
    if (const auto* definition = definition_of(plan, answer, definitions)) {
      if (item.label.empty()) item.label = first_text(plan.definition_label, *definition);
      if (item.by_kind == Field::kNone)
        item.by_kind = kind_of(plan, first_text(plan.definition_kind, *definition));
    }
    item.by_label = classify_label(item.label);
    if (item.by_label == Field::kNone) item.by_label = classify_label(item.key);
    item.source = &answer;
    items.push_back(std::move(item));
  }
}

// Records of people other than the contact; their fields do not belong to the contact.
bool is_other_person(std::string_view name) {
  static constexpr std::array<std::string_view, 22> kNames{
      "owner",           "agent",         "operator",       "organizer",   "organiser",
      "sender",          "host",          "createdby",      "updatedby",   "assignee",
      "assignedto",      "rep",           "salesrep",       "salesperson", "cc",
      "associatedowner", "createdbyuser", "modifiedbyuser", "author",      "recruiter",
      "advisor",         "form"};
  const std::string folded = fold_label(name);
  return std::find(kNames.begin(), kNames.end(), folded) != kNames.end();
}

bool is_company(std::string_view name) { return classify_label(name) == Field::kCompany; }

// Tries "company" + "name", then "phone" + "number" or "name" + "first", then the member alone.
Field classify_leaf(const std::string& parent, const std::string& name) {
  if (is_company(parent)) return classify_label("company " + name);
  if (!parent.empty()) {
    for (const auto& joined : {parent + ' ' + name, name + ' ' + parent})
      if (const Field field = classify_label(joined); field != Field::kNone) return field;
  }
  return classify_label(name);
}

bool all_scalars(const json::array& array) {
  return std::none_of(array.begin(), array.end(),
                      [](const json::value& v) { return v.is_structured(); });
}

void flatten(const json::value& value, const std::string& parent, const std::string& path,
             int depth, std::vector<Item>& items) {
  const auto* object = value.if_object();
  if (object == nullptr || depth > kMaxFlattenDepth) return;
  for (const auto& member : *object) {
    if (items.size() == kMaxItems) return;
    const std::string name(member.key());
    const std::string here = path.empty() ? name : path + '.' + name;
    const auto* array = member.value().if_array();
    if (member.value().is_object()) {
      if (!is_other_person(name)) flatten(member.value(), name, here, depth + 1, items);
      continue;
    }
    if (array != nullptr && !all_scalars(*array)) continue;
    Item item{here, name, text_of(member.value()), Field::kNone, Field::kNone, &member.value(),
              false};
    if (item.value.empty()) continue;
    item.by_label = classify_leaf(parent, name);
    items.push_back(std::move(item));
  }
}

}  // namespace

std::vector<Item> collect_items(const MapSpec& spec, MapContext& context) {
  std::vector<Item> items;
  for (const auto& plan : spec.items) {
    if (!plan.flatten) {
      collect_list(plan, context, items);
      continue;
    }
    std::string_view header_text;
    if (const auto* from = resolve(plan.from, context, header_text))
      flatten(*from, {}, {}, 0, items);
  }
  return items;
}

}  // namespace baton
