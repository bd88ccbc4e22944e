#pragma once

#include <string_view>

namespace baton {

// What the demo says, in one place and both languages; {} are filled in by the story.
struct DemoWords {
  std::string_view intro, sandbox;
  std::string_view asks_for_demo, offered, accepted_in_time, qualified;
  std::string_view books_meeting, killed, restarted, duplicate, forged, rejected;
  std::string_view warned, breached, passed_on, reached_late;
  std::string_view numbers;
  std::string_view next;
  std::string_view live_addresses, live_end, live_arrived, live_refused;
};

const DemoWords& demo_words(std::string_view language);

}  // namespace baton
