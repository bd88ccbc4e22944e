#pragma once

#include <string>
#include <string_view>

#include "mapping/result.h"

namespace baton {

// Compresses a document, log record or outbox item before it is sealed, in some microseconds.
// Values that no dictionary can predict are separated first (value_columns.h). zstd compresses the
// rest with a dictionary trained on such texts (data/packing-2.dict, by tests/dictionary).
// Thread-safe.
//
//   packed := 0x02 0x02 | varint length of values | values | zstd frame of the rest
//           | 0x02 0x01 | zstd frame of the text, with data/packing-1.dict: old format, only read
//
// Frames lack their magic number. Text that begins with any other byte was written before packing
// existed and is returned unchanged.
std::string pack(std::string_view text);
// Reverses pack(). Fails with kInvalidInput if pack() did not write the bytes, or if the text
// exceeds 64 MiB.
Result<std::string> unpack(std::string_view bytes);

}  // namespace baton
