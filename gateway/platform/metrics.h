#pragma once

#include <string>
#include <string_view>

namespace baton {

// Metrics for Prometheus, with the prefix baton_ and base units. Labels are bounded (source,
// destination, outcome), never a person, address or URL. Thread-safe. A label is "name=value",
// several separated by commas, or "".
void count(std::string_view metric, std::string_view label = {}, double by = 1);
void gauge(std::string_view metric, double value, std::string_view label = {});
void observe_seconds(std::string_view metric, double value, std::string_view label = {});

// Returns the metrics in text format (Prometheus 0.0.4).
std::string metrics_text();

}  // namespace baton
