#include "gateway/platform/log.h"

#include <algorithm>
#include <atomic>
#include <utility>

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
    case LogLevel::kDebug:
      return "debug";
    case LogLevel::kInfo:
      return "info";
    case LogLevel::kWarn:
      return "warn";
    case LogLevel::kError:
      return "error";
  }
  return "error";
}

// Characters that a terminal or reader may interpret: C1 controls (U+009B begins an escape
// sequence), line and paragraph separators, direction marks. Returns the code and length of the one
// at the front of `text`; 0 if there is none.
std::pair<unsigned, std::size_t> terminal_control(std::string_view text) {
  const auto byte = [&](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
  };
  if (byte(0) == 0xC2 && byte(1) >= 0x80 && byte(1) <= 0x9F) return {byte(1), 2};
  if (byte(0) != 0xE2 || (byte(2) & 0xC0U) != 0x80) return {0, 0};
  const unsigned code = 0x2000U + ((byte(1) & 0x3FU) << 6U) + (byte(2) & 0x3FU);
  const bool taken = (code >= 0x2028 && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069);
  return taken ? std::pair{code, std::size_t{3}} : std::pair{0U, std::size_t{0}};
}

// Truncates to at most `kLongestValue` bytes, between two characters.
std::string_view shortened(std::string_view text) {
  std::size_t size = std::min(text.size(), kLongestValue);
  while (size < text.size() && size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0U) == 0x80)
    --size;
  return text.substr(0, size);
}

void append_escaped(std::string& out, std::string_view text) {
  const auto shown = shortened(text);
  for (std::size_t i = 0; i < shown.size(); ++i) {
    const char c = shown[i];
    const auto byte = static_cast<unsigned char>(c);
    if (const auto [code, length] =
            byte >= 0x80 ? terminal_control(shown.substr(i)) : std::pair{0U, std::size_t{0}};
        length > 0) {
      out += fmt::format("\\u{:04x}", code);
      i += length - 1;
      continue;
    }
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
    line = fmt::format(R"({{"ts":"{}","level":"{}","component":"{}","msg":")", at, name(level),
                       component);
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
