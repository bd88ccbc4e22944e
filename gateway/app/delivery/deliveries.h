#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "gateway/app/dispatch/dispatcher.h"
#include "gateway/app/engine/runtime.h"

namespace baton {

// The engine's side of delivering: what the dispatcher asks just before it sends (the newest
// version of a person, the text of a message) and what it tells afterwards. Thread-safe.
class Deliveries {
 public:
  explicit Deliveries(Runtime& runtime)
      : runtime_(runtime), link_key_(runtime.keys->subkey("action-links")) {}

  DispatcherHooks hooks();

 private:
  Result<std::vector<CrmRecord>> snapshots(std::span<const PushEntry> entries);
  Result<std::vector<Result<std::optional<OutgoingMessage>>>> notices(
      std::span<const OutboxEntry> entries);
  Result<std::optional<OutgoingMessage>> notice(const OutboxEntry& entry, const Document& document);
  Result<std::vector<AskedPerson>> asked(std::span<const PushEntry> entries);
  std::vector<bool> told(std::span<const ToldPerson> persons);
  Result<std::vector<Result<std::optional<OutgoingTask>>>> tasks(
      std::span<const OutboxEntry> entries, const std::string& crm);
  Result<std::optional<OutgoingTask>> task(const OutboxEntry& entry, const Document& document,
                                           const std::string& crm);
  bool outcomes(std::span<const EffectTold> told);
  MessageContext context_of(const Notice& notice, const PersonState& person,
                            const Policy& policy) const;
  void add_links(const Notice& notice, const PersonState& person, const Policy& policy,
                 MessageContext& context) const;
  std::string link(const Notice& notice, const std::string& lead, const std::string& subject,
                   const Texts& texts) const;

  // A store connection for the time of one call; connections are kept for the next.
  class Borrowed;
  Result<std::unique_ptr<Store>> borrow();
  void give_back(std::unique_ptr<Store> store);

  Runtime& runtime_;
  const std::string link_key_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Store>> idle_;
};

}  // namespace baton
