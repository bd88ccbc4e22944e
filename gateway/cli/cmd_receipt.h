#pragma once

#include <string>

#include "gateway/cli/remote.h"

namespace baton {

struct ReceiptOptions {
  RemoteOptions remote;
  std::string what;            // lead or handover (show), or file of receipts (verify)
  std::string data, key_file;  // where the key is; by default the config folder's data folder
};

// Prints the receipts of a lead or handover and the line that closes their chain.
int cmd_receipt_show(const ReceiptOptions& options);

// Verifies form, hashes and chain, and the seals if there is a key. kExitFailed if one is invalid.
int cmd_receipt_verify(const ReceiptOptions& options);

// Prints the key of the seals as 64 hex digits.
int cmd_receipt_key(const ReceiptOptions& options);

}  // namespace baton
