#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "adapters/engine/http/http_client.h"
#include "mapping/instant.h"

namespace baton {

// A fictitious prospect. Job and request are texts: "demo.job.KEY", "demo.request.KEY".
struct DemoPerson {
  std::string key, first, last, company, email, phone;
  int employees = 0;

  std::string name() const { return first + " " + last; }
  std::string who() const { return name() + " (" + company + ")"; }  // as messages begin
};

std::span<const DemoPerson> demo_people();
// A further one, never the same twice.
DemoPerson demo_person(std::size_t number);

// A webhook as a vendor sends it, and what the gateway answered.
struct DemoDelivery {
  std::string source, body;
  Headers headers;  // the signature

  int status = 0;
  std::string id;  // as acknowledged
  bool duplicate = false;
  std::int64_t sent_ns = 0;  // steady
  Duration took;
};

// In the formats of Typeform (asks for a demo), Calendly (books a meeting), a HubSpot workflow
// (asks to be contacted) and the company's website (downloads a guide).
DemoDelivery typeform_demo_request(const DemoPerson& person, std::string_view language,
                                   Instant now);
DemoDelivery calendly_booking(const DemoPerson& person, std::string_view language, Instant now);
DemoDelivery hubspot_contact(const DemoPerson& person, std::string_view language, Instant now);
DemoDelivery website_download(const DemoPerson& person, std::string_view language, Instant now);
// HubSpot tells that sales has qualified a contact.
DemoDelivery hubspot_qualified(std::string_view contact, Instant now);

}  // namespace baton
