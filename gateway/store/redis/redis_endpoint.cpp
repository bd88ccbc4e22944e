#include "gateway/store/redis/redis_endpoint.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "mapping/net/url.h"

namespace baton {
namespace {

Error bad_url(std::string_view what) {
  return error(Errc::kInvalidInput,
               fmt::format("redis.url: {}; expected redis://[user:password@]host:port/db or "
                           "unix://[user:password@]/path?db=0",
                           what));
}

bool parse_int(std::string_view text, int lowest, int highest, int& out) {
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), out);
  return fault == std::errc() && end == text.data() + text.size() && out >= lowest &&
         out <= highest;
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string percent_decode(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && hex_value(text[i + 1]) >= 0 &&
        hex_value(text[i + 2]) >= 0) {
      out += static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]));
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

void take_credentials(std::string_view& rest, RedisEndpoint& at) {
  const auto sign = rest.rfind('@', rest.find('/'));
  if (sign == rest.npos) return;
  const auto credentials = rest.substr(0, sign);
  const auto colon = credentials.find(':');
  at.user = percent_decode(credentials.substr(0, colon));
  if (colon != credentials.npos) at.password = percent_decode(credentials.substr(colon + 1));
  rest.remove_prefix(sign + 1);
}

Result<RedisEndpoint> parse_unix(std::string_view rest) {
  RedisEndpoint at;
  take_credentials(rest, at);
  const auto query = rest.find('?');
  at.socket = std::string(rest.substr(0, query));
  if (at.socket.empty() || at.socket.front() != '/')
    return bad_url("the path of the socket is not absolute");
  if (query == rest.npos) return at;
  const auto parameters = rest.substr(query + 1);
  if (!parameters.starts_with("db=") || !parse_int(parameters.substr(3), 0, 65535, at.db))
    return bad_url("unknown query parameter");
  return at;
}

Result<RedisEndpoint> parse_tcp(std::string_view rest) {
  RedisEndpoint at;
  take_credentials(rest, at);
  const auto slash = rest.find('/');
  const auto host = rest.substr(0, slash);
  const auto db = slash == rest.npos ? std::string_view() : rest.substr(slash + 1);
  if (!db.empty() && !parse_int(db, 0, 65535, at.db))
    return bad_url("the database is not a number");
  if (host.empty()) return bad_url("the host is missing");
  auto parsed = parse_host_port(host);
  if (!parsed) return bad_url(parsed.error().message);
  at.host = std::move(parsed->host);
  at.port = parsed->port.value_or(at.port);
  return at;
}

}  // namespace

std::string RedisEndpoint::display() const {
  return socket.empty() ? fmt::format("{}:{}", host, port) : fmt::format("unix:{}", socket);
}

Result<RedisEndpoint> parse_redis_url(std::string_view url) {
  constexpr std::string_view kTcp = "redis://", kUnix = "unix://";
  if (url.starts_with(kTcp)) return parse_tcp(url.substr(kTcp.size()));
  if (url.starts_with(kUnix)) return parse_unix(url.substr(kUnix.size()));
  if (url.starts_with("rediss://"))
    return bad_url("TLS is not supported; use a unix socket or a TLS tunnel");
  return bad_url("unknown scheme");
}

bool is_missing_function(std::string_view reply) {
  return reply.starts_with("ERR Function not found");
}

Error redis_error(std::string_view reply) {
  struct Row {
    std::string_view word;
    Errc code;
    std::string_view message;
  };
  static constexpr Row kRows[] = {
      {"LOADING", Errc::kTransient, "is loading its data"},
      {"OOM", Errc::kTransient, "is full (maxmemory)"},
      {"MISCONF", Errc::kTransient, "cannot write to its disk"},
      {"READONLY", Errc::kTransient, "is a replica and accepts no writes"},
      {"MASTERDOWN", Errc::kTransient, "has lost its primary"},
      {"NOREPLICAS", Errc::kTransient, "has too few replicas"},
      {"CLUSTERDOWN", Errc::kTransient, "cluster is down"},
      {"BUSY", Errc::kTransient, "is busy with a script"},
      {"TRYAGAIN", Errc::kTransient, "is moving its keys"},
      {"NOAUTH", Errc::kUnauthorised, "requires a password; check redis.url"},
      {"WRONGPASS", Errc::kUnauthorised, "refused the user or password; check redis.url"},
      {"NOPERM", Errc::kUnauthorised, "does not permit a command for this user; check its ACL"},
      {"WRONGTYPE", Errc::kPermanent,
       "has a key of another type: another program writes to this database"},
      {"NOSCRIPT", Errc::kTransient, "has lost the function library"},
      {"MOVED", Errc::kPermanent,
       "is a cluster node; only a single primary with replicas is supported"},
      {"CROSSSLOT", Errc::kPermanent,
       "is a cluster node; only a single primary with replicas is supported"},
  };
  if (is_missing_function(reply))
    return error(Errc::kTransient, "Redis has lost the function library", "redis");
  const auto word = reply.substr(0, reply.find(' '));
  for (const auto& row : kRows) {
    if (row.word == word)
      return error(row.code, fmt::format("Redis {} ({})", row.message, row.word), "redis");
  }
  const bool plain = !word.empty() && word.size() <= 20 &&
                     std::all_of(word.begin(), word.end(),
                                 [](char c) { return (c >= 'A' && c <= 'Z') || c == '_'; });
  return error(Errc::kPermanent,
               fmt::format("Redis refused a command ({})", plain ? word : "unknown error"),
               "redis");
}

}  // namespace baton
