#include "gateway/app/config/deployment.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "tests/support/temp_folder.h"

namespace baton {
namespace {

void write(const std::string& folder, const std::string& path, const std::string& text) {
  std::filesystem::create_directories(std::filesystem::path(folder + '/' + path).parent_path());
  std::ofstream(folder + '/' + path) << text;
}

Touch touch_of(const Deployment& deployment, const std::string& source) {
  for (const auto& s : deployment.sources) {
    if (s->name() != source) continue;
    RawDelivery raw;
    raw.source = source;
    raw.content_type = "application/json";
    raw.body = R"({"email":"erika.beispiel@example.com","phone":"0821 5550100"})";
    auto mapped = s->map(raw);
    if (mapped && mapped->touches.size() == 1) return mapped->touches.front();
  }
  ADD_FAILURE() << "no touch of " << source;
  return {};
}

const std::string kGeneric =
    "adapter: standard_webhooks\nsecret: whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz\n";

TEST(Deployment, AppliesDefaultsOfTheGatewayToSources) {
  const TempFolder folder;
  write(folder.path(), "baton.yaml", "schema: 1\nregion: AT\nlimits: {body: 64 KiB}\n");
  write(folder.path(), "sources/plain.yaml", kGeneric);
  write(folder.path(), "sources/own.yaml", kGeneric + "region: DE\nmax_body: 2048\n");
  Findings findings;
  const Deployment deployment = load_deployment(folder.path(), findings);
  EXPECT_EQ(touch_of(deployment, "plain").person.phone, "+438215550100");
  EXPECT_EQ(touch_of(deployment, "own").person.phone, "+498215550100");
  for (const auto& source : deployment.sources)
    EXPECT_EQ(source->max_body(), source->name() == "own" ? 2048U : 65536U);
}

}  // namespace
}  // namespace baton
