#include "gateway/app/engine/configuration.h"

namespace baton {

const Source* Configuration::source(std::string_view name) const {
  for (const auto& source : sources) {
    if (source->name() == name) return source.get();
  }
  return nullptr;
}

}  // namespace baton
