#pragma once

#include <string>
#include <string_view>

#include "gateway/api/action_words.h"
#include "gateway/app/views/backend.h"

namespace baton {

// What there is to answer on the action page, as HTML. Each form carries the page's nonce and posts
// to the address it stands at; the first is what most readers want.
struct PageForms {
  const PageWords& words;
  const ActionView& view;
  std::string_view nonce;

  std::string handover() const;  // accept, reached, not reached, reject; and its appointment
  std::string task() const;      // does the person fit, and what else is known now?
  std::string alert() const;     // knows, or later
  std::string reopen() const;    // back to the funnel, or not

 private:
  std::string form(std::string_view content) const;
  std::string button(std::string_view id, std::string_view action, std::string_view label,
                     bool primary) const;
  std::string section(std::string_view id, std::string_view title, std::string_view content) const;
  std::string reject() const;
  std::string not_reached() const;
  std::string meeting() const;
  std::string note() const;
};

std::string escape_html(std::string_view text);

}  // namespace baton
