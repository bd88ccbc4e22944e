#include "mapping/normalise/time.h"

#include <charconv>
#include <cmath>

#include <date/tz.h>

#include "mapping/unicode.h"

namespace baton {
namespace {

constexpr std::int64_t kEnd = 7'258'118'400'000;  // 2200-01-01T00:00:00Z
constexpr double kFirstMillis = 1e11;             // as seconds: in the year 5138

std::optional<Instant> within_range(std::optional<Instant> at) {
  return at && at->ms >= 0 && at->ms < kEnd ? at : std::nullopt;
}

std::optional<Instant> from_epoch(std::string_view text, TimeHint::Unit unit) {
  double number = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, failed] = std::from_chars(text.data(), end, number);
  if (failed != std::errc{} || stop != end || !(number >= 0) || number >= 1e15) return std::nullopt;
  const bool millis =
      unit == TimeHint::Unit::kMillis || (unit == TimeHint::Unit::kAuto && number >= kFirstMillis);
  return Instant{std::llround(millis ? number : number * 1000)};
}

// Throws if the database does not contain the zone, or is missing.
const date::time_zone* zone_named(std::string_view name) {
  return date::locate_zone(std::string(name));
}

// The offset before the change serves both cases: a skipped time moves forward by the gap, an
// ambiguous time is the first.
std::optional<Instant> in_zone(Instant local, std::string_view zone) {
  if (zone.empty() || zone == "UTC" || zone == "Z") return local;
  try {
    const date::local_seconds wall{
        std::chrono::seconds{(local.ms - (((local.ms % 1000) + 1000) % 1000)) / 1000}};
    const auto offset = zone_named(zone)->get_info(wall).first.offset;
    return local - seconds(offset.count());
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

bool is_date(std::string_view text) {
  constexpr std::string_view kShape = "dddd-dd-dd";
  if (text.size() < kShape.size()) return false;
  for (std::size_t i = 0; i < kShape.size(); ++i) {
    const bool digit = text[i] >= '0' && text[i] <= '9';
    if (kShape[i] == 'd' ? !digit : text[i] != '-') return false;
  }
  return true;
}

// Removes spaces before the offset and the suffix "UTC", as some tools write them.
std::string tightened(std::string_view text) {
  std::string out(text.substr(0, 10));
  std::string_view rest = text.substr(10);
  if (rest.empty()) return out + "T00:00:00";
  out += 'T';
  rest = trim(rest.substr(1));
  for (const std::string_view name : {"UTC", "GMT"}) {
    if (rest.ends_with(name))
      return out.append(trim(rest.substr(0, rest.size() - name.size()))) + 'Z';
  }
  const std::size_t blank = rest.find(' ');
  out += rest.substr(0, blank);
  if (blank != std::string_view::npos) out += rest.substr(blank + 1);
  return out;
}

}  // namespace

std::optional<Instant> parse_time(std::string_view text, const TimeHint& hint) {
  text = trim(text);
  if (text.empty() || text.size() > 64) return std::nullopt;
  if (!is_date(text)) return within_range(from_epoch(text, hint.unit));
  if (text.size() > 10 && text[10] != 'T' && text[10] != 't' && text[10] != ' ')
    return std::nullopt;
  const std::string iso = tightened(text);
  if (const auto at = parse_rfc3339(iso)) return within_range(at);
  const auto local = parse_rfc3339(iso + 'Z');
  return local ? within_range(in_zone(*local, hint.zone)) : std::nullopt;
}

bool is_time_zone(std::string_view zone) {
  try {
    return zone_named(zone) != nullptr;
  } catch (const std::exception&) {
    return false;
  }
}

}  // namespace baton
