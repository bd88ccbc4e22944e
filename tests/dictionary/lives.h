#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace baton::dictionary {

// Texts as the gateway stores them: documents, both parts of log records, outbox items, in about
// the proportions in which they lie in Redis. They come from made-up lives under the template
// policies: many sources, trades and words, so that nothing of one customer is in a dictionary made
// of them. The same for the same numbers.
std::vector<std::string> texts_of_lives(std::size_t persons, unsigned seed);

}  // namespace baton::dictionary
