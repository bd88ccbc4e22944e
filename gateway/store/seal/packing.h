#pragma once

#include <string>
#include <string_view>

#include "mapping/result.h"

namespace baton {

// Makes documents, log records and outbox items small before they are sealed: what no dictionary
// can foresee apart (value_columns.h), the rest by zstd with a dictionary made from such texts
// (data/packing-2.dict, by tests/dictionary), in some microseconds. Thread-safe.
//
//   packed := 0x02 0x02 | varint length of values | values | zstd frame of the rest
//           | 0x02 0x01 | zstd frame of the text, with data/packing-1.dict: of before, only read
//
// Frames are without their magic number.
// Text that begins with any other byte was written before there was packing, and stands for itself.
std::string pack(std::string_view text);
// kInvalidInput for what pack() did not write, or more than 64 MiB of it.
Result<std::string> unpack(std::string_view bytes);

}  // namespace baton
