#include "gateway/api/action_forms.h"

#include <fmt/format.h>

namespace baton {
namespace {

std::string plain_option(std::string_view value, std::string_view label) {
  return fmt::format("<option value=\"{}\">{}</option>", value, label);
}

std::string option(std::string_view value, std::string_view label) {
  return plain_option(escape_html(value), escape_html(label));
}

// Nothing is preselected, and a choice is required.
template <class Choices>
std::string required_choice(const PageWords& words, std::string_view name, std::string_view label,
                            const Choices& choices) {
  std::string options = plain_option("", words("page.choose"));
  for (const auto& [value, shown] : choices) options += option(value, shown);
  return fmt::format(
      "<label for=\"{0}\">{1}</label><select id=\"{0}\" name=\"{0}\" required>{2}</select>", name,
      label, options);
}

std::string field(std::string_view name, std::string_view label, std::string_view type) {
  return fmt::format(
      "<label for=\"{0}\">{1}</label><input id=\"{0}\" name=\"{0}\" type=\"{2}\" maxlength=\"200\" "
      "autocomplete=\"off\">",
      name, label, type);
}

// In a form with fields: Enter in a field presses the first of these buttons.
std::string submit(std::string_view action, std::string_view label, bool primary = false,
                   std::string_view id = {}) {
  const auto named = id.empty() ? std::string() : fmt::format(" id=\"{}\"", id);
  return fmt::format("<button{} name=\"action\" value=\"{}\"{}>{}</button>", named, action,
                     primary ? " class=\"go\"" : "", label);
}

std::string card(std::string_view content) {
  return fmt::format("<div class=\"card\">{}</div>", content);
}

}  // namespace

std::string PageForms::form(std::string_view content) const {
  return fmt::format(
      "<form method=\"post\"><input type=\"hidden\" name=\"nonce\" value=\"{}\">{}</form>",
      escape_html(nonce), content);
}

// The links of an alert end with `id` (#accept), so that a button of the message leads to the same
// button here.
std::string PageForms::button(std::string_view id, std::string_view action, std::string_view label,
                              bool primary) const {
  return form(submit(action, label, primary, id));
}

std::string PageForms::section(std::string_view id, std::string_view title,
                               std::string_view content) const {
  return fmt::format(
      "<section class=\"card\" id=\"{0}\" aria-labelledby=\"{0}-title\"><h2 "
      "id=\"{0}-title\">{1}</h2>{2}</section>",
      id, title, content);
}

std::string PageForms::note() const {
  return fmt::format(
      "<label for=\"note\">{}</label><input id=\"note\" name=\"note\" maxlength=\"500\" "
      "autocomplete=\"off\">",
      words("page.note"));
}

std::string PageForms::reject() const {
  return section("reject", words("page.reject"),
                 form(required_choice(words, "reason", words("page.reason"), view.reject_reasons) +
                      note() + submit("reject", words("page.reject"))));
}

// The first outcome is preselected: most unanswered calls just ring.
std::string PageForms::not_reached() const {
  std::string options;
  for (const auto code : call_outcomes())
    options += plain_option(code, words({"page.outcome_", code}));
  return form(
      fmt::format(
          "<label for=\"outcome\">{}</label><select id=\"outcome\" name=\"outcome\">{}</select>",
          words("page.outcome"), options) +
      submit("not_reached", words("page.not_reached"), false, "not-reached"));
}

std::string PageForms::meeting() const {
  std::string out;
  if (view.met)
    out += section("met", words("page.met"),
                   button("held", "held", words("page.held"), true) +
                       button("no-show", "no_show", words("page.no_show"), false));
  const auto time = fmt::format(
      "<label for=\"start\">{}</label><input id=\"start\" name=\"start\" type=\"datetime-local\" "
      "required>",
      words("page.new_time"));
  return out +
         section("move", words("page.move"), form(time + submit("moved", words("page.moved"))));
}

std::string PageForms::handover() const {
  std::string out = view.meeting_text.empty() ? std::string() : meeting();
  std::string first = view.accepted ? fmt::format("<p id=\"accept\">{}</p>", words("page.accepted"))
                                    : button("accept", "accept", words("page.accept"), true);
  out += card(first + button("reached", "reached", words("page.reached"), false) + not_reached());
  return view.accepted ? out : out + reject();
}

std::string PageForms::task() const {
  std::string content = fmt::format("<h2>{}</h2>", words("page.found")) +
                        field("job_title", words("page.position"), "text") +
                        field("company", words("page.company"), "text") +
                        field("phone", words("page.phone"), "tel") +
                        field("email", words("page.email"), "email");
  content += submit("fit", words("page.fit"), true, "fit") +
             submit("unfit", words("page.unfit"), false, "unfit") +
             submit("unclear", words("page.unclear"), false, "unclear");
  return card(form(content));
}

std::string PageForms::alert() const {
  std::string known;
  if (!view.snoozed_text.empty())
    known = fmt::format("<p>{}: {}</p>", words("page.snoozed"), escape_html(view.snoozed_text));
  std::vector<std::pair<std::string, std::string>> times;
  for (const auto& choice : view.snooze_choices) times.emplace_back(choice.code, choice.label);
  const bool for_good = view.knows && view.snoozed_text.empty();
  known += for_good ? fmt::format("<p id=\"known\">{}</p>", words("page.acknowledged"))
                    : button("known", "acknowledge", words("page.acknowledge"), true);
  const auto later =
      form(required_choice(words, "reason", words("page.later_reason"), view.snooze_reasons) +
           note() + required_choice(words, "until", words("page.until"), times) +
           submit("snooze", words("page.later")));
  return card(known) + section("later", words("page.later"), later);
}

std::string PageForms::reopen() const {
  return section("reopen", words("page.reopen"),
                 button("agree", "reopen", words("page.bring_back"), true) +
                     button("decline", "keep_out", words("page.keep_out"), false));
}

}  // namespace baton
