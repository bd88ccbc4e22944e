#pragma once

#include <string_view>
#include <utility>

#include "gateway/core/decision/clocks.h"
#include "gateway/core/decision/current_score.h"
#include "gateway/core/decision/notice.h"
#include "gateway/core/model/event.h"

namespace baton {

// One decision in progress: what the parts of decide() share. Not used outside of gateway/core.
struct DecisionContext {
  // `out.next` is the person; the parts change it in place.
  DecisionContext(const Policy& the_policy, const Event& the_event, Instant the_now, Decision& out);
  DecisionContext(const DecisionContext&) = delete;
  DecisionContext& operator=(const DecisionContext&) = delete;

  const Policy& policy;
  const Event& event;
  const Instant now;
  PersonState& person;

  DecisionSink sink;
  CurrentScore score;
  Notices notices;
  ClockSteps steps;
  Clocks clocks;

  void happened(std::string what) { sink.happened(std::move(what)); }
  void because(std::string_view code, std::string_view rule = {},
               std::initializer_list<Fact> facts = {}) {
    sink.because(code, rule, facts);
  }
  void changed() { sink.changed(); }
  void push() { sink.push(); }

  // The newest lead if it is open, otherwise nullptr.
  Lead* lead();
  // The newest lead, which has to be open.
  Lead& open_lead();
  // The newest lead, open or closed, which has to exist.
  Lead& newest_lead();
  const Lead& newest_lead() const;
  // The open lead's last handover if it is open, otherwise nullptr.
  Handover* handover();
};

// The part of an event that the cadence of connect calls depends on.
struct Activity {
  bool attempted = false;               // the event is the evidence of the lead's newest attempt
  std::optional<Intent> interest = {};  // the strongest intent among the new touches

  Activity& operator|=(const Activity& other);
};

}  // namespace baton
