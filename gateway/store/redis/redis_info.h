#pragma once

#include <cstdint>
#include <string_view>

namespace baton {

// A field of the reply of INFO ("name:value" lines); "" or 0 where it is missing.
std::string_view info_field(std::string_view info, std::string_view name);
std::uint64_t info_number(std::string_view info, std::string_view name);

// hiredis 0.14 writes to closed sockets without MSG_NOSIGNAL: sets SIGPIPE to be ignored where it
// still has its default, deadly action. Every connection calls it before it opens.
void ignore_sigpipe();

}  // namespace baton
