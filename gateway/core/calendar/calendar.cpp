#include "gateway/core/calendar/calendar.h"

#include <algorithm>

#include <fmt/format.h>

#include "gateway/core/calendar/calendar_table.h"
#include "gateway/core/calendar/holidays.h"
#include "gateway/core/calendar/zone.h"
#include "mapping/json/json.h"

namespace baton {
namespace {

constexpr Duration kFarthest = days(3'653);  // ten years

Status sort_and_check(std::vector<LocalWindow>& windows) {
  std::sort(windows.begin(), windows.end(),
            [](const auto& a, const auto& b) { return a.open_s < b.open_s; });
  int last = 0;
  for (const LocalWindow& w : windows) {
    if (w.open_s < 0 || w.close_s > 86'400 || w.open_s >= w.close_s) {
      return error(Errc::kInvalidInput,
                   "a window must open before it closes, within 00:00 and 24:00", "/windows");
    }
    if (w.open_s < last) return error(Errc::kInvalidInput, "windows of a day overlap", "/windows");
    last = w.close_s;
  }
  return {};
}

void append_day(std::string& text, std::int32_t day) {
  text += std::to_string(day);
  text += ' ';
}

std::string hash_of(const BusinessCalendar::Spec& spec, const Zone& zone,
                    const std::vector<Holiday>& days) {
  std::string text = "calendar 1\n" + zone.hash + '\n' + spec.region + '\n';
  for (const auto& windows : spec.windows) {
    for (const LocalWindow& w : windows) text += fmt::format("{}-{} ", w.open_s, w.close_s);
    text += '\n';
  }
  for (const Holiday& h : days) append_day(text, h.day);
  text += '\n';
  for (const std::int32_t day : spec.closed_days) append_day(text, day);
  for (const auto& [day, windows] : spec.dated) {
    text += fmt::format("\n{}:", day);
    for (const LocalWindow& w : windows) text += fmt::format(" {}-{}", w.open_s, w.close_s);
  }
  return sha256_hex(text);
}

// Holidays and company closing days, ascending, without duplicates.
std::vector<std::int32_t> closed_days(const BusinessCalendar::Spec& spec,
                                      const std::vector<Holiday>& days) {
  std::vector<std::int32_t> closed(spec.closed_days.begin(), spec.closed_days.end());
  for (const Holiday& h : days) closed.push_back(h.day);
  std::erase_if(closed, [&](std::int32_t day) { return spec.dated.contains(day); });
  std::sort(closed.begin(), closed.end());
  closed.erase(std::unique(closed.begin(), closed.end()), closed.end());
  return closed;
}

BusinessCalendar make_always() {
  BusinessCalendar::Spec spec;
  spec.name = "always";
  spec.zone = "UTC";
  for (auto& day : spec.windows) day = {{0, 86'400}};
  return std::move(*BusinessCalendar::make(std::move(spec)));
}

}  // namespace

struct BusinessCalendar::Impl {
  Spec spec;
  std::shared_ptr<const std::vector<Holiday>> holidays;
  std::string hash;
  CalendarTable table;
};

BusinessCalendar::BusinessCalendar(std::shared_ptr<const Impl> impl) : impl_(std::move(impl)) {}
BusinessCalendar::BusinessCalendar(const BusinessCalendar&) = default;
BusinessCalendar& BusinessCalendar::operator=(const BusinessCalendar&) = default;
BusinessCalendar::BusinessCalendar(BusinessCalendar&&) noexcept = default;
BusinessCalendar& BusinessCalendar::operator=(BusinessCalendar&&) noexcept = default;
BusinessCalendar::~BusinessCalendar() = default;

Result<BusinessCalendar> BusinessCalendar::make(Spec spec) {
  for (auto& windows : spec.windows) {
    if (auto checked = sort_and_check(windows); !checked) return checked.error();
  }
  for (auto& [day, windows] : spec.dated) {
    if (auto checked = sort_and_check(windows); !checked) return checked.error();
  }
  auto zone = find_zone(spec.zone);
  if (!zone) return zone.error();
  auto days = (spec.table ? *spec.table : *HolidayTable::built_in()).days(spec.region);
  if (!days) return days.error();
  auto impl = std::make_shared<Impl>();
  impl->table = CalendarTable(spec.windows, closed_days(spec, **days), spec.dated, **zone);
  if (impl->table.total() == Duration{}) {
    return error(Errc::kInvalidInput, "the calendar is never open; give at least one window",
                 "/windows");
  }
  impl->hash = hash_of(spec, **zone, **days);
  impl->holidays = *days;
  impl->spec = std::move(spec);
  return BusinessCalendar(std::move(impl));
}

const BusinessCalendar& BusinessCalendar::always() {
  static const BusinessCalendar kAlways = make_always();
  return kAlways;
}

const BusinessCalendar::Spec& BusinessCalendar::spec() const { return impl_->spec; }
const std::string& BusinessCalendar::hash() const { return impl_->hash; }

std::optional<Instant> BusinessCalendar::add(Instant start, Duration budget) const {
  if (budget.ms <= 0) return next_open(start);
  const auto due = impl_->table.reach(impl_->table.open_before(start) + budget);
  if (!due || *due - start > kFarthest) return std::nullopt;
  return due;
}

Duration BusinessCalendar::between(Instant from, Instant to) const {
  if (to <= from) return {};
  return impl_->table.open_before(to) - impl_->table.open_before(from);
}

bool BusinessCalendar::is_open(Instant at) const { return impl_->table.is_open(at); }

std::optional<Instant> BusinessCalendar::next_open(Instant at) const {
  if (is_open(at)) return at;
  const auto open = impl_->table.pass(impl_->table.open_before(at));
  if (!open || *open - at > kFarthest) return std::nullopt;
  return open;
}

std::string BusinessCalendar::why_closed(Instant at) const {
  if (is_open(at)) return {};
  const std::int32_t day = impl_->table.local_day(at);
  if (impl_->spec.dated.contains(day))
    return impl_->table.has_hours(day) ? "outside_hours" : "closed";
  const auto by_day = [](const Holiday& h, std::int32_t d) { return h.day < d; };
  const auto& all = *impl_->holidays;
  const auto found = std::lower_bound(all.begin(), all.end(), day, by_day);
  if (found != all.end() && found->day == day) return "holiday:" + found->name;
  return impl_->table.has_hours(day) ? "outside_hours" : "closed";
}

const BusinessCalendar* CalendarSet::find(std::string_view name) const {
  const auto found = calendars.find(name);
  if (found != calendars.end()) return &found->second;
  return name == "always" ? &BusinessCalendar::always() : nullptr;
}

}  // namespace baton
