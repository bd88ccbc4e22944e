#pragma once

#include <string>
#include <string_view>

#include "gateway/api/action_words.h"
#include "gateway/app/views/backend.h"

namespace baton {

// The forms of the action page, as HTML. Each form carries the page's nonce and posts to the page's
// own address. The most likely answer comes first.
struct PageForms {
  const PageWords words;
  const ActionView& view;
  std::string_view nonce;

  std::string handover() const;  // accept, reached, not reached, reject; and its appointment
  std::string task() const;      // does the person fit, and what else is known now?
  std::string alert() const;     // acknowledge, or later
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

}  // namespace baton
