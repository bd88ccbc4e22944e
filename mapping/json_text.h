#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "mapping/instant.h"

namespace baton {

// JSON written straight into a text, for what is written often and read rarely: no tree is built.

void append_number(std::string& out, std::int64_t number);
void append_number(std::string& out, std::uint64_t number);
// Escaped as boost::json::serialize does, which is also what RFC 8785 asks for.
void append_escaped(std::string& out, std::string_view text);
void append_quoted(std::string& out, std::string_view text);  // the same in quotes
void append_quoted(std::string& out, Instant at);  // RFC 3339

// Objects and arrays; commas come by themselves. Keys are written as they are: literals that need
// no escape. For canonical JSON the caller names members in their sorted order.
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

  // Only what is said.
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
