#pragma once

#include <string>
#include <variant>
#include <vector>

#include <boost/json/object.hpp>

#include "mapping/instant.h"

namespace baton {

// What a decision wants done outside. Each carries a key made from the person, the episode and the
// place in its history, so that a repeat is recognised everywhere.

// Asks a pool for an owner. The pool answers once for a key (OwnerPicked).
struct OwnerRequest {
  std::string key;  // "person:episode:hop"
  std::string person;
  std::string pool;                   // chosen by the routing rules
  std::string rule;                   // the rule that chose it
  std::string preferred;              // named, account or previous owner, where a rule says so
  std::vector<std::string> excluded;  // reps who let this lead lapse or refused it
  std::string language, country, region, postal_code, grade;
  std::vector<std::string> skills;  // what the matching rules ask of a pool's member: all of them
  std::vector<std::string> seniority;  // one of them; empty: any
  bool sticky = false;                 // the preferred rep gets it outside his hours and over a cap
  bool hot = false;                    // may go over a cap, counted as debt
  std::int64_t score_mass = 0;         // milli-points
  std::string tie_break;  // lead id: ties are broken by its hash with the pool's version
  std::string credit_to;  // rep whose turn is given back (wrong route), or ""
  std::string credit_pool;
  std::string credit_pick;  // key of the request whose turn it was; "": the episode's newest
};

enum class NoticeKind {
  kOffer,
  kWarning,
  kBreach,
  kEscalation,
  kReassigned,
  kWithdrawn,
  kResolved,
  kTask,
  kCorrected
};
std::string_view to_string(NoticeKind kind);

// A message to one human. `data` holds what the text is made of (name, company, ask, reason,
// waiting time, due time, links' targets); it is personal and travels sealed.
struct Notice {
  std::string key;  // "person:clock:generation:level:recipient"
  NoticeKind kind = NoticeKind::kOffer;
  std::string recipient;  // rep id
  std::string clock;      // the clock it speaks of, or ""
  boost::json::object data;
};

// CRMs are to show a piece of work in another state (crm_task.h). What it is like is read from the
// person when it goes out, so the newest always wins; the number tells the first, which makes the
// task over there, from those that change it.
struct TaskSyncRequested {
  std::string key;   // "task:crm:number"
  std::string task;  // CrmTask::id: its key over there, for ever
  std::string kind;
  std::string state;  // "open", "done", "cancelled"
  std::string owner;  // rep id, "" : the team's queue
  int number = 0;     // of this task's changes, from 1
};

// What pools have to learn of a lead. Whose open work it is they read from the person itself, so an
// old or repeated note does no harm; a turn that was none is given back once.
struct PoolUpdate {
  std::string key;
  std::string person;
  std::vector<std::string> reps;  // whose open work may have changed
  std::string credit_to;          // rep whose turn is given back, or ""
  std::string credit_pick;        // OwnerRequest::key of the turn
  std::string credit_why;         // "clerical", "no_show", "withdrawn"
  std::string accepted_by;        // rep who accepted it, or ""
  std::string pool;               // of the turn, or whose lead was accepted
};

// The person's newest version has to reach every CRM (level-triggered: no key, the version is it).
struct PushRequested {};

using Effect = std::variant<OwnerRequest, Notice, TaskSyncRequested, PushRequested, PoolUpdate>;

}  // namespace baton
