#include "gateway/app/views/task_view.h"

#include <gtest/gtest.h>

#include "mapping/json/json.h"
#include "tests/support/ids.h"
#include "tests/support/policy_files.h"

namespace baton {
namespace {

const Instant kNow = parse_rfc3339("2026-03-09T09:00:00Z").value();

PersonState erika() {
  PersonState person;
  person.id = "p1"_person;
  person.profile.full_name = "Erika Beispiel";
  person.profile.email = "erika@beispiel.example";
  person.profile.phone = "+4930123456";
  person.profile.company.name = "Beispiel GmbH";
  Lead lead;
  lead.id = "p1.1"_lead;
  lead.type = Intent::kHandRaiser;
  lead.ask = "Prices, please";
  Handover handover;
  handover.id = "p1.1/1"_handover;
  handover.receipt = "c0ffee";
  lead.handovers.push_back(handover);
  person.lead = lead;
  return person;
}

CrmTask task(std::string kind, std::string owner = "") {
  CrmTask out;
  out.id = "p1.1/t1";
  out.kind = std::move(kind);
  out.state = "open";
  out.owner = RepId(std::move(owner));
  out.opened_at = kNow;
  return out;
}

class TaskView : public testing::Test {
 protected:
  json::object view(const CrmTask& of, const PersonState& person,
                    std::string_view language = "en") {
    return task_view(of, person, *policy, language, "https://baton.example/p1.1", kNow);
  }
  std::shared_ptr<const Policy> policy = policy_with("lifecycle", {});
};

TEST_F(TaskView, NamesTheTaskAndThePerson) {
  const auto shown = view(task("qualify"), erika());
  EXPECT_EQ(text(shown, "subject"), "Qualify and enrich: Erika Beispiel, Beispiel GmbH");
  EXPECT_EQ(text(shown, "key"), "p1.1/t1");
  EXPECT_EQ(text(shown, "opened"), "2026-03-09T09:00:00Z");
  EXPECT_FALSE(shown.contains("due"));
  EXPECT_FALSE(shown.contains("owner"));
  const std::string body(text(shown, "body"));
  EXPECT_NE(body.find("Request: Prices, please\n"), std::string::npos) << body;
  EXPECT_EQ(body.find("c0ffee"), std::string::npos) << "the lead was not handed over";
  EXPECT_NE(body.find("Why: https://baton.example/p1.1"), std::string::npos);
}

TEST_F(TaskView, UsesTheLanguageOfItsOwnerOrElseOfTheGateway) {
  EXPECT_TRUE(
      text(view(task("connect"), erika(), "de"), "subject").starts_with("Anrufen: Erika Beispiel"));
  const auto* rep = policy->routing->rep("max"_rep);
  ASSERT_NE(rep, nullptr);
  const auto shown =
      view(task("handover", "max"), erika(), rep->message_language == "de" ? "en" : "de");
  EXPECT_TRUE(text(shown, "subject")
                  .starts_with(rep->message_language == "de" ? "Übernehmen: " : "Take over: "));
  EXPECT_EQ(text(*object(shown, "owner"), "email"), rep->email);
  EXPECT_NE(text(shown, "body").find("c0ffee"), std::string_view::npos)
      << "the receipt of the handover";
}

TEST_F(TaskView, ShowsThePhoneNumberOnlyWithConsent) {
  const auto person = erika();
  EXPECT_EQ(text(view(task("qualify"), person), "body").find("+4930"), std::string_view::npos);
  auto agreed = person;
  agreed.consents.push_back({"marketing", "phone", true, "consent", "", "form", kNow});
  EXPECT_NE(text(view(task("qualify"), agreed), "body").find("+4930123456"),
            std::string_view::npos);
}

TEST_F(TaskView, NamesThePersonByTheBestKnownField) {
  PersonState person;
  person.id = "p1"_person;
  EXPECT_EQ(text(view(task("qualify"), person), "subject"), "Qualify and enrich: unknown contact");
  person.profile.email = "erika@beispiel.example";
  EXPECT_EQ(text(view(task("qualify"), person), "subject"),
            "Qualify and enrich: erika@beispiel.example");
  person.profile.last_name = "Beispiel";
  EXPECT_EQ(text(view(task("qualify"), person), "subject"), "Qualify and enrich: Beispiel");
}

}  // namespace
}  // namespace baton
