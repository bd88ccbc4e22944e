#pragma once

#include <string>
#include <vector>

#include <boost/json/object.hpp>

namespace baton {

// Why something was decided: the rule by its name in the policy, a code that names the sentence
// (gateway/core/explain.h renders it in English and German), and the inputs the rule looked at.
// Inputs are features that identify nobody (level, country, counts, points, times, rep ids), so a
// decision can still be explained and replayed after a person was erased.
struct Reason {
  std::string code;               // "score.rule", "stage.entered", "route.rule", "clock.started", ...
  std::string rule;               // the policy's rule: "scoring.rules.demo_request"; may be empty
  boost::json::object facts;
};

using Reasons = std::vector<Reason>;

}  // namespace baton
