#pragma once

#include <string>
#include <vector>

#include "mapping/map/touch.h"

namespace baton {

// Who a touch is about, as identity claims (domain 3.4): e-mail, ids in other systems, and the
// phone number where there is nothing better. Role addresses (info@...) and shared phones do not
// identify a person, so a role address counts only where there is nothing else. Claims leave this
// file keyed by HMAC: nobody can read a person from the index, or test a guess without the key.
class Claims {
 public:
  explicit Claims(std::string hmac_key) : key_(std::move(hmac_key)) {}

  // Strongest first; the first one decides who it is, the others are registered for that person.
  // Empty: the touch identifies nobody.
  std::vector<std::string> of(const PersonFacts& person) const;
  // The claim of a record in another system.
  std::string of_external(std::string_view system, std::string_view id) const;

 private:
  std::string keyed(std::string_view kind, std::string_view value) const;
  std::string key_;
};

}  // namespace baton
