#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "mapping/instant.h"
#include "mapping/json/json.h"
#include "mapping/result.h"
#include "webhooks/http/http_server.h"

namespace baton {

// A message as a rep's chat received it.
struct ChatMessage {
  std::string rep;  // rep who owns the channel
  Instant at;       // time of receipt
  std::int64_t steady_ns = 0;
  std::vector<std::string> lines;                          // without markup; links as [label]
  std::vector<std::pair<std::string, std::string>> links;  // label, URL

  const std::string& headline() const { return lines.front(); }
  std::string_view link(std::string_view label) const;
};

ChatMessage read_slack(std::string_view rep, std::string_view body);

// The demo's outside world on loopback: a CRM that answers like HubSpot (batch upsert of contacts),
// and chat channels that accept Slack's incoming webhooks. Thread-safe.
class DemoSandbox {
 public:
  // Also writes messages to the file `transcript`.
  static Result<std::unique_ptr<DemoSandbox>> start(std::string crm_token, std::string transcript);
  ~DemoSandbox();

  std::uint16_t port() const;

  std::vector<ChatMessage> messages() const;
  std::size_t contacts() const;
  // The number of distinct person versions that the CRM accepted.
  std::size_t versions() const;
  std::optional<std::string> contact_of(std::string_view email) const;
  // The current value of a contact's property; "" if there is none.
  std::string property(std::string_view contact, std::string_view name) const;

  HttpOut answer(const HttpIn& request);  // called by the server's handler

 private:
  struct Contact {
    std::string id;
    std::int64_t version = 0;  // the newest
    json::object properties;
  };

  DemoSandbox(std::string crm_token, std::string transcript)
      : crm_token_(std::move(crm_token)), transcript_(std::move(transcript)) {}
  HttpOut take_message(std::string_view rep, std::string_view body);
  HttpOut take_contacts(const HttpIn& request);
  HttpOut tell_contacts(const HttpIn& request);
  json::object upsert(const json::object& input);

  const std::string crm_token_, transcript_;
  mutable std::mutex mutex_;
  std::vector<ChatMessage> messages_;
  std::map<std::string, Contact, std::less<>> contacts_;  // by Baton's id
  std::set<std::string> versions_;
  std::unique_ptr<HttpServer> server_;
};

}  // namespace baton
