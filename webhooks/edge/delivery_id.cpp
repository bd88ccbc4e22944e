#include "webhooks/edge/delivery_id.h"

#include <fmt/format.h>

#include "mapping/json/json.h"
#include "webhooks/edge/intake_sink.h"

namespace baton {

std::string public_delivery_id(std::string_view source, std::string_view delivery_id) {
  // Length prefixes distinguish ("ab", "c") from ("a", "bc").
  return sha256_hex(
             fmt::format("{}:{}{}:{}", source.size(), source, delivery_id.size(), delivery_id))
      .substr(0, 32);
}

}  // namespace baton
