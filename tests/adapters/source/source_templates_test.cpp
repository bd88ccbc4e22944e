#include <gmock/gmock.h>

#include "tests/adapters/source/source_support.h"
#include "tests/support/source_dir.h"

namespace baton {
namespace {

TEST(SourceTemplates, EveryBuiltInAdapterHasAValidTemplate) {
  for (const auto& name : source_adapters()) {
    const std::string text =
        file_text(source_dir() + "/gateway/cli/templates/sources/" + name + ".yaml");
    ASSERT_FALSE(text.empty()) << name;
    Findings findings;
    EXPECT_NE(configured(text, findings), nullptr) << said(findings);
    EXPECT_TRUE(findings.empty()) << said(findings);
  }
}

}  // namespace
}  // namespace baton
