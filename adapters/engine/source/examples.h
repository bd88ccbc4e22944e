#pragma once

#include <string>
#include <vector>

#include "mapping/json/json.h"

namespace baton {

// Compares `actual` with the expectation of an adapter's example and appends the differences.
// Members that `expected` does not name may have any value, null means absent, and lists must have
// the same length.
void compare_example(const json::value& expected, const json::value* actual,
                     const std::string& path, std::vector<std::string>& differences);

}  // namespace baton
