#include "gateway/cli/cmd_map.h"

#include <cstdlib>

#include <fmt/format.h>

#include "gateway/app/config/deployment.h"
#include "gateway/cli/output.h"
#include "gateway/platform/clock.h"
#include "gateway/platform/exit_code.h"
#include "gateway/platform/files.h"
#include "mapping/json/json.h"
#include "webhooks/edge/signature.h"

namespace baton {
namespace {

std::string lower(std::string_view text) {
  std::string out;
  for (const char c : text) out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

Result<Headers> read_headers(const std::string& file) {
  Headers headers;
  if (file.empty()) return headers;
  auto content = read_file(file);
  if (!content) return content.error();
  std::string_view rest = *content;
  while (!rest.empty()) {
    const auto end = rest.find('\n');
    std::string_view line = rest.substr(0, end);
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    std::string_view value = line.substr(colon + 1);
    while (value.starts_with(' ')) value.remove_prefix(1);
    headers.emplace_back(lower(line.substr(0, colon)), value);
  }
  return headers;
}

std::shared_ptr<const Source> find_source(const MapOptions& options, Findings& findings) {
  if (options.config.empty()) return make_bare_source(options.source, "", options.region, findings);
  Deployment deployment = load_deployment(options.config, findings);
  for (auto& source : deployment.sources) {
    if (source->name() == options.source) return source;
  }
  return make_bare_source(options.source, deployment.settings.adapters, options.region, findings);
}

// The query of a URL as pairs, not percent-decoded. The parameters of Baton's signature schemes do
// not need decoding.
std::vector<std::pair<std::string, std::string>> query_of(std::string_view url) {
  std::vector<std::pair<std::string, std::string>> pairs;
  const auto mark = url.find('?');
  if (mark == std::string_view::npos) return pairs;
  for (std::string_view rest = url.substr(mark + 1); !rest.empty();) {
    const auto end = rest.find('&');
    const std::string_view item = rest.substr(0, end);
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
    const auto equals = item.find('=');
    pairs.emplace_back(item.substr(0, equals), equals == std::string_view::npos
                                                   ? std::string_view()
                                                   : item.substr(equals + 1));
  }
  return pairs;
}

int check_signature(const Source& source, const RawDelivery& raw, const MapOptions& options,
                    Instant now) {
  const char* secret =
      options.secret_env.empty() ? nullptr : std::getenv(options.secret_env.c_str());
  if (!options.secret_env.empty() && secret == nullptr) {
    complain(fmt::format("the environment variable {} is not set", options.secret_env));
    return kExitUsage;
  }
  const auto query = query_of(options.url);
  SignedRequest request;
  request.method = options.method;
  request.uri = options.url;
  request.query = query;
  request.headers = raw.headers;
  request.body = raw.body;
  const auto secrets = [&](std::string_view name) {
    return secret != nullptr ? std::vector<std::string>{secret} : source.setting(name);
  };
  const auto result = verify(source.verify(), secrets, request, now);
  if (result.ok) return kExitOk;
  complain(fmt::format("the signature was refused: {}", to_string(result.refusal)));
  return kExitFailed;
}

}  // namespace

int cmd_map(const MapOptions& options) {
  Findings findings;
  const auto source = find_source(options, findings);
  if (!source) {
    complain(findings);
    if (findings.empty())
      complain(fmt::format("no source {}; see baton adapters list", options.source));
    return kExitUsage;
  }
  RawDelivery raw;
  raw.source = source->name();
  raw.content_type = options.content_type;
  auto headers = read_headers(options.headers_file);
  if (!headers) return fail(headers.error());
  raw.headers = std::move(*headers);
  auto body = read_input(options.payload);
  if (!body) return fail(body.error());
  raw.body = std::move(*body);
  const auto now =
      options.now.empty() ? std::optional(system_clock().now()) : parse_rfc3339(options.now);
  if (!now) {
    complain("--now must be RFC 3339, such as 2026-03-09T09:00:00Z");
    return kExitUsage;
  }
  raw.received_at = *now;
  if (options.verify) {
    if (const int code = check_signature(*source, raw, options, *now); code != kExitOk) return code;
  }
  auto mapped = source->map(raw);
  if (!mapped) {
    complain(fmt::format("would be quarantined: {}", mapped.error().message));
    return kExitFailed;
  }
  print(json::serialize(to_json(*mapped)));
  return kExitOk;
}

}  // namespace baton
