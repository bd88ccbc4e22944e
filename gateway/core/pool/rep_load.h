#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/value.hpp>

#include "gateway/core/model/person.h"
#include "mapping/instant.h"
#include "mapping/result.h"

namespace baton {

// One rep's work over all pools (requirements F4 to F6, F22). It is a separate document, because a
// rep in two pools has one day, one workload and one backlog of untouched leads.

struct OpenLead {
  bool untouched = true;  // no contact attempt since the rep got the lead
  Instant seen;           // when the person's document was last read
  bool operator==(const OpenLead&) const = default;
};

struct TakenLead {
  std::string key;  // OwnerRequest::key
  Instant at;
  std::int32_t day = 0;  // local
  bool operator==(const TakenLead&) const = default;
};

struct RepLoad {
  std::int32_t day = 0, week = 0, month = 0;  // local day, week and month of the counters
  std::int32_t in_day = 0, in_week = 0, in_month = 0;
  std::vector<TakenLead> taken;                   // of the last 24 hours, oldest first
  std::map<LeadId, OpenLead, std::less<>> leads;  // open work, by lead id
  bool operator==(const RepLoad&) const = default;

  std::int32_t untouched() const;
};
using RepLoads = std::map<RepId, RepLoad, std::less<>>;  // by rep id

// Records that the rep got the lead. `zone`: where the rep's days begin.
void take(RepLoad& load, std::string_view key, const LeadId& lead, std::string_view zone,
          Instant now);
// Undoes take(), for a request that is answered again or a turn that is given back. Leads taken
// more than 24 hours ago stay counted.
void untake(RepLoad& load, std::string_view key, const LeadId& lead);

// A rep's open work as the person's document shows it: the lead and its status. Empty if the lead
// is no longer open work.
struct LeadWork {
  LeadId lead;
  RepId rep;
  bool untouched = true;
  bool operator==(const LeadWork&) const = default;
};
std::optional<LeadWork> work_of(const PersonState& person);
// Updates the load from a person's document. Every lead id begins with the person's id.
void note_work(RepLoad& load, const RepId& rep, const PersonId& person,
               const std::optional<LeadWork>& work, Instant now);
// The person's id in a lead id: "p1" of "p1.2".
std::string_view person_behind(const LeadId& lead);

boost::json::value to_json(const RepLoad& load);
Result<RepLoad> rep_load_from_json(const boost::json::value& json);

}  // namespace baton
