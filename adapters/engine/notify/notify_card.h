#pragma once

#include <string>

#include "adapters/engine/notify/notifier.h"

namespace baton {

// A message for a Microsoft Teams workflow ("When a Teams webhook request is received"): an
// adaptive card, version 1.4, as the attachment of a message. Every text stands in a TextRun, which
// knows no Markdown, so that nothing a customer wrote is formatted or becomes a link. Teams refuses
// a message over 28 KB, and practice has it refuse some over 21: what is longer than kLongestCard
// is shortened, the quote first.
constexpr std::size_t kLongestCard = 20'000;
std::string teams_body(const Message& message);

}  // namespace baton
