#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/engine/source/source.h"
#include "mapping/schema/yaml.h"

namespace baton::fuzz {

// The configuration that `baton init` writes, by path ("policy/sla.yaml"), with outside values
// replaced by texts of the same kind. Fuzzers of single files take the rest from it.
const std::map<std::string, YamlDocument>& sample_config();

// Every built-in source as configured there, live and with an unguessable secret.
struct SampleSource {
  std::shared_ptr<const Source> source;
  std::string secret;
};
const std::vector<SampleSource>& sample_sources();

}  // namespace baton::fuzz
