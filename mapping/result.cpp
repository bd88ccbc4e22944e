#include "mapping/result.h"

#include <stdexcept>

namespace baton {

std::string_view to_string(Errc code) {
  switch (code) {
    case Errc::kInvalidInput:
      return "invalid_input";
    case Errc::kUnauthorised:
      return "unauthorised";
    case Errc::kNotFound:
      return "not_found";
    case Errc::kConflict:
      return "conflict";
    case Errc::kRateLimited:
      return "rate_limited";
    case Errc::kTransient:
      return "transient";
    case Errc::kPermanent:
      return "permanent";
    case Errc::kInternal:
      return "internal";
  }
  return "internal";
}

void throw_exception_from_error(const Error& e, const boost::source_location&) {
  throw std::runtime_error(std::string(to_string(e.code)) + ": " + e.message);
}

}  // namespace baton
