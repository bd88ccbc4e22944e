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

// Cleans the parts of a personal name: NFC, blanks, control characters; salutations and academic
// titles go to their fields from wherever they stand; "Last, First" is turned; a full name is split
// only where neither first nor last name was sent, and a single word stays a full name only. All
// capitals and all lower case are repaired where that is safe ("ERIKA MÜLLER", never "McDonald");
// a name that is one word or the same word twice keeps its case. `full` is made from the parts
// where it was not sent. Idempotent. Any thread.
Name normalise_name(const Name& as_sent);

}  // namespace baton
