#include "adapters/engine/crm/crm_feedback_follow.h"

#include <algorithm>
#include <map>

#include "adapters/engine/crm/crm_feedback_read.h"
#include "adapters/engine/crm/crm_message.h"

namespace baton {
namespace {

const json::array* list_at(const json::value& body, const std::string& pointer) {
  const auto* found = pointer.empty() ? &body : at_pointer(body, pointer);
  return found == nullptr ? nullptr : found->if_array();
}

// Ids are growing numbers in practice: the longer text is the greater one.
bool is_newer(const std::string& a, const std::string& b) {
  return a.size() != b.size() ? a.size() > b.size() : a > b;
}

// For each kind of object, lists the ids for all records in one call, then reads the objects in as
// many calls as necessary.
class DeclaredFollow final : public FeedbackFollow {
 public:
  DeclaredFollow(const CrmPlan& plan, std::vector<FoundRecord> records, Instant received_at)
      : p_(plan),
        records_(std::move(records)),
        changes_(records_.size()),
        received_at_(received_at) {}

  std::optional<HttpRequest> next() override {
    while (!failed_ && kind_ < plans().size()) {
      if (!listed_) return ask_list();
      if (!to_read_.empty()) return ask_objects();
      ++kind_;
      listed_ = false;
    }
    return std::nullopt;
  }

  Outcome take(const HttpResult& result) override {
    auto outcome = result.transport == Transport::kAnswered ? judge(result.response)
                                                            : transport_outcome(result);
    failed_ = outcome.verdict != Verdict::kOk;
    listed_ = true;
    return outcome;
  }

  void add_to(FeedbackAnswer& answer) const override {
    for (std::size_t i = 0; i < records_.size(); ++i) {
      auto& all = answer.touches[records_[i].item];
      auto touches = feedback_touches(p_, records_[i].record, changes_[i], received_at_);
      std::erase_if(all, [&](const Touch& old) {
        return std::any_of(touches.begin(), touches.end(),
                           [&](const Touch& touch) { return touch.id == old.id; });
      });
      std::move(touches.begin(), touches.end(), std::back_inserter(all));
      std::stable_sort(all.begin(), all.end(),
                       [](const Touch& a, const Touch& b) { return a.at < b.at; });
    }
  }

 private:
  Outcome judge(const HttpResponse& response) {
    const auto body = json_body(response);
    auto outcome = p_.outcomes.judge(response, body);
    if (outcome.verdict != Verdict::kOk) return outcome;
    const bool read = listed_ ? take_objects(body) : take_list(body);
    return read ? outcome
                : Outcome{
                      Verdict::kUnknown, {}, {}, "the response has no list at the declared place"};
  }

  const std::vector<FollowPlan>& plans() const { return p_.feedback->follow; }
  const FollowPlan& plan() const { return plans()[kind_]; }

  HttpRequest ask(const CallTemplate& call, const json::value& item, std::string_view name,
                  const std::vector<std::string>& ids) const {
    json::array items;
    for (const auto& id : ids) {
      TemplateScope scope;
      scope.values[std::string(name)] = id;
      items.push_back(fill_json(item, scope));
    }
    TemplateScope scope;
    scope.values["items"] = std::move(items);
    return build_request(p_, call, scope);
  }

  HttpRequest ask_list() const {
    std::vector<std::string> ids;
    for (const auto& record : records_) ids.push_back(record.id);
    return ask(plan().list, plan().list_item, "ref", ids);
  }

  HttpRequest ask_objects() {
    std::vector<std::string> ids;
    while (!to_read_.empty() && ids.size() < plan().batch) {
      ids.push_back(to_read_.begin()->first);
      asked_.insert(to_read_.extract(to_read_.begin()));
    }
    return ask(plan().read, plan().read_item, "object", ids);
  }

  bool take_list(const json::value& body) {
    const auto* results = list_at(body, plan().list_results);
    for (std::size_t n = 0; results != nullptr && n < results->size(); ++n) {
      const auto& result = (*results)[n];
      const auto of = feedback_text(result, plan().list_key);
      const auto found = std::find_if(records_.begin(), records_.end(),
                                      [&](const FoundRecord& record) { return record.id == of; });
      if (found != records_.end())
        note_objects(result, static_cast<std::size_t>(found - records_.begin()));
    }
    return results != nullptr;
  }

  void note_objects(const json::value& result, std::size_t record) {
    std::vector<std::string> ids;
    const auto* objects = list_at(result, plan().list_objects);
    for (std::size_t n = 0; objects != nullptr && n < objects->size(); ++n) {
      const auto& object = (*objects)[n];
      auto id = plan().list_id.empty() ? as_text(object) : feedback_text(object, plan().list_id);
      if (!id.empty()) ids.push_back(std::move(id));
    }
    std::sort(ids.begin(), ids.end(), is_newer);
    if (ids.size() > plan().newest) ids.resize(plan().newest);
    for (auto& id : ids) to_read_[std::move(id)].push_back(record);
  }

  bool take_objects(const json::value& body) {
    const auto* results = list_at(body, plan().read_results);
    for (std::size_t n = 0; results != nullptr && n < results->size(); ++n) {
      const auto id = feedback_text((*results)[n], plan().read_id);
      const auto found = asked_.find(id);
      for (const auto record : found == asked_.end() ? std::vector<std::size_t>() : found->second) {
        auto change = feedback_change(records_[record].id, plan().name, json::value(id));
        change["object"] = (*results)[n];
        changes_[record].push_back(std::move(change));
      }
    }
    asked_.clear();
    return results != nullptr;
  }

  const CrmPlan& p_;
  const std::vector<FoundRecord> records_;
  std::vector<json::array> changes_;
  const Instant received_at_;
  std::size_t kind_ = 0;
  bool listed_ = false, failed_ = false;
  std::map<std::string, std::vector<std::size_t>> to_read_, asked_;  // object -> records
};

}  // namespace

std::unique_ptr<FeedbackFollow> make_declared_follow(const CrmPlan& plan,
                                                     std::vector<FoundRecord> records,
                                                     Instant received_at) {
  return std::make_unique<DeclaredFollow>(plan, std::move(records), received_at);
}

}  // namespace baton
