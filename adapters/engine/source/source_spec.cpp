#include "adapters/engine/source/source_spec.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "mapping/map/map_compile_parts.h"
#include "mapping/schema/schema.h"

namespace baton {
namespace {

template <class E, std::size_t N>
E choose(std::string_view name, const std::array<std::pair<std::string_view, E>, N>& names) {
  for (const auto& [known, value] : names)
    if (known == name) return value;
  return names.front().second;
}

constexpr std::array<std::pair<std::string_view, VerifyMethod>, 6> kMethods{
    {{"hmac", VerifyMethod::kHmac},
     {"hash", VerifyMethod::kPlainHash},
     {"token", VerifyMethod::kToken},
     {"basic", VerifyMethod::kBasic},
     {"bearer", VerifyMethod::kBearer},
     {"none", VerifyMethod::kNone}}};
constexpr std::array<std::pair<std::string_view, TokenPlace>, 3> kPlaces{
    {{"header", TokenPlace::kHeader}, {"query", TokenPlace::kQuery}, {"path", TokenPlace::kPath}}};
constexpr std::array<std::pair<std::string_view, HandshakeKind>, 5> kHandshakes{
    {{"ok_to_get", HandshakeKind::kOkToGet},
     {"echo_query", HandshakeKind::kEchoQuery},
     {"echo_query_plain", HandshakeKind::kEchoQueryPlain},
     {"echo_json", HandshakeKind::kEchoJson},
     {"hmac_json", HandshakeKind::kHmacJson}}};

std::string str(const json::object& object, const char* key, std::string_view fallback = {}) {
  return std::string(text(object, key, fallback));
}

void read_header_grammar(const json::object& o, VerifySpec& spec) {
  spec.header = str(o, "header");
  spec.value_prefix = str(o, "value_prefix");
  spec.list = boolean(o, "list");
  spec.signature_key = str(o, "signature_key");
  spec.timestamp_key = str(o, "timestamp_key");
  spec.timestamp_header = str(o, "timestamp_header");
  spec.timestamp_ms = text(o, "timestamp_unit") == "ms";
  spec.id_header = str(o, "id_header");
  spec.version_header = str(o, "version_header");
  spec.version = str(o, "version");
}

VerifySpec read_one(const json::object& o) {
  VerifySpec spec;
  spec.method = choose(text(o, "method"), kMethods);
  spec.digest = text(o, "digest") == "sha1" ? Digest::kSha1 : Digest::kSha256;
  spec.encoding = text(o, "encoding") == "base64" ? Encoding::kBase64 : Encoding::kHex;
  spec.signed_text = str(o, "signed_text", "{body}");
  spec.secret_is_base64 = text(o, "secret_encoding") == "base64";
  spec.secret_prefix = str(o, "secret_prefix");
  spec.token_place = choose(text(o, "place"), kPlaces);
  spec.token_name = str(o, "name");
  spec.username_setting =
      str(o, "username_setting", spec.method == VerifyMethod::kBasic ? "username" : "");
  spec.secret_setting = str(o, "secret_setting", "secret");
  read_header_grammar(o, spec);
  return spec;
}

bool known_placeholders(std::string_view text) {
  static constexpr std::array<std::string_view, 7> kKnown{"body", "timestamp",   "id",    "method",
                                                          "uri",  "uri_decoded", "secret"};
  for (auto open = text.find('{'); open != std::string_view::npos;
       open = text.find('{', open + 1)) {
    const auto close = text.find('}', open);
    if (close == std::string_view::npos) return false;
    if (std::find(kKnown.begin(), kKnown.end(), text.substr(open + 1, close - open - 1)) ==
        kKnown.end())
      return false;
  }
  return true;
}

// Returns the fault of a scheme that a schema cannot express; "" if there is none.
std::string fault_in(const VerifySpec& spec) {
  const bool sum = spec.method == VerifyMethod::kHmac || spec.method == VerifyMethod::kPlainHash;
  if (sum && spec.header.empty()) return "a signature needs the name of its header; add header";
  if (!known_placeholders(spec.signed_text))
    return "signed_text may only contain {body} {timestamp} {id} {method} {uri} {uri_decoded} "
           "{secret}";
  if (sum && spec.signed_text.find("{body}") == std::string::npos)
    return "signed_text must contain {body}";
  if (spec.method == VerifyMethod::kPlainHash &&
      spec.signed_text.find("{secret}") == std::string::npos)
    return "a plain hash without {secret} in signed_text proves nothing";
  if (spec.tolerance && spec.timestamp_key.empty() && spec.timestamp_header.empty())
    return "a tolerance needs timestamp_header or timestamp_key";
  if (spec.tolerance && spec.signed_text.find("{timestamp}") == std::string::npos)
    return "a time stamp that is not in signed_text can be forged; add {timestamp}";
  if (spec.method == VerifyMethod::kToken && spec.token_place != TokenPlace::kPath &&
      spec.token_name.empty())
    return "a token needs the name of its header or query parameter; add name";
  return {};
}

HandshakeSpec read_handshake(const json::object& o) {
  HandshakeSpec spec;
  spec.kind = choose(text(o, "kind"), kHandshakes);
  spec.challenge = str(o, "challenge");
  spec.token = str(o, "token");
  spec.token_setting =
      str(o, "token_setting", spec.kind == HandshakeKind::kHmacJson ? "secret" : "verify_token");
  spec.match_key = str(o, "match_key");
  spec.match_value = str(o, "match_value");
  spec.response_key = str(o, "response_key");
  return spec;
}

void read_settings(const json::object& root, SourceSpec& spec) {
  const auto* settings = object(root, "settings");
  if (settings == nullptr) return;
  for (const auto& setting : *settings) {
    const auto* o = setting.value().if_object();
    if (o != nullptr)
      spec.settings[std::string(setting.key())] = {boolean(*o, "required"), str(*o, "help")};
  }
}

}  // namespace

std::vector<VerifySpec> read_verify(const YamlDocument& document, const std::string& pointer,
                                    const json::value* value, Findings& findings) {
  std::vector<VerifySpec> all;
  const auto* list = value != nullptr ? value->if_array() : nullptr;
  if (list == nullptr) return all;
  for (std::size_t i = 0; i < list->size(); ++i) {
    const auto* object = (*list)[i].if_object();
    if (object == nullptr) continue;
    const std::string at = child(pointer, i);
    VerifySpec spec = read_one(*object);
    if (const auto tolerance = text(*object, "tolerance"); !tolerance.empty()) {
      spec.tolerance = parse_duration(tolerance);
      if (!spec.tolerance)
        findings.push_back(document.finding(child(at, "tolerance"),
                                            "not a duration; write \"5m\" or \"180s\"",
                                            "source.bad_duration"));
    }
    if (auto fault = fault_in(spec); !fault.empty())
      findings.push_back(document.finding(at, std::move(fault), "source.bad_verify"));
    all.push_back(std::move(spec));
  }
  return all;
}

SourceSpec read_source_spec(YamlDocument document, Findings& findings) {
  SourceSpec spec;
  append(findings, check_schema(document, "source"));
  if (const auto* root = document.value.if_object()) {
    spec.name = str(*root, "source");
    spec.title = str(*root, "title");
    spec.verify = read_verify(document, "/verify", root->if_contains("verify"), findings);
    if (const auto* handshakes = array(*root, "handshakes"))
      for (const auto& item : *handshakes)
        if (const auto* o = item.if_object()) spec.handshakes.push_back(read_handshake(*o));
    read_settings(*root, spec);
    spec.content_types = scalar_texts(root->if_contains("content_types"));
    spec.ok_status = static_cast<int>(integer(*root, "ok_status", 200));
    spec.ok_body = str(*root, "ok_body");
  }
  spec.document = std::move(document);
  return spec;
}

}  // namespace baton
