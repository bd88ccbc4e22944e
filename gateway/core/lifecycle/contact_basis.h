#pragma once

#include <bitset>
#include <string>
#include <string_view>

#include <boost/json/object.hpp>

#include "gateway/core/lifecycle/work_policy.h"
#include "gateway/core/model/person.h"

namespace baton {

// Whether sales may contact a person, through which channel, and what makes it lawful (domain 3.5;
// UWG 7, 7a; GDPR Art. 21). No legal advice: the rules are policy, the defaults careful ones.
//
//   call     telephone. A consumer has to have agreed to calls; of a business, facts have to
//   suggest
//            that it welcomes one. Consent to e-mail, double opt-in or not, is none to calls.
//   message  e-mail: consent to e-mail, an answer to what they asked, or somebody who bought
//   before.
//            Social networks, SMS and chat: consent to that very channel, or an answer.
//   letter   letters, and appointments that were agreed on: as long as nobody objected.
struct ContactBasis {
  std::string_view call;     // "express", "contract", "presumed", "unguarded"; "": nobody may call
  std::string_view message;  // the same, of e-mail
  bool answer = false;       // they asked, and may be answered in writing
  std::bitset<3> agreed;     // to social, sms, chat
  bool letter = true;
  std::string_view why;  // why nobody may call: "objection", "withdrawn", "consumer", "no_interest"
  std::string fact;      // what the call's basis is: a touch type, "consent", "contract"; ""
  Instant since;         // of that fact
  bool consumer = false;

  bool allows(std::string_view channel) const;
  // ["email","social","letter"] as JSON: all channels that are lawful, for humans to choose from.
  std::string channels() const;
};

ContactBasis contact_basis(const PersonState& person, const ContactPolicy& policy, Instant now);

// Makes the data of a message true to the law as of `now`: without a basis for calls it loses the
// telephone number and says why ("blocked") and what is allowed ("channels"). For messages about to
// be sent as well: consent may have been withdrawn since they were made (J13).
void make_lawful(boost::json::object& data, const PersonState& person, const ContactPolicy& policy,
                 Instant now);

}  // namespace baton
