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

// A request of the admin API after routing: what the calls below read.
struct AdminCall {
  std::string name;  // the path's {id} or {name}
  std::vector<std::pair<std::string, std::string>> query;
  std::string body;
  std::string idempotency_key;
  Instant now;
  std::string fresh_id;
};

// Reads cursor, limit and the filters named; anything else is refused, so that a misspelt filter
// never shows everything.
Result<ListQuery> read_list_query(const AdminCall& call, std::span<const std::string_view> filters);

// The body of POST /api/v1/leads/{id}/{verb}; says which member is wrong and what it has to be.
Result<SalesFeedback> read_feedback(std::string_view verb, const AdminCall& call);

HttpOut json_answer(const json::value& value, int status = 200);
HttpOut problem_of(const Error& error);

}  // namespace baton
