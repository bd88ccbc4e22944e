#include "gateway/app/config/settings.h"

#include <array>
#include <charconv>

#include <fmt/format.h>

#include "gateway/platform/files.h"
#include "gateway/store/redis/redis_endpoint.h"
#include "mapping/json/json.h"
#include "mapping/net/ip_address.h"
#include "mapping/net/url.h"
#include "mapping/unicode.h"

namespace baton {
namespace {

constexpr std::size_t kShortestToken = 20;
constexpr std::array<std::uint8_t, 4> kAnyV4 = {192, 0, 2, 1};  // any address of a sender

// Reads values of one section and reports findings with their place.
class Section {
 public:
  Section(const YamlDocument& document, std::string pointer, Findings& findings)
      : document_(document), pointer_(std::move(pointer)), findings_(findings) {
    json::error_code ec;
    const auto* node =
        pointer_.empty() ? &document.value : document.value.find_pointer(pointer_, ec);
    object_ = node != nullptr ? node->if_object() : nullptr;
  }

  const json::value* find(std::string_view key) const {
    return object_ ? object_->if_contains(key) : nullptr;
  }

  void read(std::string_view key, std::string& out) const {
    if (const auto* v = find(key); v && v->is_string()) out = v->get_string().c_str();
  }
  void read(std::string_view key, int& out) const {
    if (const auto* v = find(key); v && v->is_int64()) out = static_cast<int>(v->get_int64());
  }
  void read(std::string_view key, bool& out) const {
    if (const auto* v = find(key); v && v->is_bool()) out = v->get_bool();
  }
  void read(std::string_view key, Duration& out) const {
    parsed(
        key, out, [](std::string_view t) { return parse_duration(t); },
        R"(a duration such as "30s" or "5m")");
  }
  void read_least(std::string_view key, Duration least, Duration& out) const {
    const auto parse = [least](std::string_view t) {
      const auto duration = parse_duration(t);
      return duration && *duration < least ? std::nullopt : duration;
    };
    parsed(key, out, parse, "a duration of at least " + to_string(least));
  }
  void read_size(std::string_view key, std::uint64_t& out) const {
    parsed(
        key, out, [](std::string_view t) { return parse_size(t); }, R"(a size such as "1 MiB")");
  }
  // A listener binds an IP address, not a name.
  void read(std::string_view key, Endpoint& out) const {
    const auto parse = [](std::string_view t) {
      const auto endpoint = parse_endpoint(t);
      return endpoint && parse_ip(endpoint->host) ? endpoint : std::nullopt;
    };
    parsed(key, out, parse, R"(an IP address and port such as "127.0.0.1:8080" or "[::1]:8080")");
  }
  void read(std::string_view key, std::vector<std::string>& out) const {
    const auto* v = find(key);
    if (v == nullptr || !v->is_array()) return;
    for (const auto& item : v->get_array()) {
      if (item.is_string()) out.emplace_back(item.get_string().c_str());
    }
  }

 private:
  template <class T, class Parse>
  void parsed(std::string_view key, T& out, Parse parse, std::string_view wanted) const {
    const auto* v = find(key);
    if (v == nullptr) return;
    const std::string text =
        v->is_string() ? std::string(v->get_string().c_str()) : json::serialize(*v);
    if (const auto value = parse(text)) {
      out = *value;
    } else {
      findings_.push_back(document_.finding(fmt::format("{}/{}", pointer_, key),
                                            fmt::format("\"{}\" must be {}", key, wanted),
                                            "config.bad_value"));
    }
  }

  const YamlDocument& document_;
  std::string pointer_;
  Findings& findings_;
  const json::object* object_ = nullptr;
};

std::string relative_to(const std::string& folder, const std::string& path) {
  return path.empty() || path.starts_with('/') ? path : folder + '/' + path;
}

void check_file(const YamlDocument& document, std::string_view pointer, const std::string& path,
                Findings& findings) {
  if (path.empty()) return;
  if (const auto content = read_file(path); !content)
    findings.push_back(document.finding(pointer, content.error().message, "config.unreadable"));
}

// Links in messages begin with it, so it must be an address that every reader of them understands.
void check_public_url(const YamlDocument& document, const std::string& url, Findings& findings) {
  if (url.empty()) return;
  const auto parsed = parse_url(url);
  const bool plain = url.find_first_of("?#\"'<>`") == std::string::npos;
  if (parsed && plain) return;
  findings.push_back(document.finding(
      "/listen/public_url",
      fmt::format("\"public_url\": {}; write it as \"https://leads.example.com\"",
                  parsed ? "a query, fragment or quote is not allowed" : parsed.error().message),
      "config.bad_value"));
}

void check_proxies(const YamlDocument& document, const std::vector<std::string>& texts,
                   Findings& findings) {
  constexpr int kAllOfIpv4 = 96;  // bits of the IPv6-mapped form
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const auto place = fmt::format("/listen/trusted_proxies/{}", i);
    const auto network = parse_network(trim(texts[i]));
    if (!network) {
      findings.push_back(document.finding(
          place, fmt::format("\"{}\" is not a network; write 10.0.0.0/8", texts[i]),
          "config.bad_value"));
    } else if (network->bits <= kAllOfIpv4 && network->contains(ip_from_v4(kAnyV4))) {
      findings.push_back(document.finding(
          place,
          fmt::format("\"{}\" trusts every address, so any sender can choose the address that "
                      "Baton sees; write the proxy's network",
                      texts[i]),
          "config.bad_value"));
      findings.back().warning = true;
    }
  }
}

void read_listen(const YamlDocument& document, const std::string& folder, Settings& s,
                 Findings& findings) {
  const Section listen(document, "/listen", findings);
  listen.read("public", s.public_listener);
  listen.read("admin", s.admin_listener);
  listen.read("public_url", s.public_url);
  listen.read("trusted_proxies", s.trusted_proxies);
  while (s.public_url.ends_with('/')) s.public_url.pop_back();
  check_public_url(document, s.public_url, findings);
  check_proxies(document, s.trusted_proxies, findings);
  if (s.public_listener.port != 0 && s.public_listener.host == s.admin_listener.host &&
      s.public_listener.port == s.admin_listener.port) {
    findings.push_back(document.finding(
        "/listen/admin", "\"admin\" must differ from \"public\": each listener needs its port",
        "config.bad_value"));
  }
  const Section tls(document, "/listen/tls", findings);
  tls.read("certificate", s.tls_certificate);
  tls.read("key", s.tls_key);
  s.tls_certificate = relative_to(folder, s.tls_certificate);
  s.tls_key = relative_to(folder, s.tls_key);
  check_file(document, "/listen/tls/certificate", s.tls_certificate, findings);
  check_file(document, "/listen/tls/key", s.tls_key, findings);
}

void read_limits(const YamlDocument& document, Settings& s, Findings& findings) {
  const Section limits(document, "/limits", findings);
  limits.read_size("header", s.header_bytes);
  limits.read("header_time", s.header_time);
  limits.read_size("body", s.body_bytes);
  limits.read("body_time", s.body_time);
  limits.read("idle", s.idle_time);
  limits.read("connections", s.connections);
  limits.read("connections_per_address", s.connections_per_address);
  limits.read("requests_per_address", s.requests_per_address);
  limits.read("unzip_ratio", s.unzip_ratio);
  limits.read("queue", s.queue);
}

void read_storage(const YamlDocument& document, const std::string& folder, Settings& s,
                  Findings& findings) {
  const Section root(document, "", findings);
  const Section redis(document, "/redis", findings);
  redis.read("url", s.redis_url);
  if (const auto url = parse_redis_url(s.redis_url); !s.redis_url.empty() && !url)
    findings.push_back(document.finding("/redis/url", url.error().message, "config.bad_value"));
  redis.read("partitions", s.partitions);
  redis.read("assume_durable", s.assume_durable);
  redis.read("max_memory", s.redis_max_memory);
  s.data = "data";
  root.read("data", s.data);
  s.data = relative_to(folder, s.data);
  const Section spool(document, "/spool", findings);
  spool.read("folder", s.spool_folder);
  spool.read_size("max", s.spool_bytes);
  s.spool_folder = relative_to(folder, s.spool_folder);
  const Section keys(document, "/keys", findings);
  keys.read("master_key", s.master_key);
  keys.read("raw_days", s.raw_days);
}

void read_admin(const YamlDocument& document, Settings& s, Findings& findings) {
  const Section admin(document, "/admin", findings);
  admin.read("tokens", s.admin_tokens);
  for (std::size_t i = 0; i < s.admin_tokens.size(); ++i) {
    if (s.admin_tokens[i].size() >= kShortestToken) continue;
    findings.push_back(document.finding(
        fmt::format("/admin/tokens/{}", i),
        fmt::format("a token needs at least {} characters; create one with: openssl rand -hex 24",
                    kShortestToken),
        "config.weak_token"));
  }
}

}  // namespace

std::optional<Endpoint> parse_endpoint(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return std::nullopt;
  std::string_view host = text.substr(0, colon);
  const std::string_view port = text.substr(colon + 1);
  if (host.starts_with('[') != host.ends_with(']')) return std::nullopt;
  if (host.starts_with('[')) host = host.substr(1, host.size() - 2);
  unsigned number = 0;
  const auto [end, failed] = std::from_chars(port.data(), port.data() + port.size(), number);
  if (failed != std::errc{} || end != port.data() + port.size() || number > 65535)
    return std::nullopt;
  return Endpoint{std::string(host), static_cast<std::uint16_t>(number)};
}

std::string to_string(const Endpoint& endpoint) {
  const bool v6 = endpoint.host.find(':') != std::string::npos;
  return v6 ? fmt::format("[{}]:{}", endpoint.host, endpoint.port)
            : fmt::format("{}:{}", endpoint.host, endpoint.port);
}

std::optional<std::uint64_t> parse_size(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc{}) return std::nullopt;
  std::string_view unit = text.substr(static_cast<std::size_t>(end - text.data()));
  if (unit.starts_with(' ')) unit.remove_prefix(1);
  const int shift = unit.empty() || unit == "B" ? 0
                    : unit == "KiB"             ? 10
                    : unit == "MiB"             ? 20
                    : unit == "GiB"             ? 30
                                                : -1;
  if (shift < 0 || number > (UINT64_MAX >> shift)) return std::nullopt;
  return number << shift;
}

Settings read_settings(const YamlDocument& document, const std::string& folder,
                       Findings& findings) {
  Settings s;
  read_listen(document, folder, s, findings);
  read_limits(document, s, findings);
  read_storage(document, folder, s, findings);
  read_admin(document, s, findings);
  const Section root(document, "", findings);
  s.adapters = "adapters";
  root.read("adapters", s.adapters);
  s.adapters = relative_to(folder, s.adapters);
  root.read("language", s.language);
  std::string address;
  root.read("address", address);
  if (address == "du") s.address = Address::kDu;
  root.read("region", s.region);
  const Section engine(document, "/engine", findings);
  engine.read("threads", s.engine_threads);
  engine.read("io_threads", s.io_threads);
  engine.read_least("look_every", milliseconds(10), s.look_every);
  Section(document, "/actions", findings).read("link_lifetime", s.link_lifetime);
  const Section log(document, "/log", findings);
  log.read("level", s.log_level);
  log.read("format", s.log_format);
  return s;
}

}  // namespace baton
