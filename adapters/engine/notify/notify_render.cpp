#include "adapters/engine/notify/notify_render.h"

#include <algorithm>
#include <array>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <fmt/format.h>

#include "adapters/engine/crm/crm_declared.h"
#include "adapters/engine/text/plain_text.h"
#include "mapping/json/json.h"

namespace baton {
namespace {

// Slack refuses a whole message if a text block is longer than 3000 characters.
constexpr std::size_t kLongestText = 2800;
constexpr std::size_t kLongestLabel = 150;  // of a link, before it is escaped
constexpr std::size_t kMostFields = 10;
constexpr std::string_view kEllipsis = "…";

// Slack's mrkdwn has no escape for its marks, and Mattermost's Markdown has another one than
// Slack's. Marks are replaced with characters that look the same and have no meaning.
std::string_view look_alike(char c) {
  switch (c) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '*':
      return "∗";
    case '~':
      return "∼";
    case '`':
      return "ˋ";
    case '[':
      return "［";
    case ']':
      return "］";
    default:
      return {};
  }
}

bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || static_cast<unsigned char>(c) >= 0x80;
}

// An underscore inside a word has no meaning; at its edge it begins or ends italics.
bool is_edge(std::string_view text, std::size_t i) {
  return i == 0 || i + 1 == text.size() || !is_word(text[i - 1]) || !is_word(text[i + 1]);
}

std::string cut(std::string text, std::size_t bytes) {
  if (text.size() <= bytes) return text;
  text = shortened(text, bytes);
  text.resize(text.size() - kEllipsis.size());
  // A cut inside an entity would be visible.
  if (const auto amp = text.rfind('&');
      amp != std::string::npos && amp + 6 > text.size() && text.find(';', amp) == std::string::npos)
    text.resize(amp);
  return text.append(kEllipsis);
}

// Keeps a quote of several lines together.
std::string quoted(const std::string& text) {
  std::string out = "> ";
  for (const char c : slack_text(text)) {
    if (c == '\r') continue;
    out += c;
    if (c == '\n') out += "> ";
  }
  return out;
}

std::string slack_url(std::string_view url) {
  std::string out;
  for (const char c : url) out += c == '&' ? std::string("&amp;") : std::string(1, c);
  return out;
}

std::string links_line(const Message& message) {
  std::string line;
  for (const auto& link : message.links) {
    const auto url = safe_url(link.url);
    if (url.empty()) continue;
    if (!line.empty()) line += "  ·  ";
    line += fmt::format(fmt::runtime(link.primary ? "*<{}|{}>*" : "<{}|{}>"), slack_url(url),
                        slack_text(shortened(link.label, kLongestLabel)));
  }
  return line;
}

// The text for services without blocks. Its links are kept whole.
std::string fallback(std::string text, const std::string& links) {
  if (links.empty()) return cut(std::move(text), kLongestText);
  const auto room = kLongestText - std::min(kLongestText / 2, links.size() + 1);
  return cut(std::move(text), room) + '\n' + links;
}

// Verbatim: Slack then does not turn texts into links.
json::object mrkdwn(std::string text) {
  return {{"type", "mrkdwn"}, {"text", cut(std::move(text), kLongestText)}, {"verbatim", true}};
}
std::string slack_line(std::string_view text) { return slack_text(plain_text(text, false)); }
json::object section(std::string text) {
  return {{"type", "section"}, {"text", mrkdwn(std::move(text))}};
}

}  // namespace

std::string slack_text(std::string_view given) {
  const auto text = without_links(plain_text(given, true));
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const auto other = c == '_' && is_edge(text, i) ? std::string_view("＿") : look_alike(c);
    if (other.empty())
      out += c;
    else
      out += other;
    // A mention begins at an '@' that does not belong to an address.
    if (c != '@') continue;
    if (i == 0 || std::isalnum(static_cast<unsigned char>(text[i - 1])) == 0) out += "\u200b";
  }
  return out;
}

std::string slack_body(const Message& message) {
  json::array blocks{section('*' + slack_line(message.headline) + '*')};
  std::string all = '*' + slack_line(message.headline) + '*';
  json::array fields;
  for (const auto& [label, value] : message.facts) {
    const auto line = fmt::format("*{}:* {}", slack_line(label), slack_line(value));
    all += '\n' + line;
    if (fields.size() < kMostFields) fields.push_back(mrkdwn(line));
  }
  if (!fields.empty())
    blocks.push_back(json::object{{"type", "section"}, {"fields", std::move(fields)}});
  if (!message.quote.empty()) {
    blocks.push_back(section(quoted(message.quote)));
    all += '\n' + quoted(message.quote);
  }
  std::string links;
  if (!message.links.empty()) {
    // Links instead of buttons: for a button Slack calls the app back, which an incoming webhook
    // does not have.
    links = links_line(message);
    blocks.push_back(section(links));
  }
  return json::serialize(json::object{{"text", fallback(std::move(all), links)},
                                      {"blocks", std::move(blocks)},
                                      {"unfurl_links", false}});
}

json::object link_view(const MessageLink& link) {
  json::object o{{"label", link.label}, {"url", link.url}, {"primary", link.primary}};
  if (!link.action.empty()) o.emplace("action", link.action);
  return o;
}

std::string webhook_body(const Message& message, Instant now) {
  json::object data = message.data;
  data["key"] = message.key;
  data["recipient"] = json::object{{"id", message.recipient},
                                   {"name", message.recipient_name},
                                   {"email", message.recipient_email}};
  data["language"] = message.language;
  data["headline"] = message.headline;
  json::array facts;
  for (const auto& [label, value] : message.facts)
    facts.push_back(json::object{{"label", label}, {"value", value}});
  data["facts"] = std::move(facts);
  if (!message.quote.empty()) data["quote"] = message.quote;
  json::array links;
  for (const auto& link : message.links) links.push_back(link_view(link));
  data["links"] = std::move(links);
  return json::serialize(json::object{{"type", "baton." + message.kind},
                                      {"timestamp", to_rfc3339(now)},
                                      {"data", std::move(data)}});
}

std::optional<std::string> standard_webhook_key(std::string_view secret) {
  if (secret.starts_with("whsec_")) secret.remove_prefix(6);
  if (secret.empty() || secret.size() % 4 != 0) return std::nullopt;
  std::string bytes(secret.size() / 4 * 3, '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                                   reinterpret_cast<const unsigned char*>(secret.data()),
                                   static_cast<int>(secret.size()));
  if (size < 0) return std::nullopt;
  std::size_t padding = 0;
  while (padding < 2 && secret[secret.size() - 1 - padding] == '=') ++padding;
  bytes.resize(static_cast<std::size_t>(size) - padding);
  return bytes;
}

std::string standard_webhook_id(std::string_view key) {
  std::string id(key);
  std::replace_if(
      id.begin(), id.end(),
      [](unsigned char c) { return std::isalnum(c) == 0 && c != '_' && c != '-' && c != ':'; },
      '_');
  return id;
}

std::string standard_webhook_signature(std::string_view key_bytes, std::string_view id,
                                       std::int64_t timestamp_s, std::string_view body) {
  const auto signed_text = fmt::format("{}.{}.{}", id, timestamp_s, body);
  std::array<unsigned char, EVP_MAX_MD_SIZE> mac{};
  unsigned int size = 0;
  HMAC(EVP_sha256(), key_bytes.data(), static_cast<int>(key_bytes.size()),
       reinterpret_cast<const unsigned char*>(signed_text.data()), signed_text.size(), mac.data(),
       &size);
  return "v1," + base64({reinterpret_cast<const char*>(mac.data()), size});
}

}  // namespace baton
