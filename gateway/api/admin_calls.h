#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/app/views/backend.h"
#include "webhooks/http/http_server.h"

namespace baton {

// A routed request of the admin API: the input of the calls below.
struct AdminCall {
  std::string name;  // the path's {id} or {name}
  std::vector<std::pair<std::string, std::string>> query;
  std::string body;
  std::string idempotency_key;
  Instant now;
  std::string fresh_id;
};

// Reads cursor, limit and the named filters. Refuses any other parameter, so that a misspelt filter
// never returns everything.
Result<ListQuery> read_list_query(const AdminCall& call, std::span<const std::string_view> filters);

// Reads the body of POST /api/v1/leads/{id}/{verb}. The error names the invalid member and its
// valid values.
Result<SalesFeedback> read_feedback(std::string_view verb, const AdminCall& call);

HttpOut json_answer(const json::value& value, int status = 200);
HttpOut problem_of(const Error& error);

}  // namespace baton
