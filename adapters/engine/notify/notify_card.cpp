#include "adapters/engine/notify/notify_card.h"

#include <algorithm>

#include "adapters/engine/text/plain_text.h"
#include "mapping/json/json.h"

namespace baton {
namespace {

// How much of a message is shown, from full to short.
struct Measure {
  std::size_t headline, facts, fact, quote;
};
constexpr Measure kMeasures[] = {
    {1000, 60, 1000, 6000}, {500, 40, 300, 1500}, {300, 25, 200, 500}, {200, 12, 120, 200}};
constexpr std::size_t kMostActions = 6;  // Teams drops further ones

// Teams replaces {{DATE(...)}} and {{TIME(...)}} even inside a TextRun.
std::string card_text(std::string_view text, bool lines, std::size_t bytes) {
  auto out = without_links(plain_text(text, lines));
  for (std::size_t at = 0; (at = out.find("{{", at)) != std::string::npos; at += 5)
    out.insert(at + 1, "\u200b");
  return shortened(out, bytes);
}

json::object run(std::string text,
                 std::initializer_list<std::pair<std::string_view, json::value>> style = {}) {
  json::object o{{"type", "TextRun"}, {"text", std::move(text)}};
  for (const auto& [name, value] : style) o.emplace(name, value);
  return o;
}

json::object block(json::array runs, std::string_view spacing = "Default") {
  return {{"type", "RichTextBlock"}, {"spacing", spacing}, {"inlines", std::move(runs)}};
}

bool is_alarm(std::string_view kind) { return kind == "breach" || kind == "escalation"; }

json::array body_of(const Message& message, const Measure& most) {
  json::array body;
  json::object title = run(card_text(message.headline, false, most.headline),
                           {{"weight", "Bolder"}, {"size", "Medium"}});
  if (is_alarm(message.kind)) title.emplace("color", "Attention");
  body.push_back(block({std::move(title)}));
  for (std::size_t i = 0; i < message.facts.size() && i < most.facts; ++i) {
    const auto& [label, value] = message.facts[i];
    body.push_back(block({run(card_text(label, false, most.fact) + ": ", {{"weight", "Bolder"}}),
                          run(card_text(value, true, most.fact))},
                         i == 0 ? "Default" : "Small"));
  }
  if (message.facts.size() > most.facts) body.push_back(block({run("…")}, "Small"));
  if (!message.quote.empty()) {
    json::object quote{{"type", "Container"}, {"style", "emphasis"}};
    quote.emplace(
        "items",
        json::array{block({run(card_text(message.quote, true, most.quote), {{"italic", true}})})});
    body.push_back(std::move(quote));
  }
  return body;
}

json::array actions_of(const Message& message) {
  json::array actions;
  for (const auto& link : message.links) {
    const auto url = safe_url(link.url);
    if (url.empty() || actions.size() == kMostActions) continue;
    json::object action{
        {"type", "Action.OpenUrl"}, {"title", card_text(link.label, false, 60)}, {"url", url}};
    if (link.primary) action.emplace("style", "positive");
    actions.push_back(std::move(action));
  }
  return actions;
}

std::string body_within(const Message& message, const Measure& most) {
  json::object card{{"$schema", "http://adaptivecards.io/schemas/adaptive-card.json"},
                    {"type", "AdaptiveCard"},
                    {"version", "1.4"},
                    {"lang", message.language},
                    {"msteams", json::object{{"width", "Full"}}},
                    {"fallbackText", card_text(message.headline, false, most.headline)},
                    {"body", body_of(message, most)}};
  if (auto actions = actions_of(message); !actions.empty())
    card.emplace("actions", std::move(actions));
  json::object attachment{{"contentType", "application/vnd.microsoft.card.adaptive"},
                          {"contentUrl", nullptr},
                          {"content", std::move(card)}};
  return json::serialize(
      json::object{{"type", "message"}, {"attachments", json::array{std::move(attachment)}}});
}

}  // namespace

std::string teams_body(const Message& message) {
  std::string body;
  for (const auto& most : kMeasures) {
    body = body_within(message, most);
    if (body.size() <= kLongestCard) break;
  }
  return body;
}

}  // namespace baton
