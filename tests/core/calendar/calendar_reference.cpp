#include "calendar_reference.h"

#include <algorithm>
#include <map>

namespace reference {
namespace {

constexpr int kFirstYear = 2014;
constexpr int kEndYear = 2037;
constexpr std::int64_t kFirstDay = 16071;  // 2014-01-01, a Wednesday, in days since 1970-01-01

struct Date {
  int year, month, day, weekday;  // weekday: Monday is 0
};

int days_in(int year, int month) {
  const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = year % 4 == 0;  // no century year between 2014 and 2037
  return month == 2 && leap ? 29 : lengths[month - 1];
}

// Counts the days one by one from a day whose weekday is known.
std::vector<Date> count_days() {
  std::vector<Date> dates;
  int weekday = 2;
  for (int year = kFirstYear; year < kEndYear; ++year) {
    for (int month = 1; month <= 12; ++month) {
      for (int day = 1; day <= days_in(year, month); ++day) {
        dates.push_back({year, month, day, weekday});
        weekday = (weekday + 1) % 7;
      }
    }
  }
  return dates;
}

const std::vector<Date>& dates() {
  static const std::vector<Date> kDates = count_days();
  return kDates;
}

std::int64_t number_of(int year, int month, int day) {
  static const auto kByDate = [] {
    std::map<std::vector<int>, std::int64_t> by_date;
    for (std::size_t i = 0; i < dates().size(); ++i) {
      by_date[{dates()[i].year, dates()[i].month, dates()[i].day}] =
          kFirstDay + static_cast<std::int64_t>(i);
    }
    return by_date;
  }();
  return kByDate.at({year, month, day});
}

// The n-th Sunday of a month; 0 for the last.
std::int64_t sunday(int year, int month, int nth) {
  std::vector<std::int64_t> sundays;
  for (int day = 1; day <= days_in(year, month); ++day) {
    const std::int64_t number = number_of(year, month, day);
    if (dates()[static_cast<std::size_t>(number - kFirstDay)].weekday == 6)
      sundays.push_back(number);
  }
  return nth == 0 ? sundays.back() : sundays[static_cast<std::size_t>(nth - 1)];
}

struct ZoneYear {
  std::int64_t first, second;  // the two changes
  int before, between, after;  // offsets in seconds
};

ZoneYear zone_year(const std::string& zone, int year) {
  const std::int64_t march = sunday(year, 3, 0) * 86400 + 3600;  // 01:00 UTC, last Sunday
  const std::int64_t october = sunday(year, 10, 0) * 86400 + 3600;
  if (zone == "Europe/Berlin") return {march, october, 3600, 7200, 3600};
  if (zone == "Europe/London") return {march, october, 0, 3600, 0};
  if (zone == "America/New_York") {
    // 02:00 local: second Sunday of March (07:00 UTC), first Sunday of November (06:00 UTC)
    return {sunday(year, 3, 2) * 86400 + 7 * 3600, sunday(year, 11, 1) * 86400 + 6 * 3600, -18000,
            -14400, -18000};
  }
  if (zone == "Australia/Lord_Howe") {
    // Summer time is half an hour: ends first Sunday of April 02:00 at +11 (15:00 UTC the day
    // before), begins first Sunday of October 02:00 at +10:30 (15:30 UTC the day before).
    return {sunday(year, 4, 1) * 86400 - 9 * 3600, sunday(year, 10, 1) * 86400 - 8 * 3600 - 1800,
            39600, 37800, 39600};
  }
  return {INT64_MAX, INT64_MAX, 19800, 19800, 19800};  // Asia/Kolkata
}

int offset(const std::string& zone, std::int64_t utc_s) {
  static std::map<std::string, std::vector<ZoneYear>> kept;
  auto& years = kept[zone];
  if (years.empty()) {
    for (int year = kFirstYear; year < kEndYear; ++year) years.push_back(zone_year(zone, year));
  }
  const Date& date = dates()[static_cast<std::size_t>(utc_s / 86400 - kFirstDay)];
  const ZoneYear& z = years[static_cast<std::size_t>(date.year - kFirstYear)];
  return utc_s < z.first ? z.before : utc_s < z.second ? z.between : z.after;
}

bool one_of(const std::string& region, const std::vector<std::string>& list) {
  return std::find(list.begin(), list.end(), region) != list.end();
}

// Month and day of Easter Sunday, from the almanac.
const std::map<int, std::pair<int, int>> kEaster = {
    {2014, {4, 20}}, {2015, {4, 5}},  {2016, {3, 27}}, {2017, {4, 16}}, {2018, {4, 1}},
    {2019, {4, 21}}, {2020, {4, 12}}, {2021, {4, 4}},  {2022, {4, 17}}, {2023, {4, 9}},
    {2024, {3, 31}}, {2025, {4, 20}}, {2026, {4, 5}},  {2027, {3, 28}}, {2028, {4, 16}},
    {2029, {4, 1}},  {2030, {4, 21}}, {2031, {4, 13}}, {2032, {3, 28}}, {2033, {4, 17}},
    {2034, {4, 9}},  {2035, {3, 25}}, {2036, {4, 13}}};

bool easter_holiday(const std::string& state, std::int64_t after_easter) {
  switch (after_easter) {
    case -2:
    case 1:
    case 39:
    case 50:
      return true;
    case 0:
    case 49:
      return state == "DE-BB";
    case 60:
      return one_of(state, {"DE-BW", "DE-BY", "DE-HE", "DE-NW", "DE-RP", "DE-SL"});
    default:
      return false;
  }
}

bool fixed_holiday(const std::string& state, int year, int month, int day) {
  const int md = month * 100 + day;
  if (md == 101 || md == 501 || md == 1003 || md == 1225 || md == 1226) return true;
  if (md == 106) return one_of(state, {"DE-BW", "DE-BY", "DE-ST"});
  if (md == 308) return (state == "DE-BE" && year >= 2019) || (state == "DE-MV" && year >= 2023);
  if (md == 815) return state == "DE-SL";
  if (md == 920) return state == "DE-TH" && year >= 2019;
  if (md == 1031) {
    return year == 2017 || one_of(state, {"DE-BB", "DE-MV", "DE-SN", "DE-ST", "DE-TH"}) ||
           (year >= 2018 && one_of(state, {"DE-HB", "DE-HH", "DE-NI", "DE-SH"}));
  }
  if (md == 1101) return one_of(state, {"DE-BW", "DE-BY", "DE-NW", "DE-RP", "DE-SL"});
  if (state == "DE-BE")
    return (md == 508 && (year == 2020 || year == 2025)) || (md == 617 && year == 2028);
  return false;
}

class Walker {
 public:
  explicit Walker(const Calendar& calendar) : calendar_(calendar) {}

  bool open(std::int64_t utc_s) {
    const std::int64_t local = utc_s + offset(calendar_.zone, utc_s);
    enter(local / 86400);
    const int of_day = static_cast<int>(local % 86400);
    for (const Window& w : *windows_) {
      if (w.open_s <= of_day && of_day < w.close_s) return true;
    }
    return false;
  }

  // Whether nothing changes within [utc_s, utc_s + length): same offset, same local day, no window
  // that opens or closes inside.
  bool uniform(std::int64_t utc_s, std::int64_t length) {
    const int shift = offset(calendar_.zone, utc_s);
    const std::int64_t local = utc_s + shift;
    if (shift != offset(calendar_.zone, utc_s + length - 1)) return false;
    if (local / 86400 != (local + length - 1) / 86400) return false;
    enter(local / 86400);
    const std::int64_t of_day = local % 86400;
    for (const Window& w : *windows_) {
      if (of_day < w.open_s && w.open_s < of_day + length) return false;
      if (of_day < w.close_s && w.close_s < of_day + length) return false;
    }
    return true;
  }

 private:
  void enter(std::int64_t day) {
    if (day == day_) return;
    static const std::vector<Window> kNone;
    day_ = day;
    const Date& d = dates()[static_cast<std::size_t>(day - kFirstDay)];
    const bool holiday =
        !calendar_.region.empty() && is_holiday(calendar_.region, d.year, d.month, d.day);
    bool closed = false;
    for (const std::string& text : calendar_.closed) {
      closed = closed || number_of(std::stoi(text.substr(0, 4)), std::stoi(text.substr(5, 2)),
                                   std::stoi(text.substr(8))) == day;
    }
    windows_ = holiday || closed ? &kNone : &calendar_.windows[d.weekday];
  }

  const Calendar& calendar_;
  std::int64_t day_ = -1;
  const std::vector<Window>* windows_ = nullptr;
};

}  // namespace

const std::vector<std::string>& zones() {
  static const std::vector<std::string> kZones{"Europe/Berlin", "Europe/London", "America/New_York",
                                               "Australia/Lord_Howe", "Asia/Kolkata"};
  return kZones;
}

const std::vector<std::string>& regions() {
  static const std::vector<std::string> kRegions{
      "",      "DE",    "DE-BW", "DE-BY", "DE-BE",         "DE-BB", "DE-HB",
      "DE-HH", "DE-HE", "DE-MV", "DE-NI", "DE-NW",         "DE-RP", "DE-SL",
      "DE-SN", "DE-ST", "DE-SH", "DE-TH", "DE-BY-AUGSBURG"};
  return kRegions;
}

bool is_holiday(const std::string& region, int year, int month, int day) {
  const bool augsburg = region == "DE-BY-AUGSBURG";
  const std::string state = augsburg ? "DE-BY" : region;
  if (augsburg && month == 8 && (day == 8 || day == 15)) return true;
  // Wednesday before 23 November
  const std::int64_t number = number_of(year, month, day);
  const bool wednesday = dates()[static_cast<std::size_t>(number - kFirstDay)].weekday == 2;
  if (state == "DE-SN" && month == 11 && day >= 16 && day <= 22 && wednesday) return true;
  const auto easter = kEaster.at(year);
  return easter_holiday(state, number - number_of(year, easter.first, easter.second)) ||
         fixed_holiday(state, year, month, day);
}

bool is_open(const Calendar& calendar, std::int64_t utc_s) { return Walker(calendar).open(utc_s); }

std::optional<std::int64_t> due(const Calendar& calendar, std::int64_t start_ms,
                                std::int64_t budget_ms) {
  Walker walker(calendar);
  const std::int64_t end_ms = number_of(kEndYear - 1, 12, 30) * 86400000;
  std::int64_t left = budget_ms;
  for (std::int64_t at = start_ms; at < end_ms;) {
    // A whole hour or minute if nothing changes in it, else one second.
    std::int64_t step = 1000 - at % 1000;
    if (at % 60000 == 0 && walker.uniform(at / 1000, 60)) step = 60000;
    if (at % 3600000 == 0 && walker.uniform(at / 1000, 3600)) step = 3600000;
    const bool open = walker.open(at / 1000);
    if (open && left <= step) return at + left;
    if (open) left -= step;
    at += step;
  }
  return std::nullopt;
}

std::vector<std::int64_t> changes(const std::string& zone, int year) {
  const ZoneYear z = zone_year(zone, year);
  if (z.first == INT64_MAX) return {};
  return {z.first, z.second};
}

}  // namespace reference
