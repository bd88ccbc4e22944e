#pragma once

#include <string>

#include "adapters/engine/notify/notifier.h"

namespace baton {

// Renders a message for a Microsoft Teams workflow ("When a Teams webhook request is received"): an
// adaptive card, version 1.4, attached to a message. Every text is in a TextRun, which has no
// Markdown, so that customers' text is neither formatted nor linked. Teams refuses messages over 28
// KB, and in practice some over 21 KB. A message longer than kLongestCard is shortened, the quote
// first.
constexpr std::size_t kLongestCard = 20'000;
std::string teams_body(const Message& message);

}  // namespace baton
