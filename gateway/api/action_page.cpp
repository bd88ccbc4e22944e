#include "gateway/api/action_page.h"

#include <algorithm>

#include "gateway/api/action_html.h"
#include "gateway/api/read_facts.h"
#include "gateway/core/calendar/local_day.h"
#include "gateway/core/decision/alert.h"
#include "webhooks/edge/edge_request.h"

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
                 {"Content-Security-Policy",
                  "default-src 'none'; style-src " + style_source() +
                      "; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"}};
  return out;
}

HttpOut note(int status, PageNote what, const Texts& texts, bool back = false) {
  return html(status, render_note(what, texts, back));
}

HttpOut failure(const Error& e, const Texts& texts) {
  switch (e.code) {
    case Errc::kNotFound:
      return note(404, PageNote::kUnknown, texts);
    case Errc::kConflict:
    case Errc::kUnauthorised:
    case Errc::kInvalidInput:
      return note(409, PageNote::kNotAllowed, texts);
    default:
      return note(503, PageNote::kAway, texts);
  }
}

// A form as it was posted.
struct Form {
  std::string action, nonce, reason, note, outcome, until, start;
  json::object facts;
};

std::string* member_of(Form& form, std::string_view name) {
  if (name == "action") return &form.action;
  if (name == "nonce") return &form.nonce;
  if (name == "reason") return &form.reason;
  if (name == "note") return &form.note;
  if (name == "outcome") return &form.outcome;
  if (name == "until") return &form.until;
  return name == "start" ? &form.start : nullptr;
}

Form read_form(const std::string& body) {
  std::vector<std::pair<std::string, std::string>> pairs;
  parse_query(body, pairs);
  Form form;
  for (auto& [name, value] : pairs) {
    if (auto* to = member_of(form, name)) *to = value;
    if (value.empty()) continue;
    if (name == "phone" || name == "email" || name == "job_title") form.facts[name] = value;
    if (name == "company") form.facts["company"] = json::object{{"name", value}};
  }
  return form;
}

struct Action {
  std::string_view name;
  ActionSubject about;
  FeedbackKind kind;
  std::string_view outcome;
};
constexpr Action kActions[] = {
    {"accept", ActionSubject::kHandover, FeedbackKind::kAccept, ""},
    {"reject", ActionSubject::kHandover, FeedbackKind::kReject, ""},
    {"reached", ActionSubject::kHandover, FeedbackKind::kReached, "reached"},
    {"not_reached", ActionSubject::kHandover, FeedbackKind::kAttempt, "no_answer"},
    {"held", ActionSubject::kHandover, FeedbackKind::kMeeting, "held"},
    {"no_show", ActionSubject::kHandover, FeedbackKind::kMeeting, "no_show"},
    {"moved", ActionSubject::kHandover, FeedbackKind::kMeeting, "moved"},
    {"fit", ActionSubject::kTask, FeedbackKind::kTask, "fit"},
    {"unfit", ActionSubject::kTask, FeedbackKind::kTask, "unfit"},
    {"unclear", ActionSubject::kTask, FeedbackKind::kTask, "unclear"},
    {"acknowledge", ActionSubject::kAlert, FeedbackKind::kAcknowledge, ""},
    {"snooze", ActionSubject::kAlert, FeedbackKind::kSnooze, ""},
    {"reopen", ActionSubject::kReopen, FeedbackKind::kReopen, "agreed"},
    {"keep_out", ActionSubject::kReopen, FeedbackKind::kReopen, "declined"},
};

// Accepts only actions that the page of that link offers.
const Action* find_action(std::string_view name, ActionSubject about) {
  const auto* found = std::find_if(std::begin(kActions), std::end(kActions), [&](const Action& a) {
    return a.name == name && a.about == about;
  });
  return found == std::end(kActions) ? nullptr : found;
}

// "2026-03-09T10:30" in the zone's local time.
std::optional<Instant> entered_time(const std::string& text, std::string_view zone) {
  constexpr std::int64_t kDay = 86'400;
  const auto shown = parse_rfc3339(text + (text.size() == 16 ? ":00Z" : "Z"));
  if (!shown || shown->ms < 0) return std::nullopt;
  const auto seconds_shown = shown->ms / 1000;
  return instant_of(static_cast<std::int32_t>(seconds_shown / kDay),
                    static_cast<int>(seconds_shown % kDay), zone);
}

bool is_one_of(std::string_view value, std::span<const std::string_view> values) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

bool read_outcome(const Form& form, FeedbackForm& f) {
  if (f.kind == FeedbackKind::kReached || f.kind == FeedbackKind::kAttempt) f.channel = "phone";
  if (f.kind != FeedbackKind::kAttempt || form.outcome.empty()) return true;
  f.outcome = form.outcome;
  return is_one_of(form.outcome, call_outcomes());
}

// Reads the fields an answer needs besides its button. Returns the note to show if one is missing.
std::optional<PageNote> read_fields(const Form& form, FeedbackForm& f) {
  if (form.reason.size() > kMaxReason || form.note.size() > kMaxNote * 4) return PageNote::kBadForm;
  if (f.kind == FeedbackKind::kReopen) f.reason = f.outcome;
  if (f.kind == FeedbackKind::kTask && !form.facts.empty() && !read_facts(form.facts, f.facts))
    return PageNote::kBadForm;
  if (!read_outcome(form, f)) return PageNote::kBadForm;
  if (f.kind != FeedbackKind::kReject && f.kind != FeedbackKind::kSnooze) return std::nullopt;
  f.reason = form.reason;
  f.note = form.note;
  if (f.reason.empty()) return PageNote::kReasonMissing;
  const bool known = f.kind == FeedbackKind::kReject || is_one_of(f.reason, snooze_reasons());
  return known ? std::nullopt : std::optional(PageNote::kBadForm);
}

// Reads the answer's time. Returns false if the answer needs a future time and has none.
bool read_form_time(const Form& form, const ActionView& view, Instant now, FeedbackForm& f) {
  const bool snoozes = f.kind == FeedbackKind::kSnooze;
  if (!snoozes && f.outcome != "moved") return true;
  if (!snoozes) f.wake_at = entered_time(form.start, view.zone);
  for (const auto& choice : view.snooze_choices) {
    if (snoozes && choice.code == form.until) f.wake_at = choice.at;
  }
  return f.wake_at && *f.wake_at > now;
}

// Before the token is read only the browser says a language: the first one it accepts.
std::string_view wanted_language(const HttpIn& in) {
  const std::string_view accepted = in.header("accept-language");
  return accepted.substr(0, accepted.find_first_of(",; "));
}

class PageHandler final : public HttpHandler {
 public:
  explicit PageHandler(ActionPage& page) : page_(page) {}

  HeadVerdict on_head(const HttpIn& head) override {
    const auto& options = page_.options();
    if (const auto wait = page_.limiter().take(head.client, options.rate, options.steady_ns())) {
      auto out = note(429, PageNote::kTooMany, *page_.texts(wanted_language(head)));
      out.headers.emplace_back("Retry-After", std::to_string(retry_after_seconds(*wait)));
      return {0, std::move(out)};
    }
    if (head.method != "GET" && head.method != "HEAD" && head.method != "POST") {
      auto out = note(405, PageNote::kUnknown, *page_.texts(wanted_language(head)));
      out.headers.emplace_back("Allow", "GET, HEAD, POST");
      return {0, std::move(out)};
    }
    return {kMaxForm, std::nullopt};
  }

  void handle(HttpIn& request, Responder respond) override {
    const bool posted = request.method == "POST";
    auto work = [&page = page_, posted, token = std::string(request.path.substr(3)),
                 form = std::move(request.body), language = std::string(wanted_language(request)),
                 respond] {
      respond.from_any_thread(page.answer(token, posted ? &form : nullptr, language));
    };
    if (!page_.pool().submit(std::move(work)))
      respond(note(503, PageNote::kAway, *page_.texts(wanted_language(request))));
  }

 private:
  ActionPage& page_;
};

}  // namespace

ActionPage::ActionPage(Backend& backend, WorkerPool& pool, ActionPageOptions options)
    : backend_(backend), pool_(pool), options_(std::move(options)), limiter_(16'384) {}

TextsPtr ActionPage::texts(std::string_view language) const {
  return options_.texts()->of(language);
}

std::unique_ptr<HttpHandler> ActionPage::handler() { return std::make_unique<PageHandler>(*this); }

HttpOut ActionPage::answer(const std::string& token, const std::string* form,
                           std::string_view language) {
  const auto claims = read_action_token(token, options_.keys, options_.now());
  if (!claims) {
    const bool expired = claims.error() == TokenFault::kExpired;
    return expired ? note(410, PageNote::kExpired, *texts(language))
                   : note(404, PageNote::kUnknown, *texts(language));
  }
  return form ? act(token, *claims, *form) : show(token, *claims);
}

HttpOut ActionPage::show(const std::string& token, const ActionClaims& claims) {
  const auto view = backend_.action_view(claims);
  if (!view) return failure(view.error(), *texts(claims.language));
  if (!view->current)
    return note(409, view->over ? PageNote::kOver : PageNote::kNotYours, *texts(claims.language));
  const auto nonce = make_page_nonce(token, options_.random_hex(), options_.keys.front());
  return html(200, render_action_page(*view, nonce, *texts(claims.language)));
}

HttpOut ActionPage::act(const std::string& token, const ActionClaims& claims,
                        const std::string& form) {
  const auto fields = read_form(form);
  const auto* action = find_action(fields.action, subject_of(claims));
  if (action == nullptr || !check_page_nonce(token, fields.nonce, options_.keys))
    return note(400, PageNote::kBadForm, *texts(claims.language), true);
  FeedbackForm feedback;
  feedback.kind = action->kind;
  feedback.via = "action_page";
  feedback.outcome = action->outcome;
  if (const auto fault = read_fields(fields, feedback))
    return note(400, *fault, *texts(claims.language), true);
  const auto view = backend_.action_view(claims);
  if (!view) return failure(view.error(), *texts(claims.language));
  if (!view->current)
    return note(409, view->over ? PageNote::kOver : PageNote::kNotYours, *texts(claims.language));
  if (!read_form_time(fields, *view, options_.now(), feedback))
    return note(400, PageNote::kTimeMissing, *texts(claims.language), true);
  const auto left = options_.now() < claims.expires ? claims.expires - options_.now() : seconds(0);
  const auto first = backend_.consume_once("page:" + sha256_hex(fields.nonce), left + hours(1));
  if (!first) return failure(first.error(), *texts(claims.language));
  if (!*first) return note(409, PageNote::kAlreadyDone, *texts(claims.language), true);
  feedback.id =
      "page:" + sha256_hex(token + "\n" + fields.nonce + "\n" + fields.action).substr(0, 32);
  return commit(claims, std::move(feedback));
}

HttpOut ActionPage::commit(const ActionClaims& claims, FeedbackForm feedback) {
  feedback.rep = claims.rep.str();
  switch (subject_of(claims)) {
    case ActionSubject::kHandover:
      feedback.handover = claims.subject;
      break;
    case ActionSubject::kTask:
      feedback.item = claims.subject;
      break;
    case ActionSubject::kAlert:
      feedback.clock = clock_of(claims).str();
      break;
    case ActionSubject::kReopen:
      break;
  }
  feedback.at = options_.now();
  // With its owner, who may act on it.
  const bool stays = feedback.kind != FeedbackKind::kReject &&
                     feedback.kind != FeedbackKind::kTask && feedback.kind != FeedbackKind::kReopen;
  const auto status = backend_.feedback(claims.lead, to_feedback(feedback));
  if (!status) return failure(status.error(), *texts(claims.language));
  // The next deadline, for a reader who still has the lead.
  const auto next = stays ? backend_.action_view(claims) : Result<ActionView>(ActionView{});
  const bool due = next && next->current;
  return html(200, render_note(PageNote::kDone, *texts(claims.language), stays,
                               due ? next->due_text : std::string_view()));
}

}  // namespace baton
