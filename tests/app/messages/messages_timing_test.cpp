#include "gateway/app/messages/messages_timing.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "mapping/json/json.h"
#include "tests/support/ids.h"

namespace baton {
namespace {

Instant at(const char* text) { return parse_rfc3339(text).value(); }

Notice notice(NoticeKind kind, const char* recipient = "lena") {
  Notice n;
  n.key = "p1:first_contact#1:200:lena";
  n.kind = kind;
  n.recipient = RepId(recipient);
  n.clock = "first_contact";
  n.data =
      parse_json(
          R"({"name":"Erika Beispiel","company":"Beispiel GmbH","phone":"+4930123456","owner":"anna","type":"hand_raiser",
    "waiting_since":"2026-03-03T09:00:00Z","planned_at":"2026-03-03T09:10:00Z","due":"2026-03-03T09:05:00Z"})")
          .value()
          .as_object();
  return n;
}

Policy policy() {
  auto routing = std::make_shared<RoutingPolicy>();
  const auto rep = [](const char* id) {
    Rep r;
    r.id = RepId(r.name = id);
    r.calendar = "office";
    return r;
  };
  routing->reps = {rep("anna"), rep("chris"), rep("lena")};
  routing->teams = {{"t", "Team", "chris"_rep, "lena"_rep}};
  BusinessCalendar::Spec spec;
  spec.name = "office";
  spec.zone = "Europe/Berlin";
  for (int day = 0; day < 5; ++day) spec.windows[day] = {{9 * 3600, 17 * 3600}};
  Policy p;
  p.routing = routing;
  p.calendars.calendars.emplace("office", BusinessCalendar::make(spec).value());
  return p;
}

MessageContext context(const char* language) {
  MessageContext c;
  c.texts = texts_in(language);
  c.zone = "Europe/Berlin";
  c.owner_name = "Anna Muster";
  return c;
}

std::string facts(const Message& m) {
  std::string out;
  for (const auto& [label, value] : m.facts) out += label + ": " + value + '\n';
  return out;
}

PersonState in_pool() {
  PersonState person;
  person.lead.emplace();
  person.lead->pool = "sales";
  return person;
}

TEST(MessageTiming, GroupsWhatGoesToHeadsAndNeverWhatARepHasToActOn) {
  const auto p = policy();
  const AlertTiming timing;
  const auto group = [&](NoticeKind kind, const char* recipient) {
    return group_of(notice(kind, recipient), in_pool(), *p.routing, timing);
  };
  const auto escalation = group(NoticeKind::kEscalation, "lena");
  ASSERT_TRUE(escalation);
  EXPECT_EQ(escalation->name, "pool:lena:sales");
  EXPECT_EQ(escalation->window, minutes(15));
  EXPECT_TRUE(group(NoticeKind::kResolved, "lena"));
  EXPECT_FALSE(group(NoticeKind::kEscalation, "anna"));
  for (const auto kind : {NoticeKind::kOffer, NoticeKind::kWarning, NoticeKind::kBreach}) {
    for (const char* recipient : {"anna", "chris", "lena"})
      EXPECT_FALSE(group(kind, recipient)) << to_string(kind);
  }
  AlertTiming never;
  never.window = Duration{0};
  EXPECT_FALSE(group_of(notice(NoticeKind::kEscalation), in_pool(), *p.routing, never));
}

TEST(MessageTiming, TasksOfAQueueAreOneMessageToItsKeeper) {
  const auto p = policy();
  auto queued = notice(NoticeKind::kTask, "anna");  // neither head nor lead: the team has none, say
  queued.data["task_kind"] = "qualify";
  EXPECT_FALSE(group_of(queued, {}, *p.routing, {})) << "a task of her own goes alone";
  queued.data["queue"] = "t";
  const auto group = group_of(queued, {}, *p.routing, {});
  ASSERT_TRUE(group);
  EXPECT_EQ(group->name, "queue:anna:t");
  AlertTiming alone;
  alone.group_kinds = {"escalation"};
  EXPECT_FALSE(group_of(queued, {}, *p.routing, alone));
}

TEST(MessageTiming, TasksOfAQueueAreAnsweredOneByOne) {
  const auto texts = texts_in("de");
  std::vector<Message> members;
  for (int i = 0; i < 2; ++i) {
    auto c = context("de");
    c.queue = "Verkauf";
    c.details_url = fmt::format("https://x.example/a/{}", i);
    auto n = notice(NoticeKind::kTask);
    n.clock.clear();
    n.data["name"] = fmt::format("Erika Beispiel {}", i);
    n.data["task_kind"] = "qualify";
    n.data["queue"] = "t";
    n.key = fmt::format("k{}", i);
    members.push_back(compose(n, c, at("2026-03-03T09:10:00Z")));
  }
  EXPECT_NE(facts(members[0]).find("Warteschlange: Verkauf\n"), std::string::npos)
      << facts(members[0]);
  const auto group = compose_group(members, *texts, "group:1", {});
  ASSERT_EQ(group.links.size(), 2U);
  EXPECT_EQ(group.links[1].label, "Details: Erika Beispiel 1 (Beispiel GmbH)");
  EXPECT_EQ(group.links[1].url, "https://x.example/a/1");
}

TEST(MessageTiming, ExcusedBreachesAreOneMessagePerRecipient) {
  const auto p = policy();
  auto breach = notice(NoticeKind::kBreach, "anna");
  breach.data["excused"] = "downtime";
  const auto group = group_of(breach, in_pool(), *p.routing, {});
  ASSERT_TRUE(group);
  EXPECT_EQ(group->name, "excused:anna:downtime");
  auto offer = notice(NoticeKind::kOffer, "anna");
  offer.data["excused"] = "downtime";
  EXPECT_FALSE(group_of(offer, in_pool(), *p.routing, {}));
}

TEST(MessageTiming, OnlyWhatIsNotUrgentWaitsForWorkingHours) {
  const auto p = policy();
  const auto night = at("2026-03-03T21:00:00Z"), noon = at("2026-03-03T11:00:00Z");
  EXPECT_EQ(quiet_until(notice(NoticeKind::kResolved), night, p, {}), at("2026-03-04T08:00:00Z"));
  EXPECT_EQ(quiet_until(notice(NoticeKind::kTask), at("2026-03-06T20:00:00Z"), p, {}),
            at("2026-03-09T08:00:00Z"));
  EXPECT_FALSE(quiet_until(notice(NoticeKind::kResolved), noon, p, {}));
  for (const auto kind :
       {NoticeKind::kOffer, NoticeKind::kWarning, NoticeKind::kBreach, NoticeKind::kEscalation})
    EXPECT_FALSE(quiet_until(notice(kind), night, p, {})) << to_string(kind);
  EXPECT_FALSE(quiet_until(notice(NoticeKind::kResolved, "gone"), night, p, {}));
}

TEST(MessageTiming, ADigestGoesAtItsHourAndALateOneWaitsForTheReadersHours) {
  const auto p = policy();
  const auto& office = *p.calendars.find("office");  // 9 to 17 in Berlin
  AlertTiming timing;
  const auto until = [&](const char* due, const char* now) {
    return digest_until(office, at(due), at(now), timing);
  };
  EXPECT_FALSE(until("2026-03-03T16:30:00Z", "2026-03-03T16:30:30Z"))
      << "17:30: whoever set that hour wanted it";
  EXPECT_FALSE(until("2026-03-03T16:30:00Z", "2026-03-03T23:00:00Z"));
  EXPECT_FALSE(until("2026-03-03T15:00:00Z", "2026-03-03T15:30:00Z"))
      << "late, but still within hours";
  EXPECT_EQ(until("2026-03-03T15:00:00Z", "2026-03-03T23:00:00Z"), at("2026-03-04T08:00:00Z"));
  timing.quiet_kinds = {"task"};
  EXPECT_FALSE(until("2026-03-03T15:00:00Z", "2026-03-03T23:00:00Z"));
}

TEST(MessageTexts, OfferToAcknowledgeOrToSnooze) {
  auto c = context("de");
  c.known_url = "https://x.example/a/1#known";
  c.later_url = "https://x.example/a/1#later";
  c.known_by = "Chris Muster";
  c.clock_label = [](std::string_view clock) {
    return clock == "first_contact" ? "Erstkontakt" : "?";
  };
  const auto message = compose(notice(NoticeKind::kEscalation), c, at("2026-03-03T09:10:00Z"));
  std::string links;
  for (const auto& link : message.links)
    links += link.action + ":" + link.label + " " + link.url + "\n";
  EXPECT_EQ(links,
            "call:Anrufen tel:+4930123456\nacknowledge:Zur Kenntnis genommen "
            "https://x.example/a/1#known\nsnooze:Später erinnern https://x.example/a/1#later\n");
  EXPECT_NE(facts(message).find("Zur Kenntnis genommen von: Chris Muster\n"), std::string::npos);
  EXPECT_NE(facts(message).find("Frist: heute 10:05, überschritten (Erstkontakt)\n"),
            std::string::npos)
      << facts(message);
  const auto over = compose(notice(NoticeKind::kResolved), c, at("2026-03-03T09:10:00Z"));
  EXPECT_TRUE(over.links.empty()) << "nothing is left to answer";
}

TEST(MessageTexts, AskASecondPersonToDecide) {
  auto c = context("en");
  c.asked_by = "Max Muster";
  c.decide_url = "https://x.example/a/1";
  auto n = notice(NoticeKind::kTask);
  n.clock.clear();
  n.data["task_kind"] = "reopen";
  n.data["asked_reason"] = "mistaken_identity";
  const auto message = compose(n, c, at("2026-03-03T09:10:00Z"));
  EXPECT_NE(message.headline.find("Max Muster asks to reopen the lead"), std::string::npos)
      << message.headline;
  EXPECT_NE(facts(message).find("Why: mistaken identity\n"), std::string::npos) << facts(message);
  EXPECT_NE(facts(message).find("agree or decline"), std::string::npos);
  ASSERT_EQ(message.links.size(), 1U);
  EXPECT_EQ(message.links.front().action, "decide");
}

TEST(MessageTexts, TellWhoAskedThatTheLeadComesBack) {
  auto c = context("de");
  c.answered_by = "Lena Leitung";
  auto n = notice(NoticeKind::kTask, "anna");
  n.clock.clear();
  n.data["task_kind"] = "comes_back";
  const auto message = compose(n, c, at("2026-03-03T09:10:00Z"));
  EXPECT_EQ(message.headline,
            "Erika Beispiel (Beispiel GmbH): kommt zurück, Lena Leitung hat zugestimmt");
  c.texts = texts_in("en");
  EXPECT_EQ(compose(n, c, at("2026-03-03T09:10:00Z")).headline,
            "Erika Beispiel (Beispiel GmbH): reopened, Lena Leitung agreed");
  EXPECT_EQ(facts(message).find("Nächster Schritt"), std::string::npos) << facts(message);
}

TEST(MessageTiming, AGroupIsAnsweredLeadByLead) {
  const auto texts = texts_in("en");
  std::vector<Message> members;
  for (int i = 0; i < 9; ++i) {
    auto c = context("en");
    c.known_url = fmt::format("https://x.example/a/{}#known", i);
    auto n = notice(NoticeKind::kEscalation);
    n.data["name"] = fmt::format("Erika Beispiel {}", i);
    n.key = fmt::format("k{}", i);
    members.push_back(compose(n, c, at("2026-03-03T09:10:00Z")));
  }
  const auto group = compose_group(members, *texts, "g", {});
  ASSERT_EQ(group.links.size(), 6U);
  EXPECT_EQ(group.links.front().label, "Acknowledge: Erika Beispiel 0 (Beispiel GmbH)");
  EXPECT_EQ(group.links.front().url, "https://x.example/a/0#known");
  const auto& all = group.data.at("members").as_array();
  ASSERT_EQ(all.size(), 9U);
  EXPECT_EQ(all.back().as_object().at("links").as_array().back().as_object().at("url"),
            "https://x.example/a/8#known");
}

TEST(MessageTiming, AGroupCountsThoseItDoesNotName) {
  const auto texts = texts_in("en");
  std::vector<Message> members{
      compose(notice(NoticeKind::kEscalation), context("en"), at("2026-03-03T09:10:00Z"))};
  members.resize(3);
  const auto group = compose_group(members, *texts, "g", {});
  EXPECT_THAT(group.headline, ::testing::EndsWith("and 2 more messages"));
  EXPECT_EQ(facts(group).find('\n'), facts(group).size() - 1) << "one is named";
  EXPECT_EQ(array(group.data, "members")->size(), 1U);
  EXPECT_EQ(integer(group.data, "more"), 2);
}

TEST(MessageTiming, AGroupBeginsWithWhoWaitsLongestAndNamesOwners) {
  const auto texts = texts_in("de");
  auto older = notice(NoticeKind::kEscalation);
  older.key = "p2:first_contact#1:200:lena";
  older.data["name"] = "Max Muster";
  older.data["company"] = "Muster AG";
  older.data["waiting_since"] = "2026-03-03T08:00:00Z";
  older.data["due"] = "2026-03-03T08:05:00Z";
  const auto now = at("2026-03-03T09:20:00Z");
  auto c = context("de");
  c.held_until = now;
  const std::vector<Message> members{compose(notice(NoticeKind::kEscalation), c, now),
                                     compose(older, c, now)};
  const auto group = compose_group(members, *texts, "group:1", Duration{0});
  EXPECT_EQ(group.headline,
            "Max Muster (Muster AG): wartet 1 Std. 20 Min., Eskalation, Frist seit 1 Std. 15 Min. "
            "überschritten · und 1 weitere Meldung");
  EXPECT_EQ(facts(group),
            "Max Muster (Muster AG): wartet 1 Std. 20 Min., Eskalation, Frist seit 1 Std. 15 Min. "
            "überschritten · Anna Muster\n"
            "Erika Beispiel (Beispiel GmbH): wartet 20 Min., Eskalation, Frist seit 15 Min. "
            "überschritten · Anna Muster\n");
  EXPECT_EQ(array(group.data, "members")->size(), 2U);
  EXPECT_EQ(compose_group({members.data(), 1}, *texts, "x", Duration{0}).key, members[0].key);
  EXPECT_EQ(compose_group(members, *texts, "x", minutes(3)).facts.back().second,
            "Diese Nachricht kommt 3 Min. zu spät.");
}

TEST(MessageTiming, AGroupOfExcusedBreachesSaysSo) {
  const auto texts = texts_in("en");
  const auto now = at("2026-03-03T09:20:00Z");
  std::vector<Message> members;
  for (int i = 0; i < 40; ++i) {
    auto one = notice(NoticeKind::kBreach, "anna");
    one.key += std::to_string(i);
    one.data["excused"] = "downtime";
    members.push_back(compose(one, context(i < 0 ? "de" : "en"), now));
  }
  const auto group = compose_group(members, *texts, "group:1", Duration{0});
  EXPECT_EQ(group.facts.front().second,
            "None of these 40 messages counts against anyone: Baton was not running.");
  EXPECT_EQ(group.facts.size(), 32U);  // the note, thirty, and how many more
  EXPECT_TRUE(group.headline.ends_with(" · and 39 more messages")) << group.headline;
}

TEST(MessageNotes, SayThatAMessageIsLateThatTheCrmIsSilentAndThatTheBreachIsExcused) {
  auto warning = notice(NoticeKind::kWarning, "anna");
  warning.data["due"] = "2026-03-03T10:00:00Z";
  warning.data["feedback_stale_since"] = "2026-03-03T08:50:00Z";
  warning.data["excused"] = "import";
  const auto message = compose(warning, context("de"), at("2026-03-03T09:22:30Z"));
  const auto all = facts(message);
  EXPECT_NE(all.find("Hinweis: Diese Warnung kommt 12 Min. zu spät."), std::string::npos) << all;
  EXPECT_NE(all.find("Hinweis: Das CRM hat seit heute 09:50 nicht geantwortet; vielleicht ist es "
                     "schon erledigt."),
            std::string::npos)
      << all;
  EXPECT_NE(all.find("Hinweis: Das zählt gegen niemanden: die Angaben kamen nachträglich herein."),
            std::string::npos)
      << all;
  EXPECT_EQ(message.late_by, minutes(12) + seconds(30));
  EXPECT_EQ(integer(message.data, "sent_late_by_s"), 750);
  auto c = context("en");
  c.held_until = at("2026-03-03T09:22:00Z");  // kept back on purpose
  EXPECT_EQ(facts(compose(warning, c, at("2026-03-03T09:22:30Z"))).find(" late."),
            std::string::npos);
  EXPECT_EQ(facts(compose(notice(NoticeKind::kWarning, "anna"), context("en"),
                          at("2026-03-03T09:10:59Z")))
                .find(" late."),
            std::string::npos);
}

TEST(MessageTexts, SayWhatToDoNext) {
  const auto now = at("2026-03-03T09:10:00Z");
  const auto next = [&](Notice n, const char* language, const char* owner = "Anna Muster") {
    auto c = context(language);
    c.owner_name = owner;
    for (const auto& [label, value] : compose(n, c, now).facts) {
      if (label == c.texts->text("message.label_next")) return value;
    }
    return std::string();
  };
  EXPECT_EQ(next(notice(NoticeKind::kOffer, "anna"), "de"),
            "annehmen und anrufen, und zwar sofort; die Frist war heute 10:05");
  EXPECT_EQ(next(notice(NoticeKind::kWarning, "anna"), "de"),
            "anrufen und das Ergebnis festhalten, und zwar sofort; die Frist war heute 10:05");
  EXPECT_EQ(next(notice(NoticeKind::kBreach, "anna"), "en"),
            "call and record the result at once; the deadline was today 10:05");
  EXPECT_EQ(next(notice(NoticeKind::kBreach, "chris"), "de"),
            "mit Anna Muster sprechen oder den Lead neu vergeben, und zwar sofort");
  EXPECT_EQ(next(notice(NoticeKind::kEscalation), "en"),
            "talk to Anna Muster or reassign the lead, at once");
  auto nobody = notice(NoticeKind::kEscalation);
  nobody.data["nobody"] = true;
  EXPECT_EQ(next(nobody, "de", ""), "eine zuständige Person bestimmen, und zwar sofort");
  EXPECT_EQ(next(notice(NoticeKind::kResolved), "de"), "");
  auto again = notice(NoticeKind::kOffer, "anna");
  again.data["again"] = true;
  EXPECT_EQ(
      next(again, "de"),
      "jetzt anrufen und das Ergebnis festhalten, und zwar sofort; die Frist war heute 10:05");
  EXPECT_EQ(compose(again, context("de"), now).headline,
            "Erika Beispiel (Beispiel GmbH): wartet 10 Min., hat sich noch einmal gemeldet");
  EXPECT_EQ(compose(again, context("en"), now).headline,
            "Erika Beispiel (Beispiel GmbH): waiting 10 min, got in touch again");
}

TEST(MessageTexts, OfTasksAndCorrectionsInBothLanguages) {
  const auto headline = [](NoticeKind kind, const char* language, const char* task,
                           const char* channel) {
    auto n = notice(kind, "anna");
    if (*task != '\0') n.data["task_kind"] = task;
    if (*channel != '\0') n.data["channel"] = channel;
    return compose(n, context(language), at("2026-03-03T09:10:00Z")).headline;
  };
  EXPECT_EQ(headline(NoticeKind::kTask, "de", "qualify", ""),
            "Erika Beispiel (Beispiel GmbH): wartet 10 Min., neu, bitte prüfen und ergänzen");
  EXPECT_EQ(headline(NoticeKind::kTask, "en", "connect", "phone"),
            "Erika Beispiel (Beispiel GmbH): waiting 10 min, please call now");
  EXPECT_EQ(headline(NoticeKind::kTask, "de", "connect", "email"),
            "Erika Beispiel (Beispiel GmbH): wartet 10 Min., bitte jetzt schreiben");
  EXPECT_EQ(headline(NoticeKind::kTask, "en", "connect", "linkedin"),
            "Erika Beispiel (Beispiel GmbH): waiting 10 min, please get in touch now (linkedin)");
  EXPECT_EQ(headline(NoticeKind::kTask, "de", "run_out", ""),
            "Erika Beispiel (Beispiel GmbH): wartet 10 Min., alle Versuche erfolglos, bitte "
            "entscheiden");
  EXPECT_EQ(headline(NoticeKind::kCorrected, "de", "", ""),
            "Erika Beispiel (Beispiel GmbH): war rechtzeitig erledigt, wurde nur zu spät "
            "gemeldet");
  EXPECT_EQ(headline(NoticeKind::kCorrected, "en", "", ""),
            "Erika Beispiel (Beispiel GmbH): was done in time but reported late");
}

}  // namespace
}  // namespace baton
