#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace baton {

// Reads an embedded list of mapping/data: one entry a line, fields separated by tabs. Empty lines
// and comments from '#' on are skipped. The views live as long as the program.
std::vector<std::vector<std::string_view>> data_rows(std::string_view file_name);

// Returns the first field of each row.
std::unordered_set<std::string_view> data_words(std::string_view file_name);

// Allows lookups by string_view without creating a string.
struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const {
    return std::hash<std::string_view>{}(text);
  }
};
using TextMap = std::unordered_map<std::string, std::string_view, TextHash, std::equal_to<>>;

// Maps fold(name) to the first field, for all fields of each row. The first row with a name wins.
TextMap folded_names(std::string_view file_name);

}  // namespace baton
