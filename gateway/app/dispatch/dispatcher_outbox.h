#pragma once

#include <deque>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "gateway/app/common/store_time.h"
#include "gateway/app/dispatch/dispatcher_lane.h"
#include "gateway/app/dispatch/dispatcher_outbox_groups.h"

namespace baton {

// Sends messages to the channels, urgent ones first. One thread, a lane a channel.
class OutboxWorker {
 public:
  OutboxWorker(const std::vector<std::shared_ptr<const Notifier>>& notifiers,
               std::shared_ptr<Inbox> inbox, const DispatcherHooks& hooks,
               const DispatcherOptions& options, const Clock& clock);
  void run();

 private:
  struct PutOff {
    Retry old;  // its place before
    Instant until;
  };
  struct Channel {
    std::shared_ptr<const Notifier> notifier;
    std::unique_ptr<HttpClient> http;  // one of the two, where it is live
    std::unique_ptr<MailClient> mail;
    Lane lane;
    std::optional<std::int64_t> waiting_since =
        std::nullopt;              // steady, ns: messages wait for an answer to make room
    std::deque<PutOff> away = {};  // its messages that wait till it answers
  };
  struct Ready {
    std::vector<OutboxEntry> entries;  // one, or the members of a group that go as one message
    Channel* channel;
    Message message;
  };
  // One of a group, before it is known whether the group goes now.
  struct Member {
    OutboxEntry entry;
    Message message;
  };
  struct Group {
    Channel* channel;
    OutgoingGroup rule;
    std::vector<Member> members;
  };
  Duration look();
  std::vector<Ready> prepare(std::span<const OutboxEntry> due);
  void prepare(const OutboxEntry& entry, Result<std::optional<OutgoingMessage>>& outgoing,
               std::vector<Ready>& ready);
  void put_into_group(const OutboxEntry& entry, Channel& channel, OutgoingMessage& outgoing);
  std::vector<Ready> ready_groups(bool crowded);
  std::optional<Ready> ready_group(Group& group);
  bool observed(const Ready& ready);
  void end_later(const OutboxEntry& entry, const std::string& destination, std::string_view outcome,
                 bool delivered = false);
  void end_all();
  // What is known of an entry that waited for its turn: its message is made anew just before
  // sending.
  struct Known {
    Channel* channel;
    int urgency;
  };
  struct Waiting {
    OutboxEntry entry;
    Known known;
    std::optional<Ready> ready;
  };
  std::vector<Waiting> by_urgency(const std::vector<OutboxEntry>& due);
  void offer(Waiting waiting);
  void read(std::span<const PartitionId> partitions);
  void send_listed();
  Duration rest_before_reading() const;
  bool idle_beside_others() const;
  void send(Ready ready);
  bool all_busy() const;
  bool is_slow(Channel& channel);
  void call_back(Channel& channel);
  void answered(const std::shared_ptr<Ready>& ready, const NotifyResult& result);
  void retry(std::span<const OutboxEntry> entries, Instant at);
  void later(std::span<const OutboxEntry> entries, Instant at);
  void put_off();
  void note_next(Instant at);
  void dead_letter(const OutboxEntry& entry, const std::string& destination,
                   const std::string& reason);
  void check(const Status& status);

  std::shared_ptr<Inbox> inbox_;
  const DispatcherHooks& hooks_;
  const DispatcherOptions& options_;
  const Clock& clock_;
  StoreTime time_;
  std::unique_ptr<Store> store_;
  std::map<std::string, std::unique_ptr<Channel>, std::less<>> channels_;
  std::set<std::string> flying_;          // document and outbox key
  std::map<std::string, Known> known_;    // by the same; of those that were due when last read
  std::vector<Waiting> list_;             // read and not yet sent, most urgent first
  bool crowded_ = false;                  // more is due than was read
  bool news_ = true;                      // since it was read
  std::optional<Instant> next_;           // when something falls due that is not in the list
  std::int64_t read_at_ = INT64_MIN / 2;  // steady, ns
  std::int64_t read_took_ = 0;            // ns
  std::vector<OutboxEntry> ended_;        // of this turn
  std::vector<EffectTold> delivered_;
  std::vector<Retry> later_;
  GroupBook book_;
  std::map<std::string, Group> groups_;  // of this look, by channel and name
  bool wide_ = false;                    // the next look takes in more, so that a group is whole
  bool written_ = true;
};

}  // namespace baton
