#include "adapters/engine/notify/notify_card.h"

#include <gtest/gtest.h>

#include "mapping/json/json.h"
#include "mapping/schema/yaml.h"

namespace baton {
namespace {

Message sample() {
  Message message;
  message.key = "p1:accept#1:100:anna";
  message.kind = "breach";
  message.language = "de";
  message.headline = "Erika Beispiel (Beispiel GmbH): wartet 31 Min.";
  message.facts = {{"Frist", "heute 10:30"}, {"Telefon", "+4930123456"}};
  message.quote =
      "Bitte **sofort** [klicken](https://boese.example) {{DATE(2017-02-14T06:00:00Z, "
      "SHORT)}}\nzweite Zeile";
  message.links = {{"Annehmen", "https://leads.example.com/a/1#accept", true},
                   {"Anrufen", "tel:+49 30 123456"},
                   {"Falle", "javascript:alert(1)"}};
  return message;
}

json::object card_of(const std::string& body) {
  const auto root = parse_json(body).value().as_object();
  EXPECT_EQ(text(root, "type"), "message");
  const auto& attachment = array(root, "attachments")->at(0).as_object();
  EXPECT_EQ(array(root, "attachments")->size(), 1U);
  EXPECT_EQ(text(attachment, "contentType"), "application/vnd.microsoft.card.adaptive");
  EXPECT_TRUE(attachment.at("contentUrl").is_null());
  return *object(attachment, "content");
}

// Every card element that is allowed here, with the members of its schema (1.4).
void expect_element(const json::object& o) {
  static const std::map<std::string, std::set<std::string>> kMembers = {
      {"RichTextBlock", {"type", "spacing", "inlines"}},
      {"TextRun", {"type", "text", "weight", "size", "color", "italic"}},
      {"Container", {"type", "style", "items"}},
      {"Action.OpenUrl", {"type", "title", "url", "style"}}};
  const auto known = kMembers.find(std::string(text(o, "type")));
  ASSERT_NE(known, kMembers.end()) << json::serialize(o);
  for (const auto& member : o)
    EXPECT_TRUE(known->second.contains(std::string(member.key()))) << json::serialize(o);
  for (const char* list : {"inlines", "items"}) {
    if (const auto* inner = array(o, list)) {
      for (const auto& element : *inner) expect_element(element.as_object());
    }
  }
}

TEST(TeamsCard, HasTheFormThatWorkflowsAccept) {
  const auto card = card_of(teams_body(sample()));
  EXPECT_EQ(text(card, "type"), "AdaptiveCard");
  EXPECT_EQ(text(card, "version"), "1.4");
  EXPECT_EQ(text(card, "$schema"), "http://adaptivecards.io/schemas/adaptive-card.json");
  EXPECT_EQ(text(card, "fallbackText"), "Erika Beispiel (Beispiel GmbH): wartet 31 Min.");
  for (const auto& element : *array(card, "body")) expect_element(element.as_object());
  const auto& actions = *array(card, "actions");
  ASSERT_EQ(actions.size(), 2U);  // none with another scheme
  for (const auto& action : actions) expect_element(action.as_object());
  EXPECT_EQ(text(actions[0].as_object(), "url"), "https://leads.example.com/a/1#accept");
  EXPECT_EQ(text(actions[1].as_object(), "url"), "tel:+4930123456");
  const auto& quote = array(array(card, "body")->back().as_object(), "items")->at(0).as_object();
  const auto shown = std::string(text(array(quote, "inlines")->at(0).as_object(), "text"));
  EXPECT_NE(shown.find("zweite Zeile"), std::string::npos);
  EXPECT_EQ(shown.find("{{"), std::string::npos);
  EXPECT_EQ(shown.find("https://"), std::string::npos);
}

TEST(TeamsCard, IsShortenedUntilTeamsAcceptsIt) {
  for (const std::size_t size : {1'000U, 10'000U, 40'000U, 400'000U}) {
    auto message = sample();
    message.quote.assign(size, '"');
    message.headline += std::string(size / 4, 'x');
    for (int i = 0; i < 80; ++i) message.facts.emplace_back("Frist", std::string(size / 20, '\\'));
    const auto body = teams_body(message);
    EXPECT_LE(body.size(), kLongestCard);
    EXPECT_EQ(text(array(card_of(body), "actions")->at(0).as_object(), "title"), "Annehmen");
  }
}

TEST(TeamsChannel, InterpretsTheResponsesOfAWorkflow) {
  Findings findings;
  const auto alerts = parse_yaml(
      "channels: [{name: team, adapter: teams, mode: live, settings: {url: "
      "'https://x.logic.azure.com/workflows/1/triggers/manual'}}]",
      "alerts.yaml", findings);
  const auto channels = make_notifiers(alerts, "", findings);
  for (const auto& finding : findings) ADD_FAILURE() << to_string(finding);
  ASSERT_EQ(channels.size(), 1U);
  EXPECT_EQ(channels[0]->repeat(), Repeat::kBlind);
  const auto outcome = [&](int status) {
    HttpResult result;
    result.response.status = status;
    return channels[0]->interpret(result);
  };
  EXPECT_EQ(outcome(202).verdict, Verdict::kOk);
  EXPECT_EQ(outcome(200).verdict, Verdict::kOk);
  EXPECT_EQ(outcome(429).retry_after, seconds(5));
  EXPECT_EQ(outcome(503).verdict, Verdict::kRetryBackoff);
  EXPECT_EQ(outcome(404).verdict, Verdict::kPermanentConfig);
  EXPECT_EQ(outcome(410).verdict, Verdict::kPermanentConfig);
  EXPECT_NE(outcome(410).reason.find("no longer exists"), std::string::npos);
  EXPECT_EQ(outcome(413).verdict, Verdict::kPermanentData);
}

}  // namespace
}  // namespace baton
