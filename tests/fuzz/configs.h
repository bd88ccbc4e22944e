#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/engine/source/source.h"
#include "mapping/schema/yaml.h"

namespace baton::fuzz {

// The configuration that `baton init` writes, by path ("policy/sla.yaml"), outside values replaced
// by texts of their own kind: what fuzzers of single files put the rest from.
const std::map<std::string, YamlDocument>& sample_config();

// Each built-in source as configured there, in live use: with a secret nobody can guess.
struct SampleSource {
  std::shared_ptr<const Source> source;
  std::string secret;
};
const std::vector<SampleSource>& sample_sources();

}  // namespace baton::fuzz
