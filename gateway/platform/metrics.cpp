#include "gateway/platform/metrics.h"

#include <map>
#include <memory>
#include <mutex>

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

namespace baton {
namespace {

// From 0.1 ms to 100 s: covers an acknowledgement and a slow CRM.
const prometheus::Histogram::BucketBoundaries kBuckets{0.0001, 0.0005, 0.001, 0.0025, 0.005, 0.01,
                                                       0.025,  0.05,   0.1,   0.25,   0.5,   1,
                                                       2.5,    5,      10,    30,     100};

// For lateness, which a downtime or a dead channel raises to hours.
const prometheus::Histogram::BucketBoundaries kLateness{
    0.001, 0.01, 0.05, 0.1,  0.25, 0.5,  1,     2.5,   5,     10,    30,
    60,    300,  900,  1800, 3600, 7200, 14400, 28800, 86400, 259200};

const prometheus::Histogram::BucketBoundaries& buckets_of(std::string_view metric) {
  return metric.ends_with("lateness_seconds") || metric.ends_with("lag_seconds") ? kLateness
                                                                                 : kBuckets;
}

std::map<std::string, std::string> labels_of(std::string_view text) {
  std::map<std::string, std::string> labels;
  while (!text.empty()) {
    const auto end = text.find(',');
    const std::string_view label = text.substr(0, end);
    const auto split = label.find('=');
    labels.emplace(label.substr(0, split),
                   split == std::string_view::npos ? std::string_view() : label.substr(split + 1));
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  }
  return labels;
}

// Caches each metric and label, so that a lookup does not take the registry's locks.
template <class Metric, class Make>
Metric& cached(std::string_view metric, std::string_view label, Make make) {
  static std::mutex mutex;
  static std::map<std::string, Metric*, std::less<>> known;
  std::string key(metric);
  key += '\n';
  key += label;
  const std::lock_guard lock(mutex);
  auto it = known.find(key);
  if (it == known.end()) it = known.emplace(std::move(key), &make()).first;
  return *it->second;
}

prometheus::Registry& registry() {
  static prometheus::Registry instance;
  return instance;
}

std::string full_name(std::string_view metric) { return "baton_" + std::string(metric); }

}  // namespace

void count(std::string_view metric, std::string_view label, double by) {
  cached<prometheus::Counter>(metric, label, [&]() -> prometheus::Counter& {
    return prometheus::BuildCounter()
        .Name(full_name(metric))
        .Register(registry())
        .Add(labels_of(label));
  }).Increment(by);
}

void gauge(std::string_view metric, double value, std::string_view label) {
  cached<prometheus::Gauge>(metric, label, [&]() -> prometheus::Gauge& {
    return prometheus::BuildGauge()
        .Name(full_name(metric))
        .Register(registry())
        .Add(labels_of(label));
  }).Set(value);
}

void observe_seconds(std::string_view metric, double value, std::string_view label) {
  cached<prometheus::Histogram>(metric, label, [&]() -> prometheus::Histogram& {
    return prometheus::BuildHistogram()
        .Name(full_name(metric))
        .Register(registry())
        .Add(labels_of(label), buckets_of(metric));
  }).Observe(value);
}

std::string metrics_text() { return prometheus::TextSerializer().Serialize(registry().Collect()); }

}  // namespace baton
