#include "gateway/app/common/store_identity.h"

#include <charconv>

#include <fmt/format.h>

#include "gateway/platform/files.h"

namespace baton {
namespace {

Instant to_instant(std::string_view digits) {
  Instant at;
  std::from_chars(digits.data(), digits.data() + digits.size(), at.ms);
  return at;
}

}  // namespace

void StoreSeen::read() {
  read_ = true;
  const auto kept = read_file(file_);
  if (!kept) return;
  const auto space = kept->find(' ');
  if (space == std::string::npos) return;
  id_ = kept->substr(0, space);
  at_ = to_instant(std::string_view(*kept).substr(space + 1));
}

Status StoreSeen::write() const {
  return write_file_durably(file_, fmt::format("{} {}\n", id_, at_.ms), 0600);
}

Result<StoreSeen::Verdict> StoreSeen::look(Store& store, const StoreHealth& health) {
  if (!read_) read();
  if (health.replication_id.empty() || health.replication_id == id_) return Verdict::kSame;
  Verdict verdict = Verdict::kSame;
  if (!id_.empty()) {
    const auto mark = store.get_value(mark_);
    if (!mark) return mark.error();
    if (to_instant(*mark) < at_)
      verdict = Verdict::kOlder;
    else if (health.former_replication_id == id_)
      verdict = Verdict::kFailedOver;
  }
  id_ = health.replication_id;
  if (auto written = write(); !written) return written.error();
  return verdict;
}

// Writes to the store first: with a mark in the file alone, every Redis would seem older.
Status StoreSeen::mark(Store& store) {
  const auto now = store.now();
  if (!now) return now.error();
  if (auto put = store.put_value(mark_, fmt::format("{}", now->ms)); !put) return put;
  at_ = *now;
  return write();
}

}  // namespace baton
