#pragma once

#include <bitset>
#include <string>
#include <string_view>

#include <boost/json/object.hpp>

#include "gateway/core/lifecycle/work_policy.h"
#include "gateway/core/model/person.h"

namespace baton {

// Whether sales may contact a person, through which channel, and on which legal basis (UWG 7, 7a;
// GDPR Art. 21). Not legal advice: the rules are policy, and the defaults are careful.
//
// call     Telephone. A consumer must have agreed to calls. For a business, facts must suggest that
//          it welcomes the call. Consent to e-mail, double opt-in or not, is not consent to calls.
// message  E-mail: consent to e-mail, an answer to a request, or an existing customer. Social
//          networks, SMS and chat: consent to that channel, or an answer.
// letter   Letters, and agreed appointments, unless the person objected.
struct ContactBasis {
  std::string_view call;  // "express", "contract", "presumed", "unguarded"; "": no call is lawful
  std::string_view message;  // the same, for e-mail
  bool answer = false;       // the person asked, so a written answer is allowed
  std::bitset<3> agreed;     // for social, sms, chat
  bool letter = true;
  std::string_view why;  // no call because of "objection", "withdrawn", "consumer", "no_interest"
  std::string fact;  // the fact behind the call's basis: a touch type, "consent", "contract"; ""
  Instant since;     // of that fact
  bool consumer = false;

  bool allows(std::string_view channel) const;
  // ["email","social","letter"] as JSON: all lawful channels, for a human to choose from.
  std::string channels() const;
};

ContactBasis contact_basis(const PersonState& person, const ContactPolicy& policy, Instant now);

// Makes a message's data lawful as of `now`: without a basis for calls it removes the telephone
// number and adds the reason ("blocked") and the allowed channels ("channels"). Call it again
// before sending, because consent may have been withdrawn since the message was created (J13).
void make_lawful(boost::json::object& data, const PersonState& person, const ContactPolicy& policy,
                 Instant now);

}  // namespace baton
