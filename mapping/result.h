#pragma once

#include <string>
#include <string_view>

#include <boost/system/result.hpp>

namespace baton {

// Error codes that callers may branch on. The set is closed: every failure of every room has one of
// these.
enum class Errc {
  kInvalidInput,  // the data is wrong; a retry with the same data fails again
  kUnauthorised,  // signature, token or credential refused
  kNotFound,
  kConflict,  // another writer changed it first: reload and decide again
  kRateLimited,
  kTransient,  // may succeed later: network, time-out, store down
  kPermanent,  // will not succeed later either
  kInternal,   // a defect of Baton
};

std::string_view to_string(Errc code);

// An error states what is wrong (`message`, for a human, with the fix if there is one) and where (a
// path into the data, a file position, a host). It never contains a secret or personal data.
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

// Called by boost::system::result::value() on an error. Baton's code checks before it reads.
[[noreturn]] void throw_exception_from_error(const Error& e, const boost::source_location&);

}  // namespace baton
