#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/core/decision/decision.h"

namespace baton {

// Collects what the parts of a decision report besides the next state: events, reasons, effects
// and receipts. The Decision must outlive the sink.
class DecisionSink {
 public:
  explicit DecisionSink(Decision& out)
      : reasons(out.reasons),
        effects(out.effects),
        receipts(out.receipts),
        events_(out.events),
        changed_(out.changed) {}

  // Reports an event by its name in the past tense, see Decision::events.
  void happened(std::string what) { events_.push_back(std::move(what)); }
  // Adds a reason.
  void because(std::string_view code, std::string_view rule = {},
               std::initializer_list<Fact> facts = {}) {
    reasons.add(code, rule, facts);
  }
  // Marks the decision as one that has to be committed.
  void changed() { changed_ = true; }

  // Requests a push of the person to every CRM. withhold_push() takes an earlier request back.
  void push() { push_ = true; }
  void withhold_push() { push_ = false; }
  bool is_push_requested() const { return push_; }

  Reasons& reasons;
  std::vector<Effect>& effects;
  std::vector<std::string>& receipts;

 private:
  std::vector<std::string>& events_;
  bool& changed_;
  bool push_ = false;
};

}  // namespace baton
