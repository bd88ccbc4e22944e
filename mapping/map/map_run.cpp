#include "mapping/map/map_run.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "mapping/map/map_items.h"
#include "mapping/map/map_spec.h"
#include "mapping/map/map_touch.h"
#include "mapping/map/map_unmapped.h"

namespace baton {
namespace {

constexpr std::size_t kMaxElements = 1'000;
constexpr std::size_t kMaxId = 200;
// Webhooks did not exist before this date: an earlier time is an error of the sender.
constexpr Instant kEarliest{946'684'800'000};  // 2000-01-01

// A delivery while it is read. Its values share one block of memory that is freed as a whole.
struct Document {
  json::storage_ptr storage =
      json::make_shared_resource<json::monotonic_resource>(std::size_t{4096});
  json::value root = json::value(nullptr, storage);
  std::vector<const json::value*> elements;
  std::vector<const json::value*> read;
};

struct Draft {
  Touch touch;
  std::string merge_key;
  std::size_t kind = 0;  // index of the event kind; the first declared kind decides a merged touch
};

BodyFormat format_for(const MapSpec& spec, std::string_view content_type) {
  const auto named = format_of(content_type);
  if (named == BodyFormat::kForm && spec.accepts_form) return BodyFormat::kForm;
  if (named == BodyFormat::kJson && spec.accepts_json) return BodyFormat::kJson;
  return spec.prefer_json ? BodyFormat::kJson : BodyFormat::kForm;
}

void decode_nested(const MapSpec& spec, json::value& root) {
  for (const auto& path : spec.nested_json) {
    // The document is ours, so the constness that `find` returns may be removed.
    auto* found = const_cast<json::value*>(path.find(root));
    if (found == nullptr || !found->is_string()) continue;
    const auto& text = found->get_string();
    if (auto inner = parse_json({text.data(), text.size()})) *found = std::move(*inner);
  }
}

std::vector<const json::value*> split(const MapSpec& spec, const json::value& root) {
  std::vector<const json::value*> current;
  const auto add = [](std::vector<const json::value*>& to, const json::value& value) {
    if (to.size() <= kMaxElements) to.push_back(&value);
  };
  const auto* list = spec.split_root ? root.if_array() : nullptr;
  if (list == nullptr)
    current.push_back(&root);
  else
    for (const auto& item : *list) add(current, item);
  for (const auto& path : spec.split) {
    std::vector<const json::value*> next;
    for (const auto* value : current) {
      path.each(*value, [&](const json::value& found) {
        if (const auto* array = found.if_array())
          for (const auto& item : *array) add(next, item);
        else if (found.is_object())
          add(next, found);
      });
    }
    current = std::move(next);
  }
  return current;
}

Status read_document(const MapSpec& spec, const MapInput& input, Document& document) {
  auto decoded = decode_body(format_for(spec, input.content_type), input.body, document.storage);
  if (!decoded) return decoded.error();
  document.root = std::move(*decoded);
  if (!document.root.is_structured())
    return error(Errc::kInvalidInput, "the body is neither an object nor a list");
  if (document.root.is_array() && !spec.split_root)
    return error(Errc::kInvalidInput, "the body is a list, but this source sends one object");
  decode_nested(spec, document.root);
  document.elements = split(spec, document.root);
  if (document.elements.size() > kMaxElements)
    return error(Errc::kInvalidInput,
                 fmt::format("more than {} elements in one delivery", kMaxElements));
  return {};
}

std::string first_expansion(const std::vector<Template>& templates, const MapContext& context) {
  for (const auto& text : templates)
    if (std::string id = expand(text, context); !id.empty()) return id;
  return {};
}

std::string bounded(std::string id) { return id.size() <= kMaxId ? id : sha256_hex(id); }

// Sorted, so that a batch keeps its id when it is sent again in another order.
std::string id_of_elements(const MapSpec& spec, const MapInput& input, Document& document) {
  std::vector<std::string> ids;
  std::vector<Item> no_items;
  for (const auto* element : document.elements) {
    const MapContext context{document.root, *element, input.headers, no_items, document.read};
    ids.push_back(expand(*spec.element_id, context));
    if (ids.back().empty()) return {};
  }
  std::sort(ids.begin(), ids.end());
  return bounded(fmt::format("{}", fmt::join(ids, "+")));
}

std::string delivery_id(const MapSpec& spec, const MapInput& input, Document& document) {
  std::vector<Item> no_items;
  const MapContext context{document.root, document.root, input.headers, no_items, document.read};
  std::string id = bounded(first_expansion(spec.delivery_id, context));
  if (id.empty() && spec.element_id && !document.elements.empty())
    id = id_of_elements(spec, input, document);
  return id.empty() ? sha256_hex(input.body) : id;
}

void apply(const AssetOverride& override_by_user, Touch& touch, std::optional<Intent>& intent) {
  if (override_by_user.touch) {
    touch.type = *override_by_user.touch;
    intent.reset();
  }
  if (override_by_user.intent) intent = override_by_user.intent;
}

void set_type(const MapSpec& spec, const EventPlan& plan, Touch& touch) {
  touch.type = *plan.touch;
  auto intent = plan.intent;
  if (makes_lead(touch.type)) {
    apply(spec.override_all, touch, intent);
    if (const auto found = spec.override_asset.find(touch.asset);
        found != spec.override_asset.end())
      apply(found->second, touch, intent);
  }
  touch.intent = intent.value_or(default_intent(touch.type));
}

void bound_time(Touch& touch, Instant received_at) {
  if (touch.at > received_at || touch.at < kEarliest) touch.at = received_at;
}

// One run over one delivery.
class Run {
 public:
  Run(const MapSpec& spec, const MapInput& input, Document& document, std::string id)
      : spec_(spec), input_(input), document_(document), id_(std::move(id)) {}

  Status map_all() {
    std::size_t unknown = 0;
    for (std::size_t i = 0; i < document_.elements.size(); ++i)
      if (!map_one(*document_.elements[i], i)) ++unknown;
    if (unknown > 0 && unknown == document_.elements.size() && spec_.unknown_is_error)
      return error(Errc::kInvalidInput, "no kind of event of this source's adapter matches");
    return {};
  }

  std::vector<Touch> take_touches() {
    merge();
    std::vector<Touch> touches;
    std::set<std::string> seen;
    for (auto& draft : drafts_) {
      if (!seen.insert(draft.touch.id).second) continue;
      finish_touch(draft.touch);
      touches.push_back(std::move(draft.touch));
    }
    return touches;
  }

 private:
  // Returns false if no kind of event matches.
  bool map_one(const json::value& element, std::size_t index) {
    std::vector<Item> items;
    MapContext context{document_.root, element, input_.headers, items, document_.read};
    for (const auto& ref : spec_.require)
      if (text_at(ref, context).empty()) return skip(element), true;
    const auto plan = std::find_if(spec_.events.begin(), spec_.events.end(),
                                   [&](const EventPlan& e) { return hold(e.when, context); });
    if (plan == spec_.events.end()) return skip(element), false;
    if (!plan->touch) return skip(element), true;
    items = collect_items(spec_, context);
    Draft draft;
    if (!fill_touch(*plan, spec_, input_, context, draft.touch) &&
        *plan->touch != TouchType::kTestPing)
      return true;
    draft.touch.id = bounded(first_expansion(spec_.touch_id, context));
    if (draft.touch.id.empty()) draft.touch.id = fmt::format("{}#{}", id_, index);
    draft.touch.source = spec_.source;
    set_type(spec_, *plan, draft.touch);
    bound_time(draft.touch, input_.received_at);
    draft.kind = static_cast<std::size_t>(plan - spec_.events.begin());
    if (plan->merge) draft.merge_key = first_expansion(spec_.merge_key, context);
    drafts_.push_back(std::move(draft));
    return true;
  }

  void skip(const json::value& element) { document_.read.push_back(&element); }

  // Elements about one person become one touch. The kind declared first decides its type, and later
  // facts overwrite earlier ones, regardless of the order of arrival.
  void merge() {
    std::vector<Draft> merged;
    std::map<std::string, std::vector<Draft>> groups;
    for (auto& draft : drafts_) {
      if (draft.merge_key.empty())
        merged.push_back(std::move(draft));
      else
        groups[draft.merge_key].push_back(std::move(draft));
    }
    for (auto& [key, group] : groups) merged.push_back(merge_group(group));
    drafts_ = std::move(merged);
  }

  static Draft merge_group(std::vector<Draft>& group) {
    const auto order = [](const Draft& d) { return std::tie(d.touch.at, d.touch.id); };
    std::sort(group.begin(), group.end(),
              [&](const Draft& a, const Draft& b) { return order(a) < order(b); });
    const auto leader = std::min_element(
        group.begin(), group.end(), [](const Draft& a, const Draft& b) { return a.kind < b.kind; });
    Draft result;
    result.touch = leader->touch;
    result.touch.consent.clear();
    for (auto& draft : group) overlay_touch(result.touch, std::move(draft.touch));
    return result;
  }

  const MapSpec& spec_;
  const MapInput& input_;
  Document& document_;
  std::string id_;
  std::vector<Draft> drafts_;
};

}  // namespace

std::string map_delivery_id(const MapSpec& spec, const MapInput& input) {
  Document document;
  if (read_document(spec, input, document)) return delivery_id(spec, input, document);
  // The id may be in a header even if the body cannot be read.
  Document nothing;
  return delivery_id(spec, input, nothing);
}

Result<MappedDelivery> map_delivery(const MapSpec& spec, const MapInput& input) {
  Document document;
  if (const auto status = read_document(spec, input, document); !status) return status.error();
  MappedDelivery mapped;
  mapped.source = spec.source;
  mapped.delivery_id = delivery_id(spec, input, document);
  Run run(spec, input, document, mapped.delivery_id);
  if (const auto status = run.map_all(); !status) return status.error();
  mapped.touches = run.take_touches();
  for (const auto& path : spec.ignore)
    path.each(document.root, [&](const json::value& value) { document.read.push_back(&value); });
  mapped.unmapped = unread_paths(document.root, std::move(document.read));
  return mapped;
}

}  // namespace baton
