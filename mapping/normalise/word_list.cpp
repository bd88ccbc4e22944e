#include "mapping/normalise/word_list.h"

#include "mapping/schema/embedded.h"
#include "mapping/unicode.h"

namespace baton {
namespace {

std::string_view content_of(std::string_view file_name) {
  for (const EmbeddedFile& file : embedded_mapping()) {
    if (file.path.starts_with("mapping/data/") && file.path.substr(13) == file_name)
      return file.content;
  }
  return {};
}

std::vector<std::string_view> split(std::string_view line, char separator) {
  std::vector<std::string_view> out;
  while (true) {
    const std::size_t end = line.find(separator);
    out.push_back(line.substr(0, end));
    if (end == std::string_view::npos) return out;
    line.remove_prefix(end + 1);
  }
}

}  // namespace

std::vector<std::vector<std::string_view>> data_rows(std::string_view file_name) {
  std::vector<std::vector<std::string_view>> rows;
  for (const std::string_view line : split(content_of(file_name), '\n')) {
    if (!line.empty() && line.front() != '#') rows.push_back(split(line, '\t'));
  }
  return rows;
}

std::unordered_set<std::string_view> data_words(std::string_view file_name) {
  std::unordered_set<std::string_view> words;
  for (const auto& row : data_rows(file_name)) words.insert(row.front());
  return words;
}

TextMap folded_names(std::string_view file_name) {
  TextMap names;
  for (const auto& row : data_rows(file_name)) {
    for (const std::string_view name : row) names.emplace(fold(name), row.front());
  }
  names.erase("");
  return names;
}

}  // namespace baton
