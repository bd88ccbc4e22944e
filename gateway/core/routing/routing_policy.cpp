#include "gateway/core/routing/routing_policy.h"

#include <algorithm>
#include <array>

#include "gateway/core/routing/route_rules.h"

namespace baton {
namespace {

template <class T>
const T* find_sorted(const std::vector<T>& items, std::string_view id) {
  const auto at =
      std::lower_bound(items.begin(), items.end(), id,
                       [](const T& item, std::string_view key) { return item.id < key; });
  return at != items.end() && at->id == id ? &*at : nullptr;
}

constexpr std::array<std::string_view, kRouteFields> kFields = {
    "country",      "region", "postal_code", "city",          "language",
    "grade",        "type",   "job_level",   "job_function",  "company_domain",
    "company_size", "asset",  "campaign",    "channel",       "previous_owner",
    "hops",         "touch",  "source",      "account_owner", "previous_owner_days"};

constexpr std::array<std::string_view, 8> kTests = {"in",     "not_in",   "prefix",  "present",
                                                    "absent", "at_least", "at_most", "range"};

}  // namespace

std::string_view to_string(RouteField field) { return kFields[static_cast<std::size_t>(field)]; }
std::string_view to_string(RouteTest test) { return kTests[static_cast<std::size_t>(test)]; }

const PoolMember* Pool::member(const RepId& rep) const {
  const auto at =
      std::lower_bound(members.begin(), members.end(), rep,
                       [](const PoolMember& m, const RepId& key) { return m.rep < key; });
  return at != members.end() && at->rep == rep ? &*at : nullptr;
}

bool Pool::credits(std::string_view why) const {
  return std::find(credit_for.begin(), credit_for.end(), why) != credit_for.end();
}

const Rep* RoutingPolicy::rep(const RepId& id) const { return find_sorted(reps, id.view()); }
const Team* RoutingPolicy::team(std::string_view id) const { return find_sorted(teams, id); }
const Pool* RoutingPolicy::pool(std::string_view id) const { return find_sorted(pools, id); }

std::string RoutingPolicy::name_of(std::string_view id) const {
  std::string name;
  if (const Rep* r = find_sorted(reps, id))
    name = r->name;
  else if (const Pool* p = pool(id))
    name = p->name;
  else if (const Team* t = team(id))
    name = t->name;
  return name.empty() ? std::string(id) : name;
}

std::string RoutingPolicy::turns_of(std::string_view id) const {
  const Pool* p = pool(id);
  return p != nullptr ? p->turns() : std::string(id);
}

const Rep* RoutingPolicy::rep_by_email(std::string_view email) const {
  if (email.empty()) return nullptr;
  const auto at = std::find_if(reps.begin(), reps.end(),
                               [&](const Rep& r) { return same_word(r.email, email); });
  return at != reps.end() ? &*at : nullptr;
}

RepId RoutingPolicy::account_owner(std::string_view domain) const {
  std::string name;
  for (const char c : domain) name += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  std::string_view rest = name;
  while (!rest.empty()) {
    const auto by_domain = [](const Account& a, std::string_view d) { return a.domain < d; };
    const auto at = std::lower_bound(accounts.begin(), accounts.end(), rest, by_domain);
    if (at != accounts.end() && at->domain == rest) return at->rep;
    const auto dot = rest.find('.');
    rest.remove_prefix(dot == std::string_view::npos ? rest.size() : dot + 1);
  }
  return {};
}

const Team* RoutingPolicy::team_of(const RepId& id) const {
  const Rep* r = rep(id);
  return r != nullptr ? team(r->team) : nullptr;
}

const Rep* RoutingPolicy::lead_of(std::string_view id) const {
  const Team* t = team(id);
  return t != nullptr ? rep(t->lead) : nullptr;
}

const Rep* RoutingPolicy::head_of(std::string_view id) const {
  const Team* t = team(id);
  return t != nullptr ? rep(t->head) : nullptr;
}

std::string_view RoutingPolicy::calendar_of(const Rep& r) const {
  if (!r.shifts.empty()) return r.shifts;
  return r.calendar.empty() ? calendar : r.calendar;
}

}  // namespace baton
