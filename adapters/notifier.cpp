#include "adapters/notifier.h"

#include <set>

#include <fmt/format.h>

#include "adapters/crm_load.h"
#include "adapters/notify_render.h"
#include "mapping/schema.h"

namespace baton {
namespace {

enum class Format { kSlackBlocks, kJson };

struct Plan {
  std::string name, url, key_bytes;
  Mode mode = Mode::kObserve;
  Repeat repeat = Repeat::kBlind;
  Format format = Format::kJson;
  bool sign = false;
  HttpOptions http;
  OutcomeTable outcomes;
};

class DeclaredNotifier final : public Notifier {
 public:
  explicit DeclaredNotifier(Plan plan) : p_(std::move(plan)) {}
  const std::string& name() const override { return p_.name; }
  Mode mode() const override { return p_.mode; }
  Repeat repeat() const override { return p_.repeat; }
  const HttpOptions& http() const override { return p_.http; }

  HttpRequest render(const Message& message, Instant now) const override {
    HttpRequest request;
    request.url = p_.url;
    request.deadline = seconds(15);
    request.max_response = 64 << 10;
    request.headers = {{"Content-Type", "application/json"}};
    request.body = p_.format == Format::kSlackBlocks ? slack_body(message) : webhook_body(message, now);
    if (p_.sign) {
      const auto id = standard_webhook_id(message.key);
      const auto at = now.ms / 1000;
      request.headers.emplace_back("webhook-id", id);
      request.headers.emplace_back("webhook-timestamp", fmt::format("{}", at));
      request.headers.emplace_back("webhook-signature", standard_webhook_signature(p_.key_bytes, id, at, request.body));
    }
    return request;
  }

  Outcome interpret(const HttpResult& result) const override {
    if (result.transport != Transport::kAnswered) return transport_outcome(result);
    return p_.outcomes.judge(result.response, json_body(result.response));
  }

 private:
  Plan p_;
};

void read_signing(const YamlDocument& alerts, const std::string& place, const json::object& spec, Plan& plan,
                  Findings& findings) {
  plan.sign = text(spec, "sign") == "standard_webhooks";
  if (!plan.sign) return;
  const auto key = standard_webhook_key(text(spec, "secret"));
  if (key)
    plan.key_bytes = *key;
  else if (plan.mode == Mode::kLive)
    findings.push_back(
        alerts.finding(place + "/settings", "the signing key is not whsec_ and base64", "config.bad_value"));
}

std::unique_ptr<Notifier> make_channel(const YamlDocument& alerts, const std::string& place,
                                       const json::object& channel, const std::string& user_adapters,
                                       Findings& findings) {
  Findings here;
  auto spec = load_adapter_spec("notify", alerts, place + "/adapter", text(channel, "adapter"), user_adapters, here);
  std::unique_ptr<Notifier> notifier;
  if (!has_errors(here) && spec.value.is_object()) {
    Plan plan;
    plan.name = text(channel, "name");
    plan.mode = text(channel, "mode") == "live" ? Mode::kLive : Mode::kObserve;
    static const json::object kNone;
    const auto* given = object(channel, "settings");
    const auto settings = read_settings(alerts, place + "/settings", given != nullptr ? *given : kNone, spec,
                                        plan.mode == Mode::kLive, here);
    for (auto& entry : spec.value.get_object()) {
      if (entry.key() != "settings") put_settings(entry.value(), settings, spec, here);
    }
    const auto& theirs = spec.value.get_object();
    plan.url = text(theirs, "url");
    plan.format = text(theirs, "format") == "slack_blocks" ? Format::kSlackBlocks : Format::kJson;
    const auto repeat = text(theirs, "repeat", "blind");
    plan.repeat = repeat == "keyed" ? Repeat::kKeyed : Repeat::kBlind;
    plan.http = read_http_options(object(channel, "http"));
    if (const auto* rules = array(theirs, "outcomes")) plan.outcomes.add(spec, "/outcomes", *rules, here);
    read_signing(alerts, place, theirs, plan, here);
    if (plan.mode == Mode::kLive && !has_errors(here)) check_url(alerts, place + "/settings", "url", plan.url, here);
    if (!has_errors(here)) notifier = std::make_unique<DeclaredNotifier>(std::move(plan));
  }
  append(findings, std::move(here));
  return notifier;
}

}  // namespace

std::vector<std::unique_ptr<Notifier>> make_notifiers(const YamlDocument& alerts, const std::string& user_adapters,
                                                      Findings& findings) {
  std::vector<std::unique_ptr<Notifier>> channels;
  Findings shape = check_schema(alerts, "alerts");
  const bool broken = has_errors(shape);
  append(findings, std::move(shape));
  if (broken || !alerts.value.is_object()) return channels;
  const auto* list = array(alerts.value.get_object(), "channels");
  std::set<std::string, std::less<>> names;
  for (std::size_t i = 0; list != nullptr && i < list->size(); ++i) {
    const auto* channel = (*list)[i].if_object();
    if (channel == nullptr) continue;
    const auto place = fmt::format("/channels/{}", i);
    if (!names.emplace(text(*channel, "name")).second)
      findings.push_back(alerts.finding(place + "/name", "two channels have this name", "config.duplicate_name"));
    if (auto made = make_channel(alerts, place, *channel, user_adapters, findings)) channels.push_back(std::move(made));
  }
  return channels;
}

}  // namespace baton
