#include "gateway/api/action_forms.h"

#include <fmt/format.h>

namespace baton {
namespace {

std::string option(std::string_view value, std::string_view label) {
  return fmt::format("<option value=\"{}\">{}</option>", escape_html(value), escape_html(label));
}

// Nothing is chosen at first, and something has to be.
template <class Choices>
std::string required_choice(const PageWords& t, std::string_view name, std::string_view label,
                            const Choices& choices) {
  std::string options = option("", t.choose);
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

// In a form that has fields: pressing Enter in one of them presses the first of these.
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

std::string escape_html(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out.push_back(static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t' ? ' ' : c);
    }
  }
  return out;
}

std::string PageForms::form(std::string_view content) const {
  return fmt::format(
      "<form method=\"post\"><input type=\"hidden\" name=\"nonce\" value=\"{}\">{}</form>",
      escape_html(nonce), content);
}

// `id` is what the links of an alert end with (#accept): a button of the message leads to its
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
      words.note);
}

std::string PageForms::reject() const {
  return section("reject", words.reject,
                 form(required_choice(words, "reason", words.reason, view.reject_reasons) + note() +
                      submit("reject", words.reject)));
}

// Most calls that reach nobody just ring: that is chosen already.
std::string PageForms::not_reached() const {
  std::string options;
  for (const auto& [code, label] : words.outcomes) options += option(code, label);
  return form(
      fmt::format(
          "<label for=\"outcome\">{}</label><select id=\"outcome\" name=\"outcome\">{}</select>",
          words.outcome, options) +
      submit("not_reached", words.not_reached, false, "not-reached"));
}

std::string PageForms::meeting() const {
  std::string out;
  if (view.met)
    out += section("met", words.met,
                   button("held", "held", words.held, true) +
                       button("no-show", "no_show", words.no_show, false));
  const auto time = fmt::format(
      "<label for=\"start\">{}</label><input id=\"start\" name=\"start\" type=\"datetime-local\" "
      "required>",
      words.new_time);
  return out + section("move", words.move, form(time + submit("moved", words.moved)));
}

std::string PageForms::handover() const {
  std::string out = view.meeting_text.empty() ? std::string() : meeting();
  std::string first = view.accepted ? fmt::format("<p id=\"accept\">{}</p>", words.accepted)
                                    : button("accept", "accept", words.accept, true);
  out += card(first + button("reached", "reached", words.reached, false) + not_reached());
  return view.accepted ? out : out + reject();
}

std::string PageForms::task() const {
  std::string content = fmt::format("<h2>{}</h2>", words.found) +
                        field("job_title", words.position, "text") +
                        field("company", words.company, "text") +
                        field("phone", words.phone, "tel") + field("email", words.email, "email");
  content += submit("fit", words.fit, true, "fit") + submit("unfit", words.unfit, false, "unfit") +
             submit("unclear", words.unclear, false, "unclear");
  return card(form(content));
}

std::string PageForms::alert() const {
  std::string known;
  if (!view.snoozed_text.empty())
    known = fmt::format("<p>{}: {}</p>", words.snoozed, escape_html(view.snoozed_text));
  std::vector<std::pair<std::string, std::string>> times;
  for (const auto& choice : view.snooze_choices) times.emplace_back(choice.code, choice.label);
  const bool for_good = view.knows && view.snoozed_text.empty();
  known += for_good ? fmt::format("<p id=\"known\">{}</p>", words.knows)
                    : button("known", "acknowledge", words.know, true);
  const auto later =
      form(required_choice(words, "reason", words.later_reason, view.snooze_reasons) + note() +
           required_choice(words, "until", words.until, times) + submit("snooze", words.snooze));
  return card(known) + section("later", words.later, later);
}

std::string PageForms::reopen() const {
  return section("reopen", words.reopen,
                 button("agree", "reopen", words.bring_back, true) +
                     button("decline", "keep_out", words.keep_out, false));
}

}  // namespace baton
