#include "gateway/core/check/route_probe.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "tests/core/sim/core_sim.h"

namespace baton {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

struct Probed {
  std::shared_ptr<const Policy> policy;
  RouteProbe probe;
  std::vector<std::string> said;  // "code:line message"
};

Probed probe(const std::string& routing, const std::optional<Delivered>& delivered = std::nullopt) {
  Findings findings;
  Probed p;
  p.policy = template_policy({{"routing", routing}});
  if (!p.policy) return p;
  const auto yaml = parse_yaml(routing, "routing.yaml", findings);
  p.probe = probe_routing(yaml, *p.policy, delivered, at("2026-03-06T12:00:00Z"));
  for (const auto& f : p.probe.findings)
    p.said.push_back(fmt::format("{}:{} {}", f.code, f.line, f.message));
  return p;
}

// Two reps and one pool, plus `reps` and `rules`.
std::string roster(const std::string& anna, const std::string& pool,
                   const std::string& rules = "") {
  return fmt::format(R"(calendar: office
reps:
  - {{id: anna, name: Anna Beispiel, email: anna@example.com, team: sales{}}}
  - {{id: lena, name: Lena Leitung, email: lena@example.com, team: sales}}
teams:
  - {{id: sales, name: Sales, lead: lena}}
pools:
  - {{id: sales, team: sales, members: [{{rep: anna}}]{}}}
{}catch_all: {{pool: sales}}
)",
                     anna, pool, rules);
}

int leads_of(const std::vector<RouteCount>& counts, std::string_view name) {
  for (const auto& c : counts)
    if (c.name == name) return c.leads;
  return -1;
}

TEST(RouteProbe, TheShippedPolicyHasNoFindings) {
  const auto p = probe(template_text("routing"));
  EXPECT_THAT(p.said, IsEmpty());
  EXPECT_EQ(leads_of(p.probe.pools, "sales"), kProbeLeads);
  EXPECT_EQ(leads_of(p.probe.rules, "catch_all") + leads_of(p.probe.rules, "asked_for_contact"),
            kProbeLeads);
}

// Clocks for the pool of sales only, plus `more`.
std::vector<std::string> said_of_clocks(const std::string& more) {
  std::string sla = template_text("sla");
  for (const std::string start : {"    start: requested\n", "    start: mql\n    stop: [attempt"}) {
    const auto place = sla.find(start);
    EXPECT_NE(place, std::string::npos) << start;
    sla.insert(place, "    when: {pool: [sales]}\n");
  }
  sla.replace(sla.find("clocks:\n"), 8, "clocks:\n" + more);
  auto routing = template_text("routing");
  routing.replace(routing.find("catch_all: {pool: sales}"), 24, "catch_all: {pool: strays}");
  routing.replace(routing.find("pools:\n"), 7,
                  "pools:\n  - {id: strays, name: Strays, team: sales, members: [{rep: chris}], "
                  "hours: ignore, when_nobody: escalate}\n");
  Findings findings;
  const auto yaml = parse_yaml(routing, "routing.yaml", findings);
  const auto policy = template_policy({{"routing", routing}, {"sla", sla}});
  std::vector<std::string> said;
  for (const auto& f :
       probe_routing(yaml, *policy, std::nullopt, at("2026-03-06T12:00:00Z")).findings) {
    if (f.code == "routing.queue_without_clock") said.push_back(f.message);
  }
  return said;
}

TEST(RouteProbe, ReportsACatchAllWithoutAClock) {
  EXPECT_THAT(said_of_clocks(""), testing::ElementsAre(HasSubstr("\"strays\"")));
  const auto clock = [](const std::string& when, const std::string& start) {
    return "  strays: {when: " + when + ", start: " + start +
           ", stop: [attempt, reached], budget: 2h}\n";
  };
  EXPECT_THAT(said_of_clocks(clock("{pool: [strays]}", "mql")), IsEmpty());
  EXPECT_THAT(said_of_clocks(clock("{rule: [catch_all]}", "mql")), IsEmpty());
  EXPECT_THAT(said_of_clocks(clock("{rule: [asked_for_contact]}", "mql")), testing::SizeIs(1));
  EXPECT_THAT(said_of_clocks(clock("{pool: [strays]}", "lead")), testing::SizeIs(1))
      << "a fresh lead is in no pool yet: it never starts";
}

TEST(RouteProbe, GivesTheSameCountsEveryTime) {
  const auto one = probe(template_text("routing"));
  const auto two = probe(template_text("routing"));
  for (std::size_t i = 0; i < one.probe.rules.size(); ++i)
    EXPECT_EQ(one.probe.rules[i].leads, two.probe.rules[i].leads);
}

TEST(RouteProbe, ReportsCountriesAndLanguagesWithoutAnEligibleRep) {
  const auto p =
      probe(roster(", languages: [de], countries: [DE]", ", hours: ignore",
                   "rules:\n  - {name: austria, when: {country: AT}, then: {pool: sales}}\n"));
  EXPECT_THAT(p.said,
              Contains(HasSubstr(
                  "routing.uncovered:8 leads with the country \"AT\" come to pool \"sales\"")));
  EXPECT_THAT(p.said, Contains(HasSubstr("leads with a language that the policy does not name")));
}

TEST(RouteProbe, AnEscalationCoversLeadsThatTheMembersDoNot) {
  const auto p =
      probe(roster(", languages: [de], countries: [DE]", ", hours: ignore, when_nobody: escalate"));
  EXPECT_THAT(p.said, Not(Contains(HasSubstr("routing.uncovered"))));
}

TEST(RouteProbe, ReportsHoursOfThePromiseWithoutARepOnDuty) {
  const auto p = probe(roster(R"(, shifts: {windows: {mon-thu: ["08:00-18:00"]}})", ""));
  EXPECT_THAT(p.said,
              Contains(HasSubstr("routing.empty_hours:8 no rep of pool \"sales\" is on duty in")));
  EXPECT_THAT(p.said, Contains(HasSubstr("the first at 2026-03-06T13:00:00Z")));
}

TEST(RouteProbe, ReportsRepsWhoHaveLeftByToday) {
  const auto p = probe(roster(", until: 2026-03-05", ", hours: ignore, when_nobody: escalate",
                              "accounts:\n  - {domain: example.com, rep: anna}\n"));
  EXPECT_THAT(p.said, Contains(HasSubstr("routing.departed_member:8 \"anna\" has left (until)")));
  EXPECT_THAT(p.said,
              Contains(HasSubstr(
                  "routing.departed_rep:10 \"anna\" has left (until) and still owns an account")));
}

TEST(RouteProbe, ReportsRulesAndPoolsThatNoLeadReaches) {
  const auto p = probe(roster(
      "", ", hours: ignore}\n  - {id: spare, team: sales, members: [{rep: anna}], hours: ignore",
      "rules:\n"
      "  - {name: first, when: {country: AT}, then: {pool: sales}}\n"
      "  - {name: second, when: {country: {not_in: [AT]}}, then: {pool: sales}}\n"
      "  - {name: never, when: {language: de}, then: {pool: spare}}\n"));
  EXPECT_THAT(p.said, Contains(HasSubstr("routing.rule_never_met:13")));
  EXPECT_THAT(p.said, Contains(HasSubstr("routing.unused_pool:9 no lead comes to pool \"spare\"")));
}

TEST(RouteProbe, ReportsValuesThatNoSourceDelivers) {
  Delivered delivered;
  delivered.sources = {"website"};
  delivered.touches = {"form_submit"};
  delivered.fields = {"email", "country", "job_title"};
  const auto p = probe(
      roster("", ", hours: ignore",
             "rules:\n"
             "  - {name: trial, when: {touch: trial_signup}, then: {pool: sales}}\n"
             "  - {name: fair, when: {source: fair_2026}, then: {pool: sales}}\n"
             "  - {name: place, when: {postal_code: {prefix: \"8\"}}, then: {pool: sales}}\n"
             "  - {name: size, when: {company_size: {at_least: 50}}, then: {pool: sales}}\n"
             "  - {name: chief, when: {job_level: c_level, country: DE}, then: {pool: sales}}\n"),
      delivered);
  EXPECT_THAT(p.said,
              Contains(HasSubstr(
                  "routing.undelivered:10 rule \"trial\" needs the touch \"trial_signup\"")));
  EXPECT_THAT(p.said, Contains(HasSubstr("rule \"fair\" needs a touch from \"fair_2026\"")));
  EXPECT_THAT(p.said, Contains(HasSubstr("rule \"place\" needs the field \"postal_code\"")));
  EXPECT_THAT(p.said, Contains(HasSubstr("rule \"size\" needs the field \"company_size\"")));
  EXPECT_THAT(p.said, Not(Contains(HasSubstr("rule \"chief\""))));
}

}  // namespace
}  // namespace baton
