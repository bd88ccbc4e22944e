#include "adapters/engine/crm/crm_declared.h"

#include <algorithm>
#include <cassert>
#include <charconv>

#include <openssl/evp.h>

#include <fmt/format.h>

#include "adapters/engine/crm/crm_feedback.h"
#include "adapters/engine/crm/crm_message.h"
#include "adapters/engine/crm/crm_tasks.h"

namespace baton {
namespace {

// Returns whether `pointer` leads to a trace or key: as the value itself, or in a list.
bool names(const json::value& value, const std::string& pointer, const std::string& wanted) {
  if (pointer.empty()) return false;
  const auto* found = at_pointer(value, pointer);
  if (found == nullptr) return false;
  if (const auto* list = found->if_array()) {
    return std::any_of(list->begin(), list->end(),
                       [&](const json::value& v) { return as_text(v) == wanted; });
  }
  return as_text(*found) == wanted;
}

std::optional<std::int64_t> number_in(const HttpResponse& response, const std::string& name) {
  const auto value = name.empty() ? std::string_view() : header(response.headers, name);
  std::int64_t number = 0;
  const auto [end, failed] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (value.empty() || failed != std::errc{} || number < 0) return std::nullopt;
  return number;
}

// A category is a word of the vendor's catalogue. Any other text may be personal and is not
// repeated.
std::string category_name(const std::string& text) {
  const auto in_name = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '.';
  };
  const bool is_name =
      !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), in_name);
  return is_name ? text : "for an unnamed reason";
}

class DeclaredCrm final : public Crm {
 public:
  explicit DeclaredCrm(CrmPlan plan) : p_(std::move(plan)) {
    if (p_.feedback) feedback_ = make_declared_feedback(p_);
    if (p_.tasks) tasks_ = make_declared_tasks(p_);
  }

  const std::string& name() const override { return p_.name; }
  Mode mode() const override { return p_.mode; }
  std::size_t batch_size() const override { return p_.batch; }
  Repeat repeat() const override { return p_.repeat; }
  const HttpOptions& http() const override { return p_.http; }
  Duration deadline() const override { return p_.deadline; }

  std::vector<CrmCall> render(std::span<const CrmRecord> records) const override {
    std::vector<CrmCall> calls;
    for (std::size_t begin = 0; begin < records.size(); begin += p_.batch)
      calls.push_back(render_batch(records, begin, std::min(records.size(), begin + p_.batch)));
    return calls;
  }

  std::vector<Outcome> interpret(const CrmCall& call, const HttpResult& result) const override {
    if (result.transport != Transport::kAnswered)
      return {call.items.size(), transport_outcome(result)};
    const auto body = json_body(result.response);
    auto whole = p_.outcomes.judge(result.response, body);
    if (whole.verdict != Verdict::kOk) {
      quote_vendor(body, call.personal, whole);
      return {call.items.size(), whole};
    }
    if (p_.answer.results.empty()) return {call.items.size(), single(body, whole)};
    return match(call, body, whole);
  }

  Budget budget(const HttpResponse& response) const override {
    Budget budget;
    budget.remaining = number_in(response, p_.budget.remaining);
    if (const auto s = number_in(response, p_.budget.resets_s); s && *s < 1'000'000)
      budget.resets_in = seconds(*s);
    if (const auto ms = number_in(response, p_.budget.resets_ms); ms && *ms < 1'000'000'000)
      budget.resets_in = milliseconds(*ms);
    // An exhausted daily budget outlasts every short window.
    if (number_in(response, p_.budget.daily_remaining) == 0) budget = {0, minutes(15)};
    return budget;
  }

  std::optional<HttpRequest> read_back(const CrmRecord& record) const override {
    if (!p_.read_back) return std::nullopt;
    return build_request(p_, *p_.read_back, scope_of(p_, record));
  }

  Outcome interpret_read_back(const CrmRecord&, const HttpResult& result) const override {
    if (result.transport != Transport::kAnswered) return transport_outcome(result);
    if (result.response.status == 404 && !is_html(result.response))
      return {Verdict::kPermanentData, {}, {}, "does not exist"};
    const auto body = json_body(result.response);
    auto outcome = p_.outcomes.judge(result.response, body);
    if (outcome.verdict == Verdict::kOk) outcome.ref = text_at(body, p_.read_back_id);
    return outcome;
  }

  std::optional<HttpRequest> credential_test() const override {
    if (!p_.credential_test) return std::nullopt;
    return build_request(p_, *p_.credential_test, {});
  }

  const CrmFeedback* feedback() const override { return feedback_.get(); }
  const CrmTasks* tasks() const override { return tasks_.get(); }

 private:
  CrmCall render_batch(std::span<const CrmRecord> records, std::size_t begin,
                       std::size_t end) const {
    CrmCall call;
    TemplateScope scope;
    json::array items;
    for (std::size_t i = begin; i < end; ++i) {
      scope = scope_of(p_, records[i]);
      call.items.push_back(i);
      call.keys.push_back(as_text(scope.values["key"]));
      call.traces.push_back(as_text(scope.values["trace"]));
      add_personal_words(records[i].view, call.personal);
      if (!p_.item.is_null()) items.push_back(fill_json(p_.item, scope));
    }
    if (!p_.item.is_null()) scope.values["items"] = std::move(items);
    call.request = build_request(p_, p_.upsert, scope);
    return call;
  }

  Outcome single(const json::value& body, Outcome outcome) const {
    outcome.ref = text_at(body, p_.answer.id);
    if (outcome.ref.empty() && p_.answer.id_required)
      return {Verdict::kUnknown, {}, {}, outcome.reason + ": the response names no record"};
    return outcome;
  }

  const json::array* list(const json::value& body, const std::string& pointer) const {
    const auto* found = pointer.empty() ? nullptr : at_pointer(body, pointer);
    return found == nullptr ? nullptr : found->if_array();
  }

  Outcome item_failure(const json::value& failure, const std::vector<std::string>& personal) const {
    auto outcome = p_.outcomes.judge_item(failure);
    if (!outcome) {
      const auto* category =
          failure.is_object() ? failure.get_object().if_contains("category") : nullptr;
      outcome = {Verdict::kPermanentData, {}, {}, "the record was refused"};
      if (category != nullptr) outcome->reason = "refused: " + category_name(as_text(*category));
    }
    quote_vendor(failure, personal, *outcome);
    return *outcome;
  }

  // Matches results by trace or key, then errors by trace or key. The rest is matched by position,
  // but only if no result can be missing. Items without a match are unknown and are sent again.
  std::vector<Outcome> match(const CrmCall& call, const json::value& body,
                             const Outcome& whole) const {
    assert(call.keys.size() == call.items.size() && call.traces.size() == call.items.size());
    const auto* results = list(body, p_.answer.results);
    const auto* errors = list(body, p_.answer.errors);
    std::vector<Outcome> outcomes(
        call.items.size(),
        {Verdict::kUnknown, {}, {}, "the response does not mention this record"});
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
      const auto find = [&](const json::array* in, const std::string& trace,
                            const std::string& key) -> const json::value* {
        if (in == nullptr) return nullptr;
        for (const auto& entry : *in) {
          if (names(entry, trace, call.traces[i]) || names(entry, key, call.keys[i])) return &entry;
        }
        return nullptr;
      };
      if (const auto* failure = find(errors, p_.answer.error_trace, p_.answer.error_key)) {
        outcomes[i] = item_failure(*failure, call.personal);
      } else if (const auto* result = find(results, p_.answer.trace, p_.answer.key)) {
        outcomes[i] = {whole.verdict, text_at(*result, p_.answer.id), {}, whole.reason};
      } else if (results != nullptr && results->size() == call.items.size() &&
                 (errors == nullptr || errors->empty())) {
        outcomes[i] = {whole.verdict, text_at((*results)[i], p_.answer.id), {}, whole.reason};
      } else if (call.items.size() == 1 && errors != nullptr && errors->size() == 1) {
        outcomes[i] = item_failure(errors->front(), call.personal);
      }
    }
    return outcomes;
  }

  CrmPlan p_;
  std::unique_ptr<const CrmFeedback> feedback_;
  std::unique_ptr<const CrmTasks> tasks_;
};

}  // namespace

void quote_vendor(const json::value& error, std::span<const std::string> personal,
                  Outcome& outcome) {
  const bool is_final = outcome.verdict == Verdict::kPermanentData ||
                        outcome.verdict == Verdict::kPermanentConfig ||
                        outcome.verdict == Verdict::kDuplicate;
  const auto message = is_final ? vendor_message(error, personal) : std::string();
  if (!message.empty()) outcome.reason += fmt::format("; it says \"{}\"", message);
}

std::string text_at(const json::value& value, const std::string& pointer) {
  const auto* found = pointer.empty() ? nullptr : at_pointer(value, pointer);
  return found == nullptr ? std::string() : as_text(*found);
}

TemplateScope scope_of(const CrmPlan& plan, const CrmRecord& record) {
  TemplateScope scope;
  scope.view = &record.view;
  scope.values["id"] = record.person;
  scope.values["version"] = record.version;
  scope.values["ref"] = record.ref;
  scope.values["view"] = record.view;
  scope.values["key"] = fill_text(plan.key, scope, false);
  scope.values["trace"] = fill_text(plan.trace, scope, false);
  scope.values["fields"] = plan.fields.render(record.view, plan.tables, plan.field_options);
  return scope;
}

HttpRequest build_request(const CrmPlan& plan, const CallTemplate& call,
                          const TemplateScope& scope) {
  HttpRequest request;
  request.method = call.method;
  request.url = plan.base_url + fill_text(call.path, scope, true);
  request.deadline = plan.deadline;
  for (const auto* headers : {&plan.headers, &call.headers}) {
    for (const auto& entry : *headers)
      request.headers.emplace_back(entry.key(), fill_text(as_text(entry.value()), scope, false));
  }
  if (!call.body.is_null()) {
    request.body = json::serialize(fill_json(call.body, scope));
    if (header(request.headers, "Content-Type").empty())
      request.headers.emplace_back("Content-Type", "application/json");
  }
  put_auth(plan.auth, request);
  return request;
}

std::string base64(std::string_view bytes) {
  std::string out(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                   reinterpret_cast<const unsigned char*>(bytes.data()),
                                   static_cast<int>(bytes.size()));
  out.resize(static_cast<std::size_t>(size));
  return out;
}

std::optional<CrmAuth> read_auth(const json::object& auth) {
  const auto kind = text(auth, "kind", "none");
  const std::string name(text(auth, "name"));
  const std::string value(text(auth, "value"));
  if (kind == "none") return CrmAuth{};
  if (kind == "bearer")
    return CrmAuth{CrmAuth::Kind::kBearer, {}, std::string(text(auth, "token"))};
  if (kind == "header") return CrmAuth{CrmAuth::Kind::kHeader, name, value};
  if (kind == "query") return CrmAuth{CrmAuth::Kind::kQuery, name, value};
  if (kind == "basic")
    return CrmAuth{CrmAuth::Kind::kBasic,
                   {},
                   std::string(text(auth, "username")) + ':' + std::string(text(auth, "password"))};
  return std::nullopt;
}

void put_auth(const CrmAuth& auth, HttpRequest& request) {
  if (auth.value.empty()) return;
  switch (auth.kind) {
    case CrmAuth::Kind::kNone:
      return;
    case CrmAuth::Kind::kBearer:
      request.headers.emplace_back("Authorization", "Bearer " + auth.value);
      return;
    case CrmAuth::Kind::kHeader:
      request.headers.emplace_back(auth.name, auth.value);
      return;
    case CrmAuth::Kind::kBasic:
      request.headers.emplace_back("Authorization", "Basic " + base64(auth.value));
      return;
    case CrmAuth::Kind::kQuery:
      request.url += request.url.find('?') == std::string::npos ? '?' : '&';
      request.url += percent_encode(auth.name) + '=' + percent_encode(auth.value);
      return;
  }
}

std::unique_ptr<Crm> make_declared_crm(CrmPlan plan) {
  return std::make_unique<DeclaredCrm>(std::move(plan));
}

}  // namespace baton
