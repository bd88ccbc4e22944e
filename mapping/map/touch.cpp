#include "mapping/map/touch.h"

#include <algorithm>
#include <array>

#include "mapping/json/json.h"

namespace baton {
namespace {

constexpr std::array<std::string_view, kTouchTypes> kTypeNames{"page_view",
                                                               "product_page_view",
                                                               "pricing_page_view",
                                                               "content_download",
                                                               "form_submit",
                                                               "contact_request",
                                                               "demo_request",
                                                               "quote_request",
                                                               "trial_signup",
                                                               "newsletter_subscribe",
                                                               "survey_answer",
                                                               "prize_game_entry",
                                                               "registration",
                                                               "event_registration",
                                                               "event_attendance",
                                                               "business_card",
                                                               "email_delivered",
                                                               "email_open",
                                                               "email_click",
                                                               "email_reply",
                                                               "email_bounce",
                                                               "email_unsubscribe",
                                                               "email_complaint",
                                                               "sms_reply",
                                                               "chat_conversation",
                                                               "video_view",
                                                               "podcast_subscribe",
                                                               "blog_subscribe",
                                                               "community_join",
                                                               "social_follow",
                                                               "social_connect",
                                                               "inmail_reply",
                                                               "ad_click",
                                                               "referral",
                                                               "inbound_call",
                                                               "meeting_booked",
                                                               "meeting_held",
                                                               "meeting_no_show",
                                                               "meeting_cancelled",
                                                               "outbound_call_attempt",
                                                               "outbound_call_connected",
                                                               "outbound_email",
                                                               "crm_accepted",
                                                               "crm_rejected",
                                                               "crm_contacted",
                                                               "crm_qualified",
                                                               "crm_stage_changed",
                                                               "crm_won",
                                                               "crm_lost",
                                                               "crm_owner_changed",
                                                               "agent_message",
                                                               "test_ping",
                                                               "contact_deleted",
                                                               "consent_changed"};

constexpr std::array<std::string_view, 3> kIntentNames{"informational", "hand_raiser",
                                                       "transactional"};

template <class Enum, std::size_t N>
std::optional<Enum> by_name(const std::array<std::string_view, N>& names, std::string_view name) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return std::nullopt;
  return static_cast<Enum>(found - names.begin());
}

// Lists the text members of a struct by name, so that reader and writer cannot differ.
template <class T>
using TextField = std::pair<std::string_view, std::string T::*>;

constexpr std::array<TextField<PersonFacts>, 15> kPersonTexts{{
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
}};
constexpr std::array<TextField<CompanyFacts>, 4> kCompanyTexts{
    {{"name", &CompanyFacts::name},
     {"domain", &CompanyFacts::domain},
     {"size", &CompanyFacts::size},
     {"industry", &CompanyFacts::industry}}};
constexpr std::array<TextField<ConsentFact>, 4> kConsentTexts{{{"purpose", &ConsentFact::purpose},
                                                               {"channel", &ConsentFact::channel},
                                                               {"basis", &ConsentFact::basis},
                                                               {"wording", &ConsentFact::wording}}};
constexpr std::array<TextField<Attribution>, 9> kAttributionTexts{{
    {"channel", &Attribution::channel},
    {"utm_source", &Attribution::utm_source},
    {"utm_medium", &Attribution::utm_medium},
    {"utm_campaign", &Attribution::utm_campaign},
    {"utm_term", &Attribution::utm_term},
    {"utm_content", &Attribution::utm_content},
    {"referrer", &Attribution::referrer},
    {"landing_page", &Attribution::landing_page},
    {"click_id", &Attribution::click_id},
}};
constexpr std::array<TextField<Touch>, 4> kTouchTexts{{{"asset", &Touch::asset},
                                                       {"page_group", &Touch::page_group},
                                                       {"tracking_basis", &Touch::tracking_basis},
                                                       {"message", &Touch::message}}};

template <class T, std::size_t N>
void write_texts(json::object& out, const T& from, const std::array<TextField<T>, N>& fields) {
  for (const auto& [name, field] : fields) put(out, name, from.*field);
}

template <class T, std::size_t N>
void read_texts(const json::object& in, T& to, const std::array<TextField<T>, N>& fields) {
  for (const auto& [name, field] : fields) to.*field = text(in, name);
}

void put_object(json::object& out, std::string_view name, json::object value) {
  if (!value.empty()) out.emplace(name, std::move(value));
}

json::array to_json(const std::vector<ConsentFact>& consent) {
  json::array out;
  for (const ConsentFact& fact : consent) {
    json::object entry;
    write_texts(entry, fact, kConsentTexts);
    entry.emplace("state", fact.granted ? "granted" : "withdrawn");
    out.push_back(std::move(entry));
  }
  return out;
}

json::object to_json(const Attribution& attribution) {
  json::object out;
  write_texts(out, attribution, kAttributionTexts);
  if (attribution.paid) out.emplace("paid", *attribution.paid);
  return out;
}

// Any text other than the two states means withdrawn: a damaged record must not grant consent.
std::vector<ConsentFact> consent_from(const json::object& touch) {
  std::vector<ConsentFact> out;
  const json::array* entries = array(touch, "consent");
  if (entries == nullptr) return out;
  for (const json::value& entry : *entries) {
    const json::object* o = entry.if_object();
    if (o == nullptr) continue;
    ConsentFact& fact = out.emplace_back();
    read_texts(*o, fact, kConsentTexts);
    fact.granted = text(*o, "state") == "granted";
  }
  return out;
}

Attribution attribution_from(const json::object& touch) {
  Attribution out;
  const json::object* o = object(touch, "attribution");
  if (o == nullptr) return out;
  read_texts(*o, out, kAttributionTexts);
  if (const json::value* paid = member(*o, "paid"); paid != nullptr && paid->is_bool())
    out.paid = paid->get_bool();
  return out;
}

}  // namespace

std::string_view to_string(TouchType type) { return kTypeNames.at(static_cast<std::size_t>(type)); }

std::optional<TouchType> parse_touch_type(std::string_view name) {
  return by_name<TouchType>(kTypeNames, name);
}

bool is_crm_feedback(TouchType type) {
  return type >= TouchType::kCrmAccepted && type <= TouchType::kCrmOwnerChanged;
}

bool makes_lead(TouchType type) { return type < TouchType::kCrmAccepted; }

std::string_view to_string(Intent intent) {
  return kIntentNames.at(static_cast<std::size_t>(intent));
}

std::optional<Intent> parse_intent(std::string_view name) {
  return by_name<Intent>(kIntentNames, name);
}

Intent default_intent(TouchType type) {
  switch (type) {
    case TouchType::kQuoteRequest:
    case TouchType::kTrialSignup:
      return Intent::kTransactional;
    case TouchType::kContactRequest:
    case TouchType::kDemoRequest:
    case TouchType::kMeetingBooked:
    case TouchType::kInboundCall:
    case TouchType::kChatConversation:
      return Intent::kHandRaiser;
    default:
      return Intent::kInformational;
  }
}

bool is_empty(const PersonFacts& person) {
  const auto empty = [](const auto& from, const auto& fields) {
    return std::all_of(fields.begin(), fields.end(),
                       [&](const auto& field) { return (from.*field.second).empty(); });
  };
  return empty(person, kPersonTexts) && empty(person.company, kCompanyTexts) &&
         person.external_ids.empty();
}

json::object to_json(const PersonFacts& person) {
  json::object out;
  write_texts(out, person, kPersonTexts);
  json::object company;
  write_texts(company, person.company, kCompanyTexts);
  put_object(out, "company", std::move(company));
  json::object ids;
  for (const auto& [system, id] : person.external_ids) put(ids, system, id);
  put_object(out, "external_ids", std::move(ids));
  return out;
}

json::object to_json(const Touch& touch, bool with_ids) {
  json::object out;
  if (with_ids) {
    put(out, "id", touch.id);
    put(out, "source", touch.source);
  }
  out.emplace("type", to_string(touch.type));
  out.emplace("intent", to_string(touch.intent));
  out.emplace("at", to_rfc3339(touch.at));
  put_object(out, "person", to_json(touch.person));
  if (!touch.consent.empty()) out.emplace("consent", to_json(touch.consent));
  put_object(out, "attribution", to_json(touch.attribution));
  write_texts(out, touch, kTouchTexts);
  if (touch.dwell_s > 0) out.emplace("dwell_s", touch.dwell_s);
  put_object(out, "properties", touch.properties);
  return out;
}

json::object to_json(const MappedDelivery& delivery) {
  json::object out;
  put(out, "source", delivery.source);
  put(out, "delivery_id", delivery.delivery_id);
  json::array touches;
  for (const Touch& touch : delivery.touches) touches.push_back(to_json(touch, false));
  out.emplace("touches", std::move(touches));
  json::array unmapped;
  for (const std::string& path : delivery.unmapped) unmapped.emplace_back(path);
  out.emplace("unmapped", std::move(unmapped));
  return out;
}

Result<Touch> touch_from_json(const json::value& value) {
  const json::object* o = value.if_object();
  if (o == nullptr) return error(Errc::kInvalidInput, "a touch is not an object");
  const auto type = parse_touch_type(text(*o, "type"));
  if (!type) return error(Errc::kInvalidInput, "a touch has no known type", "/type");
  const auto intent =
      member(*o, "intent") == nullptr ? default_intent(*type) : parse_intent(text(*o, "intent"));
  if (!intent) return error(Errc::kInvalidInput, "a touch has no known intent", "/intent");
  const auto at = parse_rfc3339(text(*o, "at"));
  if (!at) return error(Errc::kInvalidInput, "a touch has no time in RFC 3339", "/at");
  Touch touch;
  touch.id = text(*o, "id");
  touch.source = text(*o, "source");
  touch.type = *type;
  touch.intent = *intent;
  touch.at = *at;
  if (const json::object* person = object(*o, "person")) touch.person = person_from_json(*person);
  touch.consent = consent_from(*o);
  touch.attribution = attribution_from(*o);
  read_texts(*o, touch, kTouchTexts);
  touch.dwell_s = static_cast<int>(std::clamp<std::int64_t>(integer(*o, "dwell_s"), 0, INT32_MAX));
  if (const json::object* properties = object(*o, "properties")) touch.properties = *properties;
  return touch;
}

PersonFacts person_from_json(const json::object& in) {
  PersonFacts out;
  read_texts(in, out, kPersonTexts);
  if (const json::object* company = object(in, "company"))
    read_texts(*company, out.company, kCompanyTexts);
  if (const json::object* ids = object(in, "external_ids")) {
    for (const auto& [system, id] : *ids) {
      if (id.is_string() && !id.get_string().empty()) out.external_ids[system] = id.get_string();
    }
  }
  return out;
}

}  // namespace baton
