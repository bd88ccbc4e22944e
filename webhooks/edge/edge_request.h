#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "webhooks/edge/signature.h"
#include "webhooks/http/http_server.h"

namespace baton {

struct HookRoute {
  std::string_view source;
  std::string_view token;  // what follows /hooks/{source}/, as sent
};

// "/hooks/typeform", "/hooks/typeform/token"; nothing where the path is another.
std::optional<HookRoute> parse_hook_path(std::string_view path);

// "a=1&b=x%20y", '+' as a blank. A broken escape is taken literally. At most 128 pairs.
void parse_query(std::string_view query, std::vector<std::pair<std::string, std::string>>& pairs);
std::string percent_decode(std::string_view text, bool plus_is_blank);

// A request as signatures see it. Kept from request to request, so that its memory is reused; the
// view it gives is valid until the next build and as long as the request.
class SignedParts {
 public:
  SignedRequest build(const HttpIn& in, std::string_view token, std::string_view public_url);

 private:
  std::string uri_;
  std::vector<std::pair<std::string, std::string>> query_, headers_;
};

}  // namespace baton
