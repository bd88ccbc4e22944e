#include "mapping/json/json.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <vector>

#include <fmt/format.h>
#include <openssl/evp.h>

#include "mapping/json/json_text.h"

namespace baton {
namespace {

// JCS sorts by UTF-16 code units. This differs from byte order only if a surrogate pair meets
// U+E000..U+FFFF, so byte order is right once such characters are ranked.
bool utf16_less(std::string_view a, std::string_view b) {
  const auto rank = [](unsigned char c) {
    if (c >= 0xF0) return 0xED + 1;  // four-byte characters are surrogates: D800..DFFF
    if (c >= 0xEE) return static_cast<int>(c) + 2;  // U+E000..U+FFFF come after them
    return static_cast<int>(c);
  };
  const auto [left, right] = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
  if (left == a.end() || right == b.end()) return right != b.end();
  const auto l = static_cast<unsigned char>(*left);
  const auto r = static_cast<unsigned char>(*right);
  return rank(l) != rank(r) ? rank(l) < rank(r) : l < r;
}

void write(const json::value& v, std::string& out) {
  switch (v.kind()) {
    case json::kind::object: {
      std::vector<const json::key_value_pair*> members;
      for (const auto& m : v.get_object()) members.push_back(&m);
      std::sort(members.begin(), members.end(),
                [](const auto* a, const auto* b) { return utf16_less(a->key(), b->key()); });
      out += '{';
      for (const auto* m : members) {
        if (m != members.front()) out += ',';
        append_quoted(out, m->key());
        out += ':';
        write(m->value(), out);
      }
      out += '}';
      return;
    }
    case json::kind::array: {
      out += '[';
      bool first = true;
      for (const auto& item : v.get_array()) {
        if (!first) out += ',';
        first = false;
        write(item, out);
      }
      out += ']';
      return;
    }
    case json::kind::int64:
      append_number(out, v.get_int64());
      return;
    case json::kind::uint64:
      append_number(out, v.get_uint64());
      return;
    case json::kind::double_:
      out += fmt::format("{}", v.get_double());
      return;
    case json::kind::string:
      append_quoted(out, {v.get_string().data(), v.get_string().size()});
      return;
    case json::kind::bool_:
      out += v.get_bool() ? "true" : "false";
      return;
    case json::kind::null:
      out += "null";
      return;
  }
}

}  // namespace

const json::value* member(const json::object& o, std::string_view key) {
  return o.if_contains(key);
}

std::string_view text(const json::object& o, std::string_view key, std::string_view fallback) {
  const auto* v = o.if_contains(key);
  if (v == nullptr || !v->is_string()) return fallback;
  return {v->get_string().data(), v->get_string().size()};
}

std::int64_t integer(const json::object& o, std::string_view key, std::int64_t fallback) {
  const auto* v = o.if_contains(key);
  if (v == nullptr) return fallback;
  if (v->is_int64()) return v->get_int64();
  if (v->is_uint64() && v->get_uint64() <= static_cast<std::uint64_t>(INT64_MAX))
    return static_cast<std::int64_t>(v->get_uint64());
  return fallback;
}

bool boolean(const json::object& o, std::string_view key, bool fallback) {
  const auto* v = o.if_contains(key);
  return v != nullptr && v->is_bool() ? v->get_bool() : fallback;
}

const json::object* object(const json::object& o, std::string_view key) {
  const auto* v = o.if_contains(key);
  return v != nullptr ? v->if_object() : nullptr;
}

const json::array* array(const json::object& o, std::string_view key) {
  const auto* v = o.if_contains(key);
  return v != nullptr ? v->if_array() : nullptr;
}

void put(json::object& o, std::string_view key, std::string_view value) {
  if (!value.empty()) o.emplace(key, value);
}

namespace {

// A number beyond the range of double is read as infinity, which JSON cannot express: the value
// could not be read again after it is written.
bool is_finite(const json::value& v) {
  if (v.is_double()) return std::isfinite(v.get_double());
  if (const auto* o = v.if_object())
    return std::all_of(o->begin(), o->end(), [](const auto& m) { return is_finite(m.value()); });
  const auto* a = v.if_array();
  return a == nullptr ||
         std::all_of(a->begin(), a->end(), [](const auto& item) { return is_finite(item); });
}

}  // namespace

Result<json::value> parse_json(std::string_view bytes, std::size_t max_depth,
                               json::storage_ptr storage) {
  json::parse_options options;
  options.max_depth = max_depth;
  std::array<unsigned char, 2048> scratch;
  json::stream_parser parser({}, options, scratch.data(), scratch.size());
  parser.reset(std::move(storage));
  json::error_code ec;
  const std::size_t read = parser.write_some(bytes.data(), bytes.size(), ec);
  if (!ec && read < bytes.size()) {
    // The value is complete; only whitespace may follow.
    const auto rest = bytes.substr(read);
    if (rest.find_first_not_of(" \t\r\n") != std::string_view::npos) ec = json::error::extra_data;
  }
  if (!ec) parser.finish(ec);
  if (ec) {
    return error(Errc::kInvalidInput, fmt::format("not JSON: {} at byte {}", ec.message(), read),
                 fmt::format("{}", read));
  }
  json::value value = parser.release();
  if (!is_finite(value)) return error(Errc::kInvalidInput, "not JSON: a number is out of range");
  return value;
}

std::string canonical(const json::value& v) {
  std::string out;
  write(v, out);
  return out;
}

std::string sha256_hex(std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha256(), nullptr);
  std::string out;
  out.reserve(size * 2U);
  constexpr std::string_view kHex = "0123456789abcdef";
  for (unsigned int i = 0; i < size; ++i) {
    out += kHex[digest[i] >> 4];
    out += kHex[digest[i] & 15];
  }
  return out;
}

std::string content_hash(const json::value& v) { return sha256_hex(canonical(v)); }

}  // namespace baton
