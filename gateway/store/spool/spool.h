#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "gateway/store/store.h"

namespace baton {

// The Spool keeps deliveries while Redis is down, hangs or is full, in append-only segments on a
// persistent volume. A record is stored once its frame is written and fdatasync has returned; many
// records share one sync (group commit). A frame is
//
//   u8 format = 1 | u32 length | u32 CRC-32 of the rest | u16 id length | id | payload
//   (little endian)
//
// Reading stops at the first frame that is truncated or does not match its CRC: such a frame was
// never acknowledged. After a failed write the segment is truncated to its last complete frame.
// Thread-safe.

struct SpoolLimits {
  std::uint64_t max_bytes = 4ULL << 30;       // all segments together; beyond it: kTransient
  std::uint64_t segment_bytes = 64ULL << 20;  // a segment of this size is closed
  std::size_t max_waiting = 20'000;           // records waiting for their sync
};

struct SpoolStats {
  std::uint64_t records = 0, bytes = 0, segments = 0;
};

class Spool {
 public:
  static Result<std::unique_ptr<Spool>> open(const std::string& folder, SpoolLimits limits);
  virtual ~Spool() = default;

  // Appends a record. Calls `done` once, on the spool's thread.
  virtual void append(IntakeRecord record, std::function<void(Status)> done) = 0;

  // Passes the records, oldest first, to `take` in batches, and deletes each segment after all of
  // its records were taken. Stops at the first failure. Returns the number of records taken. One
  // drain runs at a time; appends continue into a newer segment.
  using Take = std::function<Status(std::span<const IntakeRecord>)>;
  virtual Result<std::uint64_t> drain(const Take& take) = 0;

  virtual SpoolStats stats() const = 0;
};

}  // namespace baton
