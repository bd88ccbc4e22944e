#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include <boost/json/value.hpp>

#include "mapping/schema/finding.h"

namespace baton {

struct Position {
  int line = 0;    // from 1
  int column = 0;  // from 1
};

// A YAML file as a JSON value with the position of every node. Plain `true`, `false`, `null`,
// integers and decimals are typed. Quoted scalars stay text, and so do numbers with leading zeros
// ("01067"). Duplicate keys, aliases beyond a budget of 10,000 nodes and more than 64 levels are
// findings. Positions are kept by JSON pointer ("/clocks/0/budget"); the position of a member's key
// has the suffix "#key".
struct YamlDocument {
  std::string file;
  boost::json::value value;
  std::unordered_map<std::string, Position> positions;

  // Returns the position of the node, or of its nearest ancestor that has one.
  Position at(std::string_view pointer) const;
  Finding finding(std::string_view pointer, std::string message, std::string code) const;
};

// Returns a key as a segment of a JSON pointer (RFC 6901): "a/b" -> "a~1b".
std::string pointer_segment(std::string_view key);

// Parses YAML; never throws. On a syntax error the value is null and `findings` has the position.
YamlDocument parse_yaml(std::string_view text, std::string file, Findings& findings);

}  // namespace baton
