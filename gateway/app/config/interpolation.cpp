#include "gateway/app/config/interpolation.h"

#include <cstdlib>
#include <optional>

#include <fmt/format.h>

#include "gateway/platform/files.h"
#include "mapping/json/json.h"

namespace baton {
namespace {

class Substitution {
 public:
  Substitution(YamlDocument& document, const std::string& folder, Findings& findings)
      : document_(document), folder_(folder), findings_(findings) {}

  std::vector<std::string> run() {
    walk(document_.value, "");
    return std::move(outside_);
  }

 private:
  void walk(json::value& node, const std::string& pointer) {
    if (auto* o = node.if_object()) {
      for (auto& m : *o) walk(m.value(), fmt::format("{}/{}", pointer, escaped(m.key())));
    } else if (auto* a = node.if_array()) {
      for (std::size_t i = 0; i < a->size(); ++i) walk((*a)[i], fmt::format("{}/{}", pointer, i));
    } else if (auto* s = node.if_string()) {
      const std::string text(s->data(), s->size());
      if (text.find("${") != std::string::npos) node = json::value(replaced(text, pointer));
    }
  }

  static std::string escaped(std::string_view key) {
    std::string out;
    for (const char c : key) out += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
    return out;
  }

  std::string replaced(std::string_view text, const std::string& pointer) {
    std::string out;
    for (;;) {
      const auto begin = text.find("${");
      out += text.substr(0, begin);
      if (begin == std::string_view::npos) return out;
      const auto end = text.find('}', begin);
      if (end == std::string_view::npos) return out += text.substr(begin);
      const std::string_view form = text.substr(begin + 2, end - begin - 2);
      if (const auto value = fetch(form, pointer)) out += *value;
      text.remove_prefix(end + 1);
    }
  }

  std::optional<std::string> fetch(std::string_view form, const std::string& pointer) {
    if (form.starts_with("env:")) return from_environment(form.substr(4), pointer);
    if (form.starts_with("file:")) return from_file(std::string(form.substr(5)), pointer);
    // Placeholders of adapters, such as "${domain}", are not interpolated here.
    return fmt::format("${{{}}}", form);
  }

  std::optional<std::string> from_environment(std::string_view form, const std::string& pointer) {
    const auto split = form.find(":-");
    const std::string name(form.substr(0, split));
    outside_.push_back(pointer);
    if (const char* value = std::getenv(name.c_str()); value != nullptr && *value != '\0')
      return value;
    if (split != std::string_view::npos) return std::string(form.substr(split + 2));
    missing(pointer, fmt::format("the environment variable {} is not set", name));
    return std::nullopt;
  }

  std::optional<std::string> from_file(const std::string& path, const std::string& pointer) {
    outside_.push_back(pointer);
    auto content = read_file(path.starts_with('/') ? path : folder_ + '/' + path);
    if (!content) {
      missing(pointer, content.error().message);
      return std::nullopt;
    }
    while (content->ends_with('\n') || content->ends_with('\r')) content->pop_back();
    return *content;
  }

  void missing(const std::string& pointer, std::string message) {
    findings_.push_back(document_.finding(pointer, std::move(message), "config.missing_value"));
  }

  YamlDocument& document_;
  const std::string& folder_;
  Findings& findings_;
  std::vector<std::string> outside_;
};

}  // namespace

std::vector<std::string> substitute_values(YamlDocument& document, const std::string& folder,
                                           Findings& findings) {
  return Substitution(document, folder, findings).run();
}

}  // namespace baton
