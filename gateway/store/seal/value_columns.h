#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace baton {

// What a dictionary cannot foresee is taken out of a text before zstd sees it: ids and hashes in
// hex, and instants. What is left repeats from text to text, and the values take the bytes they
// have.
//
//   rest   := the text, where  0xFF n  stands for n bytes in hex (2n digits of 0-9 a-f), new ones
//                              0xFE k  for the k-th such value again, from 0
//                              0xFD    for an instant, RFC 3339 as to_rfc3339 writes it
//                              0xFC b  for the byte b of 0xFC to 0xFF itself
//   values := of each in order: the n bytes; of an instant varint(zigzag(ms since the one before)),
//   the
//             first since 1970
//
// Any text is taken and comes back as it was.
struct ValueColumns {
  std::string rest, values;

  void take(std::string_view text);  // replaces what was here
};

// False where `rest` and `values` are not what take() wrote, or the text would be longer than
// `most`.
bool put_values_back(std::string_view rest, std::string_view values, std::size_t most,
                     std::string& text);

}  // namespace baton
