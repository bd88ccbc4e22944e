#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "gateway/core/calendar.h"

namespace baton {

// The holidays of a region over all years a calendar covers, by day; read once, then shared. An
// unknown region is refused with the nearest known one.
Result<std::shared_ptr<const std::vector<Holiday>>> region_holidays(std::string_view region);

}  // namespace baton
