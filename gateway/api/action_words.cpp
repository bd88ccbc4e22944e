#include "gateway/api/action_words.h"

namespace baton {

TextKey text_of(PageNote note) {
  switch (note) {
    case PageNote::kDone:
      return "page.note_done";
    case PageNote::kAlreadyDone:
      return "page.note_already_done";
    case PageNote::kNotYours:
      return "page.note_not_yours";
    case PageNote::kExpired:
      return "page.note_expired";
    case PageNote::kUnknown:
      return "page.note_unknown";
    case PageNote::kBadForm:
      return "page.note_bad_form";
    case PageNote::kReasonMissing:
      return "page.note_reason_missing";
    case PageNote::kTooMany:
      return "page.note_too_many";
    case PageNote::kAway:
      return "page.note_away";
    case PageNote::kNotAllowed:
      return "page.note_not_allowed";
    case PageNote::kOver:
      return "page.note_over";
    case PageNote::kTimeMissing:
      break;
  }
  return "page.note_time_missing";
}

std::span<const std::string_view> call_outcomes() {
  static constexpr std::string_view kOutcomes[] = {"no_answer", "busy", "voicemail", "callback"};
  return kOutcomes;
}

std::string PageWords::operator()(TextKey key) const { return escape_html(texts.text(key)); }

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

}  // namespace baton
