#include "gateway/core/decide/profile.h"

#include <algorithm>
#include <tuple>

namespace baton {
namespace {

struct Field {
  std::string_view name;
  std::string PersonFacts::*place;
};
struct CompanyField {
  std::string_view name;
  std::string CompanyFacts::*place;
};

constexpr Field kFields[] = {
    {"email", &PersonFacts::email},
    {"phone", &PersonFacts::phone},
    {"first_name", &PersonFacts::first_name},
    {"last_name", &PersonFacts::last_name},
    {"full_name", &PersonFacts::full_name},
    {"salutation", &PersonFacts::salutation},
    {"academic_title", &PersonFacts::academic_title},
    {"job_title", &PersonFacts::job_title},
    {"job_level", &PersonFacts::job_level},
    {"job_function", &PersonFacts::job_function},
    {"language", &PersonFacts::language},
    {"country", &PersonFacts::country},
    {"region", &PersonFacts::region},
    {"city", &PersonFacts::city},
    {"postal_code", &PersonFacts::postal_code},
};
constexpr CompanyField kCompanyFields[] = {
    {"company.name", &CompanyFacts::name},
    {"company.domain", &CompanyFacts::domain},
    {"company.size", &CompanyFacts::size},
    {"company.industry", &CompanyFacts::industry},
};

struct Statement {
  const std::string& source;
  const std::string& touch;
  Instant at;
};

// The latest statement wins; at the same instant the greater touch id.
bool is_newer(const Provenance& old, const Statement& s) {
  return std::tie(old.at, old.touch) < std::tie(s.at, s.touch);
}

bool merge_field(PersonState& person, std::string_view name, std::string& slot,
                 const std::string& value, const Statement& s) {
  if (value.empty()) return false;
  const auto entry = person.provenance.find(name);
  if (entry == person.provenance.end()) {
    person.provenance.emplace(name, Provenance{s.at, s.source, s.touch});
  } else if (is_newer(entry->second, s)) {
    entry->second.at = s.at;
    entry->second.source = s.source;
    entry->second.touch = s.touch;
  } else {
    return false;
  }
  if (slot == value) return false;
  slot = value;
  return true;
}

bool says_something(const Attribution& a) {
  return !a.channel.empty() || !a.utm_source.empty() || !a.utm_medium.empty() ||
         !a.utm_campaign.empty() || !a.referrer.empty() || !a.landing_page.empty() ||
         !a.click_id.empty();
}

// A total order, so that two statements of the same instant have the same result in either order. A
// withdrawal ranks higher.
bool outranks(const ConsentState& a, const ConsentState& b) {
  const auto key = [](const ConsentState& c) {
    return std::tie(c.at, c.basis, c.wording, c.source);
  };
  if (a.at != b.at) return b.at < a.at;
  if (a.granted != b.granted) return !a.granted;
  return key(b) < key(a);
}

bool merge_consent(PersonState& person, ConsentState said) {
  const auto same = [&](const ConsentState& c) {
    return c.purpose == said.purpose && c.channel == said.channel;
  };
  const auto found = std::find_if(person.consents.begin(), person.consents.end(), same);
  if (found != person.consents.end()) {
    if (!outranks(said, *found)) return false;
    *found = std::move(said);
    return true;
  }
  const auto key = [](const ConsentState& c) { return std::tie(c.purpose, c.channel); };
  const auto place = std::find_if(person.consents.begin(), person.consents.end(),
                                  [&](const ConsentState& c) { return key(said) < key(c); });
  person.consents.insert(place, std::move(said));
  return true;
}

}  // namespace

Instant clamp(Instant at, Instant now) { return std::min(at, now); }

bool merge_profile(PersonState& person, const Touch& touch, const std::string& touch_id,
                   Instant at) {
  const Statement said{touch.source, touch_id, at};
  bool changed = false;
  for (const auto& field : kFields)
    changed |= merge_field(person, field.name, person.profile.*field.place,
                           touch.person.*field.place, said);
  for (const auto& field : kCompanyFields) {
    changed |= merge_field(person, field.name, person.profile.company.*field.place,
                           touch.person.company.*field.place, said);
  }
  for (const auto& [system, id] : touch.person.external_ids) {
    if (id.empty()) continue;
    changed |= merge_field(person, "external_ids." + system, person.profile.external_ids[system],
                           id, said);
  }
  return changed;
}

bool merge_consents(PersonState& person, const Touch& touch, Instant at) {
  bool changed = false;
  for (const auto& fact : touch.consent) {
    changed |= merge_consent(person, {fact.purpose, fact.channel, fact.granted, fact.basis,
                                      fact.wording, touch.source, at});
  }
  // An unsubscribe and a complaint withdraw the consent for this channel.
  if (touch.type == TouchType::kEmailUnsubscribe || touch.type == TouchType::kEmailComplaint)
    changed |= merge_consent(person, {"marketing", "email", false, "",
                                      std::string(to_string(touch.type)), touch.source, at});
  return changed;
}

bool merge_attribution(PersonState& person, const Touch& touch, const std::string& touch_id,
                       Instant at) {
  if (!makes_lead(touch.type) || !says_something(touch.attribution)) return false;
  const Statement said{touch.source, touch_id, at};
  const Provenance entry{at, touch.source, touch_id};
  bool changed = false;
  if (auto [first, fresh] = person.provenance.try_emplace("attribution.first", entry);
      fresh || !is_newer(first->second, said)) {
    changed |= fresh || first->second.touch != touch_id;
    first->second = entry;
    person.first_touch = touch.attribution;
  }
  if (auto [last, fresh] = person.provenance.try_emplace("attribution.last", entry);
      fresh || is_newer(last->second, said)) {
    changed = true;
    last->second = entry;
    person.last_touch = touch.attribution;
  }
  return changed;
}

std::optional<Instant> objection(const PersonState& person) {
  std::optional<Instant> objected;
  for (const auto& c : person.consents) {
    if (c.purpose == "marketing" && c.channel == "all" && !c.granted) objected = c.at;
  }
  if (!objected) return std::nullopt;
  for (const auto& c : person.consents) {
    if (c.purpose == "marketing" && c.granted && *objected < c.at) return std::nullopt;
  }
  return objected;
}

}  // namespace baton
