#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "gateway/core/model/document_fields.h"
#include "gateway/core/model/pack_wire.h"

namespace baton {

// Documents in few bytes, written and read in one pass without a tree. Each member that fields()
// describes is written as its place and kind, then its value; empty members are left out. A text
// that the document contains already is a reference to it. Instants count from the document's
// `base`.
//
//   document = version (1 byte) base struct
//   struct   = { key value } 0            key   = varint(place * 4 + kind)
//   kNumber  = varint, signed ones zigzag kText = varint length, bytes
//   kAgain   = varint offset of that text kStruct = struct
//
// A document of version kPackOnStem follows another one, its stem. Offsets count from the first
// byte of the stem, so that texts of both are in the stem alone.
//
// A list repeats its member for each element. A map is a list of structs of key and value. Unknown
// members are skipped.
class Packer {
 public:
  // `stem_size`: size of the stem at the beginning of `out`; 0 without a stem.
  Packer(std::string& out, Instant base, std::size_t stem_size = 0) : wire_(out), base_(base) {
    if (stem_size > 0) wire_.know_texts(stem_size);
  }

  template <class T>
  void operator()(std::string_view, const T& value) {
    ++place_;
    if (!is_empty(value)) put(value);
  }
  void unless_true(std::string_view, bool value) {
    ++place_;
    if (!value) wire_.number(place_, 0);
  }
  template <class T>
  void unless_one(std::string_view, T value) {
    ++place_;
    if (value != 1) put(value);
  }
  void gone() { ++place_; }

  template <class T>
  void whole(const T& x) {
    const auto outer = place_;
    place_ = 0;
    fields(*this, x);
    wire_.end();
    place_ = outer;
  }

 private:
  template <class T>
  static bool is_empty(const T& x) {
    if constexpr (requires { x.has_value(); })
      return !x.has_value();
    else if constexpr (requires { x.empty(); })
      return x.empty();
    else if constexpr (requires { x.ms; })
      return x.ms == 0;
    else if constexpr (std::is_integral_v<T>)
      return x == T{};
    else
      return false;
  }

  void put(const std::string& x) { wire_.text(place_, x); }
  // The kinds that are stored as text.
  template <class Kind>
  void put(const StrongId<Kind>& x) {
    wire_.text(place_, x.view());
  }
  void put(const LeadHold& x) { wire_.text(place_, to_string(x)); }
  void put(TaskKind x) { wire_.text(place_, to_string(x)); }
  void put(EvidenceKind x) { wire_.text(place_, to_string(x)); }
  void put(Instant x) { wire_.number(place_, zigzag(distance(base_.ms, x.ms))); }
  void put(Duration x) { wire_.number(place_, zigzag(x.ms)); }
  void put(const boost::json::object& x) { wire_.json(place_, x); }
  void put(const std::vector<std::uint64_t>& x) { wire_.words(place_, x); }
  template <class T>
  void put(const std::optional<T>& x) {
    put(*x);
  }
  template <class T>
  void put(const std::vector<T>& x) {
    for (const auto& item : x) put(item);
  }
  template <class T, class Less>
  void put(const std::map<std::string, T, Less>& x) {
    for (const auto& [key, item] : x) {
      wire_.begin(place_);
      const auto outer = std::exchange(place_, 0);
      (*this)("key", key), (*this)("value", item);
      wire_.end();
      place_ = outer;
    }
  }
  template <class T>
  void put(const T& x) {
    if constexpr (std::is_enum_v<T> || std::is_unsigned_v<T>) {
      wire_.number(place_, static_cast<std::uint64_t>(x));
    } else if constexpr (std::is_integral_v<T>) {
      wire_.number(place_, zigzag(x));
    } else {
      wire_.begin(place_);
      whole(x);
    }
  }

  WireWriter wire_;
  Instant base_;
  std::uint32_t place_ = 0;
};

// Reads what a Packer has written. It never reads outside of the bytes. A damaged value keeps its
// default or ends the reading; see WireReader::ok().
class Unpacker {
 public:
  Unpacker(WireReader& wire, Instant base) : wire_(wire), base_(base) {}

  template <class T>
  void operator()(std::string_view, T& value) {
    ++place_;
    for (wire_.seek(place_); wire_.is_at(place_); wire_.next()) take(value);
  }
  void unless_true(std::string_view name, bool& value) { (*this)(name, value); }
  template <class T>
  void unless_one(std::string_view name, T& value) {
    (*this)(name, value);
  }
  void gone() { ++place_; }

  template <class T>
  void whole(T& x) {
    const auto outer = std::exchange(place_, 0);
    wire_.next();
    fields(*this, x);
    wire_.seek_end();
    place_ = outer;
  }

 private:
  void take(std::string& x) { wire_.text(x); }
  template <class Kind>
  void take(StrongId<Kind>& x) {
    x = StrongId<Kind>(take_text());
  }
  void take(std::optional<LeadHold>& x) { x = parse_lead_hold(take_text()); }
  void take(TaskKind& x) { x = parse_task_kind(take_text()).value_or(x); }
  void take(std::optional<EvidenceKind>& x) { x = parse_evidence_kind(take_text()); }
  void take(bool& x) { x = wire_.number() != 0; }
  void take(Instant& x) { x.ms = moved(base_.ms, unzigzag(wire_.number())); }
  void take(Duration& x) { x.ms = unzigzag(wire_.number()); }
  void take(boost::json::object& x) { wire_.json(x); }
  void take(std::vector<std::uint64_t>& x) { wire_.words(x); }
  template <class T>
  void take(std::optional<T>& x) {
    take(x.emplace());
  }
  template <class T>
  void take(std::vector<T>& x) {
    take(x.emplace_back());
  }
  template <class T, class Less>
  void take(std::map<std::string, T, Less>& x) {
    if (!wire_.enter()) return;
    std::string key;
    T item{};
    const auto outer = std::exchange(place_, 0);
    wire_.next();
    (*this)("key", key), (*this)("value", item);
    wire_.seek_end();
    place_ = outer;
    x.insert_or_assign(std::move(key), std::move(item));
  }
  template <class T>
  void take(T& x) {
    if constexpr (std::is_enum_v<T>) {
      const auto number = wire_.number();
      if (number < count_of(T{})) x = static_cast<T>(number);
    } else if constexpr (std::is_unsigned_v<T>) {
      x = static_cast<T>(wire_.number());
    } else if constexpr (std::is_integral_v<T>) {
      x = static_cast<T>(unzigzag(wire_.number()));
    } else if (wire_.enter()) {
      whole(x);
    }
  }

  std::string take_text() {
    std::string text;
    wire_.text(text);
    return text;
  }

  // The number of values of an enumeration. A newer program may have written a greater one.
  static constexpr std::uint64_t count_of(TouchType) { return kTouchTypes; }
  static constexpr std::uint64_t count_of(Intent) { return 3; }
  static constexpr std::uint64_t count_of(Stage) { return 12; }
  static constexpr std::uint64_t count_of(WorkStatus) { return 6; }
  static constexpr std::uint64_t count_of(HandoverState) { return 9; }
  static constexpr std::uint64_t count_of(ClockState) { return 4; }
  static constexpr std::uint64_t count_of(TaskState) { return 4; }
  static constexpr std::uint64_t count_of(MeetingState) { return 4; }
  static constexpr std::uint64_t count_of(SegmentKind) { return 2; }

  WireReader& wire_;
  Instant base_;
  std::uint32_t place_ = 0;
};

inline constexpr char kPackVersion = 2, kPackOnStem = 3;

inline bool is_packed(std::string_view bytes) {
  return !bytes.empty() && (bytes.front() == kPackVersion || bytes.front() == kPackOnStem);
}

template <class T>
std::string pack_document(Instant base, const T& x, std::string_view stem = {}) {
  std::string out;
  out.reserve(stem.size() + 2048);
  out = stem;
  out += stem.empty() ? kPackVersion : kPackOnStem;
  append_varint(out, zigzag(base.ms));
  Packer(out, base, stem.size()).whole(x);
  return stem.empty() ? out : out.substr(stem.size());
}

template <class T>
bool unpack_document(std::string_view bytes, T& x, std::string_view stem = {}) {
  if (!is_packed(bytes)) return false;
  const bool on_stem = bytes.front() == kPackOnStem;
  if (on_stem && stem.empty()) return false;
  std::string both;
  if (on_stem) both.append(stem).append(bytes);
  WireReader wire(on_stem ? std::string_view(both) : bytes, on_stem ? stem.size() : 0);
  const Instant base{unzigzag(wire.varint())};
  Unpacker(wire, base).whole(x);
  return wire.ok();
}

}  // namespace baton
