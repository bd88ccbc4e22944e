#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include <boost/json/object.hpp>

#include "gateway/core/model/ids.h"
#include "gateway/core/text/label.h"
#include "mapping/instant.h"

namespace baton {

// Why something was decided: the name of the policy's rule, the code of a sentence, and the inputs
// of the rule. gateway/core/explain renders the sentence. Inputs do not
// identify the person (level, country, counts, points, times, rep ids), so a decision can still be
// explained and replayed after an erasure.
struct Reason {
  std::string code;  // "score.rule", "stage.entered", "route.rule", "clock.started", ...
  std::string rule;  // of the policy: "scoring.rules.demo_request"; "" : none
  boost::json::object facts;
};

class TextTail;  // mapping/json/json_text.h

// The value of a fact for Reasons. It refers to texts and does not own them.
class FactValue {
 public:
  enum class Kind : std::uint8_t { kText, kNumber, kBool, kInstant, kJson, kUnsaid };

  FactValue(std::string_view text) : text_(text) {}
  FactValue(const std::string& text) : text_(text) {}
  FactValue(const char* text) : text_(text) {}
  template <class Kind>
  FactValue(const StrongId<Kind>& id) : text_(id.view()) {}
  FactValue(Instant at) : kind_(Kind::kInstant), number_(at.ms) {}
  template <class Number, std::enable_if_t<std::is_integral_v<Number>, int> = 0>
  FactValue(Number number)
      : kind_(std::is_same_v<Number, bool> ? Kind::kBool : Kind::kNumber),
        number_(static_cast<std::int64_t>(number)) {}
  // A value that is JSON already.
  static FactValue json(std::string_view json) {
    FactValue value(json);
    value.kind_ = Kind::kJson;
    return value;
  }

  // Leaves the fact out if the text is empty, or if `said` is false.
  static FactValue if_said(std::string_view text) { return if_said(!text.empty(), text); }
  template <class Kind>
  static FactValue if_said(const StrongId<Kind>& id) {
    return if_said(id.view());
  }
  static FactValue if_said(bool said, FactValue value) {
    if (!said) value.kind_ = Kind::kUnsaid;
    return value;
  }

  bool is_said() const { return kind_ != Kind::kUnsaid; }
  std::size_t most() const;  // upper bound of its characters without escapes
  void write(TextTail& out) const;

 private:
  Kind kind_ = Kind::kText;
  std::int64_t number_ = 0;
  std::string_view text_;
};

struct Fact {
  std::string_view key;  // written without escapes
  FactValue value;
};

// The reasons of a decision, in order. Every decision writes them and few are read, so they are
// kept in one buffer as the text that the log stores: the elements of a JSON array, each ["code",
// "rule", {facts}], without the facts if there are none.
class Reasons {
 public:
  using Facts = std::initializer_list<Fact>;

  // Adds a reason with its facts.
  void add(std::string_view code, std::string_view rule, Facts facts) {
    add(code, {}, rule, facts, {});
  }
  // The rule's name is `prefix` and `rule`: "sla.clocks." and "accept".
  void add(std::string_view code, std::string_view prefix, std::string_view rule, Facts facts,
           Facts more);
  Reasons& begin(std::string_view code, std::string_view rule = {}) {
    return begin(code, {}, rule);
  }
  Reasons& begin(std::string_view code, std::string_view prefix, std::string_view rule) {
    add(code, prefix, rule, {}, {});
    return *this;
  }
  // Adds facts to the newest reason.
  Reasons& fact(std::string_view key, FactValue value) { return facts({{key, value}}); }
  Reasons& facts(Facts facts);
  // Adds the name from the policy: "label_en" and one fact for each other language.
  Reasons& label(const Label& label);

  void append(const Reasons& others);
  void add(const Reason& reason);
  void reserve(std::size_t reasons, std::size_t bytes) {
    starts_.reserve(reasons);
    text_.reserve(bytes);
  }

  bool empty() const { return text_.empty(); }
  std::size_t size() const { return starts_.size(); }
  std::string_view code(std::size_t i) const;
  const std::string& text() const { return text_; }
  std::vector<Reason> read() const;
  bool operator==(const Reasons& other) const { return text_ == other.text_; }

 private:
  std::string text_;
  std::vector<std::uint32_t> starts_;  // of each reason in the text
};

}  // namespace baton
