#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/engine/notify/notifier.h"
#include "gateway/core/model/ids.h"
#include "gateway/core/text/label.h"
#include "gateway/core/text/texts.h"
#include "mapping/instant.h"

namespace baton {

// The daily digest: the same text for marketing and sales, so that both see the same figures. It
// counts leads by pool. Figures of single reps appear only if the configuration asks for them (a
// matter for the works council). The caller fills DigestData; compose_digest writes the text.

struct DigestReason {
  std::string code;  // "no_budget"
  Label label;       // the policy's name for it; empty: derived from the code
  int count = 0;
};

// The state of the leads handed over in the period. `handed_over` is the sum of the other four,
// plus the leads whose clock is running in time.
struct DigestPool {
  std::string name;  // the pool's name
  int handed_over = 0;
  int accepted = 0;
  int untouched = 0;  // neither accepted nor rejected, and without an attempt
  int rejected = 0;
  std::vector<DigestReason> reasons;  // of the rejections; shown most frequent first
  int breached = 0;                   // clocks breached in the period
  int excused = 0;    // of them through no fault of sales: downtime, an import, a repeat
  int late_news = 0;  // of them in time but reported late
};

// The clocks forecast to breach, from queue, capacity and calendars.
struct DigestForecast {
  std::string pool;   // its name
  std::string clock;  // definition: "first_contact"
  int open = 0;       // running clocks
  int likely = 0;     // of them forecast to breach before `until`
  Instant until;
  std::optional<Instant> first;  // when the first one would
  Label clock_label;             // the clock's name; empty: derived from its name
};

// A lead handed over in the period and still untouched.
struct DigestLead {
  LeadId lead;
  std::string who;   // "Erika Beispiel (Beispiel GmbH)"; "": the id is shown
  std::string pool;  // its name
  Instant since;
};

// A target of marketing over a week or month, and how far it has come.
struct DigestPromise {
  Label label;
  std::int64_t value = 0, target = 0, expected = 0;
  bool share = false;  // percent, else a number
  std::string state;   // to_string(PeriodState)
  Instant until;
};

struct DigestData {
  Instant from, to;               // the period, [from, to)
  std::vector<DigestPool> pools;  // in the order in which they are shown
  std::vector<DigestForecast> forecasts;
  std::optional<Instant>
      feedback_stale_since;           // the CRM has not answered since: figures may be low
  std::vector<DigestLead> untouched;  // oldest first
  std::vector<DigestPromise> promises;
  std::vector<DigestPool> reps;  // by rep, where figures of individuals are wanted
};

// A message of kind "digest" without key and recipient, which the sender fills in. Pure.
Message compose_digest(const DigestData& data, const Texts& texts, std::string_view zone);

}  // namespace baton
