#include "gateway/app/documents/envelope.h"

#include "mapping/json/json.h"

namespace baton {
namespace {

constexpr char kFormat = 1;

std::string head_of(const Delivery& d) {
  json::object head{
      {"source", d.raw.source}, {"delivery", d.delivery_id}, {"at", d.raw.received_at.ms}};
  put(head, "type", d.raw.content_type);
  if (!d.raw.headers.empty()) {
    json::array& list = head.emplace("headers", json::array()).first->value().get_array();
    for (const auto& [name, value] : d.raw.headers) list.push_back(json::array{name, value});
  }
  return json::serialize(head);
}

void read_head(const json::object& head, Delivery& d) {
  d.raw.source = text(head, "source");
  d.delivery_id = text(head, "delivery");
  d.raw.received_at = {integer(head, "at")};
  d.raw.content_type = text(head, "type");
  const auto* headers = array(head, "headers");
  if (headers == nullptr) return;
  for (const auto& pair : *headers) {
    const auto* item = pair.if_array();
    if (item == nullptr || item->size() != 2 || !item->at(0).is_string() ||
        !item->at(1).is_string())
      continue;
    d.raw.headers.emplace_back(std::string_view(item->at(0).get_string()),
                               std::string_view(item->at(1).get_string()));
  }
}

}  // namespace

Result<IntakeRecord> seal_delivery(const Delivery& delivery, Keyring& keys, Instant now) {
  std::string key_id;
  auto key = keys.day_key(now, key_id);
  if (!key) return key.error();
  std::string plain = head_of(delivery);
  plain.reserve(plain.size() + 1 + delivery.raw.body.size());
  plain += '\n';
  plain += delivery.raw.body;
  IntakeRecord record{delivery.id, {}};
  record.payload += kFormat;
  record.payload += static_cast<char>(key_id.size());
  record.payload += key_id;
  record.payload += seal(*key, plain, delivery.id);
  return record;
}

std::string envelope_key_id(std::string_view payload) {
  if (payload.size() < 2 || payload[0] != kFormat) return {};
  const auto length = static_cast<unsigned char>(payload[1]);
  return payload.size() < 2U + length ? std::string() : std::string(payload.substr(2, length));
}

Result<Delivery> open_delivery(std::string_view id, std::string_view payload, Keyring& keys) {
  const std::string key_id = envelope_key_id(payload);
  if (key_id.empty()) return error(Errc::kInvalidInput, "not an envelope of format 1");
  auto key = keys.day_key(key_id);
  if (!key) return key.error();
  auto plain = unseal(*key, payload.substr(2 + key_id.size()), id);
  if (!plain) return plain.error();
  const auto line = plain->find('\n');
  if (line == std::string::npos) return error(Errc::kInvalidInput, "an envelope has no head");
  auto head = parse_json(std::string_view(*plain).substr(0, line));
  if (!head || !head->is_object())
    return error(Errc::kInvalidInput, "an envelope has an invalid head");
  Delivery delivery;
  delivery.id = id;
  read_head(head->get_object(), delivery);
  delivery.raw.body = plain->substr(line + 1);
  return delivery;
}

}  // namespace baton
