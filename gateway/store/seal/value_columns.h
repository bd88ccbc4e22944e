#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace baton {

// Separates the values that a dictionary cannot predict from a text before zstd sees it: ids and
// hashes in hex, and instants. The rest repeats from text to text, and the values are stored in
// binary.
//
//   rest   := the text, where  0xFF n  replaces n bytes in hex (2n digits of 0-9 a-f), a new value
//                              0xFE k  replaces a repeated value, the k-th one, from 0
//                              0xFD    replaces an instant, RFC 3339 as to_rfc3339 writes it
//                              0xFC b  replaces the byte b of 0xFC to 0xFF itself
//   values := each value in order: the n bytes; an instant as varint(zigzag(ms since the previous
//             one)), the first one since 1970
//
// Accepts any text; put_values_back restores it exactly.
struct ValueColumns {
  std::string rest, values;

  void take(std::string_view text);  // replaces the current content
};

// Restores the text. Returns false if take() did not write `rest` and `values`, or if the text
// would be longer than `most` bytes.
bool put_values_back(std::string_view rest, std::string_view values, std::size_t most,
                     std::string& text);

}  // namespace baton
