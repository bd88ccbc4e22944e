#include "gateway/app/engine/runtime.h"

namespace baton {

const Source* Runtime::source(std::string_view name) const {
  for (const auto& source : sources) {
    if (source->name() == name) return source.get();
  }
  return nullptr;
}

}  // namespace baton
