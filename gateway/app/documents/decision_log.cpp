#include "gateway/app/documents/decision_log.h"

#include <fmt/format.h>

#include "gateway/core/model/event_codec.h"

namespace baton {
namespace {

std::string log_place_of(std::string_view person) { return fmt::format("l:{}", person); }

}  // namespace

std::string log_record(const Documents& documents, const OpenPerson& person, const Event& event,
                       const Decision& decision, const Policy& policy, Instant now) {
  auto text =
      write_record(event, decision, policy, now, &documents.receipt_key(), person.base_text);
  if (person.version == 0 && !person.base_text.empty()) text.personal = kIsStem;
  std::string sealed;
  if (!text.personal.empty())
    sealed = documents.seal_for(person, text.personal, log_place_of(decision.next.id.view()));
  return pack_log(text.plain, sealed);
}

Result<DecisionRecord> read_record(const Documents& documents, const OpenPerson* person,
                                   std::string_view bytes) {
  auto parts = unpack_log(bytes);
  if (!parts) return parts.error();
  if (person == nullptr || parts->sealed.empty()) return read_record(parts->plain, {});
  const auto personal =
      documents.unseal_for(*person, parts->sealed, log_place_of(person->state.id.view()));
  if (!personal) return personal.error();
  return read_record(parts->plain, *personal, person->base_text);
}

}  // namespace baton
