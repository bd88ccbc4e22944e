#pragma once

#include <string>
#include <string_view>

#include "gateway/app/backend.h"

namespace baton {

// What the action page says when it does not show a lead.
enum class PageNote {
  kDone, kAlreadyDone, kNotYours, kExpired, kUnknown, kBadForm, kReasonMissing, kTooMany, kAway, kNotAllowed,
};

std::string escape_html(std::string_view text);
std::string render_action_page(const ActionView& view, std::string_view nonce, std::string_view language);
// `back`: with a link to the lead's page, where opening it again makes sense.
std::string render_note(PageNote note, std::string_view language, bool back = false);

// The inline style sheet's source expression for Content-Security-Policy: "'sha256-...'".
const std::string& style_source();

}  // namespace baton
