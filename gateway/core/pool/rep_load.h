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

// One rep's work over all pools (domain F4 to F6, F22): a document of its own beside the pools',
// since a rep in two pools has one day, one desk and one heap of untouched leads.

struct OpenLead {
  bool untouched = true;  // nobody has tried to reach it since it was given to him
  Instant seen;           // when the person was last looked at
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
  std::vector<TakenLead> taken;                        // of the last 24 hours, oldest first
  std::map<std::string, OpenLead, std::less<>> leads;  // open work, by lead id
  bool operator==(const RepLoad&) const = default;

  std::int32_t untouched() const;
};
using RepLoads = std::map<std::string, RepLoad, std::less<>>;  // by rep

// The rep gets the lead. `zone`: in which his days begin.
void take(RepLoad& load, std::string_view key, std::string_view lead, std::string_view zone,
          Instant now);
// The request is answered anew, or its turn was none: as if it had not been taken. What was taken
// more than 24 hours ago stays counted.
void untake(RepLoad& load, std::string_view key, std::string_view lead);

// What a person says of a rep's open work: the lead and how it stands, or nothing where none of it
// is his (any more).
struct LeadWork {
  std::string lead;
  std::string rep;
  bool untouched = true;
  bool operator==(const LeadWork&) const = default;
};
std::optional<LeadWork> work_of(const PersonState& person);
// Brings the load in line with the person, whose id every lead id begins with.
void note_work(RepLoad& load, std::string_view rep, std::string_view person,
               const std::optional<LeadWork>& work, Instant now);
// The person behind a lead id: "p1" of "p1.2".
std::string_view person_behind(std::string_view lead);

boost::json::value to_json(const RepLoad& load);
Result<RepLoad> rep_load_from_json(const boost::json::value& json);

}  // namespace baton
