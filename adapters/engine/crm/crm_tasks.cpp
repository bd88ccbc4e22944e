#include "adapters/engine/crm/crm_tasks.h"

#include <algorithm>

#include "adapters/engine/crm/crm_declared.h"
#include "adapters/engine/crm/crm_message.h"

namespace baton {
namespace {

Outcome absent(std::string reason) { return {Verdict::kPermanentData, {}, {}, std::move(reason)}; }

class DeclaredTasks final : public CrmTasks {
 public:
  explicit DeclaredTasks(const CrmPlan& plan) : p_(plan), t_(*plan.tasks) {}

  Repeat repeat() const override { return t_.repeat; }
  Duration settles() const override { return t_.settles; }
  bool needs_person() const override { return t_.by_ref; }

  HttpRequest render(TaskCall call, const TaskRecord& task) const override {
    auto scope = scope_of(p_, task.person);
    scope.values["task"] = task.key;
    scope.values["task_ref"] = task.ref;
    auto fields = t_.fields.render(task.person.view, p_.tables, p_.field_options);
    if (call == TaskCall::kUpdate) {
      if (!t_.changing.empty()) keep_changing(fields);
      // If it were left out, the CRM would keep the old value.
      for (const auto& field : t_.cleared) fields.emplace(field.key(), field.value());
    }
    scope.values["fields"] = std::move(fields);
    return build_request(p_,
                         call == TaskCall::kCreate   ? t_.create
                         : call == TaskCall::kUpdate ? t_.update
                                                     : *t_.find,
                         scope);
  }

  Outcome interpret(TaskCall call, const TaskRecord& task,
                    const HttpResult& result) const override {
    if (result.transport != Transport::kAnswered) return transport_outcome(result);
    const auto body = json_body(result.response);
    // The table judges calls as a whole and has no rule for a single missing object.
    if (result.response.status == 404 && !is_html(result.response)) return gone(call, task, body);
    auto outcome = p_.outcomes.judge(result.response, body);
    if (outcome.verdict != Verdict::kOk) return with_words(std::move(outcome), task, body);
    if (call == TaskCall::kFind) return found(body, outcome);
    outcome.ref = call == TaskCall::kUpdate ? task.ref : text_at(body, t_.create_id);
    if (!outcome.ref.empty()) return outcome;
    if (t_.repeat != Repeat::kKeyed && !t_.create_id.empty())
      return {Verdict::kUnknown, {}, {}, outcome.reason + ": the response names no task"};
    outcome.ref = task.key;
    return outcome;
  }

 private:
  void keep_changing(json::object& fields) const {
    json::object kept;
    for (const auto& name : t_.changing) {
      if (const auto* value = fields.if_contains(name)) kept.emplace(name, *value);
    }
    fields = std::move(kept);
  }

  static Outcome with_words(Outcome outcome, const TaskRecord& task, const json::value& body) {
    std::vector<std::string> personal;
    add_personal_words(task.person.view, personal);
    quote_vendor(body, personal, outcome);
    return outcome;
  }

  static Outcome gone(TaskCall call, const TaskRecord& task, const json::value& body) {
    if (call == TaskCall::kFind) return absent("does not exist");
    if (call == TaskCall::kUpdate) return {Verdict::kOkNoop, task.ref, {}, "it no longer exists"};
    return with_words(
        absent("HTTP 404: the person does not exist, or this is not the address for tasks"), task,
        body);
  }

  Outcome found(const json::value& body, Outcome outcome) const {
    const json::value* one = &body;
    if (!t_.find_results.empty()) {
      const auto* list = at_pointer(body, t_.find_results);
      if (list == nullptr || !list->is_array())
        return {Verdict::kUnknown, {}, {}, outcome.reason + ": the response has no list of tasks"};
      if (list->get_array().empty()) return absent("does not exist");
      one = &list->get_array().front();
    }
    outcome.ref = text_at(*one, t_.find_id);
    if (outcome.ref.empty())
      return {Verdict::kUnknown, {}, {}, outcome.reason + ": the response names no task"};
    return outcome;
  }

  const CrmPlan& p_;
  const TaskPlan& t_;
};

}  // namespace

std::unique_ptr<const CrmTasks> make_declared_tasks(const CrmPlan& plan) {
  return std::make_unique<DeclaredTasks>(plan);
}

}  // namespace baton
