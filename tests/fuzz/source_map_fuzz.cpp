#include <algorithm>
#include <array>
#include <memory>
#include <set>
#include <string>

#include "adapters/engine/source/source.h"
#include "mapping/json/json.h"
#include "mapping/normalise/email.h"
#include "mapping/unicode.h"
#include "tests/fuzz/configs.h"
#include "tests/fuzz/fuzz.h"

namespace baton::fuzz {
namespace {

constexpr Instant kReceived{1'773'000'000'000};

void check_touch(const Touch& touch, const RawDelivery& raw) {
  require(!touch.id.empty() && touch.source == raw.source, "a touch has an id and its source");
  require(touch.at <= kReceived, "no touch is later than its arrival");
  const auto written = to_json(touch, true);
  const auto text = json::serialize(written);
  require(is_utf8(text), "a touch is UTF-8");
  const auto parsed = parse_json(text);
  const auto read = parsed ? touch_from_json(*parsed) : touch_from_json({});
  require(read && to_json(*read, true) == written, "a touch is read back as it was written");
  if (touch.person.email.empty()) return;
  const auto email = normalise_email(touch.person.email);
  require(email && email->address == touch.person.email,
          "an address that was mapped is normalised");
}

void check_mapped(const Source& source, const RawDelivery& raw) {
  const auto id = source.delivery_id(raw);
  require(!id.empty() && id == source.delivery_id(raw), "a delivery has one id");
  const auto mapped = source.map(raw);
  if (!mapped) return;
  require(mapped->touches.size() <= raw.body.size(), "there are no more touches than bytes");
  std::set<std::string> ids;
  std::size_t size = 0;
  for (const auto& touch : mapped->touches) {
    require(ids.insert(touch.id).second, "the ids of touches differ");
    check_touch(touch, raw);
    size += json::serialize(to_json(touch, true)).size();
  }
  require(size <= 64 * 1024 + 64 * raw.body.size(),
          "the size of the result is bounded by the input");
  require(std::is_sorted(mapped->unmapped.begin(), mapped->unmapped.end()),
          "what was not mapped is sorted");
  const auto again = source.map(raw);
  require(again && to_json(*again) == to_json(*mapped),
          "the same delivery maps to the same touches");
}

// Source, content type, a line for each header that the source keeps, the body.
void run(std::string_view bytes) {
  static constexpr std::array<std::string_view, 4> kTypes{"application/json",
                                                          "application/x-www-form-urlencoded",
                                                          "application/json; charset=utf-8", ""};
  Input input(bytes);
  const auto& sources = sample_sources();
  const auto& source = *sources[input.pick(sources.size())].source;
  RawDelivery raw;
  raw.source = source.name();
  raw.content_type = kTypes[input.pick(kTypes.size())];
  (void)input.line();
  for (const auto& name : source.kept_headers()) {
    if (const auto value = input.line(); !value.empty())
      raw.headers.emplace_back(name, as_utf8(value));
  }
  raw.body = input.rest();
  raw.received_at = kReceived;
  check_mapped(source, raw);
}

const Target kTarget("source_map", run);

}  // namespace
}  // namespace baton::fuzz
