#pragma once

#include <memory>

#include "gateway/app/documents/claims.h"
#include "gateway/app/documents/document_cache.h"
#include "gateway/app/documents/documents.h"
#include "gateway/store/seal/keyring.h"

namespace baton {

// The keys of this gateway, and the objects that open and seal documents with them. Thread-safe
// after open() has returned.
struct DocumentAccess {
  std::unique_ptr<Keyring> keys;
  std::unique_ptr<Claims> claims;
  std::unique_ptr<Documents> documents;
  DocumentCache cache;

  void open(std::unique_ptr<Keyring> keyring) {
    keys = std::move(keyring);
    claims = std::make_unique<Claims>(keys->subkey("claims"));
    documents = std::make_unique<Documents>(*keys);
  }
};

}  // namespace baton
