#pragma once

#include <memory>
#include <string>

#include "adapters/crm.h"
#include "adapters/crm_field.h"
#include "adapters/crm_outcome.h"
#include "adapters/crm_template.h"

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
};

std::unique_ptr<Crm> make_declared_crm(CrmPlan plan);

}  // namespace baton
