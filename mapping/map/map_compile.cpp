#include "mapping/map/map_compile.h"

#include <algorithm>

#include <fmt/format.h>

#include "mapping/map/map_compile_parts.h"
#include "mapping/map/map_touch.h"
#include "mapping/schema/schema.h"

namespace baton {
namespace {

const json::object& no_members() {
  static const json::object empty;
  return empty;
}

const json::object& root_of(const YamlDocument& document) {
  const auto* root = document.value.if_object();
  return root != nullptr ? *root : no_members();
}

void check_target(PartReader& reader, std::string_view target, const std::string& pointer) {
  if (is_target(target)) return;
  const std::string nearest = did_you_mean(target, targets());
  reader.fault(pointer,
               nearest.empty()
                   ? fmt::format("unknown field \"{}\"", target)
                   : fmt::format("unknown field \"{}\"; did you mean \"{}\"?", target, nearest),
               "map.unknown_field");
}

// Appends the expressions of `value` to each field.
void add_fields(PartReader& reader, const json::value* value, const std::string& pointer,
                std::vector<FieldPlan>& fields) {
  const auto* object = value != nullptr ? value->if_object() : nullptr;
  if (object == nullptr) return;
  for (const auto& member : *object) {
    const std::string target(member.key());
    const std::string at = child(pointer, target);
    check_target(reader, target, at + "#key");
    auto ways = reader.exprs(&member.value(), at);
    auto known = std::find_if(fields.begin(), fields.end(),
                              [&](const FieldPlan& f) { return f.target == target; });
    if (known == fields.end()) known = fields.insert(fields.end(), FieldPlan{target, {}});
    std::move(ways.begin(), ways.end(), std::back_inserter(known->ways));
  }
}

// The country comes first, because it determines how to read phone numbers. The e-mail comes next,
// so that a value used as the address is not used again.
void sort_fields(std::vector<FieldPlan>& fields) {
  const auto rank = [](const FieldPlan& f) {
    return f.target == "country" ? 0 : f.target == "email" ? 1 : 2;
  };
  std::stable_sort(fields.begin(), fields.end(),
                   [&](const FieldPlan& a, const FieldPlan& b) { return rank(a) < rank(b); });
}

std::vector<std::string> words(const json::object& object, const char* key,
                               std::vector<std::string> fallback) {
  const auto* value = object.if_contains(key);
  if (value == nullptr) return fallback;
  auto given = scalar_texts(value);
  for (auto& word : given)
    std::transform(word.begin(), word.end(), word.begin(), [](char c) {
      return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
    });
  return given;
}

void add_consent(PartReader& reader, const json::value* value, const std::string& pointer,
                 std::vector<ConsentPlan>& plans) {
  const auto* list = value != nullptr ? value->if_array() : nullptr;
  if (list == nullptr) return;
  for (std::size_t i = 0; i < list->size(); ++i) {
    const auto* object = (*list)[i].if_object();
    if (object == nullptr) continue;
    const std::string at = child(pointer, i);
    ConsentPlan plan;
    plan.purpose = text(*object, "purpose", "marketing");
    plan.channel = text(*object, "channel", "email");
    plan.basis = text(*object, "basis");
    plan.state = reader.exprs(object->if_contains("state"), child(at, "state"));
    plan.wording = reader.exprs(object->if_contains("wording"), child(at, "wording"));
    plan.granted = words(*object, "granted",
                         {"true", "yes", "ja", "1", "on", "granted", "accepted", "subscribed"});
    plan.withdrawn = words(*object, "withdrawn",
                           {"false", "no", "nein", "0", "off", "withdrawn", "unsubscribed"});
    plans.push_back(std::move(plan));
  }
}

ItemsPlan read_items(PartReader& reader, const json::object& object, const std::string& pointer) {
  ItemsPlan plan;
  const auto paths = [&](const char* key) {
    return reader.paths(object.if_contains(key), child(pointer, key));
  };
  plan.flatten = object.contains("flatten");
  const char* from = plan.flatten ? "flatten" : "from";
  plan.from = reader.ref(text(object, from), child(pointer, from));
  plan.key = paths("key");
  plan.label = paths("label");
  plan.kind = paths("kind");
  plan.value = paths("value");
  if (const auto* kinds = baton::object(object, "kinds")) {
    for (const auto& kind : *kinds) {
      const auto field = parse_field(scalar_text(kind.value()));
      if (!field)
        reader.fault(child(child(pointer, "kinds"), kind.key()), "unknown field",
                     "map.unknown_field");
      plan.kinds[std::string(kind.key())] = field.value_or(Field::kNone);
    }
  }
  const auto* join = baton::object(object, "definitions");
  if (join == nullptr) return plan;
  const std::string at = child(pointer, "definitions");
  plan.definitions = reader.refs(join->if_contains("in"), child(at, "in"));
  plan.definition_label = reader.paths(join->if_contains("label"), child(at, "label"));
  plan.definition_kind = reader.paths(join->if_contains("kind"), child(at, "kind"));
  if (const auto* match = baton::object(*join, "match")) {
    for (const auto& pair : *match) {
      const std::string here = child(child(at, "match"), pair.key());
      plan.match.emplace_back(reader.path(json::value(pair.key()), here + "#key"),
                              reader.path(pair.value(), here));
    }
  }
  return plan;
}

class MapCompiler {
 public:
  MapCompiler(const YamlDocument& spec, const YamlDocument* config, Findings& findings)
      : root_(root_of(spec)), reader_(spec, findings, out_.headers) {
    if (config != nullptr) {
      config_ = &root_of(*config);
      config_reader_.emplace(*config, findings, out_.headers);
    }
  }

  MapSpec compile() {
    read_shape();
    read_ids();
    read_items_list();
    read_config();
    read_events();
    return std::move(out_);
  }

 private:
  const json::value* given(const char* key) const { return root_.if_contains(key); }

  void read_shape() {
    out_.source = text(root_, "source");
    if (const auto* decode = object(root_, "decode")) {
      const auto formats = scalar_texts(decode->if_contains("formats"));
      const auto has = [&](const char* f) {
        return std::find(formats.begin(), formats.end(), f) != formats.end();
      };
      out_.accepts_json = formats.empty() || has("json");
      out_.accepts_form = has("form");
      out_.prefer_json = formats.empty() || formats.front() == "json";
      out_.nested_json = reader_.paths(decode->if_contains("nested_json"), "/decode/nested_json");
    }
    if (const auto* split = object(root_, "split")) {
      out_.split_root = boolean(*split, "root");
      out_.split = reader_.paths(split->if_contains("each"), "/split/each");
      out_.require = reader_.refs(split->if_contains("require"), "/split/require");
    }
    out_.ignore = reader_.paths(given("ignore"), "/ignore");
    out_.unknown_is_error = text(root_, "unknown_events", "error") == "error";
    out_.rest_as_properties = boolean(root_, "rest_as_properties");
  }

  void read_ids() {
    if (const auto* id = object(root_, "delivery_id")) {
      out_.delivery_id = reader_.texts(id->if_contains("first"), "/delivery_id/first");
      if (const auto* each = id->if_contains("elements"))
        out_.element_id = reader_.text(*each, "/delivery_id/elements");
    }
    out_.touch_id = reader_.texts(given("touch_id"), "/touch_id");
    out_.merge_key = reader_.texts(given("merge_by"), "/merge_by");
  }

  void read_items_list() {
    const auto* list = array(root_, "items");
    if (list == nullptr) return;
    for (std::size_t i = 0; i < list->size(); ++i)
      if (const auto* item = (*list)[i].if_object())
        out_.items.push_back(read_items(reader_, *item, child("/items", i)));
  }

  AssetOverride read_override(const json::object& from, const std::string& pointer) {
    AssetOverride out;
    if (const auto touch = text(from, "touch"); !touch.empty())
      out.touch = config_reader_->touch_type(touch, child(pointer, "touch"));
    out.intent = config_reader_->intent(text(from, "intent"), child(pointer, "intent"));
    return out;
  }

  // The configuration takes precedence over the adapter.
  void read_config() {
    if (config_ == nullptr) return;
    out_.region = text(*config_, "region");
    out_.override_all = read_override(*config_, "");
    if (const auto* assets = object(*config_, "by_asset")) {
      for (const auto& asset : *assets) {
        const auto* override_object = asset.value().if_object();
        if (override_object != nullptr)
          out_.override_asset[std::string(asset.key())] =
              read_override(*override_object, child("/by_asset", asset.key()));
      }
    }
    const auto* map = object(*config_, "map");
    if (map == nullptr) return;
    auto delivery = config_reader_->texts(map->if_contains("delivery_id"), "/map/delivery_id");
    out_.delivery_id.insert(out_.delivery_id.begin(), delivery.begin(), delivery.end());
    auto touch = config_reader_->texts(map->if_contains("touch_id"), "/map/touch_id");
    out_.touch_id.insert(out_.touch_id.begin(), touch.begin(), touch.end());
  }

  EventPlan read_event(const json::object& event, const std::string& at) {
    EventPlan plan;
    plan.name = text(event, "name");
    plan.when = reader_.conditions(event.if_contains("when"), child(at, "when"));
    if (const auto touch = text(event, "touch"); touch != "none")
      plan.touch = reader_.touch_type(touch, child(at, "touch"));
    plan.intent = reader_.intent(text(event, "intent"), child(at, "intent"));
    plan.merge = boolean(event, "merge");
    if (config_ != nullptr) {
      if (const auto* map = object(*config_, "map"))
        add_fields(*config_reader_, map->if_contains("fields"), "/map/fields", plan.fields);
      add_consent(*config_reader_, config_->if_contains("consent"), "/consent", plan.consent);
    }
    add_fields(reader_, event.if_contains("fields"), child(at, "fields"), plan.fields);
    if (boolean(event, "only_own_fields")) return plan;
    add_fields(reader_, given("fields"), "/fields", plan.fields);
    add_consent(reader_, given("consent"), "/consent", plan.consent);
    return plan;
  }

  void read_events() {
    const auto* list = array(root_, "events");
    if (list == nullptr) return;
    for (std::size_t i = 0; i < list->size(); ++i) {
      const auto* event = (*list)[i].if_object();
      if (event == nullptr) continue;
      out_.events.push_back(read_event(*event, child("/events", i)));
      add_consent(reader_, event->if_contains("consent"), child(child("/events", i), "consent"),
                  out_.events.back().consent);
      sort_fields(out_.events.back().fields);
    }
  }

  const json::object& root_;
  const json::object* config_ = nullptr;
  MapSpec out_;
  PartReader reader_;
  std::optional<PartReader> config_reader_;
};

}  // namespace

MapSpec compile_map(const YamlDocument& spec, const YamlDocument* config, Findings& findings) {
  Findings found;
  MapSpec compiled = MapCompiler(spec, config, found).compile();
  // Fields of the source are read once for each kind of event: report each fault once.
  for (auto& finding : found) {
    const bool known = std::any_of(findings.begin(), findings.end(), [&](const Finding& f) {
      return f.line == finding.line && f.column == finding.column && f.message == finding.message &&
             f.file == finding.file;
    });
    if (!known) findings.push_back(std::move(finding));
  }
  return compiled;
}

}  // namespace baton
