#include "mapping/normalise/name.h"

#include <algorithm>
#include <optional>

#include "mapping/normalise/name_words.h"
#include "mapping/unicode.h"

namespace baton {
namespace {

using Words = std::vector<std::string>;

constexpr std::size_t kLongest = 200;  // bytes; a longer text is not a name and stays unchanged

void append_title(std::string& titles, std::string_view more) {
  if ((" " + titles + " ").find(" " + std::string(more) + " ") != std::string::npos) return;
  if (!titles.empty()) titles += ' ';
  titles += more;
}

// Moves salutations and titles from the front to their fields, leaving at least `keep` words.
void take_prefixes(Words& words, std::size_t keep, Name& name) {
  std::size_t taken = 0;
  bool after_title = false;
  while (taken + keep < words.size()) {
    const NameWord kind = kind_of_word(words[taken]);
    if (kind == NameWord::kSalutation) {
      if (name.salutation.empty()) name.salutation = words[taken];
    } else if (kind == NameWord::kTitle || (after_title && kind == NameWord::kTitleMore)) {
      append_title(name.academic_title, words[taken]);
      after_title = true;
    } else {
      break;
    }
    ++taken;
  }
  words.erase(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(taken));
}

// Moves degrees from the end ("Erika Beispiel MBA") to the title.
void take_suffixes(Words& words, std::size_t keep, Name& name) {
  std::size_t left = words.size();
  while (left > keep && kind_of_word(words[left - 1]) == NameWord::kSuffix) --left;
  for (std::size_t i = left; i < words.size(); ++i) append_title(name.academic_title, words[i]);
  words.resize(left);
}

std::vector<std::string> comma_parts(std::string_view text) {
  std::vector<std::string> parts;
  while (true) {
    const std::size_t comma = text.find(',');
    if (const auto part = trim(text.substr(0, comma)); !part.empty()) parts.emplace_back(part);
    if (comma == std::string_view::npos) return parts;
    text.remove_prefix(comma + 1);
  }
}

bool is_all_titles(const std::string& part) {
  const Words words = words_of_name(part);
  return std::all_of(words.begin(), words.end(), [](const std::string& word) {
    const NameWord kind = kind_of_word(word);
    return kind == NameWord::kSuffix || kind == NameWord::kTitle || kind == NameWord::kTitleMore ||
           kind == NameWord::kSalutation;
  });
}

// A full name, split as far as commas and titles determine.
struct Full {
  Words words;                  // first name first
  std::size_t turned_last = 0;  // number of words at the end that were before a comma
};

Full read_full(const std::string& text, Name& name) {
  std::vector<std::string> parts = comma_parts(text);
  Words degrees;
  while (parts.size() > 1 && is_all_titles(parts.back())) {
    const Words more = words_of_name(parts.back());
    degrees.insert(degrees.begin(), more.begin(), more.end());
    parts.pop_back();
  }
  Full full;
  if (parts.size() == 2) {
    Words last = words_of_name(parts[0]);
    full.words = words_of_name(parts[1]);
    take_prefixes(last, 1, name);
    take_prefixes(full.words, 1, name);
    full.turned_last = last.size();
    full.words.insert(full.words.end(), last.begin(), last.end());
  } else {
    full.words = words_of_name(parts.size() == 1 ? parts[0] : text);
    take_prefixes(full.words, 1, name);
    take_suffixes(full.words, 1, name);
  }
  Words none = degrees;
  take_prefixes(none, 0, name);
  for (const std::string& degree : none) append_title(name.academic_title, degree);
  return full;
}

// Chinese, Japanese and Korean names begin with the family name and are not split.
bool is_east_asian(std::string_view text) {
  return !text.empty() && static_cast<unsigned char>(text.front()) >= 0xE2 &&
         letter_case(text) == LetterCase::kNone && has_letter_or_digit(text);
}

// Returns where the last name begins; empty if that is unknown.
std::optional<std::size_t> last_name_begin(const Full& full) {
  const Words& words = full.words;
  if (words.size() < 2 || is_east_asian(words[0])) return std::nullopt;
  if (full.turned_last > 0) return words.size() - full.turned_last;
  if (is_particle(words[0])) return std::nullopt;
  std::size_t end = words.size();
  while (end > 2 && kind_of_word(words[end - 1]) == NameWord::kGeneration) --end;
  for (std::size_t i = 1; i + 1 < end; ++i) {
    if (!is_particle(words[i])) continue;
    // "Ortega y Gasset": a word that joins two names follows a name.
    const std::string word = to_lower(words[i]);
    const bool joins = word == "y" || word == "e" || word == "i" || word == "und" || word == "u";
    if (!joins) return i;
    if (i >= 2) return i - 1;
  }
  return end - 1;
}

bool has_vowel(std::string_view word) {
  return !is_ascii(word) || word.find_first_of("AEIOUYaeiouy") != std::string_view::npos;
}

std::string repaired_word(const std::string& word, bool was_upper) {
  if (was_upper && word.size() <= 3 && !has_vowel(word)) return word;  // initials: JP
  if (kind_of_word(word) == NameWord::kGeneration) return word;
  std::string out = capitalise(word);
  // A name always follows Mc, but not Mac ("Mackert").
  if (out.size() > 4 && out.starts_with("Mc") && out[2] >= 'a' && out[2] <= 'z')
    out[2] = static_cast<char>(out[2] - 32);
  return out;
}

std::string repaired(const std::string& text, bool was_upper) {
  Words words = words_of_name(text);
  for (std::size_t i = 0; i < words.size(); ++i) {
    const bool particle = i + 1 < words.size() && is_particle(words[i]);
    words[i] = particle ? to_lower(words[i]) : repaired_word(words[i], was_upper);
  }
  return join(words);
}

void repair_case(Name& name) {
  if (name.first.empty() || name.last.empty()) return;
  const LetterCase found = letter_case(name.first + name.last);
  if (found != LetterCase::kUpper && found != LetterCase::kLower) return;
  const std::string joined = to_lower(name.first + " " + name.last);
  if (to_lower(name.first) == to_lower(name.last)) return;  // "NAME NAME", "nnn nnn"
  if (count_characters(name.last) < 2 || !is_utf8(joined)) return;
  name.first = repaired(name.first, found == LetterCase::kUpper);
  name.last = repaired(name.last, found == LetterCase::kUpper);
  if (to_lower(name.full) == joined) name.full = name.first + " " + name.last;
}

std::string cleaned(std::string_view text) {
  std::string out = tidy(text);
  return has_letter_or_digit(out) ? out : std::string();
}

void read_salutation(const std::string& text, Name& name) {
  Words words = words_of_name(text);
  Name found;
  take_prefixes(words, 0, found);
  name.salutation = words.empty() ? found.salutation : text;
  if (words.empty() && !found.academic_title.empty())
    append_title(name.academic_title, found.academic_title);
}

Name normalise_once(const Name& sent) {
  Name name;
  name.academic_title = cleaned(sent.academic_title);
  read_salutation(cleaned(sent.salutation), name);
  Words first = words_of_name(cleaned(sent.first));
  Words last = words_of_name(cleaned(sent.last));
  take_prefixes(first, last.empty() ? 1 : 0, name);
  take_prefixes(last, 1, name);
  take_suffixes(last, 1, name);
  name.first = join(first);
  name.last = join(last);
  const std::string sent_full = cleaned(sent.full);
  Full full = read_full(sent_full, name);
  if (!has_letter_or_digit(join(full.words))) full = {{sent_full}, 0};
  name.full = join(full.words);
  if (first.empty() && last.empty()) {
    if (const auto begin = last_name_begin(full)) {
      name.first = join(full.words, 0, *begin);
      name.last = join(full.words, *begin);
    }
  } else if (name.full.empty()) {
    first.insert(first.end(), last.begin(), last.end());
    name.full = join(first);
  }
  repair_case(name);
  return name;
}

bool is_too_long(const Name& name) {
  return std::max({name.salutation.size(), name.academic_title.size(), name.first.size(),
                   name.last.size(), name.full.size()}) > kLongest;
}

}  // namespace

Name normalise_name(const Name& as_sent) {
  Name name = as_sent;
  for (auto* part : {&name.salutation, &name.academic_title, &name.first, &name.last, &name.full})
    *part = tidy(*part);
  if (is_too_long(name)) return name;
  // A second pass handles what the first one uncovers ("Herr (Dr.) Dr. ..."). A text that needs
  // more passes is not a name.
  name = normalise_once(name);
  for (int pass = 0; pass < 4 && !is_too_long(name); ++pass) {
    Name again = normalise_once(name);
    if (again == name) break;
    name = std::move(again);
  }
  return name;
}

}  // namespace baton
