#include <gmock/gmock.h>

#include "adapters/engine/source/adapter_files.h"
#include "adapters/engine/source/source_examples.h"
#include "adapters/engine/source/source_spec.h"
#include "mapping/map/map_compile.h"
#include "mapping/map/map_spec.h"
#include "mapping/schema/schema.h"
#include "tests/adapters/source/source_support.h"

namespace baton {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;

TEST(SourceSpec, BuiltInAdaptersAreValidAndMatchTheirExamples) {
  const auto names = source_adapters();
  EXPECT_THAT(names,
              testing::IsSupersetOf({"calendly", "hubspot", "standard_webhooks", "typeform"}));
  for (const auto& name : names) {
    const auto found = adapter_text("sources", name, "");
    ASSERT_TRUE(found);
    Findings findings;
    auto document = parse_yaml(found->first, found->second, findings);
    EXPECT_TRUE(findings.empty()) << said(findings);
    std::size_t run = 0;
    append(findings, run_source_examples(document, run));
    EXPECT_GE(run, 3U) << name;
    const SourceSpec spec = read_source_spec(std::move(document), findings);
    EXPECT_EQ(spec.name, name);
    EXPECT_TRUE(findings.empty()) << said(findings);
  }
}

// The messages of all faults in a spec.
std::string faults(const std::string& yaml) {
  Findings findings;
  const auto spec = read_source_spec(parse_yaml(yaml, "a.yaml", findings), findings);
  (void)compile_map(spec.document, nullptr, findings);
  return said(findings);
}

TEST(SourceSpec, FaultsAreReportedTogetherWithPositionAndFix) {
  const std::string all = faults(R"(source: acme
title: Acme
stability: beta
verify:
  - method: hmac
  - method: hash
    header: X-Sig
  - { method: hmac, header: X-Sig, tolerance: soon }
  - { method: hmac, header: X-Sig, timestamp_header: X-T, tolerance: 5m }
events:
  - name: lead
    touch: form_submitt
    intent: keen
    fields: { emial: a.b, at: { path: a, zone: Europe/Nowhere } }
fields:
  email: a..b
  phone: { item: telefone }
  message: { lower: true }
touch_id: "no place"
examples: []
)");
  EXPECT_THAT(all, HasSubstr("a.yaml:5:"));
  EXPECT_THAT(all, HasSubstr("a signature needs the name of its header"));
  EXPECT_THAT(all, HasSubstr("a plain hash without {secret}"));
  EXPECT_THAT(all, HasSubstr("not a duration"));
  EXPECT_THAT(all, HasSubstr("can be forged"));
  EXPECT_THAT(all, HasSubstr("form_submit"));
  EXPECT_THAT(all, HasSubstr("hand_raiser"));
  EXPECT_THAT(all, HasSubstr("did you mean \"email\"?"));
  EXPECT_THAT(all, HasSubstr("unknown time zone"));
  EXPECT_THAT(all, HasSubstr("\"a..b\" is not a path"));
  EXPECT_THAT(all, HasSubstr("unknown field \"telefone\""));
  EXPECT_THAT(all, HasSubstr("has no source for the value"));
  EXPECT_THAT(all, HasSubstr("refers to no value"));
}

TEST(SourceSpec, AFailingExampleReportsTheDifference) {
  Findings findings;
  const auto document = parse_yaml(R"(source: acme
events: [{ name: lead, touch: form_submit }]
fields: { email: mail }
examples:
  - name: one
    body: { mail: erika.beispiel@example.com }
    expect: { touches: [{ type: quote_request, person: { email: max@example.com, phone: null } }], unmapped: [] }
)",
                                   "a.yaml", findings);
  std::size_t run = 0;
  const auto differences = run_source_examples(document, run);
  EXPECT_EQ(run, 1U);
  EXPECT_EQ(differences.size(), 2U) << said(differences);
  EXPECT_THAT(said(differences),
              AllOf(HasSubstr("a.yaml:5:"), HasSubstr("quote_request"), HasSubstr("form_submit")));
}

TEST(AdapterText, NamesCannotLeaveTheFolder) {
  EXPECT_TRUE(adapter_text("sources", "typeform", ""));
  for (const char* name : {"../typeform", "", "a/b", "Typeform", "."})
    EXPECT_FALSE(adapter_text("sources", name, "")) << name;
}

TEST(AdapterText, TheUsersFolderTakesPrecedence) {
  const auto folder = std::filesystem::temp_directory_path() / "baton_adapters_test";
  std::filesystem::create_directories(folder / "sources");
  std::ofstream(folder / "sources" / "typeform.yaml") << "title: Mine\nstability: beta\n";
  std::ofstream(folder / "sources" / "own.yaml") << "title: Own\n";
  const auto found = adapter_text("sources", "typeform", folder.string());
  ASSERT_TRUE(found);
  EXPECT_THAT(found->first, HasSubstr("Mine"));
  bool own = false;
  for (const auto& info : list_adapters(folder.string())) {
    if (info.name == "typeform" || info.name == "calendly") {
      EXPECT_EQ(info.built_in, info.name == "calendly");
    }
    own |= info.name == "own" && info.title == "Own";
  }
  EXPECT_TRUE(own);
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace baton
