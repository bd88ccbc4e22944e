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

// A field of the canonical touch and the expressions that can fill it, best first.
struct FieldPlan {
  std::string target;  // "email", "company.name", "external_ids.hubspot", "properties.plan"
  std::vector<Expr> ways;
};

struct ConsentPlan {
  std::string purpose, channel, basis;
  std::vector<Expr> state, wording;
  std::vector<std::string> granted,
      withdrawn;  // lower case; the texts that mean granted or withdrawn
};

// Describes how to find labelled answers: in an array of records, with labels in a second list if
// the answers lack them, or in the leaves of a flat or nested object.
struct ItemsPlan {
  bool flatten = false;
  ValueRef from;  // of the element; flatten: the object
  std::vector<JsonPath> key, label, kind, value;
  std::vector<ValueRef> definitions;                 // the list with labels
  std::vector<std::pair<JsonPath, JsonPath>> match;  // path in the answer = path in the definition
  std::vector<JsonPath> definition_label, definition_kind;
  std::map<std::string, Field> kinds;
};

// How one kind of event is mapped.
struct EventPlan {
  std::string name;
  std::vector<Condition> when;
  std::optional<TouchType> touch;  // empty: skipped
  std::optional<Intent> intent;
  std::vector<FieldPlan> fields;  // complete: those of the kind, then those of the source
  std::vector<ConsentPlan> consent;
  bool merge = false;  // elements with the same merge key become one touch
};

struct AssetOverride {
  std::optional<TouchType> touch;
  std::optional<Intent> intent;
};

struct MapSpec {
  std::string source;
  std::string region;  // default region for phone numbers
  bool accepts_json = true, accepts_form = false;
  bool prefer_json = true;            // if the content type does not decide
  std::vector<JsonPath> nested_json;  // strings that contain JSON
  bool split_root = false;
  std::vector<JsonPath> split;    // nested loops
  std::vector<ValueRef> require;  // elements without these are skipped
  std::vector<Template> delivery_id, touch_id, merge_key;
  std::optional<Template> element_id;  // the delivery id is built from the ids of the elements
  std::vector<ItemsPlan> items;
  std::vector<EventPlan> events;
  bool unknown_is_error = true;     // an event that matches no kind
  bool rest_as_properties = false;  // unread answers become properties
  std::vector<JsonPath> ignore;     // subtrees that are never reported as unmapped
  std::set<std::string> headers;    // lower case; the headers that are kept of a delivery
  // Set by the operator who configured the source.
  AssetOverride override_all;
  std::map<std::string, AssetOverride> override_asset;
};

}  // namespace baton
