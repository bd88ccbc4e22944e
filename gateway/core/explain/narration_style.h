#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "gateway/core/text/texts.h"
#include "mapping/instant.h"

namespace baton {

struct Policy;

// How an answer is written: in which language, in which time zone, and with which names. Without
// more than its texts it uses UTC and ids.
struct NarrationStyle {
  NarrationStyle(TextsPtr t)
      : texts(std::move(t)) {}  // NOLINT(google-explicit-constructor): texts are a style
  TextsPtr texts;
  std::string zone;  // IANA; "": UTC, and the text says so
  // The name for the id of a rep, pool or team, or for the code of a reason. May be empty; may
  // return the id.
  std::function<std::string(std::string_view)> name;
  // The policy's name for a clock. May be empty; may return nothing.
  std::function<std::string(std::string_view)> clock;
  // A moment the text has just named. Sentences leave it out, and omit its day.
  std::optional<Instant> said;

  std::string say(TextKey key, TextArgs args = {}) const { return texts->say(key, args); }
  std::string display_name(std::string_view id) const { return name ? name(id) : std::string(id); }
  std::string clock_display_name(std::string_view definition) const;
  NarrationStyle relative_to(Instant moment) const;
  // "Mon 9 Mar 2026, 10:05", "Mo., 9. März 2026, 10:05"; "2026-03-09 09:05 UTC". Seconds only if
  // there are any.
  std::string moment(Instant at) const;
  // "on Mon 9 Mar 2026, 10:05", "am Mo., 9. März 2026, 10:05"; on the day just named "at 10:05",
  // "um 10:05".
  std::string on(Instant at) const;
  // "24 h", "2 h 5 min", "1.2 s". Never days, since a day of working time is no fixed length.
  std::string span(Duration length) const;
};

// With the names of a policy, in the time zone of its office.
NarrationStyle telling_by(std::shared_ptr<const Policy> policy, TextsPtr texts);

// Points for people: 12500 milli-points are "12.5" ("12,5" in German).
std::string points_text(std::int64_t milli_points, const Texts& texts);

}  // namespace baton
