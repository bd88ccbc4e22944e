#include "gateway/app/messages/next_step.h"

#include "mapping/json/json.h"
#include "mapping/map/touch.h"

namespace baton {
namespace {

std::optional<Instant> instant_of_member(const json::object& data, std::string_view key) {
  return parse_rfc3339(text(data, key));
}

bool is_own(const Notice& notice) { return text(notice.data, "owner") == notice.recipient; }

bool runs(const MessageContext& context, std::string_view clock) {
  return !context.clock_runs || context.clock_runs(clock);
}

// A call if there is a number that may be called, otherwise a letter or mail.
TextKey contact_step(const Notice& notice, bool at_once) {
  if (text(notice.data, "phone").empty())
    return at_once ? TextKey("message.do_write_now") : TextKey("message.do_write");
  return at_once ? TextKey("message.do_contact_now") : TextKey("message.do_contact");
}

TextKey offer_step(const Notice& notice) {
  const auto type = text(notice.data, "type");
  const bool hot =
      type == to_string(Intent::kHandRaiser) || type == to_string(Intent::kTransactional);
  if (boolean(notice.data, "again")) return contact_step(notice, true);
  if (!hot) return "message.do_accept";
  return text(notice.data, "phone").empty() ? TextKey("message.do_accept_and_write")
                                            : TextKey("message.do_accept_and_call");
}

std::optional<TextKey> task_step(const Notice& notice) {
  const auto kind = text(notice.data, "task_kind"), channel = text(notice.data, "channel");
  if (kind == "stays_out" || kind == "comes_back") return std::nullopt;
  if (kind == "reopen") return TextKey("message.do_agree");
  if (kind == "qualify") return TextKey("message.do_qualify");
  if (kind == "run_out") return TextKey("message.do_decide");
  if (kind == "reschedule") return TextKey("message.do_reschedule");
  if (kind != "connect") return TextKey("message.do_task");
  const bool writes = channel == "email" || channel == "mail";
  return writes ? TextKey("message.do_write") : contact_step(notice, false);
}

std::string lead_step(const Notice& notice, const MessageContext& context) {
  const auto& texts = *context.texts;
  if (context.passed_on)
    return context.now_with.empty() ? texts.say("message.do_wait")
                                    : texts.say("message.do_watch", {{"rep", context.now_with}});
  if (context.owner_name.empty() || boolean(notice.data, "nobody"))
    return texts.say("message.do_assign");
  return texts.say("message.do_talk", {{"rep", context.owner_name}});
}

std::string step_text(const Notice& notice, const MessageContext& context) {
  const auto& texts = *context.texts;
  const bool accepts = notice.clock == "accept";
  switch (notice.kind) {
    case NoticeKind::kOffer:
      return texts.say(offer_step(notice));
    case NoticeKind::kTask: {
      const auto key = task_step(notice);
      return key ? texts.say(*key) : std::string();
    }
    case NoticeKind::kWarning:
      if (is_own(notice) || text(notice.data, "owner").empty())
        return texts.say(accepts ? TextKey("message.do_accept") : contact_step(notice, false));
      return lead_step(notice, context);
    case NoticeKind::kBreach:
      if (!is_own(notice)) return lead_step(notice, context);
      return texts.say(accepts ? TextKey("message.do_accept") : contact_step(notice, false));
    case NoticeKind::kEscalation:
      if (boolean(notice.data, "hops")) return texts.say("message.do_choose");
      if (notice.data.contains("rework"))
        return texts.say("message.do_correct", {{"reason", context.reject_reason}});
      return lead_step(notice, context);
    default:
      return {};
  }
}

// The deadline of the step: of the message's own clock, or the earliest of the clocks that run.
std::optional<Instant> deadline(const Notice& notice, const MessageContext& context) {
  if (!notice.clock.empty()) return instant_of_member(notice.data, "due");
  std::optional<Instant> first;
  if (const auto* dues = object(notice.data, "dues")) {
    for (const auto& [name, value] : *dues) {
      const auto at = value.is_string() ? parse_rfc3339(value.get_string()) : std::nullopt;
      if (at && runs(context, name) && (!first || *at < *first)) first = at;
    }
  }
  return first;
}

}  // namespace

bool is_over(NoticeKind kind) {
  return kind == NoticeKind::kWithdrawn || kind == NoticeKind::kResolved ||
         kind == NoticeKind::kCorrected;
}

bool is_about_way_back(const json::object& data) {
  const auto kind = text(data, "task_kind");
  return kind == "reopen" || kind == "stays_out" || kind == "comes_back";
}

bool is_taken_from(const Notice& notice, const MessageContext& context) {
  if (notice.kind == NoticeKind::kReassigned) return true;
  return notice.kind == NoticeKind::kBreach && context.passed_on && is_own(notice);
}

std::string next_step(const Notice& notice, const MessageContext& context, Instant now) {
  const auto& texts = *context.texts;
  if (is_taken_from(notice, context))
    return texts.say("message.do_nothing", {{"rep", context.now_with}});
  if (context.meeting_at)
    return texts.say("message.do_meeting",
                     {{"time", moment_text(*context.meeting_at, now, context.zone, texts)}});
  const auto step = step_text(notice, context);
  if (step.empty() || context.passed_on) return step;
  if (is_about_way_back(notice.data)) return texts.say("message.step_open", {{"step", step}});
  const bool leads = !is_own(notice) && notice.kind != NoticeKind::kOffer &&
                     notice.kind != NoticeKind::kTask && !notice.data.contains("rework");
  const auto due = deadline(notice, context);
  if (!due)
    return leads ? texts.say("message.step_now", {{"step", step}})
                 : texts.say("message.step_open", {{"step", step}});
  const auto when = moment_text(*due, now, context.zone, texts);
  if (*due > now) return texts.say("message.step_by", {{"step", step}, {"time", when}});
  return texts.say(leads ? TextKey("message.step_now") : TextKey("message.step_late"),
                   {{"step", step}, {"time", when}});
}

}  // namespace baton
