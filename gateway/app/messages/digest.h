#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/engine/notify/notifier.h"
#include "mapping/instant.h"

namespace baton {

// The daily digest: one and the same text for marketing and sales, so that nobody argues about
// figures. It counts leads by pool; figures of single reps are in it only where the configuration
// asks for them (a matter for the works council). Who makes one fills DigestData; what a reader
// sees is made here.

struct DigestReason {
  std::string code;   // "no_budget"
  std::string label;  // as the reason is called; "": made from the code
  int count = 0;
  std::string label_de;  // the same in German; "": `label`
};

// What became of the leads handed over in the period. `handed_over` is the sum of the other four
// and of those whose clock still runs in time.
struct DigestPool {
  std::string name;  // as humans call the pool
  int handed_over = 0;
  int accepted = 0;
  int untouched = 0;  // neither accepted nor rejected, and nobody has tried
  int rejected = 0;
  std::vector<DigestReason> reasons;  // of the rejections; shown most frequent first
  int breached = 0;                   // promises broken in the period
  int excused = 0;    // of them through no fault of sales: Baton was down, an import, a repeat
  int late_news = 0;  // of them in time after all: the news of it came late
};

// What will break if nothing happens, from queue, capacity and calendars.
struct DigestForecast {
  std::string pool;   // as humans call it
  std::string clock;  // definition: "first_contact"
  int open = 0;       // clocks that run
  int likely = 0;     // of them will break before `until`
  Instant until;
  std::optional<Instant> first;    // when the first one would
  std::string clock_en, clock_de;  // what the clock is called; "": made from its name
};

// A lead handed over in the period that nobody has touched.
struct DigestLead {
  std::string lead;  // id
  std::string who;   // "Erika Beispiel (Beispiel GmbH)"; "": as the id
  std::string pool;  // as humans call it
  Instant since;
};

// A promise of marketing over a week or month, as far as it has come.
struct DigestPromise {
  std::string label_en, label_de;
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

// A message of kind "digest" without key and recipient: who sends it fills those in. Pure.
Message compose_digest(const DigestData& data, std::string_view language, std::string_view zone);

}  // namespace baton
