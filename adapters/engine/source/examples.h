#pragma once

#include <string>
#include <vector>

#include "mapping/json/json.h"

namespace baton {

// Where `actual` differs from what an adapter's example expects of it: members that are not named
// may hold anything, null means absent, lists must have the same length.
void compare_example(const json::value& expected, const json::value* actual,
                     const std::string& path, std::vector<std::string>& differences);

}  // namespace baton
