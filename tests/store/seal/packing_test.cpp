#include "gateway/store/seal/packing.h"

#include <map>
#include <random>

#include <gmock/gmock.h>

#include "mapping/json/json.h"
#include "mapping/schema/embedded.h"

namespace baton {
namespace {

constexpr const char* kDocument =
    R"({"v":1,"id":"2aba74f7f58da00abc9a","created":1795323925236,"now":1795323928238,"profile":{"email":"erika.beispiel@example.com",)"
    R"("first_name":"Erika","last_name":"Beispiel","company":{"name":"Beispiel GmbH"}},"score":{"fit":80000,"engagement":14999}})";

constexpr std::string_view kRecord =
    R"({"v":2,"person":"fa563fced7fca9bac85b","now":"2026-11-22T16:21:28.458Z","event":{"id":"99d559e7f21d5d89e39d74d2d9cfee61","kind":"touches"},)"
    R"("policy":"bf0d65efbdb5d7be6d8813bd556742b0e4b1e407a04dab0ee17f2d0f1708a692","calendar":"7600d7e3949093275f60b9246165942eb93838885f4170f2d4673de6a94062df",)"
    R"("events":["touch.recorded"],"reasons":[["touch.recorded","",{"touch":"forms:99d559e7f21d5d89e39d74d2d9cfee61#0","type":"content_download",)"
    R"("intent":"informational","at":"2026-11-22T16:21:28.457Z"}]],"effects":["push"]})";

TEST(Packing, RestoresTheText) {
  for (const std::string& text : {std::string(), std::string("{}"), std::string(kDocument),
                                  std::string(kRecord), std::string(5'000'000, 'x')}) {
    EXPECT_EQ(unpack(pack(text)).value(), text);
  }
}

// 90 bytes of the record are unpredictable hashes and ids.
TEST(Packing, MakesARecordMuchSmaller) { EXPECT_LT(pack(kRecord).size(), kRecord.size() / 3); }

TEST(Packing, LeavesUnpackedTextUnchanged) {
  EXPECT_EQ(unpack(R"({"v":1})").value(), R"({"v":1})");
}

TEST(Packing, RefusesForeignBytes) {
  EXPECT_FALSE(unpack("\x02").has_value());
  EXPECT_FALSE(unpack(std::string("\x02\x03") + pack(kDocument).substr(2)).has_value());
  EXPECT_FALSE(unpack(std::string("\x02\x01") + pack(kDocument).substr(2)).has_value());
  EXPECT_FALSE(unpack(pack(kDocument).substr(0, 40)).has_value());
}

// Any changed bit yields an error or another text, never a crash.
TEST(Packing, SurvivesAnyChangedByte) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  const std::string packed = pack(kDocument);
  for (int i = 0; i < 20'000; ++i) {
    std::string broken = packed;
    for (auto changes = random() % 4 + 1; changes > 0; --changes)
      broken[random() % broken.size()] = static_cast<char>(random());
    (void)unpack(broken);
  }
}

// As written by the version that had only the first dictionary.
TEST(Packing, ReadsTextsPackedWithTheFirstDictionary) {
  constexpr std::string_view kPacked =
      "020120f8c5020003040c4386b87bda1019d4e0071023d206091a894290115444dec788096abcbec5d37b37e5abfe"
      "b4264ec95ffe74ecd0"
      "7146020dfc5fb4233d4000aa98ca2aba1fdeddcfb661907a5c8f0dd03e57332d3ac376919db1702b";
  std::string bytes;
  for (std::size_t i = 0; i < kPacked.size(); i += 2)
    bytes += static_cast<char>(std::stoi(std::string(kPacked.substr(i, 2)), nullptr, 16));
  EXPECT_EQ(unpack(bytes).value(), kDocument);
}

// Dictionaries are part of the format: text packed with one must stay readable.
TEST(Packing, TheDictionariesNeverChange) {
  std::map<std::string_view, std::string> hashes;
  for (const auto& file : embedded_store()) {
    if (file.path.ends_with(".dict")) hashes[file.path] = sha256_hex(file.content);
  }
  EXPECT_EQ(hashes.size(), 2U);
  EXPECT_EQ(hashes["gateway/store/seal/data/packing-1.dict"],
            "58005a85e3c7154bdd807cbf7cc0fb5bdeed5d7e0c75bd7ffa286b82e6bf9849");
  EXPECT_EQ(hashes["gateway/store/seal/data/packing-2.dict"],
            "f74432590b14fe5d107c10bf502583889c75463417317e3846b3f9e5d5d38999");
}

}  // namespace
}  // namespace baton
