#include <gmock/gmock.h>

#include "tests/adapters/source/source_support.h"
#include "tests/support/source_dir.h"

namespace baton {
namespace {

const std::string kSamples = source_dir() + "/../shared/samples/";

const char* adapter_for(std::string_view file) {
  if (file.starts_with("typeform/")) return "typeform";
  if (file.starts_with("hubspot/")) return "hubspot";
  if (file.starts_with("calendly/")) return "calendly";
  if (file.starts_with("standard_webhooks/") || file.starts_with("svix/"))
    return "standard_webhooks";
  return nullptr;
}

Headers headers_of(const std::string& file) {
  std::istringstream lines(file_text(kSamples + file.substr(0, file.rfind('.')) + ".headers.txt"));
  Headers headers;
  for (std::string line; std::getline(lines, line);) {
    const auto colon = line.find(": ");
    if (colon != std::string::npos)
      headers.emplace_back(line.substr(0, colon), line.substr(colon + 2));
  }
  return headers;
}

bool has_identity(const Touch& touch) {
  return !touch.person.email.empty() || !touch.person.phone.empty() ||
         !touch.person.external_ids.empty();
}

std::string value_of(const PersonFacts& person, std::string_view key) {
  if (key == "email") return person.email;
  if (key == "full_name") return person.full_name;
  if (key == "first_name") return person.first_name;
  if (key == "last_name") return person.last_name;
  if (key == "title") return person.job_title;
  if (key == "company") return person.company.name;
  if (key == "company_domain") return person.company.domain;
  if (key == "external_id")
    return person.external_ids.empty() ? "" : person.external_ids.begin()->second;
  return {};
}

// Compares digits only: the expectation has the number as it was sent, before normalising.
std::string digits(std::string_view text) {
  std::string out;
  for (const char c : text)
    if (c >= '0' && c <= '9') out += c;
  return out;
}

void expect_contact(const json::object& wanted, const PersonFacts& person,
                    const std::string& file) {
  for (const auto& item : wanted) {
    const std::string key(item.key());
    if (key == "phone") {
      const std::string sent =
          item.value().is_null() ? "" : digits(std::string(item.value().get_string()));
      EXPECT_EQ(sent.empty(), person.phone.empty()) << file;
      EXPECT_TRUE(digits(person.phone).ends_with(sent)) << file;
      continue;
    }
    EXPECT_EQ(value_of(person, key),
              item.value().is_null() ? "" : std::string(item.value().get_string()))
        << file << ' ' << key;
  }
}

void check_sample(const json::object& sample) {
  const std::string file(text(sample, "file"));
  const auto& expect = *object(sample, "expect");
  const bool american = file.starts_with("standard_webhooks/");
  const auto mapped = bare(adapter_for(file), american ? "US" : "DE")
                          ->map(delivery(file_text(kSamples + file), headers_of(file)));
  ASSERT_TRUE(mapped) << file << ": " << mapped.error().message;
  std::vector<const Touch*> leads;
  for (const auto& touch : mapped->touches)
    if (makes_lead(touch.type) && has_identity(touch)) leads.push_back(&touch);
  const auto& contacts = *array(expect, "contacts");
  if (boolean(expect, "no_lead_expected")) {
    EXPECT_TRUE(leads.empty()) << file;
  } else {
    EXPECT_EQ(leads.size(), contacts.size()) << file;
  }
  if (mapped->touches.empty()) return;
  ASSERT_EQ(mapped->touches.size(), std::max<std::size_t>(contacts.size(), 1)) << file;
  for (std::size_t i = 0; i < contacts.size(); ++i)
    expect_contact(contacts[i].get_object(), mapped->touches[i].person, file);
}

TEST(SourceSamples, MatchTheirExpectations) {
  const std::string content = file_text(kSamples + "EXPECTED.json");
  if (content.empty()) GTEST_SKIP() << "no samples here";
  const auto expected = parse_json(content);
  ASSERT_TRUE(expected);
  int seen = 0;
  for (const auto& sample : *array(expected->get_object(), "samples")) {
    if (adapter_for(text(sample.get_object(), "file")) == nullptr) continue;
    check_sample(sample.get_object());
    ++seen;
  }
  EXPECT_EQ(seen, 12);
}

TEST(SourceSamples, DeliveryIdsAreTheVendorsOwn) {
  if (file_text(kSamples + "EXPECTED.json").empty()) GTEST_SKIP() << "no samples here";
  const std::pair<const char*, const char*> cases[] = {
      {"typeform/form_response_empty.json", "LtWXD3crgy"},
      {"typeform/form_response_project_request.json", "01CDN97QBA86B8VKZY5BFDBC2J"},
      {"hubspot/contact_creation.json", "23861635.3429387.3048592825"},
      {"hubspot/contact_deletion_batch.json", "6038822.162971.1+6038822.162971.2"},
      {"hubspot/workflow_contact_webhook.json", "27145807.251.1680448122728"},
      {"standard_webhooks/contact_created_thin.json", "msg_2KWPBgLlAfxdpx2AI54pPJ85f4W"},
      {"svix/social_lead_trigify.json", "msg_30JlxleMV7n6AeKpcgcO3IKQC3b"}};
  for (const auto& [file, id] : cases)
    EXPECT_EQ(bare(adapter_for(file))
                  ->delivery_id(delivery(file_text(kSamples + file), headers_of(file))),
              id)
        << file;
}

}  // namespace
}  // namespace baton
