#pragma once

#include <cstdint>
#include <random>
#include <span>
#include <string>
#include <string_view>

#include "mapping/map/touch.h"

namespace baton::dictionary {

// Random numbers that are the same on every machine.
class Dice {
 public:
  explicit Dice(unsigned seed) : random_(seed) {}

  std::size_t below(std::size_t n) { return static_cast<std::size_t>(random_() % n); }
  bool one_in(std::size_t n) { return below(n) == 0; }
  std::string hex(std::size_t digits);
  std::string number(std::size_t digits);
  std::string_view of(std::span<const std::string_view> words) {
    return words[below(words.size())];
  }

 private:
  std::mt19937_64 random_;
};

// A fictitious person as forms describe people. Longer forms yield more fields.
PersonFacts made_up_person(Dice& dice);
// An action of such a person at an instant, sometimes a wish for contact.
Touch made_up_touch(Dice& dice, const PersonFacts& person, Instant at);

}  // namespace baton::dictionary
