#include <type_traits>

#include "gateway/core/person.h"
#include "mapping/json.h"

// The document is described once, in fields(), for writing and reading alike: a member that is
// written is read. Instants and durations are integer milliseconds; members that are
// empty, zero or false are left out. Lead-in member "v" is the format version.

namespace baton {
namespace {

constexpr std::int64_t kVersion = 1;

std::string_view name_of(SegmentKind kind) { return kind == SegmentKind::kCounted ? "counted" : "paused"; }

template <class Enum>
std::string_view name_of(Enum value) {
  return to_string(value);
}

void from_name(std::string_view name, Stage& out) { out = parse_stage(name).value_or(out); }
void from_name(std::string_view name, WorkStatus& out) { out = parse_work_status(name).value_or(out); }
void from_name(std::string_view name, HandoverState& out) { out = parse_handover_state(name).value_or(out); }
void from_name(std::string_view name, ClockState& out) { out = parse_clock_state(name).value_or(out); }
void from_name(std::string_view name, TouchType& out) { out = parse_touch_type(name).value_or(out); }
void from_name(std::string_view name, Intent& out) { out = parse_intent(name).value_or(out); }
void from_name(std::string_view name, SegmentKind& out) {
  out = name == "paused" ? SegmentKind::kPaused : SegmentKind::kCounted;
}

template <class V, class T>
void fields(V& v, T& x) {
  using U = std::remove_const_t<T>;
  if constexpr (std::is_same_v<U, Provenance>) {
    v("at", x.at), v("source", x.source), v("touch", x.touch);
  } else if constexpr (std::is_same_v<U, KeptTouch>) {
    v("id", x.id), v("type", x.type), v("intent", x.intent), v("at", x.at), v("asset", x.asset);
    v("page", x.page_group), v("channel", x.channel), v("campaign", x.campaign), v("dwell", x.dwell_s);
    v.unless_true("scorable", x.scorable);
  } else if constexpr (std::is_same_v<U, DaySum>) {
    v("day", x.day), v("type", x.type), v("count", x.count);
  } else if constexpr (std::is_same_v<U, ConsentState>) {
    v("purpose", x.purpose), v("channel", x.channel), v("granted", x.granted), v("basis", x.basis);
    v("wording", x.wording), v("source", x.source), v("at", x.at);
  } else if constexpr (std::is_same_v<U, ClockSegment>) {
    v("from", x.from), v("to", x.to), v("kind", x.kind);
  } else if constexpr (std::is_same_v<U, ClockInstance>) {
    v("id", x.id), v("definition", x.definition), v.unless_one("generation", x.generation), v("state", x.state);
    v("owner", x.owner), v("team", x.team), v("calendar", x.calendar), v("budget", x.budget);
    v.unless_true("working", x.working_time), v("started", x.started_at), v("due", x.due), v("next", x.next), v("level", x.level);
    v("breached", x.breached_at), v("stopped", x.stopped_at), v("stopped_by", x.stopped_by);
    v("late_evidence", x.late_evidence), v("segments", x.segments);
  } else if constexpr (std::is_same_v<U, Handover>) {
    v("id", x.id), v("state", x.state), v("rep", x.rep), v("pool", x.pool), v("hop", x.hop);
    v("offered", x.offered_at), v("delivered", x.delivered_at), v("seen", x.seen_at), v("decided", x.decided_at);
    v("reason", x.reason), v("receipt", x.receipt);
  } else if constexpr (std::is_same_v<U, StageEntry>) {
    v("stage", x.stage), v("at", x.at), v("rule", x.rule), v("implied", x.implied);
  } else if constexpr (std::is_same_v<U, Attempt>) {
    v("at", x.at), v("rep", x.rep), v("channel", x.channel), v("outcome", x.outcome), v("evidence", x.evidence);
    v("kind", x.evidence_kind);
  } else if constexpr (std::is_same_v<U, Attribution>) {
    v("channel", x.channel), v("paid", x.paid), v("utm_source", x.utm_source), v("utm_medium", x.utm_medium);
    v("utm_campaign", x.utm_campaign), v("utm_term", x.utm_term), v("utm_content", x.utm_content);
    v("referrer", x.referrer), v("landing_page", x.landing_page), v("click_id", x.click_id);
  } else if constexpr (std::is_same_v<U, ScoreSnapshot>) {
    v("fit", x.fit), v("engagement", x.engagement), v("total", x.total), v("grade", x.grade);
    v("disqualified", x.disqualified), v("by", x.disqualified_by), v("at", x.at), v("next", x.next_crossing);
    v("policy", x.policy);
  } else if constexpr (std::is_same_v<U, Lead>) {
    v("id", x.id), v.unless_one("cycle", x.cycle), v("stage", x.stage), v("work", x.work), v("type", x.type);
    v("opened", x.opened_at), v("trigger", x.trigger_at), v("owner", x.owner), v("pool", x.pool);
    v("rule", x.route_rule), v("hops", x.hops), v("request", x.open_request), v("waits", x.waits);
    v("ask_again", x.ask_again_at), v("told_again", x.told_again_at), v("lapsed", x.lapsed);
    v("stages", x.stages), v("handovers", x.handovers), v("attempts", x.attempts), v("ask", x.ask);
    v("reason", x.reason), v("held", x.held), v("wake", x.wake_at), v("floor", x.score_floor);
  } else {
    static_assert(std::is_same_v<U, PersonState>);
    v("id", x.id), v("created", x.created_at), v("now", x.last_now), v("profile", x.profile);
    v("provenance", x.provenance), v("claims", x.claims), v("consents", x.consents), v("objected", x.objected_at);
    v("first_touch", x.first_touch), v("last_touch", x.last_touch), v("touches", x.touches), v("sums", x.sums);
    v("folded", x.folded), v("feedback", x.feedback), v("score", x.score), v("lead", x.lead), v("past", x.past);
    v("clocks", x.clocks), v("generations", x.generations), v("refs", x.refs);
  }
}

json::value write(const std::string& x) { return json::value(x); }
json::value write(bool x) { return json::value(x); }
json::value write(Instant x) { return json::value(x.ms); }
json::value write(Duration x) { return json::value(x.ms); }
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

template <class T>
json::value write(const std::map<std::string, T>& x) {
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
void read(const json::value& v, bool& out) { out = v.is_bool() ? v.get_bool() : out; }
void read(const json::value& v, Instant& out) { out.ms = number(v, out.ms); }
void read(const json::value& v, Duration& out) { out.ms = number(v, out.ms); }
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

template <class T>
void read(const json::value& v, std::map<std::string, T>& out) {
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
  if (!document.is_object()) return error(Errc::kInvalidInput, "a person document is a JSON object");
  const auto version = integer(document.get_object(), "v", 0);
  if (version < 1 || version > kVersion)
    return error(Errc::kInvalidInput, "a person document of a format this version does not know", "v");
  PersonState person;
  read(document, person);
  return person;
}

}  // namespace baton
