#include "adapters/engine/notify/notifier.h"

#include <gtest/gtest.h>

#include "adapters/engine/crm/crm_field.h"
#include "adapters/engine/crm/crm_template.h"
#include "adapters/engine/http/http_client_retry_after.h"
#include "adapters/engine/notify/notify_render.h"
#include "mapping/json/json.h"
#include "mapping/schema/yaml.h"

namespace baton {
namespace {

Message sample() {
  Message message;
  message.key = "p1:accept#1:1:anna.x";
  message.kind = "offer";
  message.recipient = "anna";
  message.headline = "Erika <Beispiel> (Beispiel & Co): wartet 6 Min.";
  message.facts = {{"Fällig", "10:15"}, {"Telefon", "+4930123456"}};
  message.quote = "Hallo @channel <!here>\nzweite Zeile";
  message.links = {{"Annehmen", "https://x.example/a/1?b=c&d=e", true},
                   {"Anrufen", "tel:+4930123456"}};
  return message;
}

TEST(SlackBody, EscapesForeignTextAndKeepsLinks) {
  const auto body = parse_json(slack_body(sample())).value().as_object();
  const std::string all(text(body, "text"));
  EXPECT_NE(all.find("*Erika &lt;Beispiel&gt; (Beispiel &amp; Co): wartet 6 Min.*"),
            std::string::npos)
      << all;
  EXPECT_NE(all.find("> Hallo @\u200bchannel &lt;!here&gt;\n> zweite Zeile"), std::string::npos)
      << all;
  EXPECT_NE(
      all.find("*<https://x.example/a/1?b=c&amp;d=e|Annehmen>*  ·  <tel:+4930123456|Anrufen>"),
      std::string::npos)
      << all;
  EXPECT_EQ(all.find("<!"), std::string::npos);
  EXPECT_EQ(array(body, "blocks")->size(), 4U);
}

TEST(SlackBody, StaysWithinSlacksLimits) {
  auto message = sample();
  message.quote.assign(10'000, '&');
  const auto body = parse_json(slack_body(message)).value().as_object();
  for (const auto& block : *array(body, "blocks")) {
    const auto* shown = object(block.get_object(), "text");
    if (shown != nullptr) {
      EXPECT_LE(text(*shown, "text").size(), 3000U);
    }
  }
}

TEST(SlackBody, ShortensTheFallbackAndKeepsItsLinks) {
  auto message = sample();
  message.headline.assign(10'000, 'x');
  message.links.front().label.assign(5'000, 'y');
  const auto body = parse_json(slack_body(message)).value().as_object();
  const std::string all(text(body, "text"));
  EXPECT_LE(all.size(), 3000U);
  EXPECT_NE(all.find("x…\n*<https://x.example/a/1?b=c&amp;d=e|yyy"), std::string::npos) << all;
  EXPECT_TRUE(all.ends_with("  ·  <tel:+4930123456|Anrufen>")) << all;
}

// The example of the reference libraries of Standard Webhooks.
TEST(StandardWebhooks, SignsLikeTheReference) {
  const auto key = standard_webhook_key("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").value();
  EXPECT_EQ(standard_webhook_signature(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330,
                                       "{\"test\": 2432232314}"),
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
  EXPECT_FALSE(standard_webhook_key("whsec_?"));
  EXPECT_EQ(standard_webhook_id("p1.2:accept#1"), "p1_2:accept_1");
}

TEST(Notifiers, AreBuiltFromTheChannels) {
  Findings findings;
  const auto alerts = parse_yaml(
      "channels:\n"
      "  - {name: sales, adapter: slack, mode: live, settings: {url: "
      "'https://hooks.slack.com/services/T/B/X'}}\n"
      "  - {name: hook, adapter: webhook, mode: observe, settings: {url: 'https://x.example/', "
      "secret: "
      "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw}}\n",
      "alerts.yaml", findings);
  const auto channels = make_notifiers(alerts, "", findings);
  for (const auto& finding : findings) ADD_FAILURE() << to_string(finding);
  ASSERT_EQ(channels.size(), 2U);
  EXPECT_EQ(channels[0]->mode(), Mode::kLive);
  EXPECT_EQ(channels[0]->repeat(), Repeat::kBlind);
  EXPECT_EQ(std::get<HttpRequest>(channels[0]->render(sample(), {})).url,
            "https://hooks.slack.com/services/T/B/X");
  const auto request =
      std::get<HttpRequest>(channels[1]->render(sample(), Instant{1'700'000'000'000}));
  EXPECT_EQ(header(request.headers, "webhook-id"), "p1:accept_1:1:anna_x");
  EXPECT_EQ(header(request.headers, "webhook-timestamp"), "1700000000");
  EXPECT_TRUE(header(request.headers, "webhook-signature").starts_with("v1,"));
  HttpResult gone;
  gone.response.status = 410;
  EXPECT_EQ(channels[1]->interpret(gone).verdict, Verdict::kPermanentConfig);
  HttpResult many;
  many.response.status = 429;
  many.response.headers = {{"Retry-After", "30"}};
  EXPECT_EQ(channels[0]->interpret(many).retry_after, seconds(30));
}

TEST(Notifiers, AcceptSlacksOkAlthoughItsTypeIsHtml) {
  Findings findings;
  const auto alerts = parse_yaml(
      "channels: [{name: sales, adapter: slack, mode: observe, settings: {url: "
      "'https://hooks.slack.com/x'}}]",
      "alerts.yaml", findings);
  const auto channels = make_notifiers(alerts, "", findings);
  ASSERT_EQ(channels.size(), 1U);
  HttpResult answer;
  answer.response = {200, {{"Content-Type", "text/html"}}, "ok"};
  EXPECT_EQ(channels[0]->interpret(answer).verdict, Verdict::kOk);
  answer.response.body = "  <p>log in first</p>";
  EXPECT_NE(channels[0]->interpret(answer).verdict, Verdict::kOk);
}

TEST(MailChannel, IsBuiltFromItsSettings) {
  Findings findings;
  const auto alerts = parse_yaml(
      "channels:\n  - name: mail\n    adapter: email\n    mode: live\n"
      "    settings: {host: mail.example.com, port: 465, tls: implicit, user: baton, password: "
      "top-secret, from: 'Baton <baton@example.com>'}\n"
      "    smtp: {ca_file: /etc/ssl/own.pem, allow_private: [10.0.0.0/8]}\n",
      "alerts.yaml", findings);
  const auto channels = make_notifiers(alerts, "", findings);
  for (const auto& finding : findings) ADD_FAILURE() << to_string(finding);
  ASSERT_EQ(channels.size(), 1U);
  const auto* server = channels[0]->mail();
  ASSERT_NE(server, nullptr);
  EXPECT_EQ(server->port, 465);
  EXPECT_EQ(server->tls, MailTls::kImplicit);
  EXPECT_EQ(server->ca_file, "/etc/ssl/own.pem");
  EXPECT_EQ(server->allow_private, std::vector<std::string>{"10.0.0.0/8"});
  EXPECT_EQ(channels[0]->repeat(), Repeat::kBlind);
  auto message = sample();
  EXPECT_NE(channels[0]->refuses(message).find("no e-mail address"), std::string::npos);
  message.recipient_email = "anna@example.com";
  EXPECT_EQ(channels[0]->refuses(message), "");
  EXPECT_EQ(std::get<MailRequest>(channels[0]->render(message, {})).to, "anna@example.com");
}

TEST(MailChannel, FaultsHaveTheirPositions) {
  const auto messages_of = [](const std::string& settings, const std::string& more = "") {
    Findings findings;
    const auto alerts = parse_yaml(
        "channels:\n  - name: mail\n    adapter: email\n    mode: live\n    settings: {" +
            settings + "}\n" + more,
        "alerts.yaml", findings);
    EXPECT_TRUE(make_notifiers(alerts, "", findings).empty());
    std::string all;
    for (const auto& finding : findings) all += to_string(finding) + '\n';
    EXPECT_EQ(all.find("top-secret"), std::string::npos) << all;
    return all;
  };
  EXPECT_NE(messages_of("from: baton@example.com").find("setting \"host\" is missing"),
            std::string::npos);
  EXPECT_NE(messages_of("host: m.example.com, from: nobody")
                .find("alerts.yaml:5:43: from: must be an e-mail address"),
            std::string::npos)
      << messages_of("host: m.example.com, from: nobody");
  EXPECT_NE(messages_of("host: m.example.com, from: a@example.com, tls: maybe")
                .find("one of starttls, implicit, none"),
            std::string::npos);
  EXPECT_NE(messages_of("host: m.example.com, from: a@example.com, port: 99999")
                .find("must be a port number"),
            std::string::npos);
  EXPECT_NE(messages_of("host: 'm.example.com/x', from: a@example.com").find("must be a host name"),
            std::string::npos);
  EXPECT_NE(messages_of("host: m.example.com, from: a@example.com, user: x").find("or neither"),
            std::string::npos);
  EXPECT_NE(
      messages_of(
          "host: m.example.com, from: a@example.com, tls: none, user: x, password: top-secret")
          .find("unencrypted"),
      std::string::npos);
  EXPECT_NE(
      messages_of("host: m.example.com, from: a@example.com", "    http: {proxy: 'http://p:1'}\n")
          .find("not `http`"),
      std::string::npos);
}

TEST(Notifiers, ReportFaultsAndNeverSecrets) {
  Findings findings;
  const auto alerts = parse_yaml(
      "channels:\n  - {name: a, adapter: slak, mode: live}\n"
      "  - {name: a, adapter: slack, mode: live, settings: {url: 'ftp://top-secret', urll: x}}\n"
      "  - {name: b, adapter: slack, mode: live}\n",
      "alerts.yaml", findings);
  EXPECT_TRUE(make_notifiers(alerts, "", findings).empty());
  std::string all;
  for (const auto& finding : findings) all += to_string(finding) + '\n';
  EXPECT_NE(all.find("did you mean \"slack\""), std::string::npos) << all;
  EXPECT_NE(all.find("did you mean \"url\""), std::string::npos) << all;
  EXPECT_NE(all.find("another channel has the same name"), std::string::npos) << all;
  EXPECT_NE(all.find("setting \"url\" is missing"), std::string::npos) << all;
  EXPECT_EQ(all.find("top-secret"), std::string::npos) << all;
}

TEST(FormulaInjection, IsNeutralisedInFreeTextOnly) {
  for (const char* bad : {"=1+1", "+1", "-1", "@x", "\tx", "\rx"})
    EXPECT_EQ(neutralise_formula(bad), std::string("'") + bad);
  EXPECT_EQ(neutralise_formula("Erika"), "Erika");
  EXPECT_TRUE(is_free_text("first_name"));
  EXPECT_TRUE(is_free_text("attribution.utm_campaign"));
  EXPECT_FALSE(is_free_text("email"));
  EXPECT_FALSE(is_free_text("stages.mql"));
}

TEST(RetryAfter, ReadsSecondsAndDates) {
  const auto wait = [](const char* value, const char* date = "") {
    return retry_after({{"Retry-After", value}, {"Date", date}});
  };
  EXPECT_EQ(wait("120"), seconds(120));
  EXPECT_EQ(wait("0"), seconds(0));
  EXPECT_EQ(wait("1.5"), seconds(1));
  EXPECT_EQ(wait("Sun, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:07 GMT"), seconds(30));
  EXPECT_EQ(wait("Sun, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 09:49:07 GMT"), seconds(0));
  EXPECT_EQ(wait("Sun, 06 Nov 1994 08:49:37 GMT"), std::nullopt);
  for (const char* bad : {"", "-1", "soon", "12 apples", "99 Foo 1994"})
    EXPECT_EQ(wait(bad, "Sun, 06 Nov 1994 08:49:07 GMT"), std::nullopt) << bad;
  EXPECT_EQ(wait("9999999999999999999999"), days(3650));
  EXPECT_EQ(wait("4000000000"), days(3650));
  EXPECT_EQ(parse_http_date("Sunday, 06-Nov-94 08:49:37 GMT").value().ms,
            parse_rfc3339("2094-11-06T08:49:37Z")->ms);
  EXPECT_EQ(parse_http_date("Sun Nov  6 08:49:37 1994").value(),
            parse_rfc3339("1994-11-06T08:49:37Z").value());
}

}  // namespace
}  // namespace baton
