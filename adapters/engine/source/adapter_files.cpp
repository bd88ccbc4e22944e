#include "adapters/engine/source/adapter_files.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "adapters/engine/source/source.h"
#include "mapping/json/json.h"
#include "mapping/schema/embedded.h"

namespace baton {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 3> kKinds{"sources", "crm", "notify"};

// A name is a file name without its extension. It cannot lead out of the folder.
bool is_name(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
}

std::optional<std::string> read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  std::ostringstream content;
  content << file.rdbuf();
  return content.str();
}

std::optional<std::string_view> embedded(std::string_view path) {
  for (const auto& file : embedded_adapters())
    if (file.path == path) return file.content;
  return std::nullopt;
}

std::string path_of(std::string_view kind, std::string_view name) {
  return std::string(kind) + '/' + std::string(name) + ".yaml";
}

// "adapters/sources/typeform.yaml" below `kind` -> "typeform"; "" for others.
std::string name_in(std::string_view kind, std::string_view path) {
  const std::string folder = "adapters/" + std::string(kind) + '/';
  if (!path.starts_with(folder) || !path.ends_with(".yaml")) return {};
  return std::string(path.substr(folder.size(), path.size() - folder.size() - 5));
}

// Returns the names in alphabetical order, and whether the built-in file is used.
std::map<std::string, bool> names_of(std::string_view kind, const std::string& user_adapters) {
  std::map<std::string, bool> names;
  for (const auto& file : embedded_adapters())
    if (auto name = name_in(kind, file.path); !name.empty()) names[name] = true;
  if (user_adapters.empty()) return names;
  std::error_code ec;
  for (fs::directory_iterator it(fs::path(user_adapters) / kind, ec), end; !ec && it != end;
       it.increment(ec)) {
    const std::string name = it->path().stem().string();
    if (it->path().extension() == ".yaml" && is_name(name)) names[name] = false;
  }
  return names;
}

}  // namespace

std::vector<AdapterInfo> list_adapters(const std::string& user_adapters) {
  std::vector<AdapterInfo> all;
  for (const auto kind : kKinds) {
    for (const auto& [name, built_in] : names_of(kind, user_adapters)) {
      AdapterInfo info{std::string(kind), name, {}, {}, built_in};
      if (const auto found = adapter_text(kind, name, user_adapters)) {
        Findings ignored;
        const auto document = parse_yaml(found->first, found->second, ignored);
        if (const auto* root = document.value.if_object()) {
          info.title = text(*root, "title");
          info.stability = text(*root, "stability");
        }
      }
      all.push_back(std::move(info));
    }
  }
  return all;
}

std::optional<std::pair<std::string, std::string>> adapter_text(std::string_view kind,
                                                                std::string_view name,
                                                                const std::string& user_adapters) {
  if (!is_name(name) || !is_name(kind)) return std::nullopt;
  const std::string path = path_of(kind, name);
  if (!user_adapters.empty()) {
    const fs::path file = fs::path(user_adapters) / path;
    if (auto content = read_file(file)) return std::pair(std::move(*content), file.string());
  }
  const std::string built_in = "adapters/" + path;
  if (const auto content = embedded(built_in)) return std::pair(std::string(*content), built_in);
  return std::nullopt;
}

}  // namespace baton
