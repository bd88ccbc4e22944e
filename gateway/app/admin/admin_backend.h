#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>

#include "gateway/app/common/store_state.h"
#include "gateway/app/engine/applier.h"
#include "gateway/app/engine/runtime.h"
#include "gateway/app/views/backend.h"
#include "gateway/core/explain/decision_record.h"
#include "gateway/core/explain/explain.h"
#include "gateway/store/spool/spool.h"

namespace baton {

// Answers the admin API and the action page from the store, over a separate connection. Feedback
// goes through the same decide and commit as every other event. Thread-safe: one call at a time,
// callers queue.
class AdminBackend final : public Backend {
 public:
  AdminBackend(Runtime& runtime, const StoreState& state, const Spool& spool)
      : runtime_(runtime), state_(state), spool_(spool) {}

  Result<json::object> leads(const ListQuery& query) override;
  Result<json::object> lead(const LeadId& id) override;
  Result<json::object> timeline(const LeadId& id, const ListQuery& query) override;
  Result<json::object> explain(const LeadId& id, std::string_view language) override;
  Result<json::object> clock_dossier(const LeadId& id, const ClockId& clock,
                                     std::string_view language) override;
  Result<json::object> receipts(const LeadId& id, const ListQuery& query) override;
  Result<json::object> clocks(const ListQuery& query) override;
  Result<json::object> tasks(const ListQuery& query) override;
  Result<json::object> meetings(const ListQuery& query) override;
  Result<json::object> alerts(const ListQuery& query) override;
  Result<json::object> outbox(const ListQuery& query) override;
  Result<json::object> dead_letters(const ListQuery& query) override;
  Result<json::object> dead_letter(std::string_view id) override;
  Status retry_dead_letter(std::string_view id) override;
  Status drop_dead_letter(std::string_view id) override;
  Result<json::object> start_reindex() override;
  Result<json::object> reindex() override;
  Result<json::object> policy_preview(const json::object& files) override;
  Result<json::object> pools() override;
  Result<json::object> report(std::string_view name, const ListQuery& query) override;
  Result<json::object> forecast() override;
  Result<json::object> periods() override;
  json::object clock_health() override;
  Status feedback(const LeadId& lead, const SalesFeedback& feedback) override;
  Result<ActionView> action_view(const ActionClaims& claims) override;
  Result<bool> consume_once(std::string_view key, Duration ttl) override;
  bool healthy() const override { return true; }
  std::vector<Check> ready() override;

 private:
  // The row of one person in a list, from the document. Empty if the person does not match.
  using Rows =
      std::function<void(const OpenPerson&, const std::vector<DecisionRecord>&, json::array&)>;

  Result<Store*> store();
  std::string feedback_detail() const;
  NarrationStyle telling(std::string_view language) const;
  Result<OpenPerson> person_of(const LeadId& lead);
  Result<std::vector<DecisionRecord>> records_of(const OpenPerson& person);
  Result<json::object> rehearsed(const ListQuery& query);
  Result<json::object> list(const ListQuery& query, bool with_history, const Rows& rows);
  Result<DeadLetter> find_letter(std::string_view id);
  Status count_events(PartitionId partition, const ListQuery& query,
                      std::map<std::string, std::int64_t>& counts);

  Runtime& runtime_;
  const StoreState& state_;
  const Spool& spool_;
  std::mutex mutex_;
  std::unique_ptr<Store> store_;
};

}  // namespace baton
