#include "gateway/app/views/dry_run.h"

#include <algorithm>

#include "gateway/app/views/crm_view.h"
#include "gateway/core/policy/policy.h"

namespace baton {
namespace {

// Any other header may contain a credential: adapters can send headers with any name.
bool tells_no_secret(std::string_view name) {
  static constexpr std::string_view kShown[] = {"content-type", "accept", "idempotency-key",
                                                "webhook-id", "webhook-timestamp"};
  const auto same = [&](std::string_view shown) {
    return std::equal(shown.begin(), shown.end(), name.begin(), name.end(), [](char a, char b) {
      return a == (b >= 'A' && b <= 'Z' ? b - 'A' + 'a' : b);
    });
  };
  return std::any_of(std::begin(kShown), std::end(kShown), same);
}

// A query may contain an API key.
std::string shown_url(std::string_view url, bool whole) {
  if (whole) {
    const auto query = url.find('?');
    return std::string(url.substr(0, query)) + (query == std::string_view::npos ? "" : "?…");
  }
  const auto host = url.find("://");
  const auto path = url.find('/', host == std::string_view::npos ? 0 : host + 3);
  return std::string(url.substr(0, path)) + (path == std::string_view::npos ? "" : "/…");
}

}  // namespace

json::object request_view(const HttpRequest& request, bool whole_url) {
  json::object headers;
  for (const auto& [name, value] : request.headers)
    headers[name] = tells_no_secret(name) ? value : "…";
  json::object view{{"method", request.method},
                    {"url", shown_url(request.url, whole_url)},
                    {"headers", std::move(headers)}};
  auto body = parse_json(request.body);
  view.emplace("body", body ? std::move(*body) : json::value(request.body));
  return view;
}

json::object request_view(const NotifyRequest& request) {
  if (const auto* http = std::get_if<HttpRequest>(&request)) return request_view(*http, false);
  const auto& mail = std::get<MailRequest>(request);
  return {{"method", "MAIL"}, {"from", mail.from}, {"to", mail.to}, {"body", mail.data}};
}

CrmRecord record_for(const OpenPerson& person, std::string_view destination, const Policy& policy) {
  CrmViewContext context;
  context.rep = [&policy](const RepId& id) {
    const Rep* rep = policy.routing->rep(id);
    return rep == nullptr ? CrmViewContext::Rep{} : CrmViewContext::Rep{rep->name, rep->email};
  };
  CrmRecord record = crm_record(person.state, person.version, destination, context);
  const auto ref = person.external_ids.find(std::string(destination));
  if (ref != person.external_ids.end()) record.ref = ref->second;
  return record;
}

void RehearsedMessages::add(json::object message) {
  const std::lock_guard lock(mutex_);
  kept_.push_front(std::move(message));
  if (kept_.size() > kKept) kept_.pop_back();
}

std::vector<json::object> RehearsedMessages::newest_first() const {
  const std::lock_guard lock(mutex_);
  return {kept_.begin(), kept_.end()};
}

}  // namespace baton
