#pragma once

#include "gateway/core/model/ids.h"

namespace baton {

// Ids as literals of tests: "max"_rep, "p1.1"_lead.
inline PersonId operator""_person(const char* text, std::size_t size) {
  return PersonId(std::string_view(text, size));
}
inline LeadId operator""_lead(const char* text, std::size_t size) {
  return LeadId(std::string_view(text, size));
}
inline RepId operator""_rep(const char* text, std::size_t size) {
  return RepId(std::string_view(text, size));
}
inline HandoverId operator""_handover(const char* text, std::size_t size) {
  return HandoverId(std::string_view(text, size));
}
inline ClockId operator""_clock(const char* text, std::size_t size) {
  return ClockId(std::string_view(text, size));
}

}  // namespace baton
