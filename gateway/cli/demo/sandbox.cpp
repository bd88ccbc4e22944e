#include "gateway/cli/demo/sandbox.h"

#include <algorithm>
#include <charconv>
#include <fstream>

#include <fmt/format.h>

#include "gateway/platform/clock.h"

namespace baton {
namespace {

constexpr std::int64_t kFirstContact = 70101;
constexpr std::string_view kUpsertPath = "/crm/objects/2026-03/contacts/batch/upsert";
constexpr std::string_view kReadPath = "/crm/objects/2026-03/contacts/batch/read";
constexpr std::string_view kChatPath = "/chat/";

class Handler final : public HttpHandler {
 public:
  explicit Handler(DemoSandbox& sandbox) : sandbox_(sandbox) {}
  HeadVerdict on_head(const HttpIn&) override { return {}; }
  void handle(HttpIn& request, Responder respond) override { respond(sandbox_.answer(request)); }

 private:
  DemoSandbox& sandbox_;
};

std::string with_entity(std::string text, std::string_view what, std::string_view with) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
    text.replace(at, what.size(), with);
  return text;
}

std::string unescaped(std::string text) {
  return with_entity(with_entity(with_entity(std::move(text), "&lt;", "<"), "&gt;", ">"), "&amp;",
                     "&");
}

// Replaces "*<url|label>*" by "[label]" and records the link. Removes stars around words.
std::string plain_line(std::string_view line, ChatMessage& message) {
  std::string out;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '*') continue;
    const auto end = line[i] == '<' ? line.find('>', i) : std::string_view::npos;
    const auto bar = end == std::string_view::npos ? end : line.substr(0, end).find('|', i);
    if (bar == std::string_view::npos) {
      out += line[i];
      continue;
    }
    const auto label = unescaped(std::string(line.substr(bar + 1, end - bar - 1)));
    message.links.emplace_back(label, unescaped(std::string(line.substr(i + 1, bar - i - 1))));
    out += '[' + label + ']';
    i = end;
  }
  return unescaped(std::move(out));
}

HttpOut refused(int status, std::string_view category, std::string_view message) {
  HttpOut out;
  out.status = status;
  out.body = json::serialize(
      json::object{{"status", "error"}, {"category", category}, {"message", message}});
  return out;
}

std::int64_t version_of(std::string_view trace) {
  std::int64_t version = 0;
  const auto at = trace.rfind(":v");
  if (at != std::string_view::npos)
    std::from_chars(trace.data() + at + 2, trace.data() + trace.size(), version);
  return version;
}

}  // namespace

std::string_view ChatMessage::link(std::string_view label) const {
  for (const auto& [name, url] : links) {
    if (name == label) return url;
  }
  return {};
}

ChatMessage read_slack(std::string_view rep, std::string_view body) {
  ChatMessage message;
  message.rep = rep;
  message.at = system_clock().now();
  message.steady_ns = system_clock().steady_ns();
  const auto parsed = parse_json(body);
  std::string all(parsed && parsed->is_object() ? text(parsed->get_object(), "text")
                                                : std::string_view());
  for (std::size_t begin = 0; begin <= all.size();) {
    const auto end = std::min(all.find('\n', begin), all.size());
    message.lines.push_back(plain_line(std::string_view(all).substr(begin, end - begin), message));
    begin = end + 1;
  }
  return message;
}

Result<std::unique_ptr<DemoSandbox>> DemoSandbox::start(std::string crm_token,
                                                        std::string transcript) {
  std::unique_ptr<DemoSandbox> sandbox(
      new DemoSandbox(std::move(crm_token), std::move(transcript)));
  auto server = HttpServer::start(
      {}, [&](boost::asio::io_context&, int) { return std::make_unique<Handler>(*sandbox); });
  if (!server) return server.error();
  sandbox->server_ = std::move(*server);
  return sandbox;
}

DemoSandbox::~DemoSandbox() {
  if (server_) server_->drain(milliseconds(100));
}

std::uint16_t DemoSandbox::port() const { return server_->port(); }

HttpOut DemoSandbox::answer(const HttpIn& request) {
  if (request.method != "POST") return refused(405, "METHOD_NOT_ALLOWED", "only POST");
  if (request.path.starts_with(kChatPath))
    return take_message(request.path.substr(kChatPath.size()), request.body);
  if (request.path == kUpsertPath) return take_contacts(request);
  if (request.path == kReadPath) return tell_contacts(request);
  return refused(404, "OBJECT_NOT_FOUND", "no such path");
}

HttpOut DemoSandbox::take_message(std::string_view rep, std::string_view body) {
  auto message = read_slack(rep, body);
  {
    const std::lock_guard lock(mutex_);
    std::ofstream transcript(transcript_, std::ios::app);
    transcript << "#" << rep << "  " << to_rfc3339(message.at) << '\n';
    for (const auto& line : message.lines) transcript << line << '\n';
    for (const auto& [label, url] : message.links)
      transcript << "  " << label << ": " << url << '\n';
    transcript << '\n';
    messages_.push_back(std::move(message));
  }
  HttpOut out;
  out.content_type = "text/html";
  out.body = "ok";
  return out;
}

HttpOut DemoSandbox::take_contacts(const HttpIn& request) {
  if (request.header("authorization") != "Bearer " + crm_token_)
    return refused(401, "INVALID_AUTHENTICATION", "no such token");
  const auto parsed = parse_json(request.body);
  const auto* inputs =
      parsed && parsed->is_object() ? array(parsed->get_object(), "inputs") : nullptr;
  if (inputs == nullptr) return refused(400, "VALIDATION_ERROR", "no inputs");
  const std::string started = to_rfc3339(system_clock().now());
  json::array results;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& input : *inputs) {
      if (input.is_object()) results.push_back(upsert(input.get_object()));
    }
  }
  HttpOut out;
  out.body = json::serialize(json::object{{"status", "COMPLETE"},
                                          {"results", std::move(results)},
                                          {"startedAt", started},
                                          {"completedAt", to_rfc3339(system_clock().now())}});
  return out;
}

// The sandbox CRM has no users, so it never reports changes.
HttpOut DemoSandbox::tell_contacts(const HttpIn& request) {
  if (request.header("authorization") != "Bearer " + crm_token_)
    return refused(401, "INVALID_AUTHENTICATION", "no such token");
  HttpOut out;
  out.body = json::serialize(json::object{{"status", "COMPLETE"}, {"results", json::array{}}});
  return out;
}

json::object DemoSandbox::upsert(const json::object& input) {
  const std::string key(text(input, "id"));
  const std::string trace(text(input, "objectWriteTraceId"));
  auto [it, is_new] = contacts_.try_emplace(key);
  Contact& contact = it->second;
  if (is_new)
    contact.id = std::to_string(kFirstContact + static_cast<std::int64_t>(contacts_.size()));
  versions_.insert(trace);
  contact.version = std::max(contact.version, version_of(trace));
  contact.properties.insert_or_assign(text(input, "idProperty"), key);
  if (const auto* properties = object(input, "properties")) {
    for (const auto& entry : *properties)
      contact.properties.insert_or_assign(entry.key(), entry.value());
  }
  const std::string now = to_rfc3339(system_clock().now());
  json::object result{{"id", contact.id},  {"properties", contact.properties},
                      {"createdAt", now},  {"updatedAt", now},
                      {"archived", false}, {"new", is_new}};
  put(result, "objectWriteTraceId", trace);
  return result;
}

std::vector<ChatMessage> DemoSandbox::messages() const {
  const std::lock_guard lock(mutex_);
  return messages_;
}

std::size_t DemoSandbox::contacts() const {
  const std::lock_guard lock(mutex_);
  return contacts_.size();
}

std::size_t DemoSandbox::versions() const {
  const std::lock_guard lock(mutex_);
  return versions_.size();
}

std::optional<std::string> DemoSandbox::contact_of(std::string_view email) const {
  const std::lock_guard lock(mutex_);
  for (const auto& [key, contact] : contacts_) {
    if (text(contact.properties, "email") == email) return contact.id;
  }
  return std::nullopt;
}

std::string DemoSandbox::property(std::string_view contact, std::string_view name) const {
  const std::lock_guard lock(mutex_);
  for (const auto& [key, one] : contacts_) {
    if (one.id == contact) return std::string(text(one.properties, name));
  }
  return {};
}

}  // namespace baton
