#include <algorithm>
#include <cstring>
#include <string>

#include "adapters/engine/http/address_policy.h"
#include "mapping/net/url.h"
#include "tests/fuzz/address_reference.h"
#include "tests/fuzz/fuzz.h"
#include "webhooks/http/client_address.h"

namespace baton::fuzz {
namespace {

void judge(const IpAddress& address) {
  static const AddressPolicy kStrict = AddressPolicy::make({}).value();
  const bool allowed = kStrict.allows("api.example.com", address);
  require(!allowed || reference_is_public(address.bytes),
          "no address is allowed that the registries refuse");
  require(allowed == (classify(address) == AddressKind::kPublic),
          "without exceptions only public addresses are allowed");
  const auto again = parse_ip(to_string(address));
  require(again && *again == address, "an address is read back from its text");
}

void read_text(std::string_view text) {
  if (const auto address = parse_ip(text)) {
    require(text.find('\0') == std::string_view::npos, "an address contains no NUL");
    require(!is_numeric_host(text), "an address is not an odd spelling of one");
    judge(*address);
  }
  if (const auto address = parse_address(text)) {
    const auto again = parse_address(to_string(*address));
    require(again && *again == *address, "a client address is read back from its text");
    require(limit_key(limit_key(*address)) == limit_key(*address),
            "the key of a limit is its own key");
  }
  if (const auto network = parse_network(text)) {
    require(network->bits >= 0 && network->bits <= 128, "a prefix has 0 to 128 bits");
    require(network->contains(network->base), "a network contains its base");
  }
}

void read_url(std::string_view text) {
  const auto url = parse_url(text);
  if (!url) return;
  require(url->port != 0 && url->target.starts_with('/') && !url->host.empty(),
          "a URL has host, port and path");
  require(url->host.find_first_of("@/\\?# ") == std::string::npos, "a host contains no separator");
  // inet_aton, and so many resolvers, would read such a host as an address: it must have been
  // classified as one.
  require(!is_numeric_host(url->host), "a host is not an odd spelling of an address");
  const bool v6 = url->host.find(':') != std::string::npos;
  const auto again =
      parse_url((url->tls ? "https://" : "http://") + (v6 ? '[' + url->host + ']' : url->host) +
                ':' + std::to_string(url->port) + url->target);
  require(
      again && again->host == url->host && again->port == url->port && again->target == url->target,
      "a URL is read back from its parts");
}

// One exception allows what it names and nothing else.
void read_policy(Input input) {
  const std::string entry(input.line());
  const auto policy = AddressPolicy::make({entry});
  IpAddress address;
  const auto bytes = input.take(address.bytes.size());
  std::memcpy(address.bytes.data(), bytes.data(), bytes.size());
  if (!policy || !policy->allows("-", address)) return;
  const auto slash = entry.find('/');
  const auto base = parse_ip(entry.substr(0, slash));
  const bool named = base && (slash != std::string::npos || *base == address);
  require(reference_is_public(address.bytes) || named || entry == "-",
          "an exception opens what it names only");
}

void read_forwarded(Input input) {
  const std::vector<IpNetwork> trusted{*parse_network("10.0.0.0/8"), *parse_network("fd00::/8")};
  const auto peer = *parse_address("10.0.0.1");
  const auto kind = input.flag() ? ForwardedHeader::kForwarded : ForwardedHeader::kXForwardedFor;
  const auto first = input.line();
  const std::vector<std::string_view> values{first, input.rest()};
  const auto client = client_address(peer, values, kind, trusted);
  const auto stranger = *parse_address("203.0.113.9");
  require(client_address(stranger, values, kind, trusted) == stranger,
          "a stranger's header is not believed");
  require(parse_address(to_string(client)) == client, "the client is an address");
}

void run(std::string_view bytes) {
  Input input(bytes);
  switch (input.pick(5)) {
    case 0: {
      IpAddress address;
      const auto raw = input.take(address.bytes.size());
      std::memcpy(address.bytes.data(), raw.data(), raw.size());
      return judge(address);
    }
    case 1:
      return read_text(input.rest());
    case 2:
      return read_url(input.rest());
    case 3:
      return read_policy(input);
    default:
      return read_forwarded(input);
  }
}

const Target kTarget("address", run);

}  // namespace
}  // namespace baton::fuzz
