#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "mapping/json/decode.h"
#include "mapping/map/map_value.h"
#include "mapping/map/touch.h"
#include "mapping/schema/yaml.h"

namespace baton {

// A field of the canonical touch and the ways to fill it, best first.
struct FieldPlan {
  std::string target;  // "email", "company.name", "external_ids.hubspot", "properties.plan"
  std::vector<Expr> ways;
};

struct ConsentPlan {
  std::string purpose, channel, basis;
  std::vector<Expr> state, wording;
  std::vector<std::string> granted, withdrawn;  // lower case; which texts say so
};

// How labelled answers are found: an array of records, with labels in a second list where the
// answers lack them, or the leaves of a flat or nested object.
struct ItemsPlan {
  bool flatten = false;
  ValueRef from;  // of the element; flatten: the object
  std::vector<JsonPath> key, label, kind, value;
  std::vector<ValueRef> definitions;                 // the list with labels
  std::vector<std::pair<JsonPath, JsonPath>> match;  // path in the answer = path in the definition
  std::vector<JsonPath> definition_label, definition_kind;
  std::map<std::string, Field> kinds;
};

// What one kind of event becomes.
struct EventPlan {
  std::string name;
  std::vector<Condition> when;
  std::optional<TouchType> touch;  // nothing: skipped
  std::optional<Intent> intent;
  std::vector<FieldPlan> fields;  // complete: the kind's own, then the source's
  std::vector<ConsentPlan> consent;
  bool merge = false;  // elements of the same merge key become one touch
};

struct AssetOverride {
  std::optional<TouchType> touch;
  std::optional<Intent> intent;
};

struct MapSpec {
  std::string source;
  std::string region;  // default region for phone numbers
  bool accepts_json = true, accepts_form = false;
  bool prefer_json = true;            // where the content type says nothing
  std::vector<JsonPath> nested_json;  // strings that hold JSON
  bool split_root = false;
  std::vector<JsonPath> split;    // nested loops
  std::vector<ValueRef> require;  // elements without these are skipped
  std::vector<Template> delivery_id, touch_id, merge_key;
  std::optional<Template> element_id;  // the delivery id is made of the elements' ids
  std::vector<ItemsPlan> items;
  std::vector<EventPlan> events;
  bool unknown_is_error = true;     // an event that fits no kind
  bool rest_as_properties = false;  // answers nobody read become properties
  std::vector<JsonPath> ignore;     // subtrees that are never reported as unmapped
  std::set<std::string> headers;    // lower case; what is kept of a delivery
  // By the person who set the source up.
  AssetOverride override_all;
  std::map<std::string, AssetOverride> override_asset;
};

// Compiles the mapping part of a source spec, with the mapping part of a source's configuration
// (`map`, `touch`, `intent`, `by_asset`, `consent`) before it. Both must have passed their schema;
// what a schema cannot say is found here, with its place.
MapSpec compile_map(const YamlDocument& spec, const YamlDocument* config, Findings& findings);

// A delivery to be mapped.
struct MapInput {
  std::string_view content_type;
  std::span<const std::pair<std::string, std::string>> headers;
  std::string_view body;
  Instant received_at;
};

std::string map_delivery_id(const MapSpec& spec, const MapInput& input);
Result<MappedDelivery> map_delivery(const MapSpec& spec, const MapInput& input);

}  // namespace baton
