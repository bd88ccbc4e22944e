#pragma once

#include <string>

#include <gtest/gtest.h>

#include "gateway/core/scoring/score.h"
#include "gateway/core/scoring/scoring_load.h"
#include "gateway/core/scoring/scoring_policy.h"
#include "tests/support/ids.h"

namespace baton::score_test {

inline std::shared_ptr<const ScoringPolicy> policy_of(const std::string& text) {
  Findings findings;
  const YamlDocument yaml = parse_yaml(text, "policy/scoring.yaml", findings);
  auto policy = load_scoring(yaml, findings);
  for (const Finding& f : findings) {
    if (f.code != "policy.not_approved") ADD_FAILURE() << to_string(f);  // parts of policies
  }
  return policy;
}

// Grades by engagement from 60, 30, 10; then `rest`.
inline std::shared_ptr<const ScoringPolicy> engagement(const std::string& rest) {
  return policy_of(
      "grades:\n  fit: {from: [60, 40, 20]}\n  engagement: {from: [60, 30, 10]}\nengagement:\n" +
      rest);
}

inline Instant day(int number) {
  return Instant{1'767'225'600'000} + days(number);
}  // from 2026-01-01

inline KeptTouch touch(std::string id, TouchType type, Instant at, std::string asset = {},
                       int dwell_s = 0) {
  KeptTouch t;
  t.id = std::move(id);
  t.type = type;
  t.at = at;
  t.asset = std::move(asset);
  t.dwell_s = dwell_s;
  return t;
}

inline PersonState person(std::vector<KeptTouch> touches) {
  PersonState p;
  p.id = "p1"_person;
  p.touches = std::move(touches);
  return p;
}

}  // namespace baton::score_test
