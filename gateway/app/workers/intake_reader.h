#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "gateway/app/engine/applier.h"
#include "webhooks/edge/intake_sink.h"

namespace baton {

// From stored deliveries to work for the engine: unseal, map, resolve who it is about. What cannot
// be mapped or is about nobody goes to the dead letters with its reason; nothing is dropped.
class IntakeReader {
 public:
  IntakeReader(const ApplierParts& parts, Store& store)
      : configuration_(parts.configuration),
        access_(parts.access),
        feedback_(parts.feedback),
        clock_(parts.clock),
        store_(store) {}

  // What became of one entry: work (maybe none: nothing in it is about a person), or a dead letter.
  struct Read {
    IntakeEntry entry;
    std::vector<Work> work;
    std::optional<DeadLetter> letter;
    bool whole =
        true;  // false: the store did not give what reading it needs; the entry has to stay
  };
  // One for each entry. Fails as a whole where the store does.
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
