#pragma once

#include <string>
#include <string_view>

#include "mapping/map/map_spec.h"

namespace baton {

// Fills the touch from one element. Facts are checked one by one (an address that is none is not
// taken), names and companies wait for finish_touch. Returns false where nothing in it says
// anything.
bool fill_touch(const EventPlan& plan, const MapSpec& spec, const MapInput& input,
                MapContext& context, Touch& touch);

// Lays the facts of a later element over an earlier one; what it leaves out stays.
void overlay_touch(Touch& onto, Touch&& later);

// Normalises what needs the whole picture: name parts, company, title, the domain behind the
// address, attribution.
void finish_touch(Touch& touch);

bool says_something(const Touch& touch);

// The names a FieldPlan may have; "external_ids." and "properties." take any name behind them.
bool is_target(std::string_view name);
std::vector<std::string> targets();

}  // namespace baton
