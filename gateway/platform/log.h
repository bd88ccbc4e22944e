#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace baton {

// Structured logs on stderr: one JSON object a line, or a readable line if stderr is a terminal.
// `msg` is constant text; everything variable is a field. Personal data and secrets are never
// fields. Control characters are escaped and values are truncated at 1 KiB, so that a value cannot
// fake a line. Thread-safe: each line is one write(2).
enum class LogLevel { kDebug, kInfo, kWarn, kError };

using LogValue = std::variant<std::string_view, std::int64_t, bool>;

struct LogField {
  LogField(std::string_view k, std::string_view v) : key(k), value(v) {}
  LogField(std::string_view k, const char* v) : key(k), value(std::string_view(v)) {}
  LogField(std::string_view k, const std::string& v) : key(k), value(std::string_view(v)) {}
  LogField(std::string_view k, bool v) : key(k), value(v) {}
  template <class N>
  requires std::is_integral_v<N> LogField(std::string_view k, N v)
      : key(k), value(static_cast<std::int64_t>(v)) {}
  std::string_view key;
  LogValue value;
};

using LogFields = std::initializer_list<LogField>;

void set_log(LogLevel lowest, bool json);
void log(LogLevel level, std::string_view component, std::string_view msg, LogFields fields = {});

inline void log_debug(std::string_view component, std::string_view msg, LogFields fields = {}) {
  log(LogLevel::kDebug, component, msg, fields);
}
inline void log_info(std::string_view component, std::string_view msg, LogFields fields = {}) {
  log(LogLevel::kInfo, component, msg, fields);
}
inline void log_warn(std::string_view component, std::string_view msg, LogFields fields = {}) {
  log(LogLevel::kWarn, component, msg, fields);
}
inline void log_error(std::string_view component, std::string_view msg, LogFields fields = {}) {
  log(LogLevel::kError, component, msg, fields);
}

}  // namespace baton
