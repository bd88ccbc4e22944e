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

// How a delivery proves its origin, as data; webhooks/edge/signature.h does the computation. A
// source lists alternatives, and one that passes is enough.
enum class VerifyMethod { kHmac, kPlainHash, kToken, kBasic, kBearer, kNone };
enum class Digest { kSha1, kSha256 };
enum class Encoding { kHex, kBase64 };
enum class TokenPlace { kHeader, kQuery, kPath };

struct VerifySpec {
  VerifyMethod method = VerifyMethod::kHmac;
  Digest digest = Digest::kSha256;
  Encoding encoding = Encoding::kHex;
  // The signed text: literal text with {body} {timestamp} {id} {method} {uri} {secret}. {uri} is
  // the public URL as the sender knows it (public_url).
  std::string signed_text = "{body}";
  bool secret_is_base64 = false;  // "whsec_..." keys: base64 after an optional prefix
  std::string secret_prefix;
  std::string header;         // contains the signature (or the token)
  std::string value_prefix;   // "sha256=", or "v1," of a space-separated list
  bool list = false;          // several space-separated signatures in one header
  std::string signature_key;  // header grammar "t=..,v1=..": names of the parts
  std::string timestamp_key;
  std::string timestamp_header;       // or a separate header
  bool timestamp_ms = false;          // unit of the time stamp: milliseconds, otherwise seconds
  std::optional<Duration> tolerance;  // maximum age of a time stamp, and maximum lead
  std::string id_header;
  std::string version_header, version;  // applies only if this header has this value
  TokenPlace token_place = TokenPlace::kHeader;
  std::string token_name;        // name of the header or query parameter
  std::string username_setting;  // basic: the setting with the user name
  std::string secret_setting = "secret";
};

enum class HandshakeKind {
  kEchoQuery,       // GET with a token and a challenge to echo (Meta hub.challenge)
  kEchoQueryPlain,  // POST with a query token to echo as text (Microsoft validationToken)
  kEchoJson,        // POST {"type":..,"challenge":..} (Slack style)
  kHmacJson,        // GET with a challengeCode, answered with its HMAC as JSON (LinkedIn)
  kOkToGet,         // a plain 200 to GET and HEAD (Mailchimp)
};

struct HandshakeSpec {
  HandshakeKind kind = HandshakeKind::kOkToGet;
  std::string challenge;               // parameter or member name
  std::string token, token_setting;    // parameter that must equal a setting
  std::string match_key, match_value;  // kEchoJson: only if this member has this value
  std::string response_key;            // kHmacJson: member of the response
};

// A delivery as received, verified and with its content encoding decoded.
struct RawDelivery {
  std::string source;
  std::string content_type;
  Headers headers;  // only those the source's spec reads, in UTF-8; never credentials
  std::string body;
  Instant received_at;
};

// Everything a source's mapping can produce. Checks use it to find rules that can never match.
struct SourceOutput {
  std::set<std::string> touches;  // names of touch types
  std::set<std::string> fields;   // targets: "country", "company.size", "asset"
};

// One configured source (sources/<name>.yaml), based on one adapter spec. Pure and thread-safe.
class Source {
 public:
  virtual ~Source() = default;
  virtual const std::string& name() const = 0;  // the path below /hooks/
  virtual const std::string& adapter() const = 0;
  virtual std::span<const VerifySpec> verify() const = 0;
  virtual std::span<const HandshakeSpec> handshakes() const = 0;
  // Returns the values of a setting, none if it is not set. Several secrets may be valid at once
  // (rotation).
  virtual std::vector<std::string> setting(std::string_view name) const = 0;
  virtual bool accepts_content_type(std::string_view type) const = 0;
  virtual std::size_t max_body() const = 0;  // bytes, after decoding
  virtual std::optional<std::int64_t> requests_per_second() const = 0;
  virtual std::span<const std::string> kept_headers() const = 0;  // lower case
  virtual int ok_status() const = 0;               // 200 unless the sender expects another status
  virtual const std::string& ok_body() const = 0;  // "": Baton's {"id"}

  // Returns the sender's id of this delivery, which is the same when the sender retries. If it has
  // none, or the body cannot be read, returns the SHA-256 of the body. Never fails.
  virtual std::string delivery_id(const RawDelivery& raw) const = 0;
  // Maps a raw delivery to touches. An error means quarantine: the delivery is malformed or not
  // understood. A delivery without touches is valid: it concerns no person.
  virtual Result<MappedDelivery> map(const RawDelivery& raw) const = 0;
  virtual SourceOutput output() const { return {}; }
};

// Builds a source from its configuration file and adapter spec. Returns null if there are errors.
std::unique_ptr<Source> make_source(const YamlDocument& config, std::string name,
                                    const std::string& user_adapters, Findings& findings);

// Builds a source with default settings, for `baton map` and `baton test`. `region` overrides the
// default region for phone numbers.
std::unique_ptr<Source> make_bare_source(std::string_view adapter, const std::string& user_adapters,
                                         std::string_view region, Findings& findings);

}  // namespace baton
