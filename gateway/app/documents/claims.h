#pragma once

#include <string>
#include <vector>

#include "mapping/map/touch.h"

namespace baton {

// The identity claims of a touch (who it is about): e-mail, ids in other systems, and the phone
// number if there is nothing better. Role addresses (info@...) and shared phones do not identify a
// person, so a role address counts only without a better claim. Claims are keyed by HMAC, so that
// without the key no one can read a person from the index or test a guess.
class Claims {
 public:
  explicit Claims(std::string hmac_key) : key_(std::move(hmac_key)) {}

  // Strongest first. The first claim decides who it is; the others are registered for that person.
  // Empty: the touch identifies no one.
  std::vector<std::string> of(const PersonFacts& person) const;
  // The claim of a record in another system.
  std::string of_external(std::string_view system, std::string_view id) const;

 private:
  std::string keyed(std::string_view kind, std::string_view value) const;
  std::string key_;
};

}  // namespace baton
