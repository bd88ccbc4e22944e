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
  std::string who() const { return name() + " (" + company + ")"; }  // the salutation of a message
};

std::span<const DemoPerson> demo_people();
// Returns the next person, each different.
DemoPerson demo_person(std::size_t number);

// A webhook in a vendor's format, and the gateway's answer.
struct DemoDelivery {
  std::string source, body;
  Headers headers;  // header of the signature

  int status = 0;
  std::string id;  // delivery id of the acknowledgement
  bool duplicate = false;
  std::int64_t sent_ns = 0;  // steady
  Duration took;
};

// In the formats of Typeform (requests a demo), Calendly (books a meeting), a HubSpot workflow
// (requests contact) and the company's website (downloads a guide).
DemoDelivery typeform_demo_request(const DemoPerson& person, std::string_view language,
                                   Instant now);
DemoDelivery calendly_booking(const DemoPerson& person, std::string_view language, Instant now);
DemoDelivery hubspot_contact(const DemoPerson& person, std::string_view language, Instant now);
DemoDelivery website_download(const DemoPerson& person, std::string_view language, Instant now);
// HubSpot reports that sales has qualified a contact.
DemoDelivery hubspot_qualified(std::string_view contact, Instant now);

}  // namespace baton
