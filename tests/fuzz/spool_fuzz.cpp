#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "gateway/store/spool/spool.h"
#include "gateway/store/spool/spool_frame.h"
#include "tests/fuzz/fuzz.h"
#include "tests/support/temp_folder.h"

namespace baton::fuzz {
namespace {

namespace fs = std::filesystem;

bool same(const IntakeRecord& a, const IntakeRecord& b) {
  return a.id == b.id && a.payload == b.payload;
}

std::vector<IntakeRecord> read_all(std::string_view content, std::size_t& bytes) {
  std::vector<IntakeRecord> records;
  const auto read =
      read_frames(content, [&](IntakeRecord&& record) { records.push_back(std::move(record)); });
  require(read.records == records.size() && read.bytes <= content.size(),
          "what was read is counted");
  bytes = read.bytes;
  return records;
}

// Complete frames, then the damage.
void read_segment(const std::vector<IntakeRecord>& whole, const std::string& content) {
  std::size_t bytes = 0;
  const auto records = read_all(content, bytes);
  require(records.size() >= whole.size(), "no frame before the damage is lost");
  for (std::size_t i = 0; i < whole.size(); ++i)
    require(same(records[i], whole[i]), "a frame is read as it was written");
  std::string again;
  for (const auto& record : records) append_frame(record, again);
  require(again == content.substr(0, bytes), "the frames read are the frames written");
}

// The same bytes as a segment that a gateway finds at start, under any name.
void drain_folder(const std::vector<IntakeRecord>& whole, const std::string& content,
                  const std::string& name) {
  static const TempFolder kHome;
  const auto folder = kHome.path() + "/spool";
  fs::remove_all(folder);
  fs::create_directory(folder);
  std::ofstream(folder + '/' + name, std::ios::binary) << content;
  auto spool = Spool::open(folder, {});
  require(spool.has_value(), "a damaged spool is opened");
  if (!spool) return;
  std::vector<IntakeRecord> taken;
  const auto count = (*spool)->drain([&](std::span<const IntakeRecord> batch) {
    taken.insert(taken.end(), batch.begin(), batch.end());
    return Status();
  });
  require(count && *count == taken.size(), "a drain finishes");
  const auto stats = (*spool)->stats();
  require(stats.records == 0 && stats.bytes == 0 && stats.segments == 0,
          "after a drain nothing waits");
  if (name != "0000000001.seg")
    return require(fs::exists(folder + '/' + name), "a foreign file is left alone");
  require(taken.size() >= whole.size(), "a drain loses no frame before the damage");
  for (std::size_t i = 0; i < whole.size(); ++i)
    require(same(taken[i], whole[i]), "a drain returns frames as they were written");
  std::size_t bytes = 0;
  (void)read_all(content, bytes);
  require(fs::exists(folder + "/0000000001.seg.cut") == (bytes < content.size()),
          "what could not be read is put aside");
}

void run(std::string_view input_bytes) {
  static constexpr std::string_view kNames[] = {"0000000001.seg", "1.seg", "notes.seg", "-1.seg",
                                                "99999999999999999999.seg"};
  Input input(input_bytes);
  const bool on_disk = input.flag();
  const std::string name(kNames[input.pick(std::size(kNames))]);
  std::vector<IntakeRecord> whole;
  std::string content;
  for (auto n = input.pick(4); n > 0; --n) {
    whole.push_back({std::string(input.line()), std::string(input.take(input.pick(64)))});
    append_frame(whole.back(), content);
  }
  content += input.rest();
  if (on_disk) return drain_folder(whole, content, name);
  read_segment(whole, content);
}

const Target kTarget("spool", run);

}  // namespace
}  // namespace baton::fuzz
