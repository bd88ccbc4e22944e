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
  std::string_view token;  // the path after /hooks/{source}/, as sent
};

// Parses "/hooks/typeform" and "/hooks/typeform/token"; empty for other paths.
std::optional<HookRoute> parse_hook_path(std::string_view path);

// Parses "a=1&b=x%20y", with '+' as a space. An invalid escape is taken literally. At most 128
// pairs.
void parse_query(std::string_view query, std::vector<std::pair<std::string, std::string>>& pairs);
std::string percent_decode(std::string_view text, bool plus_is_blank);

// A request as signatures see it. Reuse one object for all requests to reuse its memory. The
// returned view is valid until the next build and while the request exists.
class SignedParts {
 public:
  SignedRequest build(const HttpIn& in, std::string_view token, std::string_view public_url);

 private:
  std::string uri_;
  std::vector<std::pair<std::string, std::string>> query_, headers_;
};

}  // namespace baton
