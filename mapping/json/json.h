#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <boost/json.hpp>

#include "mapping/result.h"

namespace baton {

namespace json = boost::json;

// Small readers that never throw: nothing where the member is missing or of another type.
const json::value* member(const json::object& o, std::string_view key);
std::string_view text(const json::object& o, std::string_view key, std::string_view fallback = {});
std::int64_t integer(const json::object& o, std::string_view key, std::int64_t fallback = 0);
bool boolean(const json::object& o, std::string_view key, bool fallback = false);
const json::object* object(const json::object& o, std::string_view key);
const json::array* array(const json::object& o, std::string_view key);

// Writes only what is said.
void put(json::object& o, std::string_view key, std::string_view value);

// Parses foreign JSON with limits: `max_depth` levels, no duplicate-key surprises (the last one
// wins), invalid UTF-8 and trailing text refused. The error's `where` is the byte offset.
// `storage` is where the values live: a monotonic resource for what is read once and thrown away.
Result<json::value> parse_json(std::string_view bytes, std::size_t max_depth = 64,
                               json::storage_ptr storage = {});

// Canonical JSON after RFC 8785 (JCS) for the values Baton writes: members sorted by UTF-16 code
// units, no blanks, integers only (a double is refused by assertion in tests: decisions hold none).
std::string canonical(const json::value& v);

// Lower-case hex SHA-256 of canonical(v) or of bytes.
std::string sha256_hex(std::string_view bytes);
std::string content_hash(const json::value& v);

}  // namespace baton
