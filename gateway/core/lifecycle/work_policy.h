#pragma once

#include <bitset>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/core/model/person.h"
#include "gateway/core/policy_file/policy_reader.h"
#include "mapping/map/touch.h"

namespace baton {

// The part of policy/lifecycle.yaml that says what people do about a lead, and whether they may:
// the task of finding out, the cadence of connect calls, appointments, lawful contact (domain 3.5).

// Who counts as a consumer, to whom a call needs express consent (UWG 7 (2) no. 1).
enum class Consumers : std::uint8_t { kByMail, kNobody, kEverybody };

struct ContactPolicy {
  bool guard = true;  // false: everything but an objection is allowed
  Consumers consumers = Consumers::kByMail;
  std::vector<std::string>
      consumer_domains;           // sorted; besides the free mail providers that are known
  bool consumer_request = false;  // a consumer's own request counts as consent to the call back
  // What suggests that a business welcomes a call about it (UWG 7 (2) no. 1, presumed consent).
  std::bitset<3> presumed_by_intent;  // by Intent
  std::bitset<kTouchTypes> presumed_by_type;
  bool presumed_by_contract = true;   // they bought before
  Duration presumed_for = days(180);  // an older sign of interest is none
};

struct SdrPolicy {
  std::bitset<12> stages;           // by Stage: where a new lead gets the task; none: off
  std::string rep, team;            // whose it is; a team's is in its queue
  Duration again_after = hours(8);  // of working time, after "unclear"
  int tries = 2;                    // "unclear" so often: nurture
};

struct CadenceStep {
  std::string channel;
  Duration after;  // of the owner's working time since the step before
};

struct CadencePolicy {
  std::vector<CadenceStep> steps;    // none: no tasks, attempts are counted alone
  bool other_channel_counts = true;  // an attempt by another channel than the step's does it too
  bool early_counts = false;         // so does one before the step is due
  Duration reopen_after = days(3);   // T17 after attempts in vain: instead of nurture's cool-down
};

struct MeetingPolicy {
  bool hands_over = true;  // a booked appointment makes an SQL (T10, T19)
  int reschedules = 2;     // so often a no-show is asked for another date, then nurture
};

struct OptInPolicy {
  std::bitset<kTouchTypes> types;     // first touches that make nothing until confirmed (T1)
  Duration expires_after = days(14);  // then T3
};

struct WorkPolicy {
  ContactPolicy contact;
  SdrPolicy sdr;
  CadencePolicy cadence;
  MeetingPolicy meetings;
  OptInPolicy opt_in;
  Duration after_lost{};      // T16; zero: lost stays lost
  bool second_person = true;  // T18 needs somebody else's word as well
};

// Reads the sections from a file that its schema has already checked.
WorkPolicy read_work(PolicyReader& in);

}  // namespace baton
