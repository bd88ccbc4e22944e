#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace baton {

// The kinds of words in a personal name (mapping/data/name_words.tsv).

enum class NameWord {
  kName,
  kSalutation,  // Herr, Mrs.
  kTitle,       // Dr., Prof.
  kTitleMore,   // med., h. c.: belongs to a title before it, otherwise a name
  kSuffix,      // MBA, PhD
  kGeneration,  // Jr., III
};

NameWord kind_of_word(std::string_view word);

// von, de la, van der, in any case.
bool is_particle(std::string_view word);

// Splits at whitespace; "Dr.med." and "Prof.Dr.Müller" are also split after their full stops.
std::vector<std::string> words_of_name(std::string_view text);

std::string join(const std::vector<std::string>& words, std::size_t begin = 0,
                 std::size_t end = std::string::npos);

}  // namespace baton
