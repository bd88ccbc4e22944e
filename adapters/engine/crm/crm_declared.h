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

// How a call authenticates itself. OAuth2 tokens will come from outside as bearer tokens.
struct CrmAuth {
  enum class Kind { kNone, kBearer, kHeader, kQuery, kBasic };
  Kind kind = Kind::kNone;
  std::string name, value;  // header or query name; token, key or "user:password"
};
std::optional<CrmAuth> read_auth(const json::object& auth);
void put_auth(const CrmAuth& auth, HttpRequest& request);
std::string base64(std::string_view bytes);

// A call as declared: templates over one record (crm_template.h).
struct CallTemplate {
  std::string method, path;
  json::object headers;
  json::value body;  // null: none
};

// Where an answer says what became of each item: JSON pointers, "" where not declared.
struct AnswerSpec {
  std::string results, id, trace, key;         // list of results; inside one of them
  std::string errors, error_trace, error_key;  // list of errors; inside one of them
  bool id_required = false;                    // an ok without id is no ok
};

struct BudgetHeaders {
  std::string remaining, resets_s, resets_ms, daily_remaining;
};

// What belongs to a record and is read by itself, such as the calls made to a contact: its ids are
// listed for many records at once, then the objects are read, many at once.
struct FollowPlan {
  std::string name;  // `property` of the changes
  CallTemplate list, read;
  json::value list_item, read_item;
  std::string list_results, list_key, list_objects,
      list_id;  // JSON pointers: the results; in one the record's id over there, and
                // its objects; in one of these the object's id
  std::string read_results, read_id;  // JSON pointers: the objects; in one of them its id
  std::size_t batch = 100;            // objects a call
  std::size_t newest = 10;            // of one record, by the greatest ids
};

// How records are read back, as declared.
struct FeedbackPlan {
  FeedbackOptions options;
  CallTemplate read;
  std::size_t batch = 1;
  json::value item;     // null: the body is one record's
  bool by_ref = false;  // asked about by the CRM's own id
  std::string results, key,
      id;  // JSON pointers: the list of records ("": the answer is one), inside one of them
  // What changed, inside a record: an object of lists of former values, and where in one of these
  // the value and its time stand; or properties of which only the present value is told.
  std::string history, value, at;
  std::string properties;
  std::vector<std::string> current;
  std::map<std::string, std::string>
      back;  // touch property -> table of which it is to be read backwards
  std::string
      follow_changed;  // JSON pointer in a record: when something that is followed came last
  std::vector<FollowPlan> follow;
  MapSpec map;
};

// How tasks are made and kept up to date, as declared.
struct TaskPlan {
  Repeat repeat = Repeat::kKeyed;
  Duration settles;  // behind the deadline: until what was made can be found
  CallTemplate create, update;
  std::optional<CallTemplate> find;
  std::string create_id;  // JSON pointers: the task's id in the answer
  std::string find_results,
      find_id;          // list of tasks found ("": the answer is one); id inside one of them
  bool by_ref = false;  // made with the person's id over there
  FieldMap fields;
  std::vector<std::string> changing;  // fields that an update sends; empty: all
  json::object cleared;               // what an update sends for a field that has no value any more
};

// A CRM made of a YAML file and its settings.
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

// A request of the plan's, with what templates may name of a record.
TemplateScope scope_of(const CrmPlan& plan, const CrmRecord& record);
HttpRequest build_request(const CrmPlan& plan, const CallTemplate& call,
                          const TemplateScope& scope);
// The plan must outlive both.
std::unique_ptr<const CrmFeedback> make_declared_feedback(const CrmPlan& plan);
std::unique_ptr<const CrmTasks> make_declared_tasks(const CrmPlan& plan);

// What an answer says that needs somebody to look at it, in the vendor's own words but for those
// that tell of a person.
void quote_vendor(const json::value& error, std::span<const std::string> personal,
                  Outcome& outcome);
// The scalar at a JSON pointer as text; "" where there is none, or no pointer.
std::string text_at(const json::value& value, const std::string& pointer);

std::unique_ptr<Crm> make_declared_crm(CrmPlan plan);

}  // namespace baton
