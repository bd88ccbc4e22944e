#include "gateway/api/admin_calls.h"

#include <algorithm>
#include <charconv>
#include <map>

#include "gateway/api/read_facts.h"
#include "gateway/core/model/feedback_form.h"
#include "webhooks/http/http_server_response.h"

namespace baton {
namespace {

constexpr int kMostItems = 200;
constexpr std::size_t kLongestText = 200;
constexpr std::size_t kLongestNote = 2000;
constexpr std::size_t kLongestKey = 200;

struct Verb {
  FeedbackKind kind;
  std::vector<std::string_view> required;
};

const std::map<std::string_view, Verb>& verbs() {
  static const std::map<std::string_view, Verb> all = {
      {"accept", {FeedbackKind::kAccept, {}}},
      {"reject", {FeedbackKind::kReject, {"reason"}}},
      {"attempt", {FeedbackKind::kAttempt, {"channel", "outcome"}}},
      {"qualify", {FeedbackKind::kQualify, {}}},
      {"recycle", {FeedbackKind::kRecycle, {"reason"}}},
      {"disqualify", {FeedbackKind::kDisqualify, {"reason"}}},
      {"icp", {FeedbackKind::kIcp, {"fits"}}},
      {"acknowledge", {FeedbackKind::kAcknowledge, {"rep"}}},
      {"snooze", {FeedbackKind::kSnooze, {"rep", "reason", "wake_at"}}},
      {"task", {FeedbackKind::kTask, {"outcome"}}},
      {"meeting", {FeedbackKind::kMeeting, {"outcome"}}},
      {"reason", {FeedbackKind::kReason, {"reason"}}},
      {"reopen", {FeedbackKind::kReopen, {"rep", "reason"}}},
  };
  return all;
}

Error wrong_member(std::string_view member, std::string_view what) {
  return error(Errc::kInvalidInput, "\"" + std::string(member) + "\" " + std::string(what),
               "/" + std::string(member));
}

std::string* text_member(FeedbackForm& f, std::string_view name) {
  if (name == "rep") return &f.rep;
  if (name == "handover") return &f.handover;
  if (name == "reason") return &f.reason;
  if (name == "note") return &f.note;
  if (name == "channel") return &f.channel;
  if (name == "outcome") return &f.outcome;
  if (name == "evidence") return &f.evidence;
  if (name == "clock") return &f.clock;
  if (name == "item") return &f.item;
  if (name == "host") return &f.host;
  return nullptr;
}

Status read_time(std::string_view name, const json::value& value, Instant& to) {
  const auto at = value.is_string() ? parse_rfc3339(value.get_string()) : std::nullopt;
  if (!at) return wrong_member(name, "must be a time such as 2026-03-09T09:00:00Z");
  to = *at;
  return {};
}

Status read_member(std::string_view name, const json::value& value, FeedbackForm& f) {
  if (auto* to = text_member(f, name)) {
    if (!value.is_string()) return wrong_member(name, "must be a text");
    *to = std::string(value.get_string());
    if (to->size() > (name == "note" ? kLongestNote : kLongestText))
      return wrong_member(name, "is too long");
    return {};
  }
  if (name == "fits") {
    if (!value.is_bool()) return wrong_member(name, "must be true or false");
    f.fits = value.get_bool();
    return {};
  }
  if (name == "facts") return read_facts(value, f.facts);
  if (name == "at") return read_time(name, value, f.at);
  if (name == "wake_at") {
    Instant at;
    if (auto status = read_time(name, value, at); !status) return status;
    f.wake_at = at;
    return {};
  }
  return wrong_member(name, "is unknown here");
}

bool usable_key(std::string_view key) {
  return key.size() <= kLongestKey &&
         std::all_of(key.begin(), key.end(), [](char c) { return c > 0x20 && c < 0x7f; });
}

}  // namespace

Result<ListQuery> read_list_query(const AdminCall& call,
                                  std::span<const std::string_view> filters) {
  ListQuery query;
  for (const auto& [name, value] : call.query) {
    if (name == "cursor") {
      query.cursor = value;
    } else if (name == "limit") {
      const auto end = value.data() + value.size();
      const auto [at, ec] = std::from_chars(value.data(), end, query.limit);
      if (ec != std::errc{} || at != end || query.limit < 1 || query.limit > kMostItems)
        return wrong_member(name, "must be a number from 1 to 200");
    } else if (std::find(filters.begin(), filters.end(), name) != filters.end()) {
      query.filters[name] = value;
    } else {
      return wrong_member(name, "is unknown here");
    }
  }
  return query;
}

Result<SalesFeedback> read_feedback(std::string_view verb, const AdminCall& call) {
  const auto known = verbs().find(verb);
  if (known == verbs().end()) return error(Errc::kNotFound, "no such action");
  const auto body = parse_json(call.body.empty() ? "{}" : std::string_view(call.body), 4);
  if (!body || !body->is_object())
    return error(Errc::kInvalidInput, "the body must be a JSON object");
  FeedbackForm f;
  f.kind = known->second.kind;
  f.via = "api";
  f.at = call.now;
  const auto& members = body->get_object();
  for (const auto& entry : members) {
    if (auto status = read_member({entry.key().data(), entry.key().size()}, entry.value(), f);
        !status)
      return status.error();
  }
  for (const auto name : known->second.required) {
    const auto* value = member(members, name);
    if (!value || (value->is_string() && value->get_string().empty()))
      return wrong_member(name, "is missing");
  }
  if (f.at > call.now) f.at = call.now;
  if (f.kind == FeedbackKind::kAttempt && f.outcome == "reached") f.kind = FeedbackKind::kReached;
  if (!usable_key(call.idempotency_key))
    return error(Errc::kInvalidInput,
                 "Idempotency-Key must be at most 200 visible ASCII characters");
  f.id = "api:" + (call.idempotency_key.empty() ? call.fresh_id : call.idempotency_key);
  return to_feedback(std::move(f));
}

HttpOut json_answer(const json::value& value, int status) {
  HttpOut out;
  out.status = status;
  out.body = json::serialize(value);
  out.headers.emplace_back("Cache-Control", "no-store");
  return out;
}

HttpOut problem_of(const Error& e) {
  switch (e.code) {
    case Errc::kNotFound:
      return problem(404, "not_found", e.message);
    case Errc::kConflict:
      return problem(409, "conflict", e.message);
    case Errc::kInvalidInput:
      return problem(422, "invalid_input", e.message);
    case Errc::kUnauthorised:
      return problem(403, "forbidden", e.message);
    case Errc::kRateLimited:
      return problem(429, "rate_limited", e.message);
    case Errc::kTransient:
      break;
    case Errc::kPermanent:
    case Errc::kInternal:
      return problem(500, "internal", "the request failed; see the log for the cause");
  }
  auto out = problem(503, "unavailable", "the store does not answer; please try again");
  out.headers.emplace_back("Retry-After", "1");
  return out;
}

}  // namespace baton
