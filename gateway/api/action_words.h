#pragma once

#include <span>
#include <string>
#include <string_view>

#include "gateway/core/text/texts.h"

namespace baton {

// The notes of the action page, shown instead of a lead.
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
TextKey text_of(PageNote note);

// The results of a call that reached no one, by code; each has a text "page.outcome_CODE".
std::span<const std::string_view> call_outcomes();

// The texts of the action page, escaped for HTML: a deployment may replace any of them.
struct PageWords {
  const Texts& texts;
  std::string operator()(TextKey key) const;
};

std::string escape_html(std::string_view text);

}  // namespace baton
