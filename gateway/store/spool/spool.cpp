#include "gateway/store/spool/spool.h"

#include <algorithm>
#include <cassert>
#include <cerrno>
#include <charconv>
#include <condition_variable>
#include <cstring>
#include <deque>
#include <filesystem>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "gateway/platform/failpoint.h"
#include "gateway/platform/files.h"
#include "gateway/store/spool/spool_frame.h"

namespace baton {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kBatch = 256;

std::string segment_path(const std::string& folder, std::uint64_t number) {
  return fmt::format("{}/{:010}.seg", folder, number);
}

// Returns the number of a segment from its file name; empty if the file is not a segment.
std::optional<std::uint64_t> segment_number(const fs::path& path) {
  std::uint64_t number = 0;
  const std::string stem = path.stem();
  const auto [end, failed] = std::from_chars(stem.data(), stem.data() + stem.size(), number);
  const bool ours = failed == std::errc{} && path == segment_path(path.parent_path(), number);
  return ours ? std::optional(number) : std::nullopt;
}

// A segment that ends in unreadable data (a write cut off by a crash, or a damaged disk) is renamed
// instead of deleted: an operator may be able to recover what follows the damage.
Status remove_segment(const std::string& path, bool whole) {
  const int failed =
      whole ? ::unlink(path.c_str()) : ::rename(path.c_str(), (path + ".cut").c_str());
  if (failed != 0) return io_error("cannot remove", path, errno);
  return {};
}

class FileSpool final : public Spool {
 public:
  FileSpool(std::string folder, SpoolLimits limits) : folder_(std::move(folder)), limits_(limits) {}
  ~FileSpool() override {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    wake_.notify_all();
    if (writer_.joinable()) writer_.join();
    if (fd_ >= 0) ::close(fd_);
  }

  Status start();
  void append(IntakeRecord record, std::function<void(Status)> done) override;
  Result<std::uint64_t> drain(const Take& take) override;
  SpoolStats stats() const override {
    const std::lock_guard lock(mutex_);
    return stats_;
  }

 private:
  struct Waiting {
    IntakeRecord record;
    std::function<void(Status)> done;
  };

  void write_loop();
  Status write_batch(const std::deque<Waiting>& batch);
  Status open_segment();
  Status write_all(std::string_view bytes);
  // Closes the active segment so that a drain may delete it. The next append opens a newer one.
  void close_segment();

  const std::string folder_;
  const SpoolLimits limits_;
  mutable std::mutex mutex_;  // for waiting_, stopping_, stats_ and sealed segments
  std::condition_variable wake_;
  std::deque<Waiting> waiting_;
  bool stopping_ = false;
  SpoolStats stats_;
  std::deque<std::uint64_t> segments_;  // oldest first, including the active one
  std::mutex file_mutex_;               // for the active segment
  int fd_ = -1;
  std::uint64_t active_ = 0, next_ = 1, length_ = 0;
  std::mutex drain_mutex_;
  std::thread writer_;
};

Status FileSpool::start() {
  if (auto made = make_private_folder(folder_); !made) return made.error();
  std::error_code ec;
  for (const auto& entry : fs::directory_iterator(folder_, ec)) {
    const auto number = segment_number(entry.path());
    std::error_code gone;
    if (!number || !entry.is_regular_file(gone)) continue;
    segments_.push_back(*number);
    next_ = std::max<std::uint64_t>(next_, *number + 1);
  }
  if (ec) return error(Errc::kPermanent, "cannot list the spool folder: " + ec.message(), folder_);
  std::sort(segments_.begin(), segments_.end());
  for (const auto number : segments_) {
    auto content = read_file(segment_path(folder_, number));
    if (!content) return content.error();
    const auto read = read_frames(*content, [](IntakeRecord&&) {});
    stats_.records += read.records;
    stats_.bytes += content->size();
    ++stats_.segments;
  }
  writer_ = std::thread([this] { write_loop(); });
  return {};
}

void FileSpool::append(IntakeRecord record, std::function<void(Status)> done) {
  {
    const std::lock_guard lock(mutex_);
    const bool full = stats_.bytes + record.payload.size() > limits_.max_bytes ||
                      waiting_.size() >= limits_.max_waiting;
    if (!full && !stopping_) {
      waiting_.push_back({std::move(record), std::move(done)});
      wake_.notify_one();
      return;
    }
  }
  done(error(Errc::kTransient, "the spool is full (spool.max_bytes)", folder_));
}

void FileSpool::write_loop() {
  std::unique_lock lock(mutex_);
  for (;;) {
    wake_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
    if (waiting_.empty()) return;
    std::deque<Waiting> batch;
    batch.swap(waiting_);
    lock.unlock();
    const Status status = write_batch(batch);
    BATON_FAILPOINT("spool.synced");
    for (auto& waiting : batch) waiting.done(status);
    lock.lock();
  }
}

Status FileSpool::write_batch(const std::deque<Waiting>& batch) {
  std::string bytes;
  for (const auto& waiting : batch) append_frame(waiting.record, bytes);
  const std::lock_guard file(file_mutex_);
  if (fd_ >= 0 && length_ + bytes.size() > limits_.segment_bytes) close_segment();
  if (fd_ < 0) {
    if (auto opened = open_segment(); !opened) return opened.error();
  }
  Status status = write_all(bytes);
  BATON_FAILPOINT("spool.written");
  if (status && ::fdatasync(fd_) != 0)
    status = io_error("cannot sync", segment_path(folder_, active_), errno);
  if (!status) {
    // No partial frame may remain, and after a failed fsync the page cache cannot be trusted
    // (fsyncgate). The segment is truncated and never written again.
    if (::ftruncate(fd_, static_cast<off_t>(length_)) != 0)
      status = io_error("cannot truncate", segment_path(folder_, active_), errno);
    close_segment();
    return status;
  }
  length_ += bytes.size();
  const std::lock_guard lock(mutex_);
  stats_.records += batch.size();
  stats_.bytes += bytes.size();
  return {};
}

Status FileSpool::open_segment() {
  const std::string path = segment_path(folder_, next_);
  fd_ = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_APPEND, 0600);
  if (fd_ < 0) return io_error("cannot create", path, errno);
  if (auto synced = sync_folder(folder_); !synced) {
    close_segment();  // unlisted, so no drain would find it
    ::unlink(path.c_str());
    return synced.error();
  }
  active_ = next_++;
  length_ = 0;
  const std::lock_guard lock(mutex_);
  segments_.push_back(active_);
  ++stats_.segments;
  return {};
}

Status FileSpool::write_all(std::string_view bytes) {
  assert(fd_ >= 0);
  while (!bytes.empty()) {
    const auto n = ::write(fd_, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return io_error("cannot write", segment_path(folder_, active_), errno);
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return {};
}

void FileSpool::close_segment() {
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
}

Result<std::uint64_t> FileSpool::drain(const Take& take) {
  const std::lock_guard only_one(drain_mutex_);
  {
    const std::lock_guard file(file_mutex_);
    close_segment();
  }
  std::uint64_t taken = 0;
  for (;;) {
    std::uint64_t number = 0;
    {
      const std::lock_guard file(file_mutex_);
      const std::lock_guard lock(mutex_);
      if (segments_.empty() || (fd_ >= 0 && segments_.front() == active_)) return taken;
      number = segments_.front();
    }
    const std::string path = segment_path(folder_, number);
    auto content = read_file(path);
    if (!content) return content.error();
    std::vector<IntakeRecord> records;
    const auto read =
        read_frames(*content, [&](IntakeRecord&& record) { records.push_back(std::move(record)); });
    for (std::size_t from = 0; from < records.size(); from += kBatch) {
      const auto batch = std::span(records).subspan(from, std::min(kBatch, records.size() - from));
      if (auto status = take(batch); !status) return status.error();
      taken += batch.size();
    }
    BATON_FAILPOINT("spool.drained");
    if (auto removed = remove_segment(path, read.bytes == content->size()); !removed)
      return removed.error();
    const std::lock_guard lock(mutex_);
    segments_.pop_front();
    stats_.records -= std::min<std::uint64_t>(stats_.records, records.size());
    stats_.bytes -= std::min<std::uint64_t>(stats_.bytes, content->size());
    --stats_.segments;
  }
}

}  // namespace

Result<std::unique_ptr<Spool>> Spool::open(const std::string& folder, SpoolLimits limits) {
  auto spool = std::make_unique<FileSpool>(folder, limits);
  if (auto started = spool->start(); !started) return started.error();
  return std::unique_ptr<Spool>(std::move(spool));
}

}  // namespace baton
