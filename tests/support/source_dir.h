#pragma once

#include <string>

namespace baton {

// The root of the checkout. The path is compiled into one object only, so that two checkouts share
// all others in the compiler's cache.
const std::string& source_dir();

}  // namespace baton
