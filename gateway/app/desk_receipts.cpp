#include "gateway/app/desk.h"
#include "gateway/app/receipts.h"

namespace baton {

Result<json::object> Desk::receipts(std::string_view id, const ListQuery& query) {
  const std::lock_guard lock(mutex_);
  auto person = person_of(id);
  if (!person) return person.error();
  auto records = records_of(*person);
  if (!records) return records.error();
  auto now = store_->now();
  if (!now) return now.error();
  const auto handover = query.filters.find("handover");
  return receipt_chain(person->state, *records, id, handover == query.filters.end() ? std::string_view() : handover->second,
                       runtime_.documents->receipt_key(), *now);
}

}  // namespace baton
