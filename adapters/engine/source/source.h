#pragma once

#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/engine/http/http_client.h"
#include "mapping/instant.h"
#include "mapping/map/touch.h"
#include "mapping/result.h"
#include "mapping/schema/finding.h"
#include "mapping/schema/yaml.h"

namespace baton {

// How a delivery proves where it comes from, as data; webhooks/edge/signature.h does the sums. A
// source lists alternatives: any one that passes is enough.
enum class VerifyMethod { kHmac, kPlainHash, kToken, kBasic, kBearer, kNone };
enum class Digest { kSha1, kSha256 };
enum class Encoding { kHex, kBase64 };
enum class TokenPlace { kHeader, kQuery, kPath };

struct VerifySpec {
  VerifyMethod method = VerifyMethod::kHmac;
  Digest digest = Digest::kSha256;
  Encoding encoding = Encoding::kHex;
  // What is signed: literal text with {body} {timestamp} {id} {method} {uri} {secret}. {uri} is the
  // public one, as the sender sees it (public_url).
  std::string signed_text = "{body}";
  bool secret_is_base64 = false;  // "whsec_..." keys: base64 behind an optional prefix
  std::string secret_prefix;
  std::string header;         // carries the signature (or the token)
  std::string value_prefix;   // "sha256=", or "v1," of a blank-separated list
  bool list = false;          // several blank-separated signatures in one header
  std::string signature_key;  // header grammar "t=..,v1=..": names of the parts
  std::string timestamp_key;
  std::string timestamp_header;       // or a header of its own
  bool timestamp_ms = false;          // unit of the time stamp: milliseconds, else seconds
  std::optional<Duration> tolerance;  // how old (or how far ahead) a time stamp may be
  std::string id_header;
  std::string version_header, version;  // applies only where this header has this value
  TokenPlace token_place = TokenPlace::kHeader;
  std::string token_name;        // header or query name
  std::string username_setting;  // basic: the setting that holds the user name
  std::string secret_setting = "secret";
};

enum class HandshakeKind {
  kEchoQuery,       // GET with a token and a challenge to echo (Meta hub.challenge)
  kEchoQueryPlain,  // POST with a query token to echo as text (Microsoft validationToken)
  kEchoJson,        // POST {"type":..,"challenge":..} (Slack style)
  kHmacJson,        // GET challengeCode answered by its HMAC as JSON (LinkedIn)
  kOkToGet,         // a plain 200 to GET and HEAD (Mailchimp)
};

struct HandshakeSpec {
  HandshakeKind kind = HandshakeKind::kOkToGet;
  std::string challenge;               // parameter or member name
  std::string token, token_setting;    // parameter that must equal a setting
  std::string match_key, match_value;  // kEchoJson: only where the body says so
  std::string response_key;            // kHmacJson: member of the answer
};

// A delivery as it came in, verified and with its content encoding already undone.
struct RawDelivery {
  std::string source;
  std::string content_type;
  Headers headers;  // only those the source's spec reads, in UTF-8; never credentials
  std::string body;
  Instant received_at;
};

// What a source can bring at all, by its mapping: for looking whether a rule can ever be met.
struct SourceOutput {
  std::set<std::string> touches;  // names of types
  std::set<std::string> fields;   // targets: "country", "company.size", "asset"
};

// One configured source (sources/<name>.yaml) on top of one adapter spec. Pure and thread-safe.
class Source {
 public:
  virtual ~Source() = default;
  virtual const std::string& name() const = 0;  // the path below /hooks/
  virtual const std::string& adapter() const = 0;
  virtual std::span<const VerifySpec> verify() const = 0;
  virtual std::span<const HandshakeSpec> handshakes() const = 0;
  // Several secrets may be valid at once (rotation). Values of a setting, none where it is not set.
  virtual std::vector<std::string> setting(std::string_view name) const = 0;
  virtual bool accepts_content_type(std::string_view type) const = 0;
  virtual std::size_t max_body() const = 0;  // bytes, after decoding
  virtual std::optional<std::int64_t> requests_per_second() const = 0;
  virtual std::span<const std::string> kept_headers() const = 0;  // lower case
  virtual int ok_status() const = 0;               // 200 unless the sender wants another
  virtual const std::string& ok_body() const = 0;  // "" : Baton's own {"id"}

  // The sender's id of this delivery, stable over its retries; where it has none (or the body
  // cannot be read) the SHA-256 of the body. Never fails.
  virtual std::string delivery_id(const RawDelivery& raw) const = 0;
  // Raw to canonical. An error means quarantine: malformed or not understood. No touches at all is
  // fine: nothing in it is about a person.
  virtual Result<MappedDelivery> map(const RawDelivery& raw) const = 0;
  virtual SourceOutput output() const { return {}; }
};

// Builds a source from its configuration file and adapter spec. Nothing where there are errors.
std::unique_ptr<Source> make_source(const YamlDocument& config, std::string name,
                                    const std::string& user_adapters, Findings& findings);

// A source with default settings, for `baton map` and `baton test`; `region` overrides the default
// region for phone numbers.
std::unique_ptr<Source> make_bare_source(std::string_view adapter, const std::string& user_adapters,
                                         std::string_view region, Findings& findings);

// Adapter specs by kind ("sources", "crm", "notify"): built in, and the user's own, which win.
struct AdapterInfo {
  std::string kind, name, title, stability;
  bool built_in = true;
};
std::vector<AdapterInfo> list_adapters(const std::string& user_adapters);
// The text of a spec and the name to show in findings.
std::optional<std::pair<std::string, std::string>> adapter_text(std::string_view kind,
                                                                std::string_view name,
                                                                const std::string& user_adapters);

// Runs the examples that a source spec carries; every difference is a finding.
Findings run_source_examples(const YamlDocument& spec, std::size_t& examples_run);

}  // namespace baton
