#pragma once

#include "gateway/app/delivery/notice_context.h"
#include "gateway/app/delivery/preparation.h"
#include "gateway/app/dispatch/ports.h"

namespace baton {

// Prepares the messages of notices and reports just before they are sent, so that they are true
// when they are read. A notice that was overtaken since has no message. Thread-safe.
class MessagePreparer final : public MessageSource {
 public:
  explicit MessagePreparer(const Preparation& preparation)
      : parts_(preparation), contexts_(preparation) {}
  Result<std::vector<Result<std::optional<OutgoingMessage>>>> prepare_messages(
      std::span<const OutboxEntry> entries) override;
  Message combine_messages(std::span<const Message> messages, std::string key,
                           Duration late_by) override;
  void record_dry_run(const OutboxEntry& entry, const std::string& channel,
                      const NotifyRequest& request) override;

 private:
  Result<std::optional<OutgoingMessage>> prepare(const OutboxEntry& entry,
                                                 const Document& document);

  const Preparation parts_;
  const NoticeContexts contexts_;
};

}  // namespace baton
