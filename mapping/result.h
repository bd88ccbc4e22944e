#pragma once

#include <string>
#include <string_view>

#include <boost/system/result.hpp>

namespace baton {

// What callers may branch on. The set is closed: every failure of every layer is one of these.
enum class Errc {
  kInvalidInput,  // the data is wrong; trying again with the same data fails again
  kUnauthorised,  // signature, token or credential refused
  kNotFound,
  kConflict,  // somebody else changed it first: reload and decide again
  kRateLimited,
  kTransient,  // may work later: network, time-out, store away
  kPermanent,  // will not work later either
  kInternal,   // a defect of Baton
};

std::string_view to_string(Errc code);

// An error says what is wrong (message, for a human, with the mend where there is one) and where
// (a path into the data, a file position, a host). It never holds a secret or personal data.
struct Error {
  Errc code = Errc::kInternal;
  std::string message;
  std::string where;
};

template <class T>
using Result = boost::system::result<T, Error>;
using Status = boost::system::result<void, Error>;

inline Error error(Errc code, std::string message, std::string where = {}) {
  return Error{code, std::move(message), std::move(where)};
}

// Called by boost::system::result::value() on an error; Baton's code tests before it reads.
[[noreturn]] void throw_exception_from_error(const Error& e, const boost::source_location&);

}  // namespace baton
