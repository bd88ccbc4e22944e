#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "adapters/engine/source/source.h"
#include "mapping/map/map_spec.h"

namespace baton {

struct SettingSpec {
  bool required = false;
  std::string help;
};

// A source adapter as declared in its file, without the configuration of a source.
struct SourceSpec {
  YamlDocument document;
  std::string name, title;
  std::vector<VerifySpec> verify;
  std::vector<HandshakeSpec> handshakes;
  std::map<std::string, SettingSpec> settings;
  std::vector<std::string> content_types;  // in addition to those its formats imply
  int ok_status = 200;
  std::string ok_body;
};

// Checks schema and meaning; every fault becomes a finding.
SourceSpec read_source_spec(YamlDocument document, Findings& findings);

// Reads one or more verification schemes from a spec or a configuration.
std::vector<VerifySpec> read_verify(const YamlDocument& document, const std::string& pointer,
                                    const json::value* value, Findings& findings);

}  // namespace baton
