#pragma once

#include <string>
#include <vector>

#include "mapping/json/json.h"

namespace baton {

// The paths of all values that say something and stand neither in `read` nor below a value in it;
// elements of arrays share one path ("answers[].text"). Sorted, at most 50. Names may be a user's
// own, values never appear.
std::vector<std::string> unread_paths(const json::value& root,
                                      std::vector<const json::value*> read);

}  // namespace baton
