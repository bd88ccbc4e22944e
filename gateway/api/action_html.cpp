#include "gateway/api/action_html.h"

#include <fmt/format.h>

#include <array>

#include "gateway/api/action_forms.h"
#include "webhooks/edge/digest.h"

namespace baton {
namespace {

// Contrasts by WCAG 2.2 AA: text 4.5 to 1, edges of fields and the focus ring 3 to 1, in both
// schemes. Fields are 3.2 rem high, more than the 44 px that touch needs.
constexpr std::string_view kStyle =
    ":root{color-scheme:light dark}"
    "body{font:17px/1.45 system-ui,sans-serif;margin:0;background:#f4f5f7;color:#16202c}"
    "main{max-width:34rem;margin:0 auto;padding:1.2rem}"
    "h1{font-size:1.45rem;margin:.2rem 0;overflow-wrap:anywhere}h2{font-size:1.1rem;margin:0 0 "
    ".4rem}"
    ".card{background:#fff;border-radius:.8rem;padding:1rem 1.1rem;margin:.9rem 0;box-shadow:0 1px "
    "3px #0002}"
    "dl{margin:0}dt{color:#5a6878;font-size:.85rem;margin-top:.6rem}dd{margin:0;overflow-wrap:"
    "anywhere}"
    "button,select,input,a.tel,a.back{font:inherit;width:100%;min-height:3.2rem;box-sizing:border-"
    "box;padding:.8rem;"
    "margin:.35rem 0;border-radius:.6rem;border:1px solid "
    "#75808d;background:#fff;color:inherit;display:block;text-align:center}"
    "a.tel{margin-top:.9rem}a.back{text-decoration:none}"
    "button.go,a.tel{background:#0b5cad;border-color:#0b5cad;color:#fff;font-weight:600;text-"
    "decoration:none}"
    "button:focus-visible,select:focus-visible,input:focus-visible,a:focus-visible{outline:3px "
    "solid #b35c00;outline-offset:2px}"
    "label{color:#5a6878;font-size:.85rem}"
    "@media(prefers-color-scheme:dark){body{background:#10161d;color:#e8edf2}"
    ".card,button,select,input,a.back{background:#1a232d}dt,label{color:#9fb0c0}"
    "button:focus-visible,select:focus-visible,input:focus-visible,a:focus-visible{outline-color:#"
    "f0a030}}";

std::string page(const PageWords& t, std::string_view title, std::string_view content) {
  return fmt::format(
      "<!doctype html><html lang=\"{}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
      "content=\"width=device-width,initial-scale=1\"><meta name=\"robots\" "
      "content=\"noindex\"><title>{}</title>"
      "<style>{}</style></head><body><main>{}</main></body></html>",
      escape_html(t.texts.tag()), title, kStyle, content);
}

void fact(std::string& to, std::string_view label, std::string_view value) {
  if (!value.empty()) to += fmt::format("<dt>{}</dt><dd>{}</dd>", label, escape_html(value));
}

std::string facts_of(const PageWords& t, const ActionView& view) {
  std::string facts;
  fact(facts, t("page.company"), view.company);
  fact(facts, t("page.request"), view.ask);
  fact(facts, t("page.due"),
       view.due_text.empty() && view.due ? to_rfc3339(*view.due) : view.due_text);
  fact(facts, t("page.appointment"), view.meeting_text);
  fact(facts, t("page.why"), view.best_reason);
  fact(facts, t("page.owner"), view.owner);
  fact(facts, t("page.acknowledged_by"), view.known_by);
  fact(facts, t("page.asked_back"), view.asked_by);
  fact(facts, t("page.asked_reason"), view.asked_reason);
  fact(facts, t("page.answers_as"), view.reader);
  return facts;
}

std::string dialable(std::string_view phone) {
  std::string out;
  for (const char c : phone) {
    if ((c >= '0' && c <= '9') || c == '+') out.push_back(c);
  }
  return out;
}

}  // namespace

std::string render_action_page(const ActionView& view, std::string_view nonce, const Texts& texts) {
  const PageWords t{texts};
  const auto title = t("page.title");
  std::string content = fmt::format("<h1>{}</h1><div class=\"card\">",
                                    view.name.empty() ? title : escape_html(view.name));
  if (const auto facts = facts_of(t, view); !facts.empty()) content += "<dl>" + facts + "</dl>";
  if (const auto phone = dialable(view.phone); !phone.empty())
    content += fmt::format("<a class=\"tel\" href=\"tel:{}\">{} {}</a>", phone, t("page.call"),
                           escape_html(view.phone));
  if (!view.blocked.empty())
    content += fmt::format("<p>{}: {}</p>", t("page.no_call"), escape_html(view.blocked));
  content += "</div>";
  const PageForms forms{t, view, nonce};
  switch (view.about) {
    case ActionSubject::kHandover:
      content += forms.handover();
      break;
    case ActionSubject::kTask:
      content += forms.task();
      break;
    case ActionSubject::kAlert:
      content += forms.alert();
      break;
    case ActionSubject::kReopen:
      content += forms.reopen();
      break;
  }
  return page(t, title, content);
}

std::string render_note(PageNote note, const Texts& texts, bool back, std::string_view due) {
  const PageWords t{texts};
  const auto text = t(text_of(note));
  const auto link =
      back ? fmt::format("<a class=\"back\" href=\"?\">{}</a>", t("page.back")) : std::string();
  const auto next = due.empty() ? std::string()
                                : fmt::format("<dl><dt>{}</dt><dd>{}</dd></dl>", t("page.next_due"),
                                              escape_html(due));
  return page(t, text, fmt::format("<div class=\"card\"><h1>{}</h1>{}</div>{}", text, next, link));
}

const std::string& style_source() {
  static const std::string source = [] {
    const std::array<std::string_view, 1> pieces{kStyle};
    return "'sha256-" + encode(plain_hash(Digest::kSha256, pieces), Encoding::kBase64) + "'";
  }();
  return source;
}

}  // namespace baton
