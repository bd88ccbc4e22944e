#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "gateway/app/common/store_time.h"
#include "gateway/app/dispatch/group_book.h"
#include "gateway/app/dispatch/outbox_recorder.h"
#include "gateway/app/dispatch/prepare_stage.h"

namespace baton {

// Stage of the OutboxWorker that combines the messages of a group. Passes on messages without a
// group. Collects the others until the worker releases the groups, and then asks the GroupBook
// which of them are sent now. Not thread-safe.
class GroupStage {
 public:
  GroupStage(MessageSource& messages, OutboxRecorder& recorder, ReadSchedule& schedule,
             const StoreTime& time)
      : messages_(messages), recorder_(recorder), schedule_(schedule), time_(time) {}

  std::vector<Notification> pass(std::vector<PrepareStage::Prepared> prepared);
  // The groups that are sent now, each as one notification. Postpones the other members. If the
  // last read may have missed members of a group, a wide read follows instead.
  std::vector<Notification> release(Store& store);
  // Drops the collected messages, for a wide read to return them all. Their entries stay due.
  void defer();

 private:
  struct Member {
    OutboxEntry entry;
    Message message;
  };
  struct Group {
    Channel* channel;
    OutgoingGroup rule;
    std::vector<Member> members;
  };
  std::optional<Notification> release(Store& store, Group& group);

  MessageSource& messages_;
  OutboxRecorder& recorder_;
  ReadSchedule& schedule_;
  const StoreTime& time_;
  GroupBook book_;
  std::map<std::string, Group> groups_;  // by channel and name
};

}  // namespace baton
