#include "gateway/core/check/route_query.h"

#include <algorithm>
#include <charconv>
#include <map>

#include <fmt/format.h>

#include "gateway/core/explain/explain.h"
#include "gateway/core/explain/narration_style.h"
#include "gateway/core/pool/pool.h"
#include "gateway/core/routing/route.h"
#include "mapping/json/json.h"
#include "mapping/schema/schema.h"

namespace baton {
namespace {

struct Asked {
  RouteInput input;
  Instant now;
  std::int64_t score = 0;  // milli-points
  std::vector<std::string> excluded;
};

std::string* text_field(RouteInput& in, std::string_view key) {
  const std::map<std::string_view, std::string*> fields = {{"country", &in.country},
                                                           {"region", &in.region},
                                                           {"postal_code", &in.postal_code},
                                                           {"city", &in.city},
                                                           {"language", &in.language},
                                                           {"grade", &in.grade},
                                                           {"type", &in.type},
                                                           {"job_level", &in.job_level},
                                                           {"job_function", &in.job_function},
                                                           {"company_domain", &in.company_domain},
                                                           {"company_size", &in.company_size},
                                                           {"asset", &in.asset},
                                                           {"campaign", &in.campaign},
                                                           {"channel", &in.channel},
                                                           {"previous_owner", &in.previous_owner},
                                                           {"touch", &in.touch},
                                                           {"source", &in.source},
                                                           {"account_owner", &in.account_owner}};
  const auto at = fields.find(key);
  return at != fields.end() ? at->second : nullptr;
}

bool read_number(std::string_view text, int& out) {
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), out);
  return ec == std::errc() && end == text.data() + text.size() && out >= 0 && out <= 1'000'000;
}

Error unknown_key(std::string_view key) {
  std::vector<std::string> known = {"at", "score", "excluded"};
  for (int i = 0; i < kRouteFields; ++i) known.emplace_back(to_string(static_cast<RouteField>(i)));
  const auto near = did_you_mean(key, known);
  std::sort(known.begin(), known.end());
  return error(Errc::kInvalidInput,
               near.empty()
                   ? fmt::format("no rule uses \"{}\"; keys are {}", key, fmt::join(known, ", "))
                   : fmt::format("no rule uses \"{}\"; did you mean \"{}\"?", key, near));
}

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> out;
  while (!text.empty()) {
    const auto comma = std::min(text.find(','), text.size());
    if (comma > 0) out.emplace_back(text.substr(0, comma));
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return out;
}

Status read_special(Asked& asked, std::string_view key, std::string_view value) {
  if (key == "excluded") {
    asked.excluded = split(value);
    return {};
  }
  if (key == "at") {
    const auto at = parse_rfc3339(value);
    if (!at)
      return error(Errc::kInvalidInput,
                   fmt::format("at={} is not RFC 3339, such as 2026-03-09T10:00:00Z", value));
    asked.now = *at;
    return {};
  }
  if (key != "hops" && key != "score" && key != "previous_owner_days") return unknown_key(key);
  int number = 0;
  if (!read_number(value, number))
    return error(Errc::kInvalidInput, fmt::format("{}={} is not a whole number", key, value));
  if (key == "hops") asked.input.hops = number;
  if (key == "previous_owner_days") asked.input.previous_owner_days = number;
  if (key == "score") asked.score = std::int64_t{number} * 1000;
  return {};
}

Result<Asked> read_pairs(const RouteQuestion& question) {
  Asked asked;
  asked.now = question.now;
  for (const auto& pair : question.pairs) {
    const auto equals = pair.find('=');
    if (equals == std::string::npos || equals == 0)
      return error(Errc::kInvalidInput,
                   fmt::format("\"{}\" is not key=value, such as country=DE", pair));
    const auto key = std::string_view(pair).substr(0, equals);
    const auto value = std::string_view(pair).substr(equals + 1);
    if (auto* field = text_field(asked.input, key)) {
      *field = value;
    } else if (const auto read = read_special(asked, key, value); !read) {
      return read.error();
    }
  }
  return asked;
}

OwnerRequest request_for(const Asked& asked, const RouteChoice& choice) {
  OwnerRequest r;
  r.key = "route";
  r.pool = choice.pool;
  r.rule = choice.rule;
  r.preferred = choice.preferred_rep;
  for (const auto& rep : asked.excluded) r.excluded.emplace_back(rep);
  r.language = asked.input.language;
  r.country = asked.input.country;
  r.region = asked.input.region;
  r.postal_code = asked.input.postal_code;
  r.skills = choice.skills;
  r.seniority = choice.seniority;
  r.sticky = choice.sticky;
  r.grade = asked.input.grade;
  r.hot = choice.hot;
  r.score_mass = asked.score;
  return r;
}

std::optional<Reason> find_reason(const Reasons& reasons, std::string_view code) {
  for (auto& reason : reasons.read()) {
    if (reason.code == code) return std::move(reason);
  }
  return std::nullopt;
}

std::vector<std::string> candidates_of(const Pick& picked) {
  std::vector<std::string> out;
  if (const auto r = find_reason(picked.reasons, "pool.candidates")) {
    if (const auto* passes = object(r->facts, "passes"))
      for (const auto& entry : *passes) out.emplace_back(entry.key());
  }
  if (out.empty() && !picked.rep.empty()) out.push_back(picked.rep.str());
  return out;
}

json::array reasons_json(const RouteChoice& choice, const Pick& picked) {
  json::array out;
  for (const auto* list : {&choice.reasons, &picked.reasons}) {
    for (const auto& r : list->read())
      out.push_back({{"code", r.code}, {"rule", r.rule}, {"facts", r.facts}});
  }
  return out;
}

json::object answer_json(const RouteChoice& choice, const Pick& picked,
                         const std::vector<std::string>& candidates) {
  json::object o{{"rule", choice.rule}, {"pool", choice.pool}, {"hot", choice.hot}};
  put(o, "preferred", choice.preferred_rep.view());
  put(o, "owner", picked.rep.view());
  if (const auto r = find_reason(picked.reasons, "pool.picked")) o["by"] = r->facts.at("by");
  if (picked.retry_at) o["retry_at"] = to_rfc3339(*picked.retry_at);
  json::array names;
  for (const auto& rep : candidates) names.emplace_back(rep);
  o["candidates"] = std::move(names);
  o["reasons"] = reasons_json(choice, picked);
  return o;
}

std::string owner_line(const Pick& picked, const std::vector<std::string>& candidates) {
  if (picked.rep.empty()) {
    return picked.retry_at ? fmt::format("owner  none before {}\n", to_rfc3339(*picked.retry_at))
                           : "owner  none\n";
  }
  const auto r = find_reason(picked.reasons, "pool.picked");
  const auto by = r ? text(r->facts, "by") : std::string_view{};
  if (candidates.size() < 2) return fmt::format("owner  {} (by {})\n", picked.rep.view(), by);
  return fmt::format("owner  one of {}, in turn; in a fresh pool {}\n", fmt::join(candidates, ", "),
                     picked.rep.view());
}

std::string why_lines(const Reasons& reasons, const NarrationStyle& how) {
  std::string out;
  for (const auto& r : reasons.read()) {
    out += "  " + explain_reason(r, how);
    // Names what excluded each rep, so that the user can find and fix it.
    out += r.code == "pool.excluded" && !r.rule.empty() ? fmt::format("  [{}]\n", r.rule) : "\n";
  }
  return out;
}

std::string answer_text(const RouteChoice& choice, const Pick& picked,
                        const std::vector<std::string>& candidates, const RoutingPolicy& policy,
                        const RouteQuestion& question) {
  const NarrationStyle how(question.texts);
  std::string out = owner_line(picked, candidates);
  out += fmt::format("pool   {}{}\n", choice.pool, choice.hot ? " (hot: may exceed a cap)" : "");
  out += fmt::format("rule   {}\n", choice.rule);
  if (!choice.preferred_rep.empty())
    out += fmt::format("first  {}, {}\n", choice.preferred_rep.view(),
                       choice.sticky ? "unless away" : "if free");
  out += fmt::format("policy {}\n", policy.hash.substr(0, 12));
  out += "why\n" + why_lines(choice.reasons, how) + why_lines(picked.reasons, how);
  return out;
}

}  // namespace

Result<RouteAnswer> answer_route(const RoutingPolicy& policy, const CalendarSet& calendars,
                                 const RouteQuestion& question) {
  const auto asked = read_pairs(question);
  if (!asked) return asked.error();
  auto input = asked->input;
  if (input.account_owner.empty())
    input.account_owner = policy.account_owner(input.company_domain).str();
  const auto choice = choose_pool(policy, input);
  const auto picked = pick({}, request_for(*asked, choice), policy, calendars, asked->now).second;
  const auto candidates = candidates_of(picked);
  RouteAnswer answer{answer_json(choice, picked, candidates),
                     answer_text(choice, picked, candidates, policy, question), true};
  if (question.verify.empty()) return answer;
  answer.verified =
      question.verify == choice.pool ||
      std::find(candidates.begin(), candidates.end(), question.verify) != candidates.end();
  answer.json["verified"] = answer.verified;
  if (!answer.verified)
    answer.text += fmt::format("not verified: {} would not get it\n", question.verify);
  return answer;
}

}  // namespace baton
