#include "adapters/engine/http/http_client.h"

#include <algorithm>

#include "adapters/engine/http/http_client_exchange.h"

namespace baton {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

bool same_name(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

bool is_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return c > 0x20 && c < 0x7F &&
           std::string_view("()<>@,;:\\\"/[]?={}").find(static_cast<char>(c)) ==
               std::string_view::npos;
  });
}

}  // namespace

std::string_view header(const Headers& headers, std::string_view name) {
  for (const auto& [key, value] : headers) {
    if (same_name(key, name)) return value;
  }
  return {};
}

Status check_headers(const HttpRequest& request) {
  if (!is_token(request.method)) return error(Errc::kInvalidInput, "the method is not a token");
  for (const auto& [name, value] : request.headers) {
    const bool clean = std::none_of(value.begin(), value.end(), [](unsigned char c) {
      return (c < 0x20 && c != '\t') || c == 0x7F;
    });
    if (!is_token(name) || !clean)
      return error(Errc::kInvalidInput, "a header contains a forbidden character");
  }
  return {};
}

}  // namespace baton
