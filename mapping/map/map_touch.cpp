#include "mapping/map/map_touch.h"

#include <algorithm>
#include <array>

#include "mapping/map/map_run.h"
#include "mapping/normalise/company.h"
#include "mapping/normalise/country.h"
#include "mapping/normalise/domain.h"
#include "mapping/normalise/email.h"
#include "mapping/normalise/language.h"
#include "mapping/normalise/name.h"
#include "mapping/normalise/phone.h"
#include "mapping/normalise/title.h"

namespace baton {
namespace {

constexpr std::string_view kExternalIds = "external_ids.";
constexpr std::string_view kProperties = "properties.";

template <class Owner>
struct TextTarget {
  std::string_view name;
  std::string Owner::*member;
};

constexpr std::array<TextTarget<PersonFacts>, 11> kPersonTargets{
    {{"first_name", &PersonFacts::first_name},
     {"last_name", &PersonFacts::last_name},
     {"full_name", &PersonFacts::full_name},
     {"salutation", &PersonFacts::salutation},
     {"academic_title", &PersonFacts::academic_title},
     {"job_title", &PersonFacts::job_title},
     {"job_level", &PersonFacts::job_level},
     {"job_function", &PersonFacts::job_function},
     {"region", &PersonFacts::region},
     {"city", &PersonFacts::city},
     {"postal_code", &PersonFacts::postal_code}}};
constexpr std::array<TextTarget<CompanyFacts>, 3> kCompanyTargets{
    {{"company.name", &CompanyFacts::name},
     {"company.size", &CompanyFacts::size},
     {"company.industry", &CompanyFacts::industry}}};
constexpr std::array<TextTarget<Attribution>, 8> kAttributionTargets{
    {{"utm_source", &Attribution::utm_source},
     {"utm_medium", &Attribution::utm_medium},
     {"utm_campaign", &Attribution::utm_campaign},
     {"utm_term", &Attribution::utm_term},
     {"utm_content", &Attribution::utm_content},
     {"referrer", &Attribution::referrer},
     {"landing_page", &Attribution::landing_page},
     {"click_id", &Attribution::click_id}}};
constexpr std::array<TextTarget<Touch>, 4> kTouchTargets{
    {{"asset", &Touch::asset},
     {"page_group", &Touch::page_group},
     {"tracking_basis", &Touch::tracking_basis},
     {"message", &Touch::message}}};
constexpr std::array<std::string_view, 8> kChecked{
    "email", "phone", "country", "language", "company.domain", "channel", "paid", "at"};
constexpr std::array<std::string_view, 9> kChannels{
    "search", "social", "email", "referral", "podcast", "ad", "direct", "event", "other"};

// Limit for every fact except the message.
constexpr std::size_t kMaxFact = 500;

template <class Owner, std::size_t N>
bool set_text(const std::array<TextTarget<Owner>, N>& targets, std::string_view target,
              std::string_view text, Owner& owner) {
  for (const auto& [name, member] : targets) {
    if (name != target) continue;
    owner.*member = cut(text, name == "message" ? text.size() : kMaxFact);
    return true;
  }
  return false;
}

bool set(std::string& fact, std::string value) {
  if (value.empty()) return false;
  fact = std::move(value);
  return true;
}

bool set_at(Touch& touch, std::string_view text, const Expr& expr) {
  const auto at = parse_time(text, TimeHint{expr.unit, expr.zone});
  if (at) touch.at = *at;
  return at.has_value();
}

bool set_domain(CompanyFacts& company, std::string_view text) {
  std::string domain = registrable_domain(text);
  return !is_free_mail(domain) && set(company.domain, std::move(domain));
}

// Returns "+1 234 567890" as the sender wrote it, if no numbering plan knows the number: a rep can
// judge a wrong number, but not a missing one. Returns "" if it is not written in international
// form.
std::string international(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c >= '0' && c <= '9')
      out += c;
    else if (c == '+' && out.empty())
      out += c;
    else if (std::string_view(" ()-./").find(c) == std::string_view::npos)
      return {};
  }
  return out.starts_with('+') && out.size() >= 9 && out.size() <= 16 ? out : std::string();
}

bool set_phone(PersonFacts& person, std::string_view text, const std::string& region) {
  auto phone = normalise_phone(text, person.country.empty() ? region : person.country);
  return set(person.phone, phone ? std::move(*phone) : international(text));
}

// Sets the fields that not every text is valid for.
bool set_checked(Touch& touch, std::string_view target, std::string_view text, const Expr& expr,
                 const std::string& region) {
  if (target == "email") {
    auto email = normalise_email(text);
    return email && set(touch.person.email, std::move(email->address));
  }
  if (target == "phone") return set_phone(touch.person, text, region);
  if (target == "country") return set(touch.person.country, normalise_country(text));
  if (target == "language") return set(touch.person.language, normalise_language(text));
  if (target == "company.domain") return set_domain(touch.person.company, text);
  if (target == "at") return set_at(touch, text, expr);
  if (target == "paid") {
    touch.attribution.paid = text == "true" || text == "1" || text == "yes";
    return true;
  }
  const bool known = std::find(kChannels.begin(), kChannels.end(), text) != kChannels.end();
  return known && set(touch.attribution.channel, std::string(text));
}

bool set_field(Touch& touch, std::string_view target, std::string_view text, const Expr& expr,
               const std::string& region) {
  if (target.starts_with(kProperties)) {
    touch.properties.insert_or_assign(target.substr(kProperties.size()), cut(text, kMaxFact));
    return true;
  }
  if (target.starts_with(kExternalIds))
    return set(touch.person.external_ids[std::string(target.substr(kExternalIds.size()))],
               std::string(cut(text, 200)));
  if (set_text(kPersonTargets, target, text, touch.person) ||
      set_text(kCompanyTargets, target, text, touch.person.company) ||
      set_text(kAttributionTargets, target, text, touch.attribution) ||
      set_text(kTouchTargets, target, text, touch))
    return true;
  return set_checked(touch, target, text, expr, region);
}

std::string lower_text(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
  });
  return text;
}

bool contains(const std::vector<std::string>& list, const std::string& text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

std::string first_of(const std::vector<Expr>& ways, MapContext& context) {
  std::string found;
  for (const auto& way : ways) {
    const auto take = [&](std::string_view text, const Expr&) {
      found = cut(text, kMaxFact);
      return true;
    };
    if (evaluate(way, context, take)) break;
  }
  return found;
}

void map_consent(const ConsentPlan& plan, MapContext& context, Touch& touch) {
  const std::string state = lower_text(first_of(plan.state, context));
  const bool granted = contains(plan.granted, state);
  if (!granted && !contains(plan.withdrawn, state)) return;
  touch.consent.push_back(
      {plan.purpose, plan.channel, granted, plan.basis, first_of(plan.wording, context)});
}

// Adds answers that no field used. A rejected address or number is not kept under another name.
void add_rest(MapContext& context, Touch& touch) {
  constexpr std::size_t kMaxProperties = 60;
  for (Item& item : context.items) {
    const bool contact = item.by_label == Field::kEmail || item.by_label == Field::kPhone ||
                         item.by_kind == Field::kEmail || item.by_kind == Field::kPhone;
    if (item.used || contact || touch.properties.size() >= kMaxProperties) continue;
    const std::string_view name = cut(item.label.empty() ? item.key : item.label, 120);
    if (name.empty()) continue;
    touch.properties.emplace(name, cut(item.value, kMaxFact));
    context.read.push_back(item.source);
  }
}

std::string channel_of(const Attribution& a) {
  const std::string medium = lower_text(a.utm_medium);
  const std::string source = lower_text(a.utm_source);
  if (medium == "email" || medium == "e-mail" || medium == "newsletter") return "email";
  if (medium == "organic" || medium == "cpc" || medium == "ppc" || medium == "sem" ||
      medium == "paidsearch" || medium == "paid_search" || medium == "search")
    return "search";
  if (medium.find("social") != std::string::npos || source == "linkedin" || source == "facebook" ||
      source == "instagram" || source == "xing" || source == "twitter")
    return "social";
  if (medium == "referral") return "referral";
  if (medium == "podcast") return "podcast";
  if (medium == "display" || medium == "banner" || medium == "ad" || medium == "ads") return "ad";
  if (medium == "event" || medium == "webinar") return "event";
  return medium.empty() && source.empty() ? std::string() : "other";
}

void finish_attribution(Attribution& a) {
  if (a.channel.empty()) a.channel = channel_of(a);
  if (a.channel.empty() || a.paid) return;
  const std::string medium = lower_text(a.utm_medium);
  a.paid = medium == "cpc" || medium == "ppc" || medium == "sem" || medium == "display" ||
           medium == "banner" || medium == "ad" || medium == "ads" ||
           medium.find("paid") != std::string::npos;
}

void overlay(std::string& onto, std::string&& later) {
  if (!later.empty()) onto = std::move(later);
}

template <class Owner, std::size_t N>
void overlay_texts(const std::array<TextTarget<Owner>, N>& targets, Owner& onto, Owner& later) {
  for (const auto& [name, member] : targets) overlay(onto.*member, std::move(later.*member));
}

}  // namespace

bool fill_touch(const EventPlan& plan, const MapSpec& spec, const MapInput& input,
                MapContext& context, Touch& touch) {
  touch.at = input.received_at;
  for (const auto& field : plan.fields) {
    const auto accept = [&](std::string_view text, const Expr& expr) {
      return set_field(touch, field.target, text, expr, spec.region);
    };
    for (const auto& way : field.ways)
      if (evaluate(way, context, accept)) break;
  }
  for (const auto& consent : plan.consent) map_consent(consent, context, touch);
  if (spec.rest_as_properties) add_rest(context, touch);
  return has_facts(touch);
}

void overlay_touch(Touch& onto, Touch&& later) {
  overlay_texts(kPersonTargets, onto.person, later.person);
  overlay_texts(kCompanyTargets, onto.person.company, later.person.company);
  overlay_texts(kAttributionTargets, onto.attribution, later.attribution);
  overlay_texts(kTouchTargets, onto, later);
  overlay(onto.person.email, std::move(later.person.email));
  overlay(onto.person.phone, std::move(later.person.phone));
  overlay(onto.person.country, std::move(later.person.country));
  overlay(onto.person.language, std::move(later.person.language));
  overlay(onto.person.company.domain, std::move(later.person.company.domain));
  overlay(onto.attribution.channel, std::move(later.attribution.channel));
  if (later.attribution.paid) onto.attribution.paid = later.attribution.paid;
  for (auto& [system, id] : later.person.external_ids)
    onto.person.external_ids[system] = std::move(id);
  for (auto& consent : later.consent) onto.consent.push_back(std::move(consent));
  for (auto& property : later.properties)
    onto.properties.insert_or_assign(property.key(), std::move(property.value()));
}

void finish_touch(Touch& touch) {
  PersonFacts& p = touch.person;
  Name name =
      normalise_name({p.salutation, p.academic_title, p.first_name, p.last_name, p.full_name});
  p.salutation = std::move(name.salutation);
  p.academic_title = std::move(name.academic_title);
  p.first_name = std::move(name.first);
  p.last_name = std::move(name.last);
  p.full_name = std::move(name.full);
  if (!p.company.name.empty()) p.company.name = normalise_company(p.company.name).name;
  if (!p.job_title.empty() && p.job_level.empty() && p.job_function.empty()) {
    Title title = classify_title(p.job_title);
    p.job_level = std::move(title.level);
    p.job_function = std::move(title.function);
  }
  if (p.company.domain.empty() && !p.email.empty()) {
    if (const auto email = normalise_email(p.email))
      p.company.domain = company_domain_of_email(*email);
  }
  finish_attribution(touch.attribution);
}

bool has_facts(const Touch& touch) {
  return !is_empty(touch.person) || !touch.message.empty() || !touch.properties.empty();
}

bool is_target(std::string_view name) {
  if (name.starts_with(kProperties)) return name.size() > kProperties.size();
  if (name.starts_with(kExternalIds)) return name.size() > kExternalIds.size();
  const auto all = targets();
  return std::find(all.begin(), all.end(), name) != all.end();
}

std::vector<std::string> targets() {
  std::vector<std::string> all;
  for (const auto& target : kPersonTargets) all.emplace_back(target.name);
  for (const auto& target : kCompanyTargets) all.emplace_back(target.name);
  for (const auto& target : kAttributionTargets) all.emplace_back(target.name);
  for (const auto& target : kTouchTargets) all.emplace_back(target.name);
  for (const auto target : kChecked) all.emplace_back(target);
  return all;
}

}  // namespace baton
