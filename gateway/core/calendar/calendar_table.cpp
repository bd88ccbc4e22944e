#include "gateway/core/calendar/calendar_table.h"

#include <algorithm>

namespace baton {
namespace {

constexpr std::int64_t kDayMs = 86'400'000;
constexpr std::int64_t kBeginMs = kZoneBegin * 1000;
constexpr std::int64_t kEndMs = kZoneEnd * 1000;
// Two more days on each side than the instants of the table, for local time.
constexpr std::int32_t kFirstDay = static_cast<std::int32_t>(kZoneBegin / 86'400) - 2;
constexpr std::int32_t kEndDay = static_cast<std::int32_t>(kZoneEnd / 86'400) + 2;

// 1970-01-01 was a Thursday.
constexpr std::size_t weekday_of(std::int32_t day) {
  return static_cast<std::size_t>((day + 3) % 7);
}

std::uint32_t seconds_of(const std::vector<LocalWindow>& windows) {
  std::uint32_t sum = 0;
  for (const LocalWindow& w : windows) sum += static_cast<std::uint32_t>(w.close_s - w.open_s);
  return sum;
}

}  // namespace

// Fills in the open seconds before each day. `dated` holds few days, so one pass finds the next of
// them.
void CalendarTable::sum_days(std::span<const std::int32_t> closed) {
  std::array<std::uint32_t, 7> of_weekday{};
  for (std::size_t i = 0; i < 7; ++i) of_weekday[i] = seconds_of(windows_[i]);
  seconds_before_.resize(static_cast<std::size_t>(kEndDay - kFirstDay) + 1);
  auto next_closed = std::lower_bound(closed.begin(), closed.end(), kFirstDay);
  auto next_dated = dated_.lower_bound(kFirstDay);
  std::uint32_t sum = 0;
  std::size_t weekday = weekday_of(kFirstDay);
  for (std::int32_t day = kFirstDay; day < kEndDay; ++day) {
    seconds_before_[static_cast<std::size_t>(day - kFirstDay)] = sum;
    const bool is_closed = next_closed != closed.end() && *next_closed == day;
    const bool is_dated = next_dated != dated_.end() && next_dated->first == day;
    if (is_closed) ++next_closed;
    if (is_dated)
      sum += seconds_of((next_dated++)->second);
    else if (!is_closed)
      sum += of_weekday[weekday];
    weekday = weekday == 6 ? 0 : weekday + 1;
  }
  seconds_before_.back() = sum;
}

CalendarTable::CalendarTable(std::span<const std::vector<LocalWindow>, 7> windows,
                             std::span<const std::int32_t> closed, Dated dated, const Zone& zone)
    : dated_(std::move(dated)) {
  std::copy(windows.begin(), windows.end(), windows_.begin());
  sum_days(closed);
  std::int64_t open = 0;
  for (std::size_t i = 0; i < zone.stretches.size(); ++i) {
    const std::int64_t begin = zone.stretches[i].begin_s * 1000;
    const std::int64_t end =
        i + 1 < zone.stretches.size() ? zone.stretches[i + 1].begin_s * 1000 : kEndMs;
    const std::int64_t offset = zone.stretches[i].offset_s * 1000;
    const std::int64_t before = nominal(begin + offset);
    stretches_.push_back({begin, offset, open, open - before});
    open += nominal(end + offset) - before;
  }
  total_ = milliseconds(open);
}

const CalendarTable::Stretch& CalendarTable::stretch_at(std::int64_t ms) const {
  const auto after =
      std::upper_bound(stretches_.begin() + 1, stretches_.end(), ms,
                       [](std::int64_t t, const Stretch& s) { return t < s.begin_ms; });
  return *(after - 1);
}

const std::vector<LocalWindow>& CalendarTable::windows_on(std::int32_t day) const {
  if (dated_.empty()) return windows_[weekday_of(day)];
  const auto own = dated_.find(day);
  return own != dated_.end() ? own->second : windows_[weekday_of(day)];
}

std::span<const LocalWindow> CalendarTable::windows_of(std::int32_t day) const {
  if (!has_hours(day)) return {};
  return windows_on(day);
}

bool CalendarTable::has_hours(std::int32_t day) const {
  if (day < kFirstDay || day >= kEndDay) return false;
  const auto i = static_cast<std::size_t>(day - kFirstDay);
  return seconds_before_[i] != seconds_before_[i + 1];
}

// Open local time before a local time, as if the offset had never changed.
std::int64_t CalendarTable::nominal(std::int64_t local_ms) const {
  const auto day = static_cast<std::int32_t>(local_ms / kDayMs);
  const std::int64_t of_day = local_ms % kDayMs;
  std::int64_t sum =
      std::int64_t{seconds_before_[static_cast<std::size_t>(day - kFirstDay)]} * 1000;
  for (const LocalWindow& w : windows_of(day)) {
    const std::int64_t open = w.open_s * std::int64_t{1000};
    if (of_day <= open) break;
    sum += std::min(of_day, w.close_s * std::int64_t{1000}) - open;
  }
  return sum;
}

// The inverse: the first local time at which `nominal_ms` is reached, or the last (pass).
std::int64_t CalendarTable::local_of(std::int64_t nominal_ms, bool pass) const {
  // The amount is reached in the last day with less before it (for pass: not more).
  const std::int64_t limit = pass ? nominal_ms / 1000 + 1 : (nominal_ms + 999) / 1000;
  const auto after =
      std::lower_bound(seconds_before_.begin(), seconds_before_.end(), limit,
                       [](std::uint32_t s, std::int64_t l) { return std::int64_t{s} < l; });
  const auto index = after - seconds_before_.begin() - 1;
  std::int64_t rest =
      nominal_ms - std::int64_t{seconds_before_[static_cast<std::size_t>(index)]} * 1000;
  const auto day = static_cast<std::int32_t>(index) + kFirstDay;
  for (const LocalWindow& w : windows_on(day)) {
    const std::int64_t length = (w.close_s - w.open_s) * std::int64_t{1000};
    if (pass ? rest < length : rest <= length)
      return day * kDayMs + w.open_s * std::int64_t{1000} + rest;
    rest -= length;
  }
  return (day + 1) * kDayMs;
}

std::optional<Instant> CalendarTable::find(std::int64_t open_ms, bool pass) const {
  if (pass ? open_ms >= total_.ms : open_ms > total_.ms) return std::nullopt;
  const auto reached = [&](std::int64_t amount, const Stretch& s) {
    return pass ? amount < s.open_ms : amount <= s.open_ms;
  };
  const auto after = std::upper_bound(stretches_.begin() + 1, stretches_.end(), open_ms, reached);
  const Stretch& s = *(after - 1);
  return Instant{local_of(open_ms - s.shift, pass) - s.offset_ms};
}

Duration CalendarTable::open_before(Instant at) const {
  if (at.ms <= kBeginMs) return {};
  if (at.ms >= kEndMs) return total_;
  const Stretch& s = stretch_at(at.ms);
  return milliseconds(nominal(at.ms + s.offset_ms) + s.shift);
}

std::optional<Instant> CalendarTable::reach(Duration open) const { return find(open.ms, false); }
std::optional<Instant> CalendarTable::pass(Duration open) const { return find(open.ms, true); }

std::int32_t CalendarTable::local_day(Instant at) const {
  const std::int64_t ms = std::clamp(at.ms, kBeginMs, kEndMs);
  return static_cast<std::int32_t>((ms + stretch_at(ms).offset_ms) / kDayMs);
}

bool CalendarTable::is_open(Instant at) const {
  if (at.ms < kBeginMs || at.ms >= kEndMs) return false;
  const std::int64_t local = at.ms + stretch_at(at.ms).offset_ms;
  const std::int64_t of_day = local % kDayMs;
  for (const LocalWindow& w : windows_of(static_cast<std::int32_t>(local / kDayMs))) {
    if (of_day < w.open_s * std::int64_t{1000}) return false;
    if (of_day < w.close_s * std::int64_t{1000}) return true;
  }
  return false;
}

}  // namespace baton
