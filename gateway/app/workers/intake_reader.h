#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "gateway/app/engine/applier.h"
#include "webhooks/edge/intake_sink.h"

namespace baton {

// Turns stored deliveries into work for the engine: opens them, maps them, and finds their persons.
// A delivery that cannot be mapped, or that identifies no person, becomes a dead letter with its
// reason. No delivery is dropped.
class IntakeReader {
 public:
  IntakeReader(const ApplierParts& parts, Store& store)
      : configuration_(parts.configuration),
        access_(parts.access),
        feedback_(parts.feedback),
        clock_(parts.clock),
        store_(store) {}

  // The result of one entry: work, or a dead letter. The work is empty if no touch concerns a
  // person.
  struct Read {
    IntakeEntry entry;
    std::vector<Work> work;
    std::optional<DeadLetter> letter;
    bool whole = true;  // false: the store failed; the entry must stay
  };
  // Returns one result for each entry. Fails as a whole if the store fails.
  Result<std::vector<Read>> read(std::vector<IntakeEntry> entries);

 private:
  struct Group;  // touches of one delivery that share their first claim
  Result<Delivery> open(const IntakeEntry& entry);
  void map(Read& read, std::vector<Group>& groups);
  void group_touches(Read& read, std::size_t index, MappedDelivery mapped,
                     std::vector<Group>& groups);
  Status resolve(std::vector<Group>& groups);
  Status register_more(const std::vector<Group>& groups);

  const Configuration& configuration_;
  const DocumentAccess& access_;
  FeedbackFreshness& feedback_;
  const Clock& clock_;
  Store& store_;
  std::size_t index_ = 0;
};

}  // namespace baton
