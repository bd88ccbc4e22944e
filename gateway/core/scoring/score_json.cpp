#include "gateway/core/scoring/score_json.h"

#include <fmt/format.h>

#include "mapping/json/json_text.h"

namespace baton {
namespace {

// Milli-points as points: "12", "-7.125".
std::string digits(std::int64_t milli) {
  const std::int64_t size = milli < 0 ? -milli : milli;
  std::string text = fmt::format("{}{}.{:03}", milli < 0 ? "-" : "", size / 1000, size % 1000);
  while (text.back() == '0') text.pop_back();
  if (text.back() == '.') text.pop_back();
  return text;
}

void write_line(JsonWriter& w, const ScoreLine& line) {
  w.open('{');
  w.key("rule").value(line.rule);
  w.key("touch").value(line.touch);
  w.key("points").raw(digits(line.points));
  w.key("axis").value(line.axis);
  w.key("why").value(why(line));
  w.close('}');
}

}  // namespace

std::string why(const ScoreLine& line) {
  std::string text = fmt::format("{} points", digits(line.base));
  if (line.decayed != line.base) text += fmt::format(", decayed to {}", digits(line.decayed));
  if (line.cut != 0) text += fmt::format(", capped at {}", digits(line.points));
  return text;
}

std::string to_json_text(const ScoreResult& result) {
  const ScoreSnapshot& s = result.snapshot;
  std::string text;
  JsonWriter w(text);
  w.open('{');
  w.key("fit").raw(digits(s.fit));
  w.key("engagement").raw(digits(s.engagement));
  w.key("grade").value(s.grade);
  w.key("total").raw(digits(s.total));
  w.key("lines").open('[');
  for (const ScoreLine& line : result.lines) write_line(w, line);
  w.close(']');
  if (s.next_crossing) {
    w.key("next_crossing").value(*s.next_crossing);
  } else {
    w.key("next_crossing").raw("null");
  }
  if (s.disqualified) w.key("disqualified_by").value(s.disqualified_by);
  w.close('}');
  return text;
}

}  // namespace baton
