#pragma once

#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>

#include "adapters/engine/source/adapter_files.h"
#include "adapters/engine/source/source.h"
#include "mapping/json/json.h"

namespace baton {

inline std::string said(const Findings& findings) {
  std::string all;
  for (const auto& finding : findings) all += to_string(finding) + '\n';
  return all;
}

inline std::string file_text(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream content;
  content << file.rdbuf();
  return content.str();
}

inline std::unique_ptr<Source> bare(std::string_view adapter, std::string_view region = "DE") {
  Findings findings;
  auto source = make_bare_source(adapter, "", region, findings);
  if (source == nullptr) throw std::runtime_error(said(findings));
  return source;
}

inline std::unique_ptr<Source> configured(const std::string& yaml, Findings& findings) {
  const auto document = parse_yaml(yaml, "sources/test.yaml", findings);
  return make_source(document, "test", "", findings);
}

inline RawDelivery delivery(std::string body, Headers headers = {}) {
  RawDelivery raw;
  raw.content_type = "application/json";
  raw.headers = std::move(headers);
  raw.body = std::move(body);
  raw.received_at = *parse_rfc3339("2026-03-09T09:00:00Z");
  return raw;
}

// Every built-in source adapter, by name.
inline std::vector<std::string> source_adapters() {
  std::vector<std::string> names;
  for (const auto& info : list_adapters(""))
    if (info.kind == "sources") names.push_back(info.name);
  return names;
}

}  // namespace baton
