#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <boost/json/array.hpp>

#include "mapping/result.h"
#include "mapping/schema/finding.h"

namespace baton {

// print() writes data to stdout and ends it with a line break. complain() writes a message to
// stderr as "baton: ...", and findings one a line.
void print(std::string_view data);
void complain(std::string_view message);
void complain(const Findings& findings);

// Prints the error to stderr. Returns the exit code that belongs to it.
int fail(const Error& error);

boost::json::array to_json(const Findings& findings);

// A count with its noun: "1 source", "2 sources". `plural` is for nouns that do not just add an s.
std::string counted(std::uint64_t n, std::string_view noun, std::string_view plural = {});

// Reads the whole file, or all of standard input if the path is "-".
Result<std::string> read_input(const std::string& path);

}  // namespace baton
