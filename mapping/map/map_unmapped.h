#pragma once

#include <string>
#include <vector>

#include "mapping/json/json.h"

namespace baton {

// Returns the paths of all non-blank values that are neither in `read` nor below a value in it.
// Elements of arrays share one path ("answers[].text"). Sorted, at most 50. Paths may contain
// member names that the user chose, but never values.
std::vector<std::string> unread_paths(const json::value& root,
                                      std::vector<const json::value*> read);

}  // namespace baton
