#include "adapters/engine/notify/notifier.h"

#include <set>

#include <fmt/format.h>

#include "adapters/engine/crm/crm_load.h"
#include "adapters/engine/notify/channel_config.h"
#include "adapters/engine/notify/notifier_http.h"
#include "adapters/engine/notify/notifier_mail.h"
#include "mapping/schema/schema.h"

namespace baton {
namespace {

std::unique_ptr<Notifier> make_channel(const YamlDocument& alerts, const std::string& place,
                                       const json::object& channel,
                                       const std::string& user_adapters, Findings& findings) {
  Findings here;
  auto spec = load_adapter_spec("notify", alerts, place + "/adapter", text(channel, "adapter"),
                                user_adapters, here);
  std::unique_ptr<Notifier> notifier;
  if (!has_errors(here) && spec.value.is_object()) {
    const auto mode = text(channel, "mode") == "live" ? Mode::kLive : Mode::kObserve;
    static const json::object kNone;
    const auto* given = object(channel, "settings");
    const auto settings =
        read_settings(alerts, place + "/settings", given != nullptr ? *given : kNone, spec,
                      mode == Mode::kLive, here);
    for (auto& entry : spec.value.get_object()) {
      if (entry.key() != "settings") put_settings(entry.value(), settings, spec, here);
    }
    const ChannelConfig config{alerts, place, channel, spec, std::string(text(channel, "name")),
                               mode};
    const bool mail = text(spec.value.get_object(), "format") == "mail";
    notifier = mail ? make_mail_notifier(config, here) : make_http_notifier(config, here);
    if (has_errors(here)) notifier.reset();
  }
  append(findings, std::move(here));
  return notifier;
}

}  // namespace

std::vector<std::unique_ptr<Notifier>> make_notifiers(const YamlDocument& alerts,
                                                      const std::string& user_adapters,
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
      findings.push_back(alerts.finding(place + "/name", "another channel has the same name",
                                        "config.duplicate_name"));
    if (auto made = make_channel(alerts, place, *channel, user_adapters, findings))
      channels.push_back(std::move(made));
  }
  return channels;
}

}  // namespace baton
