#include "gateway/core/routing/routing_read.h"

#include <algorithm>
#include <chrono>
#include <cstdio>

#include "mapping/json/json.h"

namespace baton {
namespace {

int cap_of(const json::object& cap, std::string_view key, int otherwise) {
  return static_cast<int>(integer(cap, key, otherwise));
}

OnReturn on_return(std::string_view word) {
  if (word == "catch_up") return OnReturn::kCatchUp;
  return word == "keep_place" ? OnReturn::kKeepPlace : OnReturn::kBounded;
}

PoolMode mode(std::string_view word) {
  if (word == "score_mass") return PoolMode::kScoreMass;
  return word == "least_loaded" ? PoolMode::kLeastLoaded : PoolMode::kCount;
}

WhenNobody when_nobody(std::string_view word) {
  if (word == "route_anyway") return WhenNobody::kRouteAnyway;
  return word == "escalate" ? WhenNobody::kEscalate : WhenNobody::kHold;
}

}  // namespace

std::vector<std::string> read_words(const json::object& o, std::string_view key) {
  std::vector<std::string> out;
  if (const auto* list = array(o, key)) {
    for (const auto& item : *list)
      if (const auto* word = item.if_string()) out.emplace_back(word->data(), word->size());
  }
  return out;
}

std::optional<LocalDate> read_day(std::string_view value) {
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
  const std::string copy(value);
  if (value.size() != 10 || std::sscanf(copy.c_str(), "%4d-%2u-%2u", &year, &month, &day) != 3)
    return std::nullopt;
  const std::chrono::year_month_day ymd{std::chrono::year(year), std::chrono::month(month),
                                        std::chrono::day(day)};
  if (!ymd.ok()) return std::nullopt;
  return LocalDate{
      static_cast<std::int32_t>(std::chrono::sys_days(ymd).time_since_epoch().count())};
}

std::optional<AbsenceEnd> read_end(std::string_view value) {
  if (const auto day = read_day(value)) return *day;
  if (const auto at = parse_rfc3339(value)) return *at;
  return std::nullopt;
}

bool ends_before_it_begins(const AbsenceEnd& from, const AbsenceEnd& until) {
  const auto* first = std::get_if<LocalDate>(&from);
  const auto* last = std::get_if<LocalDate>(&until);
  if (first != nullptr && last != nullptr) return last->day < first->day;
  if (first == nullptr && last == nullptr)
    return std::get<Instant>(until) <= std::get<Instant>(from);
  if (first != nullptr) return std::get<Instant>(until) < Instant{} + days(first->day - 1);
  return Instant{} + days(last->day + 2) < std::get<Instant>(from);
}

Caps read_caps(const json::object& o, Caps otherwise) {
  const auto* cap = object(o, "cap");
  if (cap == nullptr) return otherwise;
  return {cap_of(*cap, "day", otherwise.day), cap_of(*cap, "week", otherwise.week),
          cap_of(*cap, "month", otherwise.month),
          cap_of(*cap, "rolling_24h", otherwise.rolling_24h),
          cap_of(*cap, "untouched", otherwise.untouched)};
}

void read_modes(const json::object& o, Pool& p) {
  p.mode = mode(text(o, "share_by", "count"));
  p.when_nobody = when_nobody(text(o, "when_nobody", "hold"));
  const auto hours = text(o, "hours", "respect");
  p.respect_hours = hours == "respect";
  p.workdays_only = hours == "workdays";
  p.on_return = on_return(text(o, "on_return", "bounded"));
  p.catch_up_turns =
      static_cast<int>(std::clamp<std::int64_t>(integer(o, "catch_up_turns", 2), 0, 100));
  p.owner_matches_count = text(o, "owner_matches", "free") == "count";
  p.turns_with = text(o, "turns_with");
  if (array(o, "credit_for") != nullptr) p.credit_for = read_words(o, "credit_for");
  if (const auto* needs = object(o, "needs")) {
    p.needs_skills = read_words(*needs, "skills");
    p.needs_seniority = read_words(*needs, "seniority");
  }
}

}  // namespace baton
