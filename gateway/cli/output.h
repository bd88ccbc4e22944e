#pragma once

#include <string>
#include <string_view>

#include <boost/json/array.hpp>

#include "mapping/result.h"
#include "mapping/schema/finding.h"

namespace baton {

// Data to stdout with a line break; messages to stderr as "baton: ...".
void print(std::string_view data);
void complain(std::string_view message);
void complain(const Findings& findings);

// Prints the error and turns it into an exit code.
int fail(const Error& error);

boost::json::array to_json(const Findings& findings);

// The whole of a file, or of standard input for "-".
Result<std::string> read_input(const std::string& path);

}  // namespace baton
