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

// The canonical model. Every source is mapped to it, and it is all that the rest of Baton knows
// about the outside. Empty text means "not given"; it never overwrites a value and is never
// written.

// Touch types (domain terms; docs/reference/touch-types.md). kCrm...: feedback from sales. Types of
// the last group express no interest and never create a lead. Stored by number: append new ones.
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
bool makes_lead(TouchType type);  // false for feedback and the last group

// How urgent the person's wish is: they read something, want contact, or ask for an offer.
enum class Intent : std::uint8_t { kInformational, kHandRaiser, kTransactional };

std::string_view to_string(Intent intent);
std::optional<Intent> parse_intent(std::string_view name);
Intent default_intent(TouchType type);  // if neither source nor user decides

struct CompanyFacts {
  std::string name;
  std::string domain;  // registrable domain, lower case, A-labels: "example.co.uk"
  std::string size;
  std::string industry;
};

struct PersonFacts {
  std::string email;  // for display, normalised; the match key is derived from it
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
  std::map<std::string, std::string> external_ids;  // system -> id in that system
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

// One reaction of one person on one channel. `id` is stable across retries: the vendor's id of the
// element, or delivery id and index. It is unique within the source.
struct Touch {
  std::string id;
  std::string source;
  TouchType type = TouchType::kFormSubmit;
  Intent intent = Intent::kInformational;
  Instant at;  // when it happened, according to the sender; never later than received
  PersonFacts person;
  std::vector<ConsentFact> consent;
  Attribution attribution;
  std::string asset;  // the form, document or page
  std::string page_group;
  int dwell_s = 0;
  std::string tracking_basis;
  std::string message;  // the person's message in their words
  boost::json::object properties;
};

bool is_empty(const PersonFacts& person);

// A delivery after mapping.
struct MappedDelivery {
  std::string source;
  std::string delivery_id;
  std::vector<Touch> touches;
  std::vector<std::string> unmapped;  // sorted paths of values that no rule read
};

// Return the canonical JSON. Absent fields are omitted, never empty strings. The `id` of a touch is
// only part of the stored form (with_ids).
boost::json::object to_json(const PersonFacts& person);
boost::json::object to_json(const Touch& touch, bool with_ids);
boost::json::object to_json(const MappedDelivery& delivery);

// Reads the output of to_json(touch, true). Ignores unknown members, so that an older program can
// read a newer log. A missing intent becomes the default of the type.
Result<Touch> touch_from_json(const boost::json::value& json);
PersonFacts person_from_json(const boost::json::object& json);

}  // namespace baton
