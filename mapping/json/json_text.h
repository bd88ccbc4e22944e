#pragma once

#include <cassert>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "mapping/instant.h"

namespace baton {

// Writes JSON directly into a text, without a tree, for output that is written often and read
// rarely.

void append_number(std::string& out, std::int64_t number);
void append_number(std::string& out, std::uint64_t number);
// Escapes like boost::json::serialize, which is also what RFC 8785 requires.
void append_escaped(std::string& out, std::string_view text);
void append_quoted(std::string& out, std::string_view text);  // with quotes
void append_quoted(std::string& out, Instant at);             // RFC 3339

// Appends many small pieces to a text. The constructor allocates the maximum size once, and the
// destructor returns the unused rest. The text must not be read in between. Escapes grow the text
// when they occur.
class TextTail {
 public:
  // Maximum length of one piece.
  static constexpr std::size_t kNumber = 20, kInstant = kInstantLength;

  TextTail(std::string& text, std::size_t most) : text_(text) {
    const auto size = text.size();
    text.resize(size + most);
    at_ = text.data() + size;
  }
  ~TextTail() {
    assert(at_ <= text_.data() + text_.size());
    text_.resize(static_cast<std::size_t>(at_ - text_.data()));
  }
  TextTail(const TextTail&) = delete;
  TextTail& operator=(const TextTail&) = delete;

  TextTail& put(char c) {
    *at_++ = c;
    return *this;
  }
  TextTail& put(std::string_view plain) {
    std::memcpy(at_, plain.data(), plain.size());
    at_ += plain.size();
    return *this;
  }
  TextTail& put_escaped(std::string_view text);
  TextTail& put_quoted(std::string_view text) { return put('"').put_escaped(text).put('"'); }
  TextTail& put_number(std::int64_t number) {
    at_ = std::to_chars(at_, at_ + kNumber, number).ptr;
    return *this;
  }
  TextTail& put_instant(Instant at) {
    at_ = write_rfc3339(at_, at);
    return *this;
  }

 private:
  void put_escapes(std::string_view text);

  std::string& text_;
  char* at_;
};

// Writes objects and arrays and adds commas automatically. Keys are written unchanged and must be
// literals that need no escape. For canonical JSON the caller writes members in sorted order.
class JsonWriter {
 public:
  explicit JsonWriter(std::string& out) : out_(out) {}

  void open(char bracket) {
    separate();
    out_ += bracket;
  }
  void close(char bracket) { out_ += bracket; }
  JsonWriter& key(std::string_view name) {
    separate();
    out_ += '"';
    out_ += name;
    out_ += "\":";
    return *this;
  }
  JsonWriter& text_key(std::string_view name) {  // any text
    separate();
    append_quoted(out_, name);
    out_ += ':';
    return *this;
  }
  void value(std::string_view text) { separate(), append_quoted(out_, text); }
  void value(const std::string& text) { value(std::string_view(text)); }
  void value(const char* text) { value(std::string_view(text)); }
  void value(std::int64_t number) { separate(), append_number(out_, number); }
  void value(std::uint64_t number) { separate(), append_number(out_, number); }
  void value(int number) { value(static_cast<std::int64_t>(number)); }
  void value(bool yes) { separate(), out_ += yes ? "true" : "false"; }
  void value(Instant at) { separate(), append_quoted(out_, at); }
  void raw(std::string_view json) { separate(), out_ += json; }

  // Writes the member unless `text` is empty.
  void put(std::string_view name, std::string_view text) {
    if (!text.empty()) key(name).value(text);
  }

 private:
  void separate() {
    if (out_.empty()) return;
    const char last = out_.back();
    if (last != '{' && last != '[' && last != ':' && last != ',') out_ += ',';
  }

  std::string& out_;
};

}  // namespace baton
