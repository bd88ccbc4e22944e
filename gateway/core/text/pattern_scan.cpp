#include "gateway/core/text/pattern_scan.h"

#include <vector>

namespace baton {
namespace {

constexpr std::string_view kSpace = " \t\r\n";

// The word that ends before `end`: the type of a placeholder, or the keyword of a branch.
std::string_view word_before(std::string_view text, std::size_t end) {
  text = text.substr(0, end);
  const auto last = text.find_last_not_of(kSpace);
  if (last == std::string_view::npos) return {};
  text = text.substr(0, last + 1);
  const auto before = text.find_last_of(" \t\r\n,{}");
  return before == std::string_view::npos ? text : text.substr(before + 1);
}

class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  PatternScan run() {
    for (std::size_t i = 0; i < text_.size(); ++i) {
      if (!open_.empty() && open_.back().is_argument)
        read_argument(i);
      else
        i = read_message(i);
    }
    if (!open_.empty()) out_.unclosed = open_.back().at;
    return out_;
  }

 private:
  // An open brace: of a placeholder, or of a branch.
  struct Brace {
    std::size_t at;
    bool is_argument;
    int commas = 0;
    std::string_view type;
    bool has_other = false;

    bool is_plural() const { return type == "plural" || type == "selectordinal"; }
    bool has_branches() const { return is_plural() || type == "select"; }
  };

  void read_argument(std::size_t i) {
    auto& brace = open_.back();
    switch (text_[i]) {
      case ',':
        if (++brace.commas == 2) brace.type = word_before(text_, i);
        break;
      case '{':
        if (word_before(text_, i) == "other") brace.has_other = true;
        open_.push_back({i, false});
        break;
      case '}':
        if (brace.has_branches() && !brace.has_other && !out_.without_other)
          out_.without_other = brace.at;
        open_.pop_back();
        --arguments_;
        break;
      default:
        break;
    }
  }

  // Returns the last byte that it has read.
  std::size_t read_message(std::size_t i) {
    const char c = text_[i];
    if (c == '{') {
      open_.push_back({i, true});
      if (++arguments_ > kMostNested && !out_.too_deep) out_.too_deep = i;
    } else if (c == '}' && !open_.empty()) {
      open_.pop_back();
    } else if (c == '\'' && i + 1 < text_.size()) {
      if (text_[i + 1] == '\'') return i + 1;
      if (begins_quote(text_[i + 1])) return end_of_quote(i + 1);
    }
    return i;
  }

  bool begins_quote(char next) const {
    const bool in_plural = open_.size() > 1 && open_[open_.size() - 2].is_plural();
    return next == '{' || next == '}' || (next == '#' && in_plural);
  }

  // The apostrophe that ends the quote, or the last byte.
  std::size_t end_of_quote(std::size_t i) const {
    for (; i < text_.size(); ++i) {
      if (text_[i] != '\'') continue;
      if (i + 1 >= text_.size() || text_[i + 1] != '\'') return i;
      ++i;
    }
    return text_.size() - 1;
  }

  const std::string_view text_;
  PatternScan out_;
  std::vector<Brace> open_;
  std::size_t arguments_ = 0;
};

}  // namespace

PatternScan scan_pattern(std::string_view text) { return Scanner(text).run(); }

}  // namespace baton
