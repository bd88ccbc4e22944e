#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/fwd.hpp>
#include <boost/json/object.hpp>

#include "mapping/instant.h"
#include "mapping/result.h"

namespace baton {

// The canonical model: what every source is mapped onto, and all that the rest of Baton knows of
// the outside. Empty text means "not said"; it never overwrites and is never written out.

// Touch types (domain terms; docs/reference/touch-types.md). kCrm...: feedback of sales. The last
// group is no interest of a person and never makes a lead. Stored by number: new ones go to the
// end.
enum class TouchType : std::uint8_t {
  kPageView,
  kProductPageView,
  kPricingPageView,
  kContentDownload,
  kFormSubmit,
  kContactRequest,
  kDemoRequest,
  kQuoteRequest,
  kTrialSignup,
  kNewsletterSubscribe,
  kSurveyAnswer,
  kPrizeGameEntry,
  kRegistration,
  kEventRegistration,
  kEventAttendance,
  kBusinessCard,
  kEmailDelivered,
  kEmailOpen,
  kEmailClick,
  kEmailReply,
  kEmailBounce,
  kEmailUnsubscribe,
  kEmailComplaint,
  kSmsReply,
  kChatConversation,
  kVideoView,
  kPodcastSubscribe,
  kBlogSubscribe,
  kCommunityJoin,
  kSocialFollow,
  kSocialConnect,
  kInmailReply,
  kAdClick,
  kReferral,
  kInboundCall,
  kMeetingBooked,
  kMeetingHeld,
  kMeetingNoShow,
  kMeetingCancelled,
  kOutboundCallAttempt,
  kOutboundCallConnected,
  kOutboundEmail,
  kCrmAccepted,
  kCrmRejected,
  kCrmContacted,
  kCrmQualified,
  kCrmStageChanged,
  kCrmWon,
  kCrmLost,
  kCrmOwnerChanged,
  kAgentMessage,
  kTestPing,
  kContactDeleted,
  kConsentChanged,
};
inline constexpr int kTouchTypes = static_cast<int>(TouchType::kConsentChanged) + 1;

std::string_view to_string(TouchType type);  // "form_submit"
std::optional<TouchType> parse_touch_type(std::string_view name);
bool is_crm_feedback(TouchType type);
bool makes_lead(TouchType type);  // false for feedback and for the last group

// How urgent the person's wish is: reads something, wants a contact, asks for an offer.
enum class Intent : std::uint8_t { kInformational, kHandRaiser, kTransactional };

std::string_view to_string(Intent intent);
std::optional<Intent> parse_intent(std::string_view name);
Intent default_intent(TouchType type);  // where neither source nor user says more

struct CompanyFacts {
  std::string name;
  std::string domain;  // registrable domain, lower case, A-labels: "example.co.uk"
  std::string size;
  std::string industry;
};

struct PersonFacts {
  std::string email;  // as shown to humans, normalised; the match key is made from it
  std::string phone;  // E.164
  std::string first_name;
  std::string last_name;  // with particles: "von der Heide"
  std::string full_name;
  std::string salutation;      // as sent: "Frau", "Mr."
  std::string academic_title;  // "Prof. Dr."
  std::string job_title;
  std::string job_level;
  std::string job_function;
  std::string language;  // ISO 639-1, lower case
  std::string country;   // ISO 3166-1 alpha-2, upper case
  std::string region;
  std::string city;
  std::string postal_code;
  CompanyFacts company;
  std::map<std::string, std::string> external_ids;  // system -> id there
};

struct ConsentFact {
  std::string purpose;   // "marketing"
  std::string channel;   // "email", "phone", "tracking"
  bool granted = false;  // false: withdrawn
  std::string basis;     // "express", "presumed", "contract", "legitimate_interest"
  std::string wording;   // version or text of the declaration shown
};

struct Attribution {
  std::string channel;  // search, social, email, referral, podcast, ad, direct, event, other
  std::optional<bool> paid;
  std::string utm_source, utm_medium, utm_campaign, utm_term, utm_content;
  std::string referrer, landing_page, click_id;
};

// One reaction of one person on one channel. `id` is stable over retries: the vendor's id of the
// element, else delivery id and index; it is unique within the source.
struct Touch {
  std::string id;
  std::string source;
  TouchType type = TouchType::kFormSubmit;
  Intent intent = Intent::kInformational;
  Instant at;  // when it happened, by the sender; never later than received
  PersonFacts person;
  std::vector<ConsentFact> consent;
  Attribution attribution;
  std::string asset;  // which form, document, page
  std::string page_group;
  int dwell_s = 0;
  std::string tracking_basis;
  std::string message;  // what they asked, in their words
  boost::json::object properties;
};

bool is_empty(const PersonFacts& person);

// A delivery after mapping.
struct MappedDelivery {
  std::string source;
  std::string delivery_id;
  std::vector<Touch> touches;
  std::vector<std::string> unmapped;  // paths that carried a value nobody reads, sorted
};

// The canonical JSON of DESIGN: absent fields are left out, never empty strings. `id` of a touch
// is part of the stored form only (with_ids).
boost::json::object to_json(const PersonFacts& person);
boost::json::object to_json(const Touch& touch, bool with_ids);
boost::json::object to_json(const MappedDelivery& delivery);

// Reads what to_json(touch, true) wrote. Unknown members are ignored, so that an older program
// reads a newer log. Without an intent it is the type's own.
Result<Touch> touch_from_json(const boost::json::value& json);
PersonFacts person_from_json(const boost::json::object& json);

}  // namespace baton
