#include "gateway/api/action_html.h"

#include <fmt/format.h>

#include <array>

#include "webhooks/digest.h"

namespace baton {
namespace {

// Contrasts by WCAG 2.2 AA: text 4.5 to 1, edges of fields and the focus ring 3 to 1, in both schemes.
// Fields are 3.2 rem high, more than the 44 px a thumb needs.
constexpr std::string_view kStyle =
    ":root{color-scheme:light dark}"
    "body{font:17px/1.45 system-ui,sans-serif;margin:0;background:#f4f5f7;color:#16202c}"
    "main{max-width:34rem;margin:0 auto;padding:1.2rem}"
    "h1{font-size:1.45rem;margin:.2rem 0;overflow-wrap:anywhere}h2{font-size:1.1rem;margin:0 0 .4rem}"
    ".card{background:#fff;border-radius:.8rem;padding:1rem 1.1rem;margin:.9rem 0;box-shadow:0 1px 3px #0002}"
    "dl{margin:0}dt{color:#5a6878;font-size:.85rem;margin-top:.6rem}dd{margin:0;overflow-wrap:anywhere}"
    "button,select,input,a.tel,a.back{font:inherit;width:100%;min-height:3.2rem;box-sizing:border-box;padding:.8rem;"
    "margin:.35rem 0;border-radius:.6rem;border:1px solid #75808d;background:#fff;color:inherit;display:block;text-align:center}"
    "a.tel{margin-top:.9rem}a.back{text-decoration:none}"
    "button.go,a.tel{background:#0b5cad;border-color:#0b5cad;color:#fff;font-weight:600;text-decoration:none}"
    "button:focus-visible,select:focus-visible,input:focus-visible,a:focus-visible{outline:3px solid #b35c00;outline-offset:2px}"
    "label{color:#5a6878;font-size:.85rem}"
    "@media(prefers-color-scheme:dark){body{background:#10161d;color:#e8edf2}"
    ".card,button,select,input,a.back{background:#1a232d}dt,label{color:#9fb0c0}"
    "button:focus-visible,select:focus-visible,input:focus-visible,a:focus-visible{outline-color:#f0a030}}";

struct Texts {
  std::string_view lang, title, company, ask, due, why, call, accept, accepted, reached, not_reached, reject, reason, note,
      choose, back;
  std::string_view no_call, fit, unfit, unclear, found, phone, email, position, met, held, no_show;
  std::array<std::string_view, 10> notes;
};

constexpr Texts kGerman{
    "de",
    "Übergabe",
    "Firma",
    "Anliegen",
    "Frist",
    "Warum jetzt",
    "Anrufen",
    "Annehmen",
    "Angenommen",
    "Erreicht",
    "Nicht erreicht",
    "Ablehnen",
    "Grund der Ablehnung",
    "Anmerkung (freiwillig)",
    "Bitte wählen",
    "Zum Lead",
    "Anrufen ist nicht erlaubt",
    "Passt",
    "Passt nicht",
    "Unklar",
    "Was haben Sie herausgefunden? (freiwillig)",
    "Telefon mit Ländervorwahl",
    "E-Mail",
    "Position",
    "Hat der Termin stattgefunden?",
    "Fand statt",
    "Nicht erschienen",
    {"Danke, das ist vermerkt.", "Das war schon vermerkt.",
     "Dieser Lead ist nicht mehr bei Ihnen. Es wurde nichts geändert.",
     "Dieser Link ist abgelaufen. Es wurde nichts geändert.", "Diesen Link kennen wir nicht.",
     "Das Formular ist unvollständig. Bitte öffnen Sie den Link noch einmal.",
     "Bitte wählen Sie einen Grund der Ablehnung.", "Zu viele Aufrufe. Bitte warten Sie einen Moment.",
     "Das ließ sich gerade nicht speichern. Bitte öffnen Sie den Link gleich noch einmal.",
     "Das ist in diesem Stand nicht mehr möglich. Es wurde nichts geändert."}};

constexpr Texts kEnglish{
    "en", "Handover", "Company", "What they asked", "Due", "Why now", "Call", "Accept", "Accepted",
    "Reached", "Not reached", "Reject", "Reason", "Note (optional)", "Please choose", "Back to the lead",
    "Calling is not allowed", "Fits", "Does not fit", "Unclear", "What did you find out? (optional)",
    "Telephone with country code", "E-mail", "Position", "Did the appointment take place?", "It did", "They did not come",
    {"Thank you, that is recorded.", "That was recorded already.",
     "This lead is no longer yours. Nothing was changed.", "This link has expired. Nothing was changed.",
     "We do not know this link.", "The form is incomplete. Please open the link again.",
     "Please choose a reason for the rejection.", "Too many requests. Please wait a moment.",
     "That could not be saved just now. Please open the link again shortly.",
     "That is no longer possible at this stage. Nothing was changed."}};

const Texts& texts(std::string_view language) { return language == "de" ? kGerman : kEnglish; }

std::string page(const Texts& t, std::string_view title, std::string_view content) {
  return fmt::format(
      "<!doctype html><html lang=\"{}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
      "content=\"width=device-width,initial-scale=1\"><meta name=\"robots\" content=\"noindex\"><title>{}</title>"
      "<style>{}</style></head><body><main>{}</main></body></html>",
      t.lang, escape_html(title), kStyle, content);
}

void fact(std::string& to, std::string_view label, std::string_view value) {
  if (!value.empty()) to += fmt::format("<dt>{}</dt><dd>{}</dd>", label, escape_html(value));
}

// `id` is what the links of an alert end with (#accept): a button of the message leads to its button here.
std::string button(std::string_view nonce, std::string_view id, std::string_view action, std::string_view label, bool primary) {
  return fmt::format(
      "<form method=\"post\"><input type=\"hidden\" name=\"nonce\" value=\"{}\"><button id=\"{}\" name=\"action\" "
      "value=\"{}\"{}>{}</button></form>",
      escape_html(nonce), id, action, primary ? " class=\"go\"" : "", label);
}

std::string reject_form(const Texts& t, const ActionView& view, std::string_view nonce) {
  std::string options = fmt::format("<option value=\"\">{}</option>", t.choose);
  for (const auto& [code, label] : view.reject_reasons)
    options += fmt::format("<option value=\"{}\">{}</option>", escape_html(code), escape_html(label));
  return fmt::format(
      "<form method=\"post\"><input type=\"hidden\" name=\"nonce\" value=\"{}\"><label for=\"reason\">{}</label>"
      "<select id=\"reason\" name=\"reason\" required>{}</select><label for=\"note\">{}</label>"
      "<input id=\"note\" name=\"note\" maxlength=\"500\" autocomplete=\"off\"><button name=\"action\" "
      "value=\"reject\">{}</button></form>",
      escape_html(nonce), t.reason, options, t.note, t.reject);
}

std::string field(std::string_view name, std::string_view label, std::string_view type) {
  return fmt::format("<label for=\"{0}\">{1}</label><input id=\"{0}\" name=\"{0}\" type=\"{2}\" maxlength=\"200\" "
                     "autocomplete=\"off\">", name, label, type);
}

// Does the person fit, and what else is known now?
std::string task_form(const Texts& t, std::string_view nonce) {
  std::string form = fmt::format("<form method=\"post\"><input type=\"hidden\" name=\"nonce\" value=\"{}\"><h2>{}</h2>",
                                 escape_html(nonce), t.found);
  form += field("job_title", t.position, "text") + field("company", t.company, "text");
  form += field("phone", t.phone, "tel") + field("email", t.email, "email");
  form += fmt::format("<button name=\"action\" value=\"fit\" class=\"go\">{}</button>", t.fit);
  form += fmt::format("<button name=\"action\" value=\"unfit\">{}</button>", t.unfit);
  return form + fmt::format("<button name=\"action\" value=\"unclear\">{}</button></form>", t.unclear);
}

std::string met_form(const Texts& t, std::string_view nonce) {
  return fmt::format("<section class=\"card\" aria-labelledby=\"met\"><h2 id=\"met\">{}</h2>{}{}</section>", t.met, button(nonce, "held", "held", t.held, true),
                     button(nonce, "no-show", "no_show", t.no_show, false));
}

std::string dialable(std::string_view phone) {
  std::string out;
  for (const char c : phone) {
    if ((c >= '0' && c <= '9') || c == '+') out.push_back(c);
  }
  return out;
}

}  // namespace

std::string escape_html(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      default: out.push_back(static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t' ? ' ' : c);
    }
  }
  return out;
}

std::string render_action_page(const ActionView& view, std::string_view nonce, std::string_view language) {
  const auto& t = texts(language);
  std::string facts;
  fact(facts, t.company, view.company);
  fact(facts, t.ask, view.ask);
  fact(facts, t.due, view.due_text.empty() && view.due ? to_rfc3339(*view.due) : view.due_text);
  fact(facts, t.why, view.best_reason);
  const auto name = escape_html(view.name.empty() ? std::string(t.title) : view.name);
  std::string content = fmt::format("<h1>{}</h1><div class=\"card\">", name);
  if (!facts.empty()) content += "<dl>" + facts + "</dl>";
  if (const auto phone = dialable(view.phone); !phone.empty())
    content += fmt::format("<a class=\"tel\" href=\"tel:{}\">{} {}</a>", phone, t.call, escape_html(view.phone));
  if (!view.blocked.empty()) content += fmt::format("<p>{}: {}</p>", t.no_call, escape_html(view.blocked));
  content += "</div>";
  if (!view.task.empty()) return page(t, t.title, content + "<div class=\"card\">" + task_form(t, nonce) + "</div>");
  if (view.met) content += met_form(t, nonce);
  content += "<div class=\"card\">";
  content += view.accepted ? fmt::format("<p id=\"accept\">{}</p>", t.accepted) : button(nonce, "accept", "accept", t.accept, true);
  content += button(nonce, "reached", "reached", t.reached, false);
  content += button(nonce, "not-reached", "not_reached", t.not_reached, false) + "</div>";
  if (!view.accepted)
    content += fmt::format("<section class=\"card\" id=\"reject\" aria-labelledby=\"no\"><h2 id=\"no\">{}</h2>{}</section>", t.reject, reject_form(t, view, nonce));
  return page(t, t.title, content);
}

std::string render_note(PageNote note, std::string_view language, bool back) {
  const auto& t = texts(language);
  const auto text = t.notes[static_cast<std::size_t>(note)];
  const auto link = back ? fmt::format("<a class=\"back\" href=\"?\">{}</a>", t.back) : std::string();
  return page(t, text, fmt::format("<div class=\"card\"><h1>{}</h1></div>{}", text, link));
}

const std::string& style_source() {
  static const std::string source = [] {
    const std::array<std::string_view, 1> pieces{kStyle};
    return "'sha256-" + encode(plain_hash(Digest::kSha256, pieces), Encoding::kBase64) + "'";
  }();
  return source;
}

}  // namespace baton
