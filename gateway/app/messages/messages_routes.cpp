#include <algorithm>

#include <fmt/format.h>

#include "gateway/app/messages/messages.h"
#include "mapping/json/json.h"

namespace baton {
namespace {

std::vector<std::string> strings(const json::array* list) {
  std::vector<std::string> values;
  for (std::size_t i = 0; list != nullptr && i < list->size(); ++i) {
    if ((*list)[i].is_string()) values.emplace_back((*list)[i].get_string());
  }
  return values;
}

void read_duration(const YamlDocument& alerts, const json::object& o, std::string_view key,
                   Duration most, Duration& out, Findings& findings) {
  const auto given = text(o, key);
  if (given.empty()) return;
  const auto parsed = parse_duration(given);
  if (parsed && parsed->ms >= 0 && *parsed <= most) {
    out = *parsed;
    return;
  }
  findings.push_back(alerts.finding(
      fmt::format("/group/{}", key),
      fmt::format("not a duration such as \"15m\", of at most {} h", most.ms / hours(1).ms),
      "config.bad_value"));
}

AlertTiming read_timing(const YamlDocument& alerts, const json::object& root, Findings& findings) {
  AlertTiming out;
  if (const auto* group = object(root, "group")) {
    read_duration(alerts, *group, "window", hours(24), out.window, findings);
    read_duration(alerts, *group, "collect", hours(1), out.collect, findings);
    if (const auto* kinds = array(*group, "kinds")) out.group_kinds = strings(kinds);
    out.group_recipients = strings(array(*group, "recipients"));
  }
  if (const auto* quiet = object(root, "quiet")) {
    if (const auto* kinds = array(*quiet, "kinds")) out.quiet_kinds = strings(kinds);
  }
  return out;
}

}  // namespace

std::string_view AlertRoutes::channel(std::string_view kind, const RepId& recipient) const {
  const auto fits = [](const std::vector<std::string>& list, std::string_view value) {
    return list.empty() || std::find(list.begin(), list.end(), value) != list.end();
  };
  for (const auto& route : routes) {
    if (fits(route.kinds, kind) && fits(route.recipients, recipient.view())) return route.channel;
  }
  return {};
}

AlertRoutes load_alert_routes(const YamlDocument& alerts, Findings& findings) {
  AlertRoutes out;
  if (!alerts.value.is_object()) return out;
  const auto& root = alerts.value.get_object();
  out.language = text(root, "language");
  out.timing = read_timing(alerts, root, findings);
  std::vector<std::string> channels;
  if (const auto* list = array(root, "channels")) {
    for (const auto& channel : *list) {
      if (channel.is_object()) channels.emplace_back(text(channel.get_object(), "name"));
    }
  }
  const auto* routes = array(root, "routes");
  for (std::size_t i = 0; routes != nullptr && i < routes->size(); ++i) {
    const auto* route = (*routes)[i].if_object();
    if (route == nullptr) continue;
    const std::string channel(text(*route, "channel"));
    if (std::find(channels.begin(), channels.end(), channel) == channels.end())
      findings.push_back(alerts.finding(fmt::format("/routes/{}/channel", i),
                                        fmt::format("no channel is named \"{}\"", channel),
                                        "config.unknown_channel"));
    out.routes.push_back(
        {channel, strings(array(*route, "kinds")), strings(array(*route, "recipients"))});
  }
  if (out.routes.empty() && !channels.empty()) out.routes.push_back({channels.front(), {}, {}});
  return out;
}

void check_alert_recipients(const YamlDocument& alerts, const RoutingPolicy& routing,
                            Findings& findings) {
  if (!alerts.value.is_object()) return;
  const auto check = [&](const json::object* o, const std::string& place) {
    const auto* list = o != nullptr ? array(*o, "recipients") : nullptr;
    for (std::size_t i = 0; list != nullptr && i < list->size(); ++i) {
      const auto* rep = (*list)[i].if_string();
      if (rep == nullptr || routing.rep(RepId(*rep)) != nullptr) continue;
      findings.push_back(alerts.finding(
          fmt::format("{}/recipients/{}", place, i),
          fmt::format("no rep is named \"{}\" (policy/routing.yaml)", std::string_view(*rep)),
          "config.unknown_recipient"));
    }
  };
  const auto& root = alerts.value.get_object();
  check(object(root, "group"), "/group");
  const auto* routes = array(root, "routes");
  for (std::size_t i = 0; routes != nullptr && i < routes->size(); ++i)
    check((*routes)[i].if_object(), fmt::format("/routes/{}", i));
}

}  // namespace baton
