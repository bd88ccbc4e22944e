#pragma once

#include <string>

#include "gateway/core/policy_file/policy_reader.h"
#include "gateway/core/scoring/score_predicate.h"

namespace baton {

// Reads the conditions of policy/scoring.yaml.

// Reads a map of fields, all of which must hold, or a list of such maps, one of which must hold:
// {country: [DE, AT, CH], company.size: {at_least: 50}, job_title: {matches: "einkauf"}}
ProfileTest read_profile_test(PolicyReader& in, const std::string& at);

// Reads `on` (touch types) and `where` of the rule or condition at `at`.
TouchTest read_touch_test(PolicyReader& in, const std::string& at);

// Whether a free mail address alone would satisfy it.
bool asks_only_free_mail(const ProfileTest& test);

}  // namespace baton
