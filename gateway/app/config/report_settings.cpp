#include "gateway/app/config/report_settings.h"

#include <algorithm>

#include <fmt/format.h>

#include "mapping/json/json.h"
#include "mapping/schema/schema.h"

namespace baton {
namespace {

std::vector<std::string> texts(const json::object& o, std::string_view key) {
  std::vector<std::string> out;
  const auto* list = array(o, key);
  for (std::size_t i = 0; list != nullptr && i < list->size(); ++i) {
    if ((*list)[i].is_string()) out.emplace_back((*list)[i].get_string());
  }
  return out;
}

// Parses "17:30". Returns -1 if it is not a time.
int time_of_day(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return -1;
  const auto digits = [&](std::size_t at) {
    const char a = text[at], b = text[at + 1];
    return a < '0' || a > '9' || b < '0' || b > '9' ? -1 : (a - '0') * 10 + (b - '0');
  };
  const int h = digits(0), m = digits(3);
  return h < 0 || h > 23 || m < 0 || m > 59 ? -1 : h * 3600 + m * 60;
}

void check_channel(const YamlDocument& alerts, std::string_view part, Findings& findings) {
  const auto& root = alerts.value.get_object();
  const auto* settings = object(root, part);
  const auto name = settings == nullptr ? std::string_view() : text(*settings, "channel");
  if (name.empty()) return;
  const auto* channels = array(root, "channels");
  const bool known = channels != nullptr &&
                     std::any_of(channels->begin(), channels->end(), [&](const json::value& c) {
                       return c.is_object() && text(c.get_object(), "name") == name;
                     });
  if (!known)
    findings.push_back(alerts.finding(fmt::format("/{}/channel", part),
                                      fmt::format("no channel has the name \"{}\"", name),
                                      "config.unknown_channel"));
}

}  // namespace

ReportSettings load_report_settings(const YamlDocument& alerts, Findings& findings) {
  ReportSettings out;
  if (!alerts.value.is_object()) return out;
  const auto& root = alerts.value.get_object();
  if (const auto* digest = object(root, "digest")) {
    out.digest.at_s = time_of_day(text(*digest, "at"));
    out.digest.to = texts(*digest, "to");
    out.digest.channel = text(*digest, "channel");
    out.digest.calendar = text(*digest, "calendar");
    out.digest.individuals = boolean(*digest, "individuals");
  }
  if (const auto* operators = object(root, "operators")) {
    out.operators.to = texts(*operators, "to");
    out.operators.channel = text(*operators, "channel");
  }
  check_channel(alerts, "digest", findings);
  check_channel(alerts, "operators", findings);
  return out;
}

void check_report_settings(const YamlDocument& alerts, const Policy& policy, Findings& findings) {
  Findings none;
  const auto settings = load_report_settings(alerts, none);
  const auto check_reps = [&](std::string_view part, const std::vector<std::string>& reps) {
    for (std::size_t i = 0; i < reps.size(); ++i) {
      if (policy.routing->rep(RepId(reps[i])) != nullptr) continue;
      findings.push_back(
          alerts.finding(fmt::format("/{}/to/{}", part, i),
                         fmt::format("no rep in policy/routing.yaml has the id \"{}\"", reps[i]),
                         "policy.unknown_rep"));
    }
  };
  check_reps("digest", settings.digest.to);
  check_reps("operators", settings.operators.to);
  const auto& name = settings.digest.calendar;
  if (name.empty() || policy.calendars.find(name) != nullptr) return;
  std::vector<std::string> names;
  for (const auto& [known, calendar] : policy.calendars.calendars) names.push_back(known);
  const auto near = did_you_mean(name, names);
  findings.push_back(
      alerts.finding("/digest/calendar",
                     fmt::format("there is no calendar \"{}\" in policy/calendars.yaml{}", name,
                                 near.empty() ? "" : fmt::format("; did you mean \"{}\"?", near)),
                     "policy.unknown_calendar"));
}

}  // namespace baton
