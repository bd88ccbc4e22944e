#include <algorithm>
#include <string>

#include "gateway/app/documents/documents.h"
#include "gateway/app/documents/effect_codec.h"
#include "gateway/app/documents/envelope.h"
#include "gateway/core/explain/decision_record.h"
#include "gateway/core/model/event_codec.h"
#include "gateway/core/model/person.h"
#include "gateway/core/model/person_codec.h"
#include "gateway/core/pool/pool.h"
#include "gateway/core/pool/pool_json.h"
#include "mapping/json/json.h"
#include "mapping/json/json_text.h"
#include "tests/fuzz/fuzz.h"

namespace baton::fuzz {
namespace {

// Stored documents contain whole numbers only. Boost.JSON reads other numbers to within a bit, so
// that they may change each time.
bool holds_fraction(const json::value& value) {
  const auto any = [](const auto& parts, auto part) {
    return std::any_of(parts.begin(), parts.end(), part);
  };
  if (const auto* list = value.if_array()) return any(*list, holds_fraction);
  if (const auto* members = value.if_object())
    return any(*members, [](const auto& entry) { return holds_fraction(entry.value()); });
  return value.is_double();
}

// Writes what was read, and reads it back as the same: a document that passes through this program
// keeps everything the program knows.
template <class Read>
void round_trip(std::string_view bytes, Read read) {
  const auto json = parse_json(bytes);
  if (!json || holds_fraction(*json)) return;
  const auto first = read(*json);
  if (!first) return;
  const json::value written = to_json(*first);
  const auto parsed = parse_json(json::serialize(written));
  require(parsed.has_value(), "the written text is JSON");
  if (!parsed) return;
  const auto second = read(*parsed);
  require(second.has_value() && json::value(to_json(*second)) == written,
          "what is written is read back as it was");
}

template <class Read>
void round_trip_object(std::string_view bytes, Read read) {
  round_trip(bytes, [&](const json::value& value) {
    static const json::object kNone;
    return read(value.is_object() ? value.get_object() : kNone);
  });
}

void touch(std::string_view bytes) {
  const auto json = parse_json(bytes);
  const auto first = json ? touch_from_json(*json) : touch_from_json({});
  if (!first) return;
  const auto written = to_json(*first, true);
  const auto second = touch_from_json(written);
  require(second.has_value() && to_json(*second, true) == written,
          "a touch is read back as it was written");
}

std::string written(const Event& event) {
  std::string text;
  JsonWriter w(text);
  write_event(w, event, {});
  return text;
}

void event(std::string_view bytes) {
  const auto json = parse_json(bytes);
  if (json && holds_fraction(*json)) return;
  const auto first = json ? event_from_json(*json) : event_from_json({});
  if (!first) return;
  const auto plain = parse_json(written(*first));
  require(plain.has_value(), "the written text is JSON");
  auto second = event_from_json(*plain);
  require(second.has_value(), "an event is read back");
  const auto personal = personal_part(*first);
  require(personal.empty() || add_personal(*second, personal).has_value(),
          "its personal part is read back");
  require(written(*second) == written(*first), "an event is read back as it was written");
}

void record(Input& input) {
  const std::string plain(input.line());
  (void)read_record(plain, input.rest());
}

// A document as it is stored, packed or JSON.
void document(std::string_view bytes) {
  const auto first = read_person(bytes);
  if (!first) return;
  const auto packed = write_person(*first);
  const auto second = read_person(packed);
  require(second.has_value() && write_person(*second) == packed,
          "a document is read back as it was written");
}

// The bytes of the log and of the intake stream.
void framed(Input input) {
  const std::string plain(input.line());
  const auto packed = pack_log(plain, input.rest());
  const auto parts = unpack_log(packed);
  require(parts && parts->plain == plain && parts->sealed == input.rest(),
          "a log record is unpacked as it was packed");
  if (const auto foreign = unpack_log(input.rest())) {
    require(4 + foreign->plain.size() + foreign->sealed.size() == input.rest().size(),
            "the parts are the record");
  }
  require(envelope_key_id(input.rest()).size() < 256, "the id of a key is short");
}

void run(std::string_view bytes) {
  Input input(bytes);
  const auto what = input.pick(12);
  const auto rest = input.rest();
  switch (what) {
    case 0:
      return round_trip(rest, [](const json::value& v) { return person_state_from_json(v); });
    case 1:
      return event(rest);
    case 2:
      return record(input);
    case 3:
      return round_trip(rest, [](const json::value& v) { return pool_from_json(v); });
    case 4:
      return touch(rest);
    case 5:
      return round_trip_object(rest,
                               [](const json::object& o) { return owner_request_from_json(o); });
    case 6:
      return round_trip_object(rest, [](const json::object& o) { return notice_from_json(o); });
    case 7:
      return round_trip_object(rest, [](const json::object& o) { return task_from_json(o); });
    case 8:
      return document(rest);
    case 10:
      return round_trip(rest, [](const json::value& v) { return rep_load_from_json(v); });
    case 11:
      return round_trip_object(rest, [](const json::object& o) { return pool_note_from_json(o); });
    default:
      return framed(input);
  }
}

const Target kTarget("records", run);

}  // namespace
}  // namespace baton::fuzz
