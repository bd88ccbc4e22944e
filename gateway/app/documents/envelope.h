#pragma once

#include <string>

#include "gateway/store/seal/keyring.h"
#include "gateway/store/store.h"
#include "webhooks/edge/intake_sink.h"

namespace baton {

// A delivery in the intake stream and in the spool: the whole request, sealed under the day key of
// the node that accepted it, with the key's id in front.
//
// u8 format = 1 | u8 length of the key id | key id | sealed( JSON head '\n' body )
//
// The id of the record is authenticated too, so an envelope cannot be moved to another delivery.
Result<IntakeRecord> seal_delivery(const Delivery& delivery, Keyring& keys, Instant now);

// The id of the day key. Empty if the bytes are not an envelope.
std::string envelope_key_id(std::string_view payload);

// kNotFound if this node does not have the day key (fetch it from the store and adopt it).
Result<Delivery> open_delivery(std::string_view id, std::string_view payload, Keyring& keys);

}  // namespace baton
