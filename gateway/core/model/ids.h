#pragma once

#include <compare>
#include <concepts>
#include <cstddef>
#include <functional>
#include <iosfwd>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace baton {

// Ids as types, so that the id of one thing is never taken for the id of another. An id is its
// text: documents, keys, the log, URLs and JSON contain that text and nothing else. Conversions
// from text and to text are explicit. Two ids compare only if they name the same kind of thing; any
// id compares with plain text.
//
// An empty id names nothing. Stored members are empty if there is no rep, lead or clock.
template <class Kind>
class StrongId {
 public:
  StrongId() = default;
  template <class Text>
  requires std::constructible_from<std::string, Text&&>
  explicit StrongId(Text&& text) : text_(std::forward<Text>(text)) {}

  const std::string& str() const& { return text_; }
  std::string str() && { return std::move(text_); }
  std::string_view view() const { return text_; }
  bool empty() const { return text_.empty(); }
  void clear() { text_.clear(); }

  bool operator==(const StrongId&) const = default;
  std::strong_ordering operator<=>(const StrongId&) const = default;
  friend bool operator==(const StrongId& id, std::string_view text) { return id.text_ == text; }
  friend std::strong_ordering operator<=>(const StrongId& id, std::string_view text) {
    return id.view() <=> text;
  }

  friend std::ostream& operator<<(std::ostream& out, const StrongId& id) {
    return out << id.view();
  }

 private:
  std::string text_;
};

// A person: random hex digits. The intake makes it when the first delivery about a person arrives.
using PersonId = StrongId<struct PersonKind>;

// An episode of interest: person id, "." and the number of the episode ("p1.2"). decide() makes it.
using LeadId = StrongId<struct LeadKind>;

// A rep of policy/routing.yaml, who is named by its author. Teams, pools and roles are no reps.
using RepId = StrongId<struct RepKind>;

// An offer of a lead to a rep: lead id, "/" and the hop ("p1.2/1"). decide() makes it.
using HandoverId = StrongId<struct HandoverKind>;

// An SLA clock of a person: name of its definition, "#" and its generation ("first_contact#2").
// The clock of another person may have the same id. start_clock() makes it.
using ClockId = StrongId<struct ClockKind>;

template <class T>
inline constexpr bool kIsId = false;
template <class Kind>
inline constexpr bool kIsId<StrongId<Kind>> = true;

// The text of an id, or of what is text already.
inline std::string_view text_of(std::string_view text) { return text; }
template <class Kind>
std::string_view text_of(const StrongId<Kind>& id) {
  return id.view();
}

}  // namespace baton

template <class Kind>
struct std::hash<baton::StrongId<Kind>> {
  std::size_t operator()(const baton::StrongId<Kind>& id) const noexcept {
    return std::hash<std::string_view>{}(id.view());
  }
};
