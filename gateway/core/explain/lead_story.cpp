#include "gateway/core/explain/lead_story.h"

#include <algorithm>

#include "gateway/core/explain/explain_words.h"
#include "mapping/json/json.h"

namespace baton {

bool has_event(const DecisionRecord& record, std::string_view event) {
  return std::find(record.events.begin(), record.events.end(), event) != record.events.end();
}

const Reason* find_reason(const DecisionRecord& record, std::string_view code) {
  const auto found = std::find_if(record.reasons.begin(), record.reasons.end(),
                                  [&](const auto& r) { return r.code == code; });
  return found == record.reasons.end() ? nullptr : &*found;
}

std::string LeadStory::name(std::string_view code) const {
  const auto known = word(code, *how.texts);
  return known == code ? how.display_name(code) : std::string(known);
}

const DecisionRecord* LeadStory::handed_over() const {
  if (person.lead && (person.lead->stage == Stage::kLead || person.lead->stage == Stage::kCaptured))
    return nullptr;
  for (auto record = records.rbegin(); record != records.rend(); ++record) {
    if (person.lead && record->now < person.lead->opened_at) return nullptr;
    if (has_event(*record, "stage.entered.mql")) return &*record;
  }
  return nullptr;
}

std::size_t LeadStory::way_to_owner() const {
  std::size_t from = 0;
  for (std::size_t i = 0; i < records.size(); ++i) {
    const auto* made = find_reason(records[i], "assignment.made");
    if (has_event(records[i], "owner.requested") ||
        (made != nullptr && !made->facts.contains("pool")))
      from = i;
  }
  return from;
}

}  // namespace baton
