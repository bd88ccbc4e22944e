#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gateway/app/dispatch/lane.h"
#include "gateway/app/dispatch/ports.h"

namespace baton {

// A channel as the stages of the OutboxWorker see it.
struct Channel {
  struct PutOff {
    Retry place;    // where the entry was in the queue
    Instant until;  // when it falls due now
  };
  std::shared_ptr<const Notifier> notifier;
  std::unique_ptr<HttpClient> http;  // a live channel has one of the two
  std::unique_ptr<MailClient> mail;
  Lane lane;
  std::optional<std::int64_t> waiting_since = {};  // steady, ns; messages wait since then for room
  std::deque<PutOff> put_off = {};                 // entries that wait until the channel answers
};

// One call of the OutboxWorker.
struct Notification {
  std::vector<OutboxEntry> entries;  // one, or the members of a group
  Channel* channel = nullptr;
  Message message;
};

// Identifies an outbox entry: its document and its key.
inline std::string entry_id(const OutboxEntry& entry) {
  return entry.key.id + '\n' + entry.item.key;
}

}  // namespace baton
