#include "gateway/app/decision_log.h"

#include <fmt/format.h>

#include "mapping/json.h"

namespace baton {
namespace {

std::string place_of(std::string_view person) { return fmt::format("l:{}", person); }

}  // namespace

std::string log_record(const Documents& documents, const OpenPerson& person, const Event& event, const Decision& decision,
                       const Policy& policy, Instant now) {
  json::object plain = to_json(make_record(event, decision, policy, now));
  std::string sealed;
  if (auto* body = plain["event"].if_object()) {
    if (const auto* personal = body->if_contains("sealed")) {
      sealed = documents.seal_for(person, json::serialize(*personal), place_of(decision.next.id));
      body->erase("sealed");
    }
  }
  return pack_log(json::serialize(plain), sealed);
}

Result<DecisionRecord> read_record(const Documents& documents, const OpenPerson* person, std::string_view bytes) {
  auto parts = unpack_log(bytes);
  if (!parts) return parts.error();
  auto plain = parse_json(parts->plain);
  if (!plain) return plain.error();
  if (person != nullptr && !parts->sealed.empty() && plain->is_object()) {
    auto personal = documents.unseal_for(*person, parts->sealed, place_of(person->state.id));
    if (!personal) return personal.error();
    auto parsed = parse_json(*personal);
    if (!parsed) return parsed.error();
    if (auto* body = plain->get_object()["event"].if_object()) body->insert_or_assign("sealed", std::move(*parsed));
  }
  return decision_record_from_json(*plain);
}

}  // namespace baton
