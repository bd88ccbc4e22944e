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

// One page of a list. The next one begins at `cursor` of the answer's "next_cursor"; filters must
// stay the same. A cursor that is not ours is kInvalidInput.
struct ListQuery {
  std::string cursor;
  int limit = 50;                              // 1..200
  std::map<std::string, std::string> filters;  // only names the API knows for that list
};

// How long one may want to hear nothing of an alert: "1h", "1 h (until today 10:30)".
struct SnoozeChoice {
  std::string code, label;
  Instant at;
};

// What one who opens the link of an alert gets to see. Personal: only for the page itself.
struct ActionView {
  bool current = false;  // the handover is open and the rep still owns the lead
  bool accepted = false;
  std::string name, company, ask, phone, best_reason;
  Instant offered_at;
  std::optional<Instant> due;
  std::string due_text;  // in the rep's zone and language: "Mo 09.03., 10:05"
  std::vector<std::pair<std::string, std::string>> reject_reasons;  // code, label
  std::string blocked;  // why nobody may call, as a sentence; then there is no `phone`
  ActionSubject about = ActionSubject::kHandover;  // what the link is about
  bool over = false;         // not `current`, because there is nothing left to answer
  std::string meeting_text;  // when its appointment is, where there is one
  bool met = false;          // it has begun: did it take place?
  std::string zone = "UTC";  // the reader's, for times he enters
  std::string reader;        // whose link it is, where others may have got it: an alert, a way back
  std::string owner, known_by;  // names, for an alert
  bool knows = false;           // the reader has answered the alert before
  std::string snoozed_text;     // until when he wants to hear nothing
  std::vector<std::pair<std::string, std::string>> snooze_reasons;  // code, label
  std::vector<SnoozeChoice> snooze_choices;
  std::string asked_by, asked_reason;  // who wants a lead back that was ruled out, and why
};

struct Check {
  std::string name;  // "store", "spool", "policy"
  bool ok = false;
  std::string detail;  // for a human; no secrets, no personal data
};

// What the API and the action page ask of the engine. Thread-safe. All calls but healthy may wait
// for the store, so they are never made on a thread of the edge.
//
// Errors become HTTP statuses: kNotFound 404, kConflict 409, kInvalidInput 422, kUnauthorised 403,
// kRateLimited 429, kTransient 503, anything else 500. Messages are shown to the caller.
//
// Lists answer {"items":[...],"next_cursor":"..."}; without a next page next_cursor is left out.
class Backend {
 public:
  virtual ~Backend() = default;

  virtual Result<json::object> leads(
      const ListQuery& query) = 0;  // filters: stage, grade, owner, pool
  virtual Result<json::object> lead(std::string_view id) = 0;
  virtual Result<json::object> timeline(std::string_view id, const ListQuery& query) = 0;
  virtual Result<json::object> explain(std::string_view id,
                                       std::string_view language) = 0;  // "en", "de"
  // One of its clocks with all that a breach has to be defended with.
  virtual Result<json::object> clock_dossier(std::string_view id, std::string_view clock,
                                             std::string_view language) = 0;
  // The receipts of its handovers, oldest first, and the line that closes the chain; filter:
  // handover.
  virtual Result<json::object> receipts(std::string_view id, const ListQuery& query) = 0;
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
      std::string_view id) = 0;  // with what was received, where it was a delivery
  virtual Status retry_dead_letter(std::string_view id) = 0;
  virtual Status drop_dead_letter(std::string_view id) = 0;
  // Begins to compare the store's indexes with the documents, and tells how far it is.
  virtual Result<json::object> start_reindex() = 0;
  virtual Result<json::object> reindex() = 0;
  // How many running clocks a changed agreement would move, by each way of changing it. `files`:
  // the texts of "sla" and "calendars".
  virtual Result<json::object> policy_preview(const json::object& files) = 0;
  virtual Result<json::object> pools() = 0;
  virtual Result<json::object> report(std::string_view name,
                                      const ListQuery& query) = 0;  // filters: from, to

  virtual Result<json::object> forecast() = 0;  // each pool's, as of the last minute
  virtual Result<json::object> periods() = 0;   // how marketing's promises stand
  virtual json::object clock_health() = 0;      // waits for nothing

  // Commits before it returns; a repeat of the same feedback id changes nothing and succeeds.
  // kConflict: the stage or the owner does not allow it (any more).
  virtual Status feedback(std::string_view lead, const SalesFeedback& feedback) = 0;

  // kNotFound where the lead or the handover is not there (erased, merged).
  virtual Result<ActionView> action_view(const ActionClaims& claims) = 0;
  // Store::consume_once: true for the first caller of the key within its time to live.
  virtual Result<bool> consume_once(std::string_view key, Duration ttl) = 0;

  virtual bool healthy() const = 0;        // the process itself; waits for nothing
  virtual std::vector<Check> ready() = 0;  // ready where all are ok
};

}  // namespace baton
