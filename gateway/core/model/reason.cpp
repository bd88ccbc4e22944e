#include "gateway/core/model/reason.h"

#include "gateway/core/model/event_codec.h"
#include "mapping/json/json.h"
#include "mapping/json/json_text.h"

namespace baton {

std::size_t FactValue::most() const {
  switch (kind_) {
    case Kind::kText:
    case Kind::kJson:
      return text_.size() + 2;
    default:
      return TextTail::kInstant + 2;  // the longest of the others
  }
}

void FactValue::write(TextTail& out) const {
  switch (kind_) {
    case Kind::kText:
      out.put_quoted(text_);
      return;
    case Kind::kNumber:
      out.put_number(number_);
      return;
    case Kind::kBool:
      out.put(number_ != 0 ? "true" : "false");
      return;
    case Kind::kInstant:
      out.put('"').put_instant(Instant{number_}).put('"');
      return;
    case Kind::kJson:
      out.put(text_);
      return;
    case Kind::kUnsaid:
      return;
  }
}

namespace {

constexpr std::size_t kAround = 12, kAroundFact = 5;  // what is written besides texts, at most

std::size_t most(Reasons::Facts facts) {
  std::size_t sum = 0;
  for (const auto& [key, value] : facts) sum += key.size() + kAroundFact + value.most();
  return sum;
}

// Whether any was written; `first`: there is none before.
bool write_facts(TextTail& out, Reasons::Facts facts, bool first) {
  for (const auto& [key, value] : facts) {
    if (!value.is_said()) continue;
    out.put(',');
    if (first) out.put('{');
    out.put('"').put(key).put('"').put(':');
    value.write(out);
    first = false;
  }
  return !first;
}

}  // namespace

void Reasons::add(std::string_view code, std::string_view prefix, std::string_view rule,
                  Facts facts, Facts more) {
  const bool first = text_.empty();
  starts_.push_back(static_cast<std::uint32_t>(text_.size() + (first ? 0 : 1)));
  TextTail out(text_,
               code.size() + prefix.size() + rule.size() + kAround + most(facts) + most(more));
  if (!first) out.put(',');
  out.put('[').put_quoted(code).put(',').put('"').put_escaped(prefix).put_escaped(rule).put('"');
  const bool some = write_facts(out, facts, true);
  if (write_facts(out, more, !some)) out.put('}');
  out.put(']');
}

// The text stays whole after each call: what closes the newest reason is taken off and put back.
Reasons& Reasons::label(const Label& label) {
  fact("label_en", label.in("en"));
  for (const auto& [language, text] : label.by_language()) {
    if (language != "en") fact("label_" + language, text);
  }
  return *this;
}

Reasons& Reasons::facts(Facts facts) {
  const bool some = text_[text_.size() - 2] == '}';
  text_.resize(text_.size() - (some ? 2 : 1));
  TextTail out(text_, most(facts) + kAround);
  if (write_facts(out, facts, !some)) out.put('}');
  out.put(']');
  return *this;
}

void Reasons::append(const Reasons& others) {
  if (others.empty()) return;
  if (!text_.empty()) text_ += ',';
  const auto shift = static_cast<std::uint32_t>(text_.size());
  for (const auto start : others.starts_) starts_.push_back(shift + start);
  text_ += others.text_;
}

void Reasons::add(const Reason& reason) {
  begin(reason.code, reason.rule);
  for (const auto& [key, value] : reason.facts) {
    std::string name;
    append_escaped(name, {key.data(), key.size()});
    const auto json = boost::json::serialize(value);
    fact(name, FactValue::json(json));
  }
}

// Codes are literals of this program without escapes.
std::string_view Reasons::code(std::size_t i) const {
  const auto rest = std::string_view(text_).substr(starts_[i] + 2);
  return rest.substr(0, rest.find('"'));
}

std::vector<Reason> Reasons::read() const {
  std::vector<Reason> out;
  const auto parsed = parse_json("[" + text_ + "]");
  if (!parsed) return out;
  for (const auto& item : parsed->get_array()) out.push_back(reason_from_json(item));
  return out;
}

}  // namespace baton
