#pragma once

#include <string>
#include <string_view>

#include "gateway/api/action_words.h"
#include "gateway/app/views/backend.h"

namespace baton {

std::string render_action_page(const ActionView& view, std::string_view nonce, const Texts& texts);
// `back`: with a link to the lead's page, if opening it again makes sense. `due`: the next
// deadline.
std::string render_note(PageNote note, const Texts& texts, bool back = false,
                        std::string_view due = {});

// The inline style sheet's source expression for Content-Security-Policy: "'sha256-...'".
const std::string& style_source();

}  // namespace baton
