#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/app/views/action_token.h"
#include "gateway/core/model/event.h"
#include "mapping/instant.h"
#include "mapping/json/json.h"
#include "mapping/result.h"

namespace baton {

// One page of a list. The next page begins at `cursor` of the answer's "next_cursor" and must use
// the same filters. A foreign cursor is kInvalidInput.
struct ListQuery {
  std::string cursor;
  int limit = 50;                              // 1..200
  std::map<std::string, std::string> filters;  // only names that the API knows for that list
};

// A choice for snoozing an alert: "1h", "1 h (until today 10:30)".
struct SnoozeChoice {
  std::string code, label;
  Instant at;
};

// The data of the page behind an alert's link. Personal: only for the page itself.
struct ActionView {
  bool current = false;  // the handover is open and the rep still owns the lead
  bool accepted = false;
  std::string name, company, ask, phone, best_reason;
  Instant offered_at;
  std::optional<Instant> due;
  std::string due_text;  // in the rep's zone and language: "Mo 09.03., 10:05"
  std::vector<std::pair<std::string, std::string>> reject_reasons;  // code, label
  std::string blocked;  // why no call is lawful, as a sentence; `phone` is empty then
  ActionSubject about = ActionSubject::kHandover;  // the subject of the link
  bool over = false;            // not `current`, because nothing is left to answer
  std::string meeting_text;     // time of its appointment, if there is one
  bool met = false;             // it has begun: ask whether it took place
  std::string zone = "UTC";     // the reader's, for times they enter
  std::string reader;           // the link's rep, if others may have got it: an alert, a return
  std::string owner, known_by;  // names, for an alert
  bool knows = false;           // the reader has acknowledged the alert
  std::string snoozed_text;     // end of the reader's snooze
  std::vector<std::pair<std::string, std::string>> snooze_reasons;  // code, label
  std::vector<SnoozeChoice> snooze_choices;
  std::string asked_by,
      asked_reason;  // name of the rep who wants to return a disqualified lead, and their reason
};

struct Check {
  std::string name;  // "store", "spool", "policy"
  bool ok = false;
  std::string detail;  // for a human; no secrets, no personal data
};

// The engine's interface for the API and the action page. Thread-safe. All calls but healthy may
// wait for the store, so they must not run on a thread of the edge.
//
// Errors become HTTP statuses: kNotFound 404, kConflict 409, kInvalidInput 422, kUnauthorised 403,
// kRateLimited 429, kTransient 503, anything else 500. The caller sees the messages.
//
// Lists answer {"items":[...],"next_cursor":"..."}. The last page has no next_cursor.
class Backend {
 public:
  virtual ~Backend() = default;

  virtual Result<json::object> leads(
      const ListQuery& query) = 0;  // filters: stage, grade, owner, pool
  virtual Result<json::object> lead(const LeadId& id) = 0;
  virtual Result<json::object> timeline(const LeadId& id, const ListQuery& query) = 0;
  virtual Result<json::object> explain(const LeadId& id,
                                       std::string_view language) = 0;  // "en", "de"
  // One of its clocks, with all evidence about a breach.
  virtual Result<json::object> clock_dossier(const LeadId& id, const ClockId& clock,
                                             std::string_view language) = 0;
  // The receipts of its handovers, oldest first, and the line that closes the chain; filter:
  // handover.
  virtual Result<json::object> receipts(const LeadId& id, const ListQuery& query) = 0;
  virtual Result<json::object> clocks(const ListQuery& query) = 0;  // filters: state, owner, lead
  virtual Result<json::object> tasks(
      const ListQuery& query) = 0;  // filters: state, kind, owner, team, lead
  virtual Result<json::object> meetings(const ListQuery& query) = 0;  // filters: state, rep, lead
  virtual Result<json::object> alerts(const ListQuery& query) = 0;    // filters: kind, recipient
  virtual Result<json::object> outbox(
      const ListQuery& query) = 0;  // filters: destination, state (waiting, observed)
  virtual Result<json::object> dead_letters(
      const ListQuery& query) = 0;  // filters: origin, destination
  virtual Result<json::object> dead_letter(
      std::string_view id) = 0;  // includes the delivery, if it was one
  virtual Status retry_dead_letter(std::string_view id) = 0;
  virtual Status drop_dead_letter(std::string_view id) = 0;
  // Starts a sweep of the reindexer; reports its progress.
  virtual Result<json::object> start_reindex() = 0;
  virtual Result<json::object> reindex() = 0;
  // How many running clocks a changed agreement would move, for each value of on_change. `files`:
  // the texts of "sla" and "calendars".
  virtual Result<json::object> policy_preview(const json::object& files) = 0;
  virtual Result<json::object> pools() = 0;
  virtual Result<json::object> report(std::string_view name,
                                      const ListQuery& query) = 0;  // filters: from, to

  virtual Result<json::object> forecast() = 0;  // of each pool, as of the last minute
  virtual Result<json::object> periods() = 0;   // the status of marketing's promises
  virtual json::object clock_health() = 0;      // does not wait

  // Commits before it returns. Repeating a feedback id changes nothing and succeeds. kConflict: the
  // stage or the owner does not allow it (any more).
  virtual Status feedback(const LeadId& lead, const SalesFeedback& feedback) = 0;

  // kNotFound if the lead or the handover does not exist (erased, merged).
  virtual Result<ActionView> action_view(const ActionClaims& claims) = 0;
  // Store::consume_once: true for the first caller of the key within its time to live.
  virtual Result<bool> consume_once(std::string_view key, Duration ttl) = 0;

  virtual bool healthy() const = 0;        // the process itself; does not wait
  virtual std::vector<Check> ready() = 0;  // ready if all are ok
};

}  // namespace baton
