#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gateway/core/decide/decide.h"
#include "gateway/core/model/event.h"
#include "mapping/result.h"

namespace baton {

struct Policy;
struct ReceiptKey;

// One line of the decision log. It contains the inputs of the decision (event, `now`, hashes of
// policy and calendars) and its results (events, reasons, keys of the effects).
struct DecisionRecord {
  PersonId person;
  Event event;
  Instant now;
  std::string policy, calendar;  // content hashes
  std::vector<std::string> events;
  std::vector<Reason> reasons;
  std::vector<std::string> effects;  // "owner:...", "notice:...", "task:...", "push"
  std::string sealed_by;             // id of the key that sealed the receipts among the reasons
  std::vector<std::string> seals;    // of each of them, in order
};

// The stored form, format version 2: JSON without personal data, and the packed personal part. The
// log encrypts the personal part.
struct RecordText {
  std::string plain, personal;
};

// `now` is the argument of decide(). If the decision changed something, the record contains the
// clamped value. With a key, the receipts of the decision are sealed. `stem`: the personal part of
// the person's first event (pack.h), the same for writing and reading.
RecordText write_record(const Event& event, const Decision& decision, const Policy& policy,
                        Instant now, const ReceiptKey* key = nullptr, std::string_view stem = {});
// Without the personal part, which may be permanently lost, a record has no touches. Also reads
// format version 1, whose personal part was JSON.
Result<DecisionRecord> read_record(std::string_view plain, std::string_view personal,
                                   std::string_view stem = {});

// The key of an effect in records.
std::string effect_key(const Effect& effect);

}  // namespace baton
