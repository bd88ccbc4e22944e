#pragma once

#include <ostream>

#include "mapping/result.h"

namespace baton {

// GoogleMock prints return values and arguments of mocks; Error has no operator<< on purpose.
template <class T>
void PrintTo(const Result<T>& result, std::ostream* os) {
  *os << (result ? "a value" : "an error: " + result.error().message);
}

}  // namespace baton
