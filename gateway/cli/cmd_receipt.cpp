#include "gateway/cli/cmd_receipt.h"

#include <filesystem>
#include <optional>

#include <fmt/format.h>

#include "gateway/app/config/deployment.h"
#include "gateway/app/documents/receipts.h"
#include "gateway/cli/output.h"
#include "gateway/cli/remote.h"
#include "gateway/platform/exit_code.h"
#include "gateway/store/seal/keyring.h"
#include "mapping/json/json.h"

namespace baton {
namespace {

// Derives the receipt subkey from a data folder's master key. Creates no key: kNotFound if the
// folder has none.
Result<std::string> subkey_of(const ReceiptOptions& options) {
  std::string data = options.data, master;
  if (!options.remote.config.empty()) {
    Findings findings;
    const auto deployment = load_deployment(options.remote.config, findings);
    master = deployment.settings.master_key;
    if (data.empty()) data = deployment.settings.data;
  }
  const auto folder = data + "/keys";
  if (!std::filesystem::exists(master.empty() ? folder + "/master.key" : folder))
    return error(Errc::kNotFound, fmt::format("{} contains no keys: name the gateway's data folder "
                                              "with --data, or a key file with --key",
                                              data));
  auto keys = Keyring::open(folder, master);
  if (!keys) return keys.error();
  return (*keys)->subkey("receipts");
}

// The key that the options name. Empty if they name none.
Result<std::optional<ReceiptKey>> key_of(const ReceiptOptions& options) {
  if (!options.key_file.empty()) {
    auto text = read_input(options.key_file);
    if (!text) return text.error();
    auto key = receipt_key_from_text(*text);
    if (!key) return key.error();
    return std::optional(std::move(*key));
  }
  if (options.remote.config.empty() && options.data.empty()) return std::optional<ReceiptKey>();
  auto subkey = subkey_of(options);
  if (!subkey) return subkey.error();
  return std::optional(receipt_key(std::move(*subkey)));
}

std::string verdict_text(const ReceiptVerdict& verdict, const ReceiptKey* key) {
  if (!verdict.problem.empty()) return fmt::format("line {}: {}", verdict.line, verdict.problem);
  auto out = fmt::format("{}, a complete chain that ends with {}",
                         counted(verdict.receipts, "receipt"), verdict.head);
  if (verdict.unsealed > 0)
    out += fmt::format("; {} of them date from before seals existed", verdict.unsealed);
  return out + (key != nullptr ? fmt::format("; sealed by key {}", key->id)
                               : std::string("; the seals were not checked: no key given"));
}

json::object verdict_json(const ReceiptVerdict& verdict, const ReceiptKey* key) {
  json::object out{{"ok", verdict.problem.empty()},
                   {"receipts", verdict.receipts},
                   {"unsealed", verdict.unsealed},
                   {"seals_checked", key != nullptr}};
  put(out, "head", verdict.head);
  if (!verdict.problem.empty()) {
    out.emplace("line", verdict.line);
    out.emplace("problem", verdict.problem);
  }
  return out;
}

}  // namespace

int cmd_receipt_show(const ReceiptOptions& options) {
  const auto remote = Remote::open(options.remote);
  if (!remote) return fail(remote.error());
  const auto lead = options.what.substr(0, options.what.find('/'));
  std::string path = fmt::format("/api/v1/leads/{}/receipts", lead);
  if (lead != options.what) path += "?handover=" + in_query(options.what);
  auto answer = remote->call("GET", path);
  if (!answer) return fail(answer.error());
  const auto* items = answer->is_object() ? array(answer->get_object(), "items") : nullptr;
  if (items == nullptr)
    return fail(error(Errc::kInternal, "the gateway's answer contains no receipts"));
  for (const auto& item : *items) print(canonical(item));
  if (const auto* end = object(answer->get_object(), "chain")) print(canonical(*end));
  return kExitOk;
}

int cmd_receipt_verify(const ReceiptOptions& options) {
  auto lines = read_input(options.what);
  if (!lines) return fail(lines.error());
  auto key = key_of(options);
  if (!key) return fail(key.error());
  const ReceiptKey* with = *key ? &**key : nullptr;
  const auto verdict = verify_receipts(*lines, with);
  print(options.remote.as_json ? json::serialize(verdict_json(verdict, with))
                               : verdict_text(verdict, with));
  return verdict.problem.empty() ? kExitOk : kExitFailed;
}

int cmd_receipt_key(const ReceiptOptions& options) {
  auto subkey = subkey_of(options);
  if (!subkey) return fail(subkey.error());
  print(receipt_key_text(*subkey));
  return kExitOk;
}

}  // namespace baton
