#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace baton {

// The embedded lists of mapping/data: one entry a line, fields parted by tabs; empty lines and
// lines from '#' on are skipped. The views live as long as the program.
std::vector<std::vector<std::string_view>> data_rows(std::string_view file_name);

// The first fields.
std::unordered_set<std::string_view> data_words(std::string_view file_name);

// Finds texts by string_view without making a string of it.
struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const {
    return std::hash<std::string_view>{}(text);
  }
};
using TextMap = std::unordered_map<std::string, std::string_view, TextHash, std::equal_to<>>;

// fold(name) -> the first field, over all fields of each row. The first row that names a text wins.
TextMap folded_names(std::string_view file_name);

}  // namespace baton
