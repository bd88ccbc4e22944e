#pragma once

#include <string>
#include <string_view>

#include "mapping/map/map_run.h"
#include "mapping/map/map_spec.h"

namespace baton {

// Fills the touch from one element. Facts are checked one by one (an invalid address is dropped);
// names and companies wait for finish_touch. Returns false if the element has no facts.
bool fill_touch(const EventPlan& plan, const MapSpec& spec, const MapInput& input,
                MapContext& context, Touch& touch);

// Overwrites the facts of an earlier element with those of a later one. Facts missing in the later
// one stay.
void overlay_touch(Touch& onto, Touch&& later);

// Normalises what depends on several facts: name parts, company, title, the domain of the address,
// attribution.
void finish_touch(Touch& touch);

bool has_facts(const Touch& touch);

// The names a FieldPlan may have; "external_ids." and "properties." accept any suffix.
bool is_target(std::string_view name);
std::vector<std::string> targets();

}  // namespace baton
