#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gateway/core/explain/decision_record.h"
#include "gateway/core/explain/narration_style.h"
#include "gateway/core/model/person.h"

namespace baton {

// The subject of explain_tree: the person, the decisions, and the style.
struct LeadStory {
  const PersonState& person;
  const std::vector<DecisionRecord>& records;  // oldest first
  const NarrationStyle& how;

  std::string say(TextKey key, TextArgs args = {}) const { return how.say(key, args); }
  // The name of a code of the domain or of the policy.
  std::string name(std::string_view code) const;

  // The decision that handed the newest episode to sales; null if none did.
  const DecisionRecord* handed_over() const;
  // The index of the first decision that led to the current owner: the pool was asked, or a person
  // assigned the lead.
  std::size_t way_to_owner() const;
};

bool has_event(const DecisionRecord& record, std::string_view event);
const Reason* find_reason(const DecisionRecord& record, std::string_view code);

}  // namespace baton
