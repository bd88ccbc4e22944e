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

// One line of the decision log: all that is needed to decide again (event, `now`, hashes of policy
// and calendars) and all that was decided (events, reasons, keys of the effects).
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

// As it is stored, format version 2: JSON that names nobody, and what names the person, packed. The
// log encrypts the second.
struct RecordText {
  std::string plain, personal;
};

// `now` as decide was given it. Where the decision changed something, its clamped value is logged.
// The receipts of the decision are sealed where there is a key. `stem`: the personal part of the
// person's first event (pack.h), the same for writing and reading.
RecordText write_record(const Event& event, const Decision& decision, const Policy& policy,
                        Instant now, const ReceiptKey* key = nullptr, std::string_view stem = {});
// Without the personal part, which may be lost for good, a record has no touches. Format version 1
// is read as well: its personal part was JSON.
Result<DecisionRecord> read_record(std::string_view plain, std::string_view personal,
                                   std::string_view stem = {});

// The key of an effect as records name it.
std::string effect_key(const Effect& effect);

}  // namespace baton
