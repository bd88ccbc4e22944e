#include "gateway/core/reason.h"

#include "gateway/core/event_codec.h"
#include "mapping/json.h"
#include "mapping/json_text.h"

namespace baton {

void FactValue::write(std::string& out) const {
  switch (kind_) {
    case Kind::kText: return append_quoted(out, text_);
    case Kind::kNumber: return append_number(out, number_);
    case Kind::kBool: out += number_ != 0 ? "true" : "false"; return;
    case Kind::kInstant: return append_quoted(out, Instant{number_});
    case Kind::kJson: out += text_; return;
  }
}

Reasons& Reasons::begin(std::string_view code, std::string_view rule) { return begin(code, {}, rule); }

Reasons& Reasons::begin(std::string_view code, std::string_view prefix, std::string_view rule) {
  if (!text_.empty()) text_ += ',';
  starts_.push_back(static_cast<std::uint32_t>(text_.size()));
  text_ += '[';
  append_quoted(text_, code);
  text_ += ",\"";
  append_escaped(text_, prefix);
  append_escaped(text_, rule);
  text_ += "\"]";
  return *this;
}

// The text stays whole after each call: what closes the newest reason is taken off and put back.
Reasons& Reasons::facts(std::initializer_list<Fact> facts) {
  if (facts.size() == 0) return *this;
  const bool first = text_[text_.size() - 2] != '}';
  text_.resize(text_.size() - (first ? 1 : 2));
  std::string_view before = first ? ",{\"" : ",\"";
  for (const auto& [key, value] : facts) {
    text_ += before;
    text_ += key;
    text_ += "\":";
    value.write(text_);
    before = ",\"";
  }
  text_ += "}]";
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

// Codes are written by this program alone and hold nothing that is escaped.
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
