#include "adapters/engine/crm/crm_feedback.h"

#include <algorithm>

#include <fmt/format.h>

#include "adapters/engine/crm/crm_feedback_follow.h"
#include "adapters/engine/crm/crm_feedback_read.h"
#include "adapters/engine/crm/crm_message.h"

namespace baton {
namespace {

const json::value* at(const json::value& value, const std::string& pointer) {
  return pointer.empty() ? &value : at_pointer(value, pointer);
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

  FeedbackAnswer interpret(const CrmCall& call, const HttpResult& result,
                           Instant received_at) const override {
    FeedbackAnswer answer;
    answer.touches.resize(call.items.size());
    if (result.transport != Transport::kAnswered) {
      answer.outcome = transport_outcome(result);
      return answer;
    }
    // The record does not exist yet (each record has its own call).
    if (f_.batch == 1 && result.response.status == 404 && !is_html(result.response)) {
      answer.outcome = {Verdict::kOkNoop, {}, {}, "does not exist"};
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

  std::unique_ptr<FeedbackFollow> follow(const CrmCall& call, const HttpResult& result,
                                         std::span<const Instant> since,
                                         Instant received_at) const override {
    const auto body = f_.follow.empty() ? json::value() : json_body(result.response);
    const auto* results = f_.results.empty() ? nullptr : at(body, f_.results);
    const auto* list = results == nullptr ? nullptr : results->if_array();
    std::vector<FoundRecord> found;
    for (std::size_t n = 0; list != nullptr && n < list->size(); ++n) {
      for (std::size_t i = 0; i < call.items.size(); ++i) {
        const auto& record = (*list)[n];
        if (is(record, call, i) && is_news(record, since[i]))
          found.push_back({i, feedback_text(record, f_.id), record});
      }
    }
    return found.empty() ? nullptr : make_declared_follow(p_, std::move(found), received_at);
  }

 private:
  bool is_news(const json::value& record, Instant since) const {
    const auto* changed = at_pointer(record, f_.follow_changed);
    const auto when = changed == nullptr ? std::nullopt : feedback_instant(*changed);
    return when && *when >= since;
  }

  void read_records(const CrmCall& call, const json::value& body, Instant received_at,
                    FeedbackAnswer& answer) const {
    const auto* results = at(body, f_.results);
    const auto* list = results == nullptr || f_.results.empty() ? nullptr : results->if_array();
    if (results == nullptr || (list == nullptr && !results->is_object())) {
      answer.outcome = {
          Verdict::kUnknown, {}, {}, "the response has no records at the declared place"};
      return;
    }
    if (list == nullptr) {
      if (!is(*results, call, 0))
        answer.outcome = {Verdict::kUnknown, {}, {}, "the response is another record"};
      else
        answer.touches.front() = touches_of(*results, received_at);
      return;
    }
    for (const auto& record : *list) {
      for (std::size_t i = 0; i < call.items.size(); ++i) {
        if (is(record, call, i)) answer.touches[i] = touches_of(record, received_at);
      }
    }
  }

  bool is(const json::value& record, const CrmCall& call, std::size_t i) const {
    if (!f_.key.empty()) return feedback_text(record, f_.key) == call.keys[i];
    if (f_.id.empty()) return f_.results.empty();
    return !call.traces[i].empty() && feedback_text(record, f_.id) == call.traces[i];
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
        const auto when = changed == nullptr ? std::nullopt : feedback_instant(*changed);
        if (value == nullptr || !when) continue;
        auto one = feedback_change(id, property.key(), *value);
        one["at"] = to_rfc3339(*when);
        one["at_ms"] = when->ms;
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
      if (value != nullptr && !as_text(*value).empty())
        changes.push_back(feedback_change(id, property, *value));
    }
  }

  std::vector<Touch> touches_of(const json::value& record, Instant received_at) const {
    const auto id = feedback_text(record, f_.id);
    json::array changes;
    add_history(record, id, changes);
    add_current(record, id, changes);
    return feedback_touches(p_, record, std::move(changes), received_at);
  }

  const CrmPlan& p_;
  const FeedbackPlan& f_;
};

}  // namespace

std::unique_ptr<const CrmFeedback> make_declared_feedback(const CrmPlan& plan) {
  return std::make_unique<DeclaredFeedback>(plan);
}

}  // namespace baton
