#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/core/explain/decision_record.h"
#include "gateway/core/model/person.h"
#include "gateway/core/model/reason.h"
#include "mapping/instant.h"

namespace baton {

struct Policy;

enum class Language { kEnglish, kGerman };

// "de", "de-AT" -> German; everything else English.
Language language_of(std::string_view tag);

// How an answer is told: in which language, in whose time, and by which names. A Language alone
// tells in UTC and by ids.
struct NarrationStyle {
  NarrationStyle(Language l)
      : language(l) {}  // NOLINT(google-explicit-constructor): a language is a way of telling
  Language language;
  std::string zone;  // IANA; "": UTC, and said so
  // Of the id of a rep, pool or team, or of the code of a reason; may be empty, and answer the id
  // itself.
  std::function<std::string(std::string_view)> name;
  // Of a clock's name: what the policy calls it; may be empty, and answer nothing.
  std::function<std::string(std::string_view)> clock;
  // A moment the reader has just been told: sentences leave it out, and name its day no more.
  std::optional<Instant> said;
  std::string called(std::string_view id) const { return name ? name(id) : std::string(id); }
  std::string clock_display_name(std::string_view definition) const;
  NarrationStyle beside(Instant moment) const;
  // "Mon 9 Mar 2026, 10:05", "Mo., 9. März 2026, 10:05"; "2026-03-09 09:05 UTC". Seconds only where
  // there are some.
  std::string moment(Instant at) const;
  // "on Mon 9 Mar 2026, 10:05", "am Mo., 9. März 2026, 10:05"; of the day just named "at 10:05",
  // "um 10:05".
  std::string on(Instant at) const;
  // "24 h", "2 h 5 min", "1.2 s": never days, since a day of working time is none.
  std::string span(Duration length) const;
};

// By the names and in the zone of the office that a policy tells of.
NarrationStyle telling_by(std::shared_ptr<const Policy> policy, Language language);

// One sentence for a reason, without a full stop: "first contact: due 2026-03-09 10:00 UTC". A code
// that has no sentence is shown with its facts, so that nothing is hidden.
std::string explain_reason(const Reason& reason, const NarrationStyle& how);

// The answer to "what happened to this lead, and why?": how it stands now; why sales got it, why
// this rep and what was promised by when, in a sentence each; then a tree of the points, the rules,
// the clocks and what was handed over, and the history. Records oldest first; what they do not hold
// (an erased person's touches) is left out. Lines end with "\n".
std::string explain_tree(const PersonState& person, const std::vector<DecisionRecord>& records,
                         const NarrationStyle& how);

// Points as humans write them: 12500 milli-points are "12.5" ("12,5" in German).
std::string points_text(std::int64_t milli_points, Language language);

}  // namespace baton
