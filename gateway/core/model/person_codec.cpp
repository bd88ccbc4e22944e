#include "gateway/core/model/person_codec.h"

#include "gateway/core/model/document_fields.h"
#include "gateway/core/model/pack.h"
#include "mapping/json/json.h"

// The JSON has the members that fields() names. Instants and durations are integer milliseconds;
// members that are empty, zero or false are left out.

namespace baton {
namespace {

constexpr std::int64_t kVersion = 1;

std::string_view name_of(SegmentKind kind) {
  return kind == SegmentKind::kCounted ? "counted" : "paused";
}

template <class Enum>
std::string_view name_of(Enum value) {
  return to_string(value);
}

void from_name(std::string_view name, Stage& out) { out = parse_stage(name).value_or(out); }
void from_name(std::string_view name, WorkStatus& out) {
  out = parse_work_status(name).value_or(out);
}
void from_name(std::string_view name, HandoverState& out) {
  out = parse_handover_state(name).value_or(out);
}
void from_name(std::string_view name, ClockState& out) {
  out = parse_clock_state(name).value_or(out);
}
void from_name(std::string_view name, TaskState& out) {
  out = parse_task_state(name).value_or(out);
}
void from_name(std::string_view name, TaskKind& out) { out = parse_task_kind(name).value_or(out); }
void from_name(std::string_view name, EvidenceKind& out) {
  out = parse_evidence_kind(name).value_or(out);
}
void from_name(std::string_view name, MeetingState& out) {
  out = parse_meeting_state(name).value_or(out);
}
void from_name(std::string_view name, TouchType& out) {
  out = parse_touch_type(name).value_or(out);
}
void from_name(std::string_view name, Intent& out) { out = parse_intent(name).value_or(out); }
void from_name(std::string_view name, SegmentKind& out) {
  out = name == "paused" ? SegmentKind::kPaused : SegmentKind::kCounted;
}

json::value write(const std::string& x) { return json::value(x); }
template <class Kind>
json::value write(const StrongId<Kind>& x) {
  return json::value(x.view());
}
json::value write(bool x) { return json::value(x); }
json::value write(Instant x) { return json::value(x.ms); }
json::value write(Duration x) { return json::value(x.ms); }
json::value write(const LeadHold& x) { return json::value(to_string(x)); }
json::value write(const PersonFacts& x) { return json::value(to_json(x)); }

template <class T>
json::value write(const T& x);

template <class T>
json::value write(const std::optional<T>& x) {
  return x ? write(*x) : json::value();
}

template <class T>
json::value write(const std::vector<T>& x) {
  json::array out;
  out.reserve(x.size());
  for (const auto& item : x) out.push_back(write(item));
  return out;
}

template <class T, class Less>
json::value write(const std::map<std::string, T, Less>& x) {
  json::object out;
  for (const auto& [key, item] : x) out.emplace(key, write(item));
  return out;
}

struct Writer {
  json::object& out;

  template <class T>
  void operator()(std::string_view key, const T& value) {
    if (!is_empty(value)) out.emplace(key, write(value));
  }
  void unless_true(std::string_view key, bool value) {
    if (!value) out.emplace(key, false);
  }

  template <class T>
  void unless_one(std::string_view key, T value) {
    if (value != 1) out.emplace(key, write(value));
  }

  template <class T>
  static bool is_empty(const T& x) {
    if constexpr (requires { x.has_value(); }) {
      return !x.has_value();
    } else if constexpr (requires { x.empty(); }) {
      return x.empty();
    } else if constexpr (requires { x.ms; }) {
      return x.ms == 0;
    } else if constexpr (std::is_integral_v<T>) {
      return x == 0;
    } else {
      return false;
    }
  }
};

template <class T>
json::value write(const T& x) {
  if constexpr (std::is_enum_v<T>) {
    return json::value(name_of(x));
  } else if constexpr (std::is_unsigned_v<T>) {
    return json::value(static_cast<std::uint64_t>(x));
  } else if constexpr (std::is_integral_v<T>) {
    return json::value(static_cast<std::int64_t>(x));
  } else {
    json::object out;
    Writer writer{out};
    fields(writer, x);
    return out;
  }
}

std::int64_t number(const json::value& v, std::int64_t fallback) {
  if (v.is_int64()) return v.get_int64();
  if (v.is_uint64()) return static_cast<std::int64_t>(v.get_uint64());
  return fallback;
}

void read(const json::value& v, std::string& out) {
  if (v.is_string()) out.assign(v.get_string().data(), v.get_string().size());
}
template <class Kind>
void read(const json::value& v, StrongId<Kind>& out) {
  if (v.is_string()) out = StrongId<Kind>(std::string_view(v.get_string()));
}
void read(const json::value& v, bool& out) { out = v.is_bool() ? v.get_bool() : out; }
void read(const json::value& v, Instant& out) { out.ms = number(v, out.ms); }
void read(const json::value& v, Duration& out) { out.ms = number(v, out.ms); }
void read(const json::value& v, std::optional<LeadHold>& out) {
  if (v.is_string()) out = parse_lead_hold({v.get_string().data(), v.get_string().size()});
}
void read(const json::value& v, PersonFacts& out) {
  if (v.is_object()) out = person_from_json(v.get_object());
}

template <class T>
void read(const json::value& v, T& out);

template <class T>
void read(const json::value& v, std::optional<T>& out) {
  if (!v.is_null()) read(v, out.emplace());
}

template <class T>
void read(const json::value& v, std::vector<T>& out) {
  if (!v.is_array()) return;
  out.reserve(v.get_array().size());
  for (const auto& item : v.get_array()) read(item, out.emplace_back());
}

template <class T, class Less>
void read(const json::value& v, std::map<std::string, T, Less>& out) {
  if (!v.is_object()) return;
  for (const auto& m : v.get_object()) read(m.value(), out[std::string(m.key())]);
}

struct Reader {
  const json::object& in;
  template <class T>
  void operator()(std::string_view key, T& value) {
    if (const auto* found = in.if_contains(key)) read(*found, value);
  }
  void unless_true(std::string_view key, bool& value) { (*this)(key, value); }
  template <class T>
  void unless_one(std::string_view key, T& value) {
    (*this)(key, value);
  }
};

template <class T>
void read(const json::value& v, T& out) {
  if constexpr (std::is_enum_v<T>) {
    if (v.is_string()) from_name({v.get_string().data(), v.get_string().size()}, out);
  } else if constexpr (std::is_integral_v<T>) {
    out = static_cast<T>(number(v, static_cast<std::int64_t>(out)));
  } else if (v.is_object()) {
    Reader reader{v.get_object()};
    fields(reader, out);
  }
}

}  // namespace

json::value to_json(const PersonState& person) {
  json::object out;
  out.emplace("v", kVersion);
  Writer writer{out};
  fields(writer, person);
  return out;
}

Result<PersonState> person_state_from_json(const json::value& document) {
  if (!document.is_object())
    return error(Errc::kInvalidInput, "a person document is a JSON object");
  const auto version = integer(document.get_object(), "v", 0);
  if (version < 1 || version > kVersion)
    return error(Errc::kInvalidInput, "a person document of a format this version does not know",
                 "v");
  PersonState person;
  read(document, person);
  return person;
}

std::string write_person(const PersonState& person, std::string_view stem) {
  return pack_document(person.last_now, person, stem);
}

Result<PersonState> read_person(std::string_view document, std::string_view stem) {
  PersonState person;
  if (is_packed(document)) {
    if (!unpack_document(document, person, stem))
      return error(Errc::kInvalidInput, "a person document that is damaged");
    return person;
  }
  const auto parsed = parse_json(document);
  if (!parsed) return parsed.error();
  return person_state_from_json(*parsed);
}

}  // namespace baton
