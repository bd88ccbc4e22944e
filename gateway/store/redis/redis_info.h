#pragma once

#include <cstdint>
#include <string_view>

namespace baton {

// Return a field of the reply to INFO ("name:value" lines); "" or 0 if it is missing.
std::string_view info_field(std::string_view info, std::string_view name);
std::uint64_t info_number(std::string_view info, std::string_view name);

// Sets SIGPIPE to be ignored if it still has its default action, because hiredis 0.14 writes to
// closed sockets without MSG_NOSIGNAL. Every connection calls it before it opens.
void ignore_sigpipe();

}  // namespace baton
