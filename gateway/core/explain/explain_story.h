#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gateway/core/explain/decision_record.h"
#include "gateway/core/explain/explain.h"
#include "gateway/core/explain/explain_words.h"
#include "gateway/core/model/person.h"

namespace baton {

// What explain_tree tells: the person, what was decided, and how to say it.
struct LeadStory {
  const PersonState& person;
  const std::vector<DecisionRecord>& records;  // oldest first
  const NarrationStyle& how;

  std::string say(std::string_view en, std::string_view de) const {
    return std::string(how.language == Language::kGerman ? de : en);
  }
  // A code of the domain, or of the policy, as people say it.
  std::string name(std::string_view code) const {
    const auto known = word(code, how.language);
    return known == code ? how.called(code) : std::string(known);
  }

  // The decision that handed the newest episode to sales; null where none did.
  const DecisionRecord* handed_over() const;
  // Of the first decision on the way to today's owner: the pool was asked, or the lead given by
  // hand.
  std::size_t way_to_owner() const;
};

bool has_event(const DecisionRecord& record, std::string_view event);
const Reason* find_reason(const DecisionRecord& record, std::string_view code);

// How the lead stands; below it, where it was handed over, why sales got it and why this rep, and
// what was promised by when. Two or three lines.
std::string opening(const LeadStory& story);

}  // namespace baton
