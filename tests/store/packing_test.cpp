#include "gateway/store/packing.h"

#include <random>

#include <gmock/gmock.h>

#include "mapping/embedded.h"
#include "mapping/json.h"

namespace baton {
namespace {

constexpr const char* kDocument =
    R"({"v":1,"id":"2aba74f7f58da00abc9a","created":1795323925236,"now":1795323928238,"profile":{"email":"erika.beispiel@example.com",)"
    R"("first_name":"Erika","last_name":"Beispiel","company":{"name":"Beispiel GmbH"}},"score":{"fit":80000,"engagement":14999}})";

TEST(Packing, GivesBackWhatItTook) {
  for (const std::string& text : {std::string(), std::string("{}"), std::string(kDocument), std::string(5'000'000, 'x')}) {
    EXPECT_EQ(unpack(pack(text)).value(), text);
  }
}

TEST(Packing, MakesADocumentMuchSmaller) {
  EXPECT_LT(pack(kDocument).size(), std::string_view(kDocument).size() / 2);
}

TEST(Packing, LeavesTextOfBeforeAsItIs) { EXPECT_EQ(unpack(R"({"v":1})").value(), R"({"v":1})"); }

TEST(Packing, RefusesWhatItDidNotWrite) {
  EXPECT_FALSE(unpack("\x02").has_value());
  EXPECT_FALSE(unpack(std::string("\x02\x02") + pack(kDocument).substr(2)).has_value());
  EXPECT_FALSE(unpack(pack(kDocument).substr(0, 40)).has_value());
}

// Whoever changes a bit of what is stored gets an error or another text, never a crash.
TEST(Packing, SurvivesAnyChangedByte) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  const std::string packed = pack(kDocument);
  for (int i = 0; i < 20'000; ++i) {
    std::string broken = packed;
    for (auto changes = random() % 4 + 1; changes > 0; --changes) broken[random() % broken.size()] = static_cast<char>(random());
    (void)unpack(broken);
  }
}

// The dictionary is part of the format: what was packed with it is read with it for ever.
TEST(Packing, TheDictionaryStaysAsItIs) {
  for (const auto& file : embedded_store()) {
    if (file.path == "gateway/store/data/packing-1.dict") {
      EXPECT_EQ(sha256_hex(file.content), "58005a85e3c7154bdd807cbf7cc0fb5bdeed5d7e0c75bd7ffa286b82e6bf9849");
      return;
    }
  }
  FAIL() << "no dictionary";
}

}  // namespace
}  // namespace baton
