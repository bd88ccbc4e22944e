#pragma once

#include <string>
#include <string_view>

namespace baton {

// Metrics for Prometheus, prefix baton_, base units. Labels are bounded (source, destination,
// outcome), never a person, address or URL. Thread-safe. Labels are "name=value", several of
// them with commas between, or "".
void count(std::string_view metric, std::string_view label = {}, double by = 1);
void gauge(std::string_view metric, double value, std::string_view label = {});
void observe_seconds(std::string_view metric, double value, std::string_view label = {});

// The exposition text (Prometheus 0.0.4).
std::string metrics_text();

}  // namespace baton
