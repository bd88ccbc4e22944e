#pragma once

#include <functional>
#include <memory>

#include "gateway/store/store.h"

namespace baton {

using StoreFactory = std::function<Result<std::unique_ptr<Store>>()>;

// Opens connections to the store.
struct Stores {
  StoreFactory open;
  StoreFactory open_wide;  // for large batches; may be empty

  // A connection for a thread of the engine.
  Result<std::unique_ptr<Store>> open_for_engine() const {
    return open_wide ? open_wide() : open();
  }
};

}  // namespace baton
