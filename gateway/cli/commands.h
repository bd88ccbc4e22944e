#pragma once

#include <optional>
#include <string>
#include <vector>

namespace baton {

// One function a command. Data goes to stdout, messages to stderr; the result is the exit code
// (gateway/platform/exit_code.h). gateway/cli/cli.cpp reads the command line into these options.

struct InitOptions {
  std::string folder;
  std::vector<std::string> sources;
  std::string crm;
  std::string calendar = "DE-BY";
  std::string language = "de";
};
int cmd_init(const InitOptions& options);

struct RunOptions {
  std::string config = ".";
  std::string data;  // overrides baton.yaml
};
int cmd_run(const RunOptions& options);

struct DemoOptions {
  bool once = false;
  std::string language = "en";
};
int cmd_demo(const DemoOptions& options);

int cmd_check(const std::string& folder, bool as_json);
int cmd_test(const std::vector<std::string>& paths);

struct MapOptions {
  std::string source;
  std::string payload = "-";
  std::string headers_file;
  std::string content_type = "application/json";
  std::string region;
  std::string config;
  bool verify = false;
  std::string secret_env, method = "POST", url, now;
};
int cmd_map(const MapOptions& options);

struct ScoreOptions {
  std::string config = ".";
  std::string touches, person, at;
};
int cmd_score(const ScoreOptions& options);

struct CalendarOptions {
  bool from_stdin = false;
  std::string config = ".", calendar, start, budget;
};
int cmd_calendar_due(const CalendarOptions& options);

struct RouteOptions {
  std::string config = ".";
  std::string verify;  // fail unless this rep would get it
  std::vector<std::string> facts;
  std::string language = "en";
  bool lint = false;  // look at all rules at once instead
  bool as_json = false;
};
int cmd_route(const RouteOptions& options);

// Where a running gateway is asked.
struct RemoteOptions {
  std::string config;
  std::string address, token;  // override -c and the environment (BATON_ADMIN, BATON_ADMIN_TOKEN)
  bool as_json = false;
};
int cmd_explain(const RemoteOptions& remote, const std::string& lead, const std::string& language,
                const std::string& clock);
int cmd_dead_letters(const RemoteOptions& remote, const std::string& action,
                     const std::vector<std::string>& ids);
int cmd_policy_preview(const RemoteOptions& remote, const std::string& folder);
int cmd_outbox(const RemoteOptions& remote, bool observed, const std::string& destination);
int cmd_reindex(const RemoteOptions& remote);

struct ReceiptOptions {
  RemoteOptions remote;
  std::string what;            // lead or handover; file of receipts
  std::string data, key_file;  // where the key is; else the config folder's
};
int cmd_receipt_show(const ReceiptOptions& options);
int cmd_receipt_verify(const ReceiptOptions& options);
int cmd_receipt_key(const ReceiptOptions& options);

int cmd_config_show(const std::string& folder, bool as_json);
int cmd_spool_drain(const std::string& folder);
int cmd_adapters(const std::string& action, const std::string& name, const std::string& folder,
                 bool as_json);
int cmd_schema(const std::string& kind);
int cmd_doctor(const std::string& folder);
std::string version_line();
int cmd_version(bool as_json);

}  // namespace baton
