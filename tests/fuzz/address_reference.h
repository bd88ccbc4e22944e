#pragma once

#include <array>
#include <cstdint>

namespace baton::fuzz {

// Whether an address (IPv4 in its mapped form) may be dialled by somebody who must not reach
// private or special networks. A second opinion on classify(): written from the registries
// themselves, bit by bit, and slow.
bool reference_is_public(const std::array<std::uint8_t, 16>& address);

}  // namespace baton::fuzz
