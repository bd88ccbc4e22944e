#include "adapters/crm_feedback.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "adapters/crm_declared.h"
#include "adapters/crm_message.h"

namespace baton {
namespace {

constexpr std::int64_t kLeastMs = 100'000'000'000;  // a number below it counts seconds

std::string_view view_of(const json::string& text) { return {text.data(), text.size()}; }

const json::value* at(const json::value& value, const std::string& pointer) {
  return pointer.empty() ? &value : at_pointer(value, pointer);
}

std::string text_in(const json::value& record, const std::string& pointer) {
  const auto* found = pointer.empty() ? nullptr : at_pointer(record, pointer);
  return found == nullptr ? std::string() : as_text(*found);
}

// When a property got its value: RFC 3339, or seconds or milliseconds since 1970.
std::optional<std::int64_t> ms_of(const json::value& value) {
  const auto text = as_text(value);
  if (const auto instant = parse_rfc3339(text)) return instant->ms;
  std::int64_t number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc{} || end != text.data() + text.size() || number <= 0) return std::nullopt;
  return number < kLeastMs ? number * 1000 : number;
}

// The value of `table` that means `name` over there; "" where none does.
std::string backwards(const ValueTables& tables, const std::string& table, std::string_view name) {
  const auto found = tables.find(table);
  if (found == tables.end()) return {};
  for (const auto& [ours, theirs] : found->second) {
    if (theirs == name) return ours;
  }
  return {};
}

class DeclaredFeedback final : public CrmFeedback {
 public:
  explicit DeclaredFeedback(const CrmPlan& plan) : p_(plan), f_(*plan.feedback) {}

  const FeedbackOptions& options() const override { return f_.options; }
  std::size_t batch_size() const override { return f_.batch; }

  bool knows(const CrmRecord& record) const override { return !f_.by_ref || !record.ref.empty(); }

  CrmCall render(std::span<const CrmRecord> records) const override {
    CrmCall call;
    TemplateScope scope;
    json::array items;
    for (std::size_t i = 0; i < records.size(); ++i) {
      scope = scope_of(p_, records[i]);
      call.items.push_back(i);
      call.keys.push_back(as_text(scope.values["key"]));
      call.traces.push_back(records[i].ref);
      add_personal_words(records[i].view, call.personal);
      if (!f_.item.is_null()) items.push_back(fill_json(f_.item, scope));
    }
    if (!f_.item.is_null()) scope.values["items"] = std::move(items);
    call.request = build_request(p_, f_.read, scope);
    return call;
  }

  FeedbackAnswer interpret(const CrmCall& call, const HttpResult& result, Instant received_at) const override {
    FeedbackAnswer answer;
    answer.touches.resize(call.items.size());
    if (result.transport != Transport::kAnswered) {
      answer.outcome = transport_outcome(result);
      return answer;
    }
    // A record that is not there yet, where each is asked for by itself.
    if (f_.batch == 1 && result.response.status == 404 && !is_html(result.response)) {
      answer.outcome = {Verdict::kOkNoop, {}, {}, "not there"};
      return answer;
    }
    const auto body = json_body(result.response);
    answer.outcome = p_.outcomes.judge(result.response, body);
    if (answer.outcome.verdict != Verdict::kOk) {
      if (const auto says = vendor_message(body, call.personal); !says.empty())
        answer.outcome.reason += fmt::format("; it says \"{}\"", says);
      return answer;
    }
    read_records(call, body, received_at, answer);
    return answer;
  }

 private:
  void read_records(const CrmCall& call, const json::value& body, Instant received_at, FeedbackAnswer& answer) const {
    const auto* results = at(body, f_.results);
    const auto* list = results == nullptr || f_.results.empty() ? nullptr : results->if_array();
    if (results == nullptr || (list == nullptr && !results->is_object())) {
      answer.outcome = {Verdict::kUnknown, {}, {}, "the answer holds no records where the adapter says"};
      return;
    }
    if (list == nullptr) {
      if (!is(*results, call, 0)) answer.outcome = {Verdict::kUnknown, {}, {}, "the answer is another record"};
      else answer.touches.front() = touches_of(*results, received_at);
      return;
    }
    for (const auto& record : *list) {
      for (std::size_t i = 0; i < call.items.size(); ++i) {
        if (is(record, call, i)) answer.touches[i] = touches_of(record, received_at);
      }
    }
  }

  bool is(const json::value& record, const CrmCall& call, std::size_t i) const {
    if (!f_.key.empty()) return text_in(record, f_.key) == call.keys[i];
    if (f_.id.empty()) return f_.results.empty();
    return !call.traces[i].empty() && text_in(record, f_.id) == call.traces[i];
  }

  static json::object change(const std::string& id, std::string_view property, const json::value& value) {
    return {{"id", id}, {"property", property}, {"value", value}};
  }

  void add_history(const json::value& record, const std::string& id, json::array& changes) const {
    const auto* found = f_.history.empty() ? nullptr : at_pointer(record, f_.history);
    const auto* properties = found == nullptr ? nullptr : found->if_object();
    if (properties == nullptr) return;
    for (const auto& property : *properties) {
      const auto* versions = property.value().if_array();
      if (versions == nullptr) continue;
      for (const auto& version : *versions) {
        const auto* entry = version.if_object();
        const auto* value = entry == nullptr ? nullptr : entry->if_contains(f_.value);
        const auto* changed = entry == nullptr ? nullptr : entry->if_contains(f_.at);
        const auto ms = changed == nullptr ? std::nullopt : ms_of(*changed);
        if (value == nullptr || !ms) continue;
        auto one = change(id, property.key(), *value);
        one["at"] = to_rfc3339(Instant{*ms});
        one["at_ms"] = *ms;
        one["by"] = version;
        changes.push_back(std::move(one));
      }
    }
  }

  void add_current(const json::value& record, const std::string& id, json::array& changes) const {
    const auto* found = f_.current.empty() ? nullptr : at(record, f_.properties);
    const auto* properties = found == nullptr ? nullptr : found->if_object();
    if (properties == nullptr) return;
    for (const auto& property : f_.current) {
      const auto* value = at_path(*properties, property);
      if (value != nullptr && !as_text(*value).empty()) changes.push_back(change(id, property, *value));
    }
  }

  std::vector<Touch> touches_of(const json::value& record, Instant received_at) const {
    const auto id = text_in(record, f_.id);
    json::array changes;
    add_history(record, id, changes);
    add_current(record, id, changes);
    if (changes.empty()) return {};
    const auto body = json::serialize(json::object{{"record", record}, {"changes", std::move(changes)}});
    auto mapped = map_delivery(f_.map, {"application/json", {}, body, received_at});
    // What cannot be read says nothing of sales; the record itself was there.
    if (!mapped) return {};
    std::vector<Touch> touches = std::move(mapped->touches);
    for (auto& touch : touches) {
      // Whose record it is, is known; what else it says of the person comes by the sources.
      touch.person = {};
      read_backwards(touch);
    }
    std::stable_sort(touches.begin(), touches.end(), [](const Touch& a, const Touch& b) { return a.at < b.at; });
    return touches;
  }

  void read_backwards(Touch& touch) const {
    for (const auto& [property, table] : f_.back) {
      const auto* value = touch.properties.if_contains(property);
      const auto* text = value == nullptr ? nullptr : value->if_string();
      if (text == nullptr) continue;
      if (const auto ours = backwards(p_.tables, table, view_of(*text)); !ours.empty())
        touch.properties[property] = ours;
    }
  }

  const CrmPlan& p_;
  const FeedbackPlan& f_;
};

}  // namespace

std::unique_ptr<const CrmFeedback> make_declared_feedback(const CrmPlan& plan) {
  return std::make_unique<DeclaredFeedback>(plan);
}

}  // namespace baton
