#pragma once

#include <array>
#include <cstdint>

namespace baton::fuzz {

// Returns whether a caller that must not reach private or special networks may connect to an
// address (IPv4 in its mapped form). A second opinion on classify(), written from the registries
// themselves, bit by bit, and slow.
bool reference_is_public(const std::array<std::uint8_t, 16>& address);

}  // namespace baton::fuzz
