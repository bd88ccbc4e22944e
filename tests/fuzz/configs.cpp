#include "tests/fuzz/configs.h"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "mapping/json/json.h"
#include "tests/support/source_dir.h"

namespace baton::fuzz {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void unusable(const std::string& what, const Findings& findings) {
  std::fprintf(stderr, "%s cannot be read\n", what.c_str());
  for (const auto& finding : findings) std::fprintf(stderr, "%s\n", to_string(finding).c_str());
  std::exit(70);
}

// Fixed texts for "${file:secrets/typeform}" and the like, at least as long as real ones.
std::string without_references(std::string text) {
  for (auto begin = text.find("${"); begin != std::string::npos; begin = text.find("${", begin)) {
    const auto end = std::min(text.find('}', begin), text.size());
    const auto form = text.substr(begin, end + 1 - begin);
    const auto fallback = form.find(":-");
    text.replace(begin, form.size(),
                 fallback == std::string::npos
                     ? sha256_hex(form)
                     : form.substr(fallback + 2, form.size() - fallback - 3));
  }
  return text;
}

std::map<std::string, YamlDocument> read_templates() {
  std::map<std::string, YamlDocument> documents;
  const fs::path root = fs::path(source_dir()) / "gateway/cli/templates";
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    // `baton init` fills in baton.yaml.
    if (entry.path().extension() != ".yaml" || entry.path().filename() == "baton.yaml") continue;
    std::ostringstream text;
    text << std::ifstream(entry.path()).rdbuf();
    const auto name = fs::relative(entry.path(), root).string();
    Findings findings;
    auto document = parse_yaml(without_references(text.str()), name, findings);
    if (has_errors(findings)) unusable(name, findings);
    documents.emplace(name, std::move(document));
  }
  return documents;
}

std::vector<SampleSource> make_sources() {
  std::vector<SampleSource> sources;
  for (const std::string name : {"typeform", "hubspot", "calendly", "standard_webhooks"}) {
    Findings findings;
    auto document = sample_config().at("sources/" + name + ".yaml");
    auto& root = document.value.get_object();
    // Base64 of 32 bytes after the prefix of Standard Webhooks; other senders use it as plain text.
    const std::string secret = "whsec_" + sha256_hex(name).substr(0, 43) + "=";
    for (const auto key : {"secret", "signing_key", "client_secret"}) {
      if (root.contains(key)) root[key] = secret;
    }
    auto source = make_source(document, name, "", findings);
    if (!source) unusable(name, findings);
    sources.push_back({std::move(source), secret});
  }
  return sources;
}

}  // namespace

const std::map<std::string, YamlDocument>& sample_config() {
  static const auto kDocuments = read_templates();
  return kDocuments;
}

const std::vector<SampleSource>& sample_sources() {
  static const auto kSources = make_sources();
  return kSources;
}

}  // namespace baton::fuzz
