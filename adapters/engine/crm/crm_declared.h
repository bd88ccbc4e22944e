#pragma once

#include <memory>
#include <string>

#include "adapters/engine/crm/crm.h"
#include "adapters/engine/crm/crm_feedback.h"
#include "adapters/engine/crm/crm_field.h"
#include "adapters/engine/crm/crm_outcome.h"
#include "adapters/engine/crm/crm_tasks.h"
#include "adapters/engine/crm/crm_template.h"
#include "mapping/map/map_spec.h"

namespace baton {

// How a call authenticates. OAuth2 tokens are passed as bearer tokens.
struct CrmAuth {
  enum class Kind { kNone, kBearer, kHeader, kQuery, kBasic };
  Kind kind = Kind::kNone;
  std::string name, value;  // name of the header or query parameter; token, key or "user:password"
};
std::optional<CrmAuth> read_auth(const json::object& auth);
void put_auth(const CrmAuth& auth, HttpRequest& request);
std::string base64(std::string_view bytes);

// A declared call: templates over one record (crm_template.h).
struct CallTemplate {
  std::string method, path;
  json::object headers;
  json::value body;  // null: none
};

// JSON pointers to the result of each item in a response, "" if not declared.
struct AnswerSpec {
  std::string results, id, trace, key;         // list of results; inside one of them
  std::string errors, error_trace, error_key;  // list of errors; relative to an error
  bool id_required = false;                    // a success without an id is no success
};

struct BudgetHeaders {
  std::string remaining, resets_s, resets_ms, daily_remaining;
};

// Objects that belong to a record and are read separately, such as calls to a contact. One request
// lists the ids for many records, the next ones read the objects in batches.
struct FollowPlan {
  std::string name;  // `property` of the changes
  CallTemplate list, read;
  json::value list_item, read_item;
  // JSON pointers to the list of results, and inside a result to the record's id in the CRM and to
  // its list of objects; list_id is the id inside an object.
  std::string list_results, list_key, list_objects, list_id;
  std::string read_results, read_id;  // JSON pointers: the objects; the id in one of them
  std::size_t batch = 100;            // objects a call
  std::size_t newest = 10;            // objects of one record, those with the greatest ids
};

// How to read records back, as declared.
struct FeedbackPlan {
  FeedbackOptions options;
  CallTemplate read;
  std::size_t batch = 1;
  json::value item;     // null: the body is one record's
  bool by_ref = false;  // the CRM is queried by its own id
  // JSON pointers to the list of records ("": the response is one record), and inside a record.
  std::string results, key, id;
  // The changes inside a record: an object with lists of former values, and the place of the value
  // and its time in one of them; or properties that only have a current value.
  std::string history, value, at;
  std::string properties;
  std::vector<std::string> current;
  // Touch property -> the table to read backwards for its value.
  std::map<std::string, std::string> back;
  // JSON pointer inside a record to the time of the latest followed object.
  std::string follow_changed;
  std::vector<FollowPlan> follow;
  MapSpec map;
};

// How to create tasks and keep them up to date, as declared.
struct TaskPlan {
  Repeat repeat = Repeat::kKeyed;
  Duration settles;  // time after the deadline until a created task can be found
  CallTemplate create, update;
  std::optional<CallTemplate> find;
  std::string create_id;  // JSON pointer to the task's id in the response
  // JSON pointers to the list of tasks found ("": the response is one task), and to a task's id.
  std::string find_results, find_id;
  bool by_ref = false;  // creating needs the person's id in the CRM
  FieldMap fields;
  std::vector<std::string> changing;  // fields that an update sends; empty: all
  json::object cleared;               // sent by an update for a field without a value
};

// A CRM, built from a YAML file and its settings.
struct CrmPlan {
  std::string name, base_url;
  Mode mode = Mode::kObserve;
  Repeat repeat = Repeat::kKeyed;
  std::size_t batch = 1;
  Duration deadline = seconds(30);
  HttpOptions http;
  CrmAuth auth;
  std::string key = "{id}", trace = "{id}:v{version}";
  json::object headers;  // of every call
  CallTemplate upsert;
  json::value item;  // null: the upsert's body is one record's
  AnswerSpec answer;
  BudgetHeaders budget;
  std::optional<CallTemplate> read_back, credential_test;
  std::string read_back_id;
  OutcomeTable outcomes;
  FieldMap fields;
  FieldMap::Options field_options;
  ValueTables tables;
  std::optional<FeedbackPlan> feedback;
  std::optional<TaskPlan> tasks;
};

// Build a request of the plan, with the values that templates may refer to.
TemplateScope scope_of(const CrmPlan& plan, const CrmRecord& record);
HttpRequest build_request(const CrmPlan& plan, const CallTemplate& call,
                          const TemplateScope& scope);

// Adds the vendor's words to an outcome that needs attention, without those that identify a person.
void quote_vendor(const json::value& error, std::span<const std::string> personal,
                  Outcome& outcome);
// Returns the scalar at a JSON pointer as text; "" if it is missing or the pointer is empty.
std::string text_at(const json::value& value, const std::string& pointer);

std::unique_ptr<Crm> make_declared_crm(CrmPlan plan);

}  // namespace baton
