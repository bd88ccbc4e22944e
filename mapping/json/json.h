#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <boost/json.hpp>

#include "mapping/result.h"

namespace baton {

namespace json = boost::json;

// Accessors that never throw. They return null, empty or the fallback if the member is missing or
// has another type.
const json::value* member(const json::object& o, std::string_view key);
std::string_view text(const json::object& o, std::string_view key, std::string_view fallback = {});
std::int64_t integer(const json::object& o, std::string_view key, std::int64_t fallback = 0);
bool boolean(const json::object& o, std::string_view key, bool fallback = false);
const json::object* object(const json::object& o, std::string_view key);
const json::array* array(const json::object& o, std::string_view key);

// Sets the member unless `value` is empty.
void put(json::object& o, std::string_view key, std::string_view value);

// Parses foreign JSON with limits: at most `max_depth` levels. The last one of duplicate keys wins.
// Refuses invalid UTF-8 and trailing text. The error's `where` is the byte offset. Values are
// allocated from `storage`; use a monotonic resource for a value that is read once and discarded.
Result<json::value> parse_json(std::string_view bytes, std::size_t max_depth = 64,
                               json::storage_ptr storage = {});

// Returns canonical JSON (RFC 8785, JCS) for the values Baton writes: members sorted by UTF-16 code
// units, no whitespace, integers only. An assertion refuses doubles, because decisions contain
// none.
std::string canonical(const json::value& v);

// Return the lower-case hex SHA-256 of bytes, and of canonical(v).
std::string sha256_hex(std::string_view bytes);
std::string content_hash(const json::value& v);

}  // namespace baton
