#pragma once

#include <boost/json/value.hpp>

#include "gateway/core/pool/pool.h"
#include "mapping/result.h"

namespace baton {

// The pool document as JSON. Reading fails with kPermanent for a newer format, and with kInternal
// for a value that is not an object.
boost::json::value to_json(const PoolState& state);
Result<PoolState> pool_from_json(const boost::json::value& json);

}  // namespace baton
