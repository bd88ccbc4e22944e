#pragma once

#include <string>

namespace baton {

struct Name {
  std::string salutation;      // "Frau", "Mr."
  std::string academic_title;  // "Prof. Dr."
  std::string first;
  std::string last;  // with particles: "von der Heide"
  std::string full;
  bool operator==(const Name&) const = default;
};

// Cleans the parts of a personal name: NFC, whitespace, control characters. Salutations and
// academic titles move to their fields from any position, and "Last, First" is reversed. A full
// name is split only if neither first nor last name was sent; a single word stays a full name. All
// capitals and all lower case are corrected if that is safe ("ERIKA MÜLLER", never "McDonald"); a
// name that is one word or the same word twice keeps its case. `full` is built from the parts if it
// was not sent. Idempotent. Thread-safe.
Name normalise_name(const Name& as_sent);

}  // namespace baton
