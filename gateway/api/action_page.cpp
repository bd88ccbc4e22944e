#include "gateway/api/action_page.h"

#include <algorithm>

#include "gateway/api/action_html.h"
#include "gateway/api/read_facts.h"
#include "webhooks/edge_request.h"

namespace baton {
namespace {

constexpr std::size_t kMaxForm = 8 * 1024;
constexpr std::size_t kMaxReason = 100;
constexpr std::size_t kMaxNote = 500;

HttpOut html(int status, std::string body) {
  HttpOut out;
  out.status = status;
  out.content_type = "text/html; charset=utf-8";
  out.body = std::move(body);
  out.headers = {{"Cache-Control", "no-store"},
                 {"X-Robots-Tag", "noindex, nofollow"},
                 {"Referrer-Policy", "no-referrer"},
                 {"X-Frame-Options", "DENY"},
                 {"Content-Security-Policy", "default-src 'none'; style-src " + style_source() +
                                                 "; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"}};
  return out;
}

HttpOut note(int status, PageNote what, std::string_view language, bool back = false) {
  return html(status, render_note(what, language, back));
}

// Before the token is read nobody knows the language: German and English browsers say it.
std::string_view wanted_language(const HttpIn& in) {
  return in.header("accept-language").starts_with("de") ? "de" : "en";
}

HttpOut failure(const Error& e, std::string_view language) {
  switch (e.code) {
    case Errc::kNotFound: return note(404, PageNote::kUnknown, language);
    case Errc::kConflict:
    case Errc::kUnauthorised:
    case Errc::kInvalidInput: return note(409, PageNote::kNotAllowed, language);
    default: return note(503, PageNote::kAway, language);
  }
}

struct Form {
  std::string action, nonce, reason, note;
  json::object facts;
};

Form read_form(const std::string& body) {
  std::vector<std::pair<std::string, std::string>> pairs;
  parse_query(body, pairs);
  Form form;
  for (auto& [name, value] : pairs) {
    if (name == "action") form.action = value;
    if (name == "nonce") form.nonce = value;
    if (name == "reason") form.reason = value;
    if (name == "note") form.note = value;
    if (value.empty()) continue;
    if (name == "phone" || name == "email" || name == "job_title") form.facts[name] = value;
    if (name == "company") form.facts["company"] = json::object{{"name", value}};
  }
  return form;
}

// What is said about a task or an appointment; false where the action is about neither.
bool read_work(const Form& form, SalesFeedback& f) {
  const bool task = form.action == "fit" || form.action == "unfit" || form.action == "unclear";
  if (!task && form.action != "held" && form.action != "no_show") return false;
  f.kind = task ? FeedbackKind::kTask : FeedbackKind::kMeeting;
  f.outcome = form.action;
  return !task || form.facts.empty() || read_facts(form.facts, f.facts).has_value();
}

// Nothing where the action is none of the page's.
std::optional<SalesFeedback> feedback_of(const Form& form) {
  SalesFeedback f;
  if (read_work(form, f)) {
    f.via = "action_page";
    return f;
  }
  if (form.action == "accept") {
    f.kind = FeedbackKind::kAccept;
  } else if (form.action == "reject") {
    f.kind = FeedbackKind::kReject;
    f.reason = form.reason;
    f.note = form.note;
  } else if (form.action == "reached") {
    f.kind = FeedbackKind::kReached;
    f.channel = "phone";
    f.outcome = "reached";
  } else if (form.action == "not_reached") {
    f.kind = FeedbackKind::kAttempt;
    f.channel = "phone";
    f.outcome = "no_answer";
  } else {
    return std::nullopt;
  }
  f.via = "action_page";
  return f;
}

class Handler final : public HttpHandler {
 public:
  explicit Handler(ActionPage& page) : page_(page) {}

  HeadVerdict on_head(const HttpIn& head) override {
    const auto language = wanted_language(head);
    const auto& options = page_.options();
    if (const auto wait = page_.limiter().take(head.client, options.rate, options.steady_ns())) {
      auto out = note(429, PageNote::kTooMany, language);
      out.headers.emplace_back("Retry-After", std::to_string(retry_after_seconds(*wait)));
      return {0, std::move(out)};
    }
    if (head.method != "GET" && head.method != "HEAD" && head.method != "POST") {
      auto out = note(405, PageNote::kUnknown, language);
      out.headers.emplace_back("Allow", "GET, HEAD, POST");
      return {0, std::move(out)};
    }
    return {kMaxForm, std::nullopt};
  }

  void handle(HttpIn& request, Responder respond) override {
    const bool posted = request.method == "POST";
    auto work = [&page = page_, posted, token = std::string(request.path.substr(3)), form = std::move(request.body),
                 language = wanted_language(request), respond] {
      respond.from_any_thread(page.answer(token, posted ? &form : nullptr, language));
    };
    if (!page_.pool().submit(std::move(work))) respond(note(503, PageNote::kAway, wanted_language(request)));
  }

 private:
  ActionPage& page_;
};

}  // namespace

ActionPage::ActionPage(Backend& backend, WorkerPool& pool, ActionPageOptions options)
    : backend_(backend), pool_(pool), options_(std::move(options)), limiter_(16'384) {}

std::unique_ptr<HttpHandler> ActionPage::handler() { return std::make_unique<Handler>(*this); }

HttpOut ActionPage::answer(const std::string& token, const std::string* form, std::string_view language) {
  const auto claims = read_action_token(token, options_.keys, options_.now());
  if (!claims) {
    if (claims.error() == TokenFault::kExpired) return note(410, PageNote::kExpired, language);
    return note(404, PageNote::kUnknown, language);
  }
  return form ? act(token, *claims, *form) : show(token, *claims);
}

HttpOut ActionPage::show(const std::string& token, const ActionClaims& claims) {
  const auto view = backend_.action_view(claims);
  if (!view) return failure(view.error(), claims.language);
  if (!view->current) return note(409, PageNote::kNotYours, claims.language);
  const auto nonce = make_page_nonce(token, options_.random_hex(), options_.keys.front());
  return html(200, render_action_page(*view, nonce, claims.language));
}

HttpOut ActionPage::act(const std::string& token, const ActionClaims& claims, const std::string& form) {
  const auto fields = read_form(form);
  auto feedback = feedback_of(fields);
  if (!feedback || !check_page_nonce(token, fields.nonce, options_.keys))
    return note(400, PageNote::kBadForm, claims.language, true);
  if (feedback->kind == FeedbackKind::kReject && feedback->reason.empty())
    return note(400, PageNote::kReasonMissing, claims.language, true);
  if (feedback->reason.size() > kMaxReason || feedback->note.size() > kMaxNote * 4)
    return note(400, PageNote::kBadForm, claims.language, true);
  const auto view = backend_.action_view(claims);
  if (!view) return failure(view.error(), claims.language);
  if (!view->current) return note(409, PageNote::kNotYours, claims.language);
  const auto left = options_.now() < claims.expires ? claims.expires - options_.now() : seconds(0);
  const auto first = backend_.use_once("page:" + sha256_hex(fields.nonce), left + hours(1));
  if (!first) return failure(first.error(), claims.language);
  if (!*first) return note(409, PageNote::kAlreadyDone, claims.language, true);
  feedback->id = "page:" + sha256_hex(token + "\n" + fields.nonce + "\n" + fields.action).substr(0, 32);
  return commit(claims, std::move(*feedback));
}

HttpOut ActionPage::commit(const ActionClaims& claims, SalesFeedback feedback) {
  feedback.rep = claims.rep;
  if (feedback.kind == FeedbackKind::kTask) {
    feedback.item = claims.handover;   // the link is about the task
  } else {
    feedback.handover = claims.handover;
  }
  feedback.at = options_.now();
  const bool stays = feedback.kind != FeedbackKind::kReject;  // with its owner, who may go on
  const auto status = backend_.feedback(claims.lead, feedback);
  if (!status) return failure(status.error(), claims.language);
  return note(200, PageNote::kDone, claims.language, stays);
}

}  // namespace baton
