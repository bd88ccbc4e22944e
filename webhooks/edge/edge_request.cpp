#include "webhooks/edge/edge_request.h"

#include <algorithm>

namespace baton {
namespace {

constexpr std::size_t kMostPairs = 128;

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

std::optional<HookRoute> parse_hook_path(std::string_view path) {
  constexpr std::string_view kPrefix = "/hooks/";
  if (!path.starts_with(kPrefix)) return std::nullopt;
  path.remove_prefix(kPrefix.size());
  const auto slash = path.find('/');
  HookRoute route{path.substr(0, slash), {}};
  if (slash != std::string_view::npos) route.token = path.substr(slash + 1);
  if (route.source.empty()) return std::nullopt;
  return route;
}

std::string percent_decode(std::string_view text, bool plus_is_blank) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 &&
        hex_digit(text[i + 2]) >= 0) {
      out.push_back(static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2])));
      i += 2;
    } else {
      out.push_back(plus_is_blank && text[i] == '+' ? ' ' : text[i]);
    }
  }
  return out;
}

void parse_query(std::string_view query, std::vector<std::pair<std::string, std::string>>& pairs) {
  pairs.clear();
  while (!query.empty() && pairs.size() < kMostPairs) {
    const auto end = std::min(query.find('&'), query.size());
    const auto pair = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    if (pair.empty()) continue;
    const auto equals = std::min(pair.find('='), pair.size());
    pairs.emplace_back(percent_decode(pair.substr(0, equals), true),
                       percent_decode(pair.substr(std::min(equals + 1, pair.size())), true));
  }
}

SignedRequest SignedParts::build(const HttpIn& in, std::string_view token,
                                 std::string_view public_url) {
  if (public_url.empty()) {
    uri_.assign(in.tls ? "https://" : "http://").append(in.header("host"));
  } else {
    uri_.assign(public_url);
  }
  if (!uri_.empty() && uri_.back() == '/') uri_.pop_back();
  uri_.append(in.target);
  parse_query(in.query, query_);
  headers_.resize(in.headers.size());
  for (std::size_t i = 0; i < in.headers.size(); ++i) {
    headers_[i].first.assign(in.headers[i].first);
    headers_[i].second.assign(in.headers[i].second);
  }
  return {in.method, uri_, token, query_, headers_, in.body};
}

}  // namespace baton
