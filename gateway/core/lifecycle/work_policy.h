#pragma once

#include <bitset>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/core/model/person.h"
#include "gateway/core/policy_file/policy_reader.h"
#include "mapping/map/touch.h"

namespace baton {

// The part of policy/lifecycle.yaml about work on a lead and whether it is allowed: the
// qualification task, the cadence of connect calls, appointments, and lawful contact.

// How consumers are recognised. Calls to consumers need express consent (UWG 7 (2) no. 1).
enum class Consumers : std::uint8_t { kByMail, kNone, kAll };

struct ContactPolicy {
  bool guard = true;  // false: everything but an objection is allowed
  Consumers consumers = Consumers::kByMail;
  // Sorted; in addition to the built-in free mail providers.
  std::vector<std::string> consumer_domains;
  bool consumer_request = false;  // a consumer's request counts as consent to the return call
  // Facts that suggest that a business welcomes a call about its interest (UWG 7 (2) no. 1,
  // presumed consent).
  std::bitset<3> presumed_by_intent;  // by Intent
  std::bitset<kTouchTypes> presumed_by_type;
  bool presumed_by_contract = true;   // the person is a customer
  Duration presumed_for = days(180);  // older signs of interest do not count
};

struct SdrPolicy {
  std::bitset<12> stages;  // bit by Stage: stages in which a new lead gets the task; none: off
  RepId rep;               // the task's owner; "" : a team's task waits in its queue
  std::string team;
  Duration again_after = hours(8);  // of working time, after "unclear"
  int tries = 2;                    // this many "unclear" results: nurture
};

struct CadenceStep {
  std::string channel;
  Duration after;  // of the owner's working time since the previous step
};

struct CadencePolicy {
  std::vector<CadenceStep> steps;    // none: no tasks, only attempts count
  bool other_channel_counts = true;  // an attempt through another channel completes the step
  bool early_counts = false;         // so does an attempt before the step is due
  Duration reopen_after = days(3);  // T17 after unsuccessful attempts: replaces nurture's cool-down
};

struct MeetingPolicy {
  bool hands_over = true;  // a booked appointment makes an SQL (T10, T19)
  int reschedules = 2;     // most no-shows that are asked for another date, then nurture
};

struct OptInPolicy {
  std::bitset<kTouchTypes> types;     // first touches that create no lead until confirmed (T1)
  Duration expires_after = days(14);  // then T3
};

struct WorkPolicy {
  ContactPolicy contact;
  SdrPolicy sdr;
  CadencePolicy cadence;
  MeetingPolicy meetings;
  OptInPolicy opt_in;
  Duration after_lost{};      // T16; zero: lost stays lost
  bool second_person = true;  // T18 also needs a second person's approval
};

// Reads the sections of a file that has passed its schema.
WorkPolicy read_work(PolicyReader& in);

}  // namespace baton
