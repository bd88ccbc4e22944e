#include "gateway/platform/log.h"

#include <atomic>

#include <unistd.h>

#include <fmt/format.h>

#include "gateway/platform/clock.h"
#include "mapping/instant.h"

namespace baton {
namespace {

constexpr std::size_t kLongestValue = 1024;
std::atomic<LogLevel> g_lowest{LogLevel::kInfo};
std::atomic<bool> g_json{true};

std::string_view name(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug: return "debug";
    case LogLevel::kInfo: return "info";
    case LogLevel::kWarn: return "warn";
    case LogLevel::kError: return "error";
  }
  return "error";
}

void append_escaped(std::string& out, std::string_view text) {
  for (const char c : text.substr(0, kLongestValue)) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20 || byte == 0x7f) {
      out += fmt::format("\\u{:04x}", byte);
    } else {
      out += c;
    }
  }
  if (text.size() > kLongestValue) out += "...";
}

void append_value(std::string& out, const LogValue& value) {
  if (const auto* s = std::get_if<std::string_view>(&value)) {
    out += '"';
    append_escaped(out, *s);
    out += '"';
  } else if (const auto* n = std::get_if<std::int64_t>(&value)) {
    out += fmt::format("{}", *n);
  } else {
    out += std::get<bool>(value) ? "true" : "false";
  }
}

}  // namespace

void set_log(LogLevel lowest, bool json) {
  g_lowest = lowest;
  g_json = json;
}

void log(LogLevel level, std::string_view component, std::string_view msg, LogFields fields) {
  if (level < g_lowest.load(std::memory_order_relaxed)) return;
  std::string line;
  const std::string at = to_rfc3339(system_clock().now());
  if (g_json.load(std::memory_order_relaxed)) {
    line = fmt::format(R"({{"ts":"{}","level":"{}","component":"{}","msg":")", at, name(level), component);
    append_escaped(line, msg);
    line += '"';
    for (const auto& field : fields) {
      line += fmt::format(",\"{}\":", field.key);
      append_value(line, field.value);
    }
    line += "}\n";
  } else {
    line = fmt::format("{} {:5} {}: ", at.substr(11, 8), name(level), component);
    append_escaped(line, msg);
    for (const auto& field : fields) {
      line += fmt::format(" {}=", field.key);
      append_value(line, field.value);
    }
    line += '\n';
  }
  [[maybe_unused]] const auto written = ::write(STDERR_FILENO, line.data(), line.size());
}

}  // namespace baton
