#pragma once

#include <memory>
#include <string>
#include <vector>

#include "adapters/engine/source/source.h"

namespace baton::bench {

// Deliveries like those of a form tool: JSON of about 1.2 KB, signed after Standard Webhooks, each
// with a unique id. `touches_each` deliveries in a row (but far apart) belong to one person. Every
// `demo_every`th person asks for a demo with the last one, which creates a lead for sales: routed,
// offered, with two clocks.
struct Stream {
  std::size_t count = 0;
  std::size_t touches_each = 4;
  std::size_t demo_every = 3;
  std::string name = "a";  // separates the ids and persons of two streams

  std::size_t persons() const { return count / touches_each; }
  std::size_t demos() const { return (persons() + demo_every - 1) / demo_every; }
};

// Makes new signatures, which are valid for five minutes.
std::vector<std::string> signed_requests(const Stream& stream);

// The body of one delivery, for the bare server.
std::string delivery_body(const Stream& stream, std::size_t i);

// A download by the person with this address.
std::string delivery_of(const std::string& email);
std::vector<std::string> signed_bodies(const std::vector<std::string>& bodies,
                                       const std::string& name);

// Text of sources/forms.yaml for the same secret.
std::string source_config_text();
inline constexpr const char* kHookPath = "/hooks/forms";

}  // namespace baton::bench
