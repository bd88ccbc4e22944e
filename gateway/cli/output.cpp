#include "gateway/cli/output.h"

#include <cstdio>
#include <iostream>
#include <iterator>

#include <fmt/format.h>

#include "gateway/platform/exit_code.h"
#include "gateway/platform/files.h"
#include "mapping/json/json.h"

namespace baton {

void print(std::string_view data) {
  std::fwrite(data.data(), 1, data.size(), stdout);
  if (!data.ends_with('\n')) std::fputc('\n', stdout);
  std::fflush(stdout);
}

void complain(std::string_view message) { fmt::print(stderr, "baton: {}\n", message); }

void complain(const Findings& findings) {
  for (const auto& finding : findings) fmt::print(stderr, "{}\n", to_string(finding));
}

int fail(const Error& error) {
  complain(error.where.empty() || error.message.find(error.where) != std::string::npos
               ? error.message
               : fmt::format("{} ({})", error.message, error.where));
  switch (error.code) {
    case Errc::kTransient:
    case Errc::kConflict:
      return kExitUnavailable;
    case Errc::kInternal:
      return kExitInternal;
    case Errc::kInvalidInput:
      return kExitUsage;
    default:
      return kExitFailed;
  }
}

std::string counted(std::uint64_t n, std::string_view noun, std::string_view plural) {
  if (n == 1) return fmt::format("1 {}", noun);
  return plural.empty() ? fmt::format("{} {}s", n, noun) : fmt::format("{} {}", n, plural);
}

Result<std::string> read_input(const std::string& path) {
  if (path == "-") return std::string(std::istreambuf_iterator<char>(std::cin), {});
  return read_file(path);
}

json::array to_json(const Findings& findings) {
  json::array rows;
  for (const auto& f : findings) {
    rows.push_back(json::object{{"file", f.file},
                                {"line", f.line},
                                {"column", f.column},
                                {"message", f.message},
                                {"code", f.code},
                                {"severity", f.warning ? "warning" : "error"}});
  }
  return rows;
}

}  // namespace baton
