#pragma once

#include <string>
#include <variant>
#include <vector>

#include <boost/json/object.hpp>

#include "gateway/core/model/ids.h"
#include "mapping/instant.h"

namespace baton {

// The effects of a decision outside of the person. Each carries a key made from the person, the
// episode and the place in its history, so that every receiver recognises a repeat.

// Asks a pool for an owner. The pool answers each key once (OwnerPicked).
struct OwnerRequest {
  std::string key;  // "person:episode:hop"
  PersonId person;
  std::string pool;             // chosen by the routing rules
  std::string rule;             // the rule that chose it
  RepId preferred;              // named, account or previous owner; "" : none
  std::vector<RepId> excluded;  // reps who let this lead lapse or refused it
  std::string language, country, region, postal_code, grade;
  std::vector<std::string> skills;     // a member has to have all of these
  std::vector<std::string> seniority;  // a member has to have one of these; empty: any
  bool sticky = false;          // the preferred rep gets it outside their hours and over a cap
  bool hot = false;             // a cap may be exceeded, which counts as debt
  std::int64_t score_mass = 0;  // milli-points
  LeadId tie_break;             // the lead's id; its hash with the pool's version breaks ties
  RepId credit_to;              // rep whose turn is given back (wrong route); "" : none
  std::string credit_pool;
  std::string credit_pick;  // key of the request of that turn; "": the episode's newest
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

// A message to one rep. `data` has the values for the text (name, company, ask, reason, waiting
// time, due time, targets of links). They are personal and travel encrypted.
struct Notice {
  std::string key;  // "person:clock:generation:level:recipient"
  NoticeKind kind = NoticeKind::kOffer;
  RepId recipient;
  std::string clock;  // definition of the clock it is about; "" : none
  boost::json::object data;
};

// CRMs have to show a piece of work in another state (sla/crm_task.h). The sender reads the task
// from the person, so the newest state always wins. Number 1 creates the task in the CRM, later
// numbers change it.
struct TaskSyncRequested {
  std::string key;   // "task:crm:number"
  std::string task;  // CrmTask::id: its key in the CRM
  std::string kind;
  std::string state;  // "open", "done", "cancelled"
  RepId owner;        // "" : the team's queue
  int number = 0;     // of this task's changes, from 1
};

// A change that concerns pools. They read the open work from the person, so an old or repeated
// update does no harm. A turn is given back once.
struct PoolUpdate {
  std::string key;
  PersonId person;
  std::vector<RepId> reps;  // reps whose open work may have changed
  RepId credit_to;          // rep whose turn is given back; "" : none
  std::string credit_pick;  // OwnerRequest::key of the turn
  std::string credit_why;   // "clerical", "no_show", "withdrawn"
  RepId accepted_by;        // rep who accepted it; "" : none
  std::string pool;         // of the turn, or of the accepted lead
};

// The person's newest version has to reach every CRM. It has no key: the version is the key.
struct PushRequested {};

using Effect = std::variant<OwnerRequest, Notice, TaskSyncRequested, PushRequested, PoolUpdate>;

}  // namespace baton
