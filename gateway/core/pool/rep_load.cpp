#include "gateway/core/pool/rep_load.h"

#include <algorithm>

#include "gateway/core/calendar/local_day.h"
#include "mapping/json/json.h"

namespace baton {
namespace {

// Document format 1. Omits zero and empty values; ignores unknown members.
constexpr std::int64_t kLoadFormat = 1;
constexpr std::size_t kKeptTaken = 1000;  // the largest cap for 24 hours

void roll(RepLoad& load, std::int32_t today) {
  const std::int32_t week = week_of(today);
  const std::int32_t month = month_of(today);
  if (load.day != today) load.in_day = 0;
  if (load.week != week) load.in_week = 0;
  if (load.month != month) load.in_month = 0;
  load.day = today;
  load.week = week;
  load.month = month;
}

void forget_old(RepLoad& load, Instant now) {
  std::erase_if(load.taken, [&](const TakenLead& t) { return t.at + hours(24) <= now; });
  if (load.taken.size() >= kKeptTaken) load.taken.erase(load.taken.begin());
}

void put_load(json::object& o, std::string_view key, std::int64_t value) {
  if (value != 0) o.emplace(key, value);
}

std::int32_t small(const json::object& o, std::string_view key) {
  return static_cast<std::int32_t>(integer(o, key));
}

}  // namespace

std::int32_t RepLoad::untouched() const {
  return static_cast<std::int32_t>(std::count_if(
      leads.begin(), leads.end(), [](const auto& lead) { return lead.second.untouched; }));
}

void take(RepLoad& load, std::string_view key, const LeadId& lead, std::string_view zone,
          Instant now) {
  const std::int32_t today = local_day(now, zone);
  roll(load, today);
  ++load.in_day;
  ++load.in_week;
  ++load.in_month;
  forget_old(load, now);
  load.taken.push_back({std::string(key), now, today});
  if (!lead.empty()) load.leads.insert_or_assign(lead, OpenLead{true, now});
}

void untake(RepLoad& load, std::string_view key, const LeadId& lead) {
  if (const auto open = load.leads.find(lead); open != load.leads.end()) load.leads.erase(open);
  const auto at = std::find_if(load.taken.begin(), load.taken.end(),
                               [&](const TakenLead& t) { return t.key == key; });
  if (at == load.taken.end()) return;
  if (at->day == load.day) load.in_day = std::max(0, load.in_day - 1);
  if (week_of(at->day) == load.week) load.in_week = std::max(0, load.in_week - 1);
  if (month_of(at->day) == load.month) load.in_month = std::max(0, load.in_month - 1);
  load.taken.erase(at);
}

std::optional<LeadWork> work_of(const PersonState& person) {
  const Lead* lead = open_lead(person);
  if (lead == nullptr || lead->owner.empty()) return std::nullopt;
  const bool in_hand =
      lead->stage == Stage::kMql || lead->stage == Stage::kSal || lead->stage == Stage::kSql;
  if (!in_hand) return std::nullopt;  // not handed over yet, or a deal: not open work
  const bool untouched =
      lead->stage != Stage::kSql && lead->work == WorkStatus::kAssigned && !lead->hold;
  return LeadWork{lead->id, lead->owner, untouched};
}

std::string_view person_behind(const LeadId& lead) {
  return lead.view().substr(0, lead.view().rfind('.'));
}

void note_work(RepLoad& load, const RepId& rep, const PersonId& person,
               const std::optional<LeadWork>& work, Instant now) {
  const bool his = work && work->rep == rep;
  std::erase_if(load.leads, [&](const auto& lead) {
    return person_behind(lead.first) == person && !(his && lead.first == work->lead);
  });
  if (his) load.leads.insert_or_assign(work->lead, OpenLead{work->untouched, now});
}

json::value to_json(const RepLoad& load) {
  json::object o{{"format", kLoadFormat}};
  put_load(o, "day", load.day);
  put_load(o, "week", load.week);
  put_load(o, "month", load.month);
  put_load(o, "in_day", load.in_day);
  put_load(o, "in_week", load.in_week);
  put_load(o, "in_month", load.in_month);
  json::array taken;
  for (const auto& t : load.taken) taken.push_back(json::array{t.key, t.at.ms, t.day});
  if (!taken.empty()) o.emplace("taken", std::move(taken));
  json::object leads;
  for (const auto& [id, lead] : load.leads)
    leads.emplace(id.view(), json::array{lead.untouched, lead.seen.ms});
  if (!leads.empty()) o.emplace("leads", std::move(leads));
  return o;
}

Result<RepLoad> rep_load_from_json(const json::value& value) {
  const auto* o = value.if_object();
  if (o == nullptr) return error(Errc::kInternal, "a rep's document is not an object");
  if (integer(*o, "format") > kLoadFormat)
    return error(Errc::kPermanent,
                 "a rep's document was written by a newer Baton; upgrade this node");
  RepLoad load;
  load.day = small(*o, "day");
  load.week = small(*o, "week");
  load.month = small(*o, "month");
  load.in_day = small(*o, "in_day");
  load.in_week = small(*o, "in_week");
  load.in_month = small(*o, "in_month");
  if (const auto* taken = array(*o, "taken")) {
    for (const auto& item : *taken) {
      const auto* t = item.if_array();
      if (t == nullptr || t->size() < 3 || !(*t)[0].is_string() || !(*t)[1].is_int64() ||
          !(*t)[2].is_int64())
        continue;
      load.taken.push_back({std::string(std::string_view((*t)[0].get_string())),
                            Instant{(*t)[1].get_int64()},
                            static_cast<std::int32_t>((*t)[2].get_int64())});
    }
  }
  if (const auto* leads = object(*o, "leads")) {
    for (const auto& entry : *leads) {
      const auto* lead = entry.value().if_array();
      if (lead == nullptr || lead->size() < 2 || !(*lead)[0].is_bool() || !(*lead)[1].is_int64())
        continue;
      load.leads.emplace(LeadId(entry.key()),
                         OpenLead{(*lead)[0].get_bool(), Instant{(*lead)[1].get_int64()}});
    }
  }
  return load;
}

}  // namespace baton
