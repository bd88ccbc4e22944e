#include "adapters/engine/notify/notifier_http.h"

#include <fmt/format.h>

#include "adapters/engine/crm/crm_load.h"
#include "adapters/engine/notify/channel_config.h"
#include "adapters/engine/notify/notify_card.h"
#include "adapters/engine/notify/notify_render.h"

namespace baton {
namespace {

enum class Format { kSlackBlocks, kTeamsCard, kJson };

struct Plan {
  std::string name, url, key_bytes;
  Mode mode = Mode::kObserve;
  Repeat repeat = Repeat::kBlind;
  Format format = Format::kJson;
  bool sign = false;
  HttpOptions http;
  OutcomeTable outcomes;
};

class HttpNotifier final : public Notifier {
 public:
  explicit HttpNotifier(Plan plan) : p_(std::move(plan)) {}
  const std::string& name() const override { return p_.name; }
  Mode mode() const override { return p_.mode; }
  Repeat repeat() const override { return p_.repeat; }
  const HttpOptions& http() const override { return p_.http; }

  NotifyRequest render(const Message& message, Instant now) const override {
    HttpRequest request;
    request.url = p_.url;
    request.deadline = seconds(15);
    request.max_response = 64 << 10;
    request.headers = {{"Content-Type", "application/json"}};
    request.body = p_.format == Format::kSlackBlocks ? slack_body(message)
                   : p_.format == Format::kTeamsCard ? teams_body(message)
                                                     : webhook_body(message, now);
    if (p_.sign) {
      const auto id = standard_webhook_id(message.key);
      const auto at = now.ms / 1000;
      request.headers.emplace_back("webhook-id", id);
      request.headers.emplace_back("webhook-timestamp", fmt::format("{}", at));
      request.headers.emplace_back("webhook-signature",
                                   standard_webhook_signature(p_.key_bytes, id, at, request.body));
    }
    return request;
  }

  Outcome interpret(const NotifyResult& given) const override {
    const auto& result = std::get<HttpResult>(given);
    if (result.transport != Transport::kAnswered) return transport_outcome(result);
    return p_.outcomes.judge(result.response, json_body(result.response));
  }

 private:
  Plan p_;
};

void read_signing(const ChannelConfig& config, const json::object& spec, Plan& plan,
                  Findings& findings) {
  plan.sign = text(spec, "sign") == "standard_webhooks";
  if (!plan.sign) return;
  const auto key = standard_webhook_key(text(spec, "secret"));
  if (key)
    plan.key_bytes = *key;
  else if (plan.mode == Mode::kLive)
    findings.push_back(config.alerts.finding(config.place + "/settings",
                                             "the signing key must be whsec_ followed by base64",
                                             "config.bad_value"));
}

Format read_format(std::string_view name) {
  if (name == "slack_blocks") return Format::kSlackBlocks;
  return name == "teams_card" ? Format::kTeamsCard : Format::kJson;
}

}  // namespace

std::unique_ptr<Notifier> make_http_notifier(const ChannelConfig& config, Findings& findings) {
  const auto& spec = config.spec.value.get_object();
  Findings here;
  Plan plan;
  plan.name = config.name;
  plan.mode = config.mode;
  plan.url = text(spec, "url");
  if (!spec.contains("url"))
    here.push_back(
        config.spec.finding("", "an adapter of this format needs a url", "adapter.missing_url"));
  plan.format = read_format(text(spec, "format"));
  plan.repeat = text(spec, "repeat", "blind") == "keyed" ? Repeat::kKeyed : Repeat::kBlind;
  plan.http = read_http_options(object(config.channel, "http"));
  check_allow_private(config.alerts, config.place + "/http/allow_private", plan.http.allow_private,
                      here);
  if (config.channel.contains("smtp"))
    here.push_back(config.alerts.finding(
        config.place + "/smtp", "this channel uses `http`, not `smtp`", "config.bad_value"));
  if (const auto* rules = array(spec, "outcomes"))
    plan.outcomes.add(config.spec, "/outcomes", *rules, here);
  read_signing(config, spec, plan, here);
  if (plan.mode == Mode::kLive && !has_errors(here))
    check_url(config.alerts, config.place + "/settings", "url", plan.url, here);
  std::unique_ptr<Notifier> notifier;
  if (!has_errors(here)) notifier = std::make_unique<HttpNotifier>(std::move(plan));
  append(findings, std::move(here));
  return notifier;
}

}  // namespace baton
