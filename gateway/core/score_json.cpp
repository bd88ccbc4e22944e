#include "gateway/core/score_json.h"

#include <fmt/format.h>

#include "mapping/json.h"

namespace baton {
namespace {

// Milli-points as points: a whole number where it is one, else three decimals at most. This is
// display; nothing is decided by it.
json::value number(std::int64_t milli) {
  if (milli % 1000 == 0) return milli / 1000;
  return static_cast<double>(milli) / 1000;
}

std::string digits(std::int64_t milli) {
  const std::int64_t size = milli < 0 ? -milli : milli;
  std::string text = fmt::format("{}{}.{:03}", milli < 0 ? "-" : "", size / 1000, size % 1000);
  while (text.back() == '0') text.pop_back();
  if (text.back() == '.') text.pop_back();
  return text;
}

json::object to_json(const ScoreLine& line) {
  return {{"rule", line.rule},
          {"touch", line.touch},
          {"points", number(line.points)},
          {"axis", line.axis},
          {"why", why(line)}};
}

}  // namespace

std::string why(const ScoreLine& line) {
  std::string text = fmt::format("{} points", digits(line.base));
  if (line.decayed != line.base) text += fmt::format(", decayed to {}", digits(line.decayed));
  if (line.cut != 0) text += fmt::format(", capped at {}", digits(line.points));
  return text;
}

json::object to_json(const ScoreResult& result) {
  const ScoreSnapshot& s = result.snapshot;
  json::array lines;
  for (const ScoreLine& line : result.lines) lines.push_back(to_json(line));
  json::object o{{"fit", number(s.fit)},      {"engagement", number(s.engagement)},
                 {"grade", s.grade},          {"total", number(s.total)},
                 {"lines", std::move(lines)}, {"next_crossing", nullptr}};
  if (s.next_crossing) o["next_crossing"] = to_rfc3339(*s.next_crossing);
  if (s.disqualified) o["disqualified_by"] = s.disqualified_by;
  return o;
}

}  // namespace baton
