#include "webhooks/edge/signature_parts.h"

#include <algorithm>

#include "webhooks/edge/digest.h"

namespace baton {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

bool same_name(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

void add_signature(const VerifySpec& spec, std::string_view value, Presented& out) {
  if (!value.starts_with(spec.value_prefix)) return;
  value.remove_prefix(spec.value_prefix.size());
  if (!value.empty()) out.signatures.push_back(value);
}

// "t=1492774577,v1=5257a869...,v1=...": several signatures, one time stamp.
void read_pairs(const VerifySpec& spec, std::string_view text, Presented& out) {
  while (!text.empty()) {
    const auto comma = std::min(text.find(','), text.size());
    auto part = text.substr(0, comma);
    text.remove_prefix(std::min(comma + 1, text.size()));
    while (part.starts_with(' ')) part.remove_prefix(1);
    const auto equals = part.find('=');
    if (equals == std::string_view::npos) continue;
    const auto key = part.substr(0, equals);
    const auto value = part.substr(equals + 1);
    if (key == spec.signature_key) add_signature(spec, value, out);
    if (spec.timestamp_key.empty() || key != spec.timestamp_key) continue;
    if (!out.timestamp.empty()) out.refusal = Refusal::kMalformed;
    out.timestamp = value;
  }
}

void read_list(const VerifySpec& spec, std::string_view text, Presented& out) {
  while (!text.empty()) {
    const auto blank = std::min(text.find(' '), text.size());
    add_signature(spec, text.substr(0, blank), out);
    text.remove_prefix(std::min(blank + 1, text.size()));
  }
}

bool take_header(const SignedRequest& request, const std::string& name, std::string_view& into,
                 Presented& out) {
  if (name.empty()) return true;
  const auto found = single_header(request, name);
  if (found.refusal) out.refusal = found.refusal;
  into = found.value;
  return !found.refusal;
}

// HubSpot signs the URI with these characters decoded, and only these (developers.hubspot.com,
// "Validating requests", signature v3).
std::string decode_for_hubspot(std::string_view uri) {
  static constexpr std::array<std::pair<std::string_view, char>, 12> kCodes{{{"%3A", ':'},
                                                                             {"%2F", '/'},
                                                                             {"%3F", '?'},
                                                                             {"%40", '@'},
                                                                             {"%21", '!'},
                                                                             {"%24", '$'},
                                                                             {"%27", '\''},
                                                                             {"%28", '('},
                                                                             {"%29", ')'},
                                                                             {"%2A", '*'},
                                                                             {"%2C", ','},
                                                                             {"%3B", ';'}}};
  std::string out;
  out.reserve(uri.size());
  while (!uri.empty()) {
    const auto* code = std::find_if(kCodes.begin(), kCodes.end(), [&](const auto& candidate) {
      return same_name(uri.substr(0, 3), candidate.first);
    });
    out += code != kCodes.end() ? code->second : uri.front();
    uri.remove_prefix(code != kCodes.end() ? 3 : 1);
  }
  return out;
}

bool add_placeholder(std::string_view name, const SignatureFields& parts, SignedText& out) {
  static constexpr std::array<std::pair<std::string_view, std::string_view SignatureFields::*>, 6>
      kNames{{{"body", &SignatureFields::body},
              {"timestamp", &SignatureFields::timestamp},
              {"id", &SignatureFields::id},
              {"method", &SignatureFields::method},
              {"uri", &SignatureFields::uri},
              {"secret", &SignatureFields::secret}}};
  for (const auto& [known, part] : kNames) {
    if (name == known) return out.pieces.push_back(parts.*part), true;
  }
  if (name != "uri_decoded") return false;
  if (out.uri_decoded.empty()) out.uri_decoded = decode_for_hubspot(parts.uri);
  return out.pieces.push_back(out.uri_decoded), true;
}

}  // namespace

HeaderValue single_header(const SignedRequest& request, std::string_view name) {
  HeaderValue found{{}, Refusal::kMissingHeader};
  for (const auto& [key, value] : request.headers) {
    if (!same_name(key, name)) continue;
    if (!found.refusal) return {{}, Refusal::kMalformed};
    found = {value, std::nullopt};
  }
  if (!found.refusal && found.value.empty()) found.refusal = Refusal::kMissingHeader;
  return found;
}

Presented read_headers(const VerifySpec& spec, const SignedRequest& request) {
  Presented out;
  std::string_view text;
  if (!take_header(request, spec.header, text, out)) return out;
  if (!take_header(request, spec.timestamp_header, out.timestamp, out)) return out;
  if (!take_header(request, spec.id_header, out.id, out)) return out;
  if (!spec.signature_key.empty())
    read_pairs(spec, text, out);
  else if (spec.list)
    read_list(spec, text, out);
  else
    add_signature(spec, text, out);
  if (out.signatures.empty() || out.signatures.size() > kMaxSignatures)
    out.refusal = Refusal::kMalformed;
  return out;
}

bool expand(std::string_view text, const SignatureFields& parts, SignedText& out) {
  while (!text.empty()) {
    const auto open = std::min(text.find('{'), text.size());
    if (open > 0) out.pieces.push_back(text.substr(0, open));
    if (open == text.size()) break;
    const auto close = text.find('}', open);
    if (close == std::string_view::npos) return false;
    if (!add_placeholder(text.substr(open + 1, close - open - 1), parts, out)) return false;
    text.remove_prefix(close + 1);
  }
  return true;
}

std::string key_of(const VerifySpec& spec, const std::string& secret) {
  if (!spec.secret_is_base64) return secret;
  std::string_view text = secret;
  if (text.starts_with(spec.secret_prefix)) text.remove_prefix(spec.secret_prefix.size());
  return decode_base64(text).value_or("");
}

}  // namespace baton
