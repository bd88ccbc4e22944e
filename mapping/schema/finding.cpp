#include "mapping/schema/finding.h"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

namespace baton {

std::string to_string(const Finding& finding) {
  std::string text = finding.file;
  if (finding.line > 0) text += fmt::format(":{}:{}", finding.line, std::max(finding.column, 1));
  text += finding.warning ? ": warning: " : ": ";
  text += fmt::format("{} [{}]", finding.message, finding.code);
  // A message may quote a key of the file, and must not move a terminal's cursor.
  std::replace_if(
      text.begin(), text.end(), [](unsigned char c) { return (c < ' ' && c != '\n') || c == 0x7f; },
      '?');
  return text;
}

bool has_errors(const Findings& findings) {
  return std::any_of(findings.begin(), findings.end(), [](const Finding& f) { return !f.warning; });
}

void append(Findings& all, Findings more) {
  all.insert(all.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

}  // namespace baton
