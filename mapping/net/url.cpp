#include "mapping/net/url.h"

#include <algorithm>
#include <cctype>
#include <charconv>

// Boost.URL without its library: this is the only file that uses it.
#include <boost/url/src.hpp>

#include "mapping/net/ip_address.h"

namespace baton {
namespace {

namespace urls = boost::urls;

Error invalid(std::string message) { return error(Errc::kInvalidInput, std::move(message)); }

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return out;
}

std::string_view view(urls::string_view text) { return {text.data(), text.size()}; }

// Stricter than RFC 3986: no percent-encoding, no sub-delimiters, no empty labels.
bool is_host_name(std::string_view host) {
  const bool empty_label =
      host.starts_with('.') || host.ends_with('.') || host.find("..") != std::string_view::npos;
  return !host.empty() && host.size() <= 253 && !empty_label &&
         std::all_of(host.begin(), host.end(), [](unsigned char c) {
           return std::isalnum(c) != 0 || c == '-' || c == '.' || c == '_';
         });
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
  unsigned port = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (failed != std::errc{} || end != text.data() + text.size() || port < 1 || port > 65'535)
    return std::nullopt;
  return static_cast<std::uint16_t>(port);
}

bool is_number(std::string_view label) {
  const bool hex = label.starts_with("0x") || label.starts_with("0X");
  if (hex) label.remove_prefix(2);
  return (hex || !label.empty()) && std::all_of(label.begin(), label.end(), [&](unsigned char c) {
           return (hex ? std::isxdigit(c) : std::isdigit(c)) != 0;
         });
}

}  // namespace

Result<HostPort> parse_host_port(std::string_view authority) {
  if (authority.find('@') != std::string_view::npos)
    return invalid("a URL must not contain a user name or password");
  const auto parsed = urls::parse_authority({authority.data(), authority.size()});
  if (!parsed) return invalid("the host is not a host name or address");
  HostPort out;
  if (parsed->host_type() == urls::host_type::ipv6) {
    out.host = lower(view(parsed->encoded_host_address()));
    if (!parse_ip(out.host)) return invalid("the host is not an IPv6 address");
  } else {
    out.host = lower(view(parsed->encoded_host()));
    if (out.host.ends_with('.')) out.host.pop_back();
    if (!is_host_name(out.host)) return invalid("the host is not a host name or address");
  }
  if (parsed->has_port()) {
    out.port = parse_port(view(parsed->port()));
    if (!out.port) return invalid("the port is not a number from 1 to 65535");
  }
  return out;
}

// The last label decides: no name ends in a number (RFC 1123 2.1, WHATWG URL 3.5).
bool is_numeric_host(std::string_view host) {
  return !host.empty() && !parse_ip(host) && is_number(host.substr(host.rfind('.') + 1));
}

Result<Url> parse_url(std::string_view text) {
  if (std::any_of(text.begin(), text.end(),
                  [](unsigned char c) { return c <= 0x20 || c >= 0x7F || c == '\\'; }))
    return invalid("the URL contains spaces, control characters or characters outside ASCII");
  const auto scheme_end = text.find("://");
  const auto scheme = lower(text.substr(0, scheme_end == std::string_view::npos ? 0 : scheme_end));
  if (scheme != "http" && scheme != "https")
    return invalid("the URL must begin with https:// or http://");
  text.remove_prefix(scheme_end + 3);
  text = text.substr(0, text.find('#'));
  const auto path = text.find_first_of("/?");
  auto authority = parse_host_port(text.substr(0, path));
  if (!authority) return authority.error();
  if (is_numeric_host(authority->host)) return invalid("the host is not a host name or address");
  Url url;
  url.tls = scheme == "https";
  const std::uint16_t default_port = url.tls ? 443 : 80;
  url.host = std::move(authority->host);
  url.port = authority->port.value_or(default_port);
  url.default_port = url.port == default_port;
  url.target = path == std::string_view::npos ? "/" : std::string(text.substr(path));
  if (url.target.front() == '?') url.target.insert(0, 1, '/');
  return url;
}

}  // namespace baton
