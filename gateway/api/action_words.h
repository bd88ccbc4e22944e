#pragma once

#include <array>
#include <string_view>

namespace baton {

// What the action page says when it does not show a lead.
enum class PageNote {
  kDone,
  kAlreadyDone,
  kNotYours,
  kExpired,
  kUnknown,
  kBadForm,
  kReasonMissing,
  kTooMany,
  kAway,
  kNotAllowed,
  kOver,
  kTimeMissing,
};
inline constexpr std::size_t kPageNotes = static_cast<std::size_t>(PageNote::kTimeMissing) + 1;

// Every text of the action page, in one place and both languages.
struct PageWords {
  std::string_view lang, title, company, ask, due, why, owner, call, back, choose, note, no_call;
  std::string_view accept, accepted, reached, not_reached, outcome, reject, reason;
  std::string_view found, fit, unfit, unclear, phone, email, position;
  std::string_view appointment, met, held, no_show, move, new_time, moved;
  std::string_view know, knows, known_by, later, later_reason, until, snooze, snoozed, answers_as;
  std::string_view asked_back, asked_reason, reopen, bring_back, keep_out;
  std::array<std::pair<std::string_view, std::string_view>, 4>
      outcomes;  // of a call that reached nobody: code, label
  std::array<std::string_view, kPageNotes> notes;
};
const PageWords& page_words(std::string_view language);

}  // namespace baton
