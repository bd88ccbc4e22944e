#include "gateway/core/policy_file/policy_reader.h"

#include <algorithm>

#include <fmt/format.h>

#include "gateway/core/text/texts.h"
#include "mapping/json/json.h"
#include "mapping/schema/schema.h"

namespace baton {

const json::value* PolicyReader::at(const std::string& pointer) const {
  json::error_code ec;
  return yaml_.value.find_pointer(pointer, ec);
}

std::string PolicyReader::text(const std::string& pointer, std::string_view fallback) const {
  const auto* v = at(pointer);
  return v != nullptr && v->is_string() ? std::string(v->get_string().c_str())
                                        : std::string(fallback);
}

Label PolicyReader::label(const std::string& pointer, std::string_view fallback) const {
  Label label(text(pointer + "/en", fallback));
  for (const auto& language : text_languages())
    label.set(language, text(pointer + '/' + language, label.in("en")));
  return label;
}

int PolicyReader::integer(const std::string& pointer, int fallback) const {
  const auto* v = at(pointer);
  return v != nullptr && v->is_int64() ? static_cast<int>(v->get_int64()) : fallback;
}

bool PolicyReader::boolean(const std::string& pointer, bool fallback) const {
  const auto* v = at(pointer);
  return v != nullptr && v->is_bool() ? v->get_bool() : fallback;
}

Duration PolicyReader::duration(const std::string& pointer, Duration fallback) {
  const auto* v = at(pointer);
  if (v == nullptr || !v->is_string()) return fallback;
  if (const auto d = parse_duration(v->get_string().c_str())) return *d;
  error(pointer,
        fmt::format("\"{}\" is not a duration; write it like \"4h\", \"30m\" or \"5d\"",
                    v->get_string().c_str()),
        "policy.bad_duration");
  return fallback;
}

std::vector<std::string> PolicyReader::texts(const std::string& pointer) const {
  std::vector<std::string> out;
  each(pointer, [&](const std::string& item, const std::string&) { out.push_back(item); });
  return out;
}

std::vector<int> PolicyReader::integers(const std::string& pointer) const {
  std::vector<int> out;
  const auto* v = at(pointer);
  if (v == nullptr || !v->is_array()) return out;
  for (const auto& item : v->get_array()) {
    if (item.is_int64()) out.push_back(static_cast<int>(item.get_int64()));
  }
  return out;
}

std::size_t PolicyReader::size(const std::string& pointer) const {
  const auto* v = at(pointer);
  return v != nullptr && v->is_array() ? v->get_array().size() : 0;
}

std::vector<std::string> PolicyReader::keys(const std::string& pointer) const {
  std::vector<std::string> out;
  const auto* v = at(pointer);
  if (v == nullptr || !v->is_object()) return out;
  for (const auto& m : v->get_object()) out.emplace_back(m.key());
  std::sort(out.begin(), out.end());
  return out;
}

void PolicyReader::each(
    const std::string& pointer,
    const std::function<void(const std::string&, const std::string&)>& use) const {
  const auto* v = at(pointer);
  if (v == nullptr || !v->is_array()) return;
  std::size_t index = 0;
  for (const auto& item : v->get_array()) {
    const auto place = fmt::format("{}/{}", pointer, index++);
    if (item.is_string()) use(std::string(item.get_string().c_str()), place);
  }
}

void PolicyReader::error(const std::string& pointer, std::string message, std::string code) {
  failed_ = true;
  findings_.push_back(yaml_.finding(pointer, std::move(message), std::move(code)));
}

void PolicyReader::warn(const std::string& pointer, std::string message, std::string code) {
  auto finding = yaml_.finding(pointer, std::move(message), std::move(code));
  finding.warning = true;
  findings_.push_back(std::move(finding));
}

void PolicyReader::bad_choice(const std::string& pointer, std::string_view value,
                              const std::vector<std::string>& choices) {
  const auto near = did_you_mean(value, choices);
  error(pointer,
        near.empty() ? fmt::format("\"{}\" is unknown here; choose one of {}", value,
                                   fmt::join(choices, ", "))
                     : fmt::format("\"{}\" is unknown here; did you mean \"{}\"?", value, near),
        "policy.unknown_name");
}

}  // namespace baton
