#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace baton::dictionary {

// Texts as the gateway stores them: documents, both parts of log records, outbox items, in about
// their proportions in Redis. They come from synthetic lives under the template policies, with many
// sources, trades and words, so that a dictionary made of them has no data of one customer. The
// same numbers give the same texts.
std::vector<std::string> texts_of_lives(std::size_t persons, unsigned seed);

}  // namespace baton::dictionary
