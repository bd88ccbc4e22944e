#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

namespace baton {

// Concatenates the parts with one allocation.
std::string joined(std::initializer_list<std::string_view> parts);

}  // namespace baton
