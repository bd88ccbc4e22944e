#include "gateway/cli/cli.h"

#include <algorithm>
#include <functional>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "gateway/cli/cmd_adapters.h"
#include "gateway/cli/cmd_calendar.h"
#include "gateway/cli/cmd_config.h"
#include "gateway/cli/cmd_demo.h"
#include "gateway/cli/cmd_init.h"
#include "gateway/cli/cmd_map.h"
#include "gateway/cli/cmd_ops.h"
#include "gateway/cli/cmd_policy.h"
#include "gateway/cli/cmd_receipt.h"
#include "gateway/cli/cmd_remote.h"
#include "gateway/cli/cmd_run.h"
#include "gateway/cli/output.h"
#include "gateway/core/text/texts.h"
#include "gateway/platform/exit_code.h"
#include "mapping/schema/schema.h"

namespace baton {
namespace {

// Declares every command. The chosen command sets `run_`.
class CommandLine {
 public:
  CommandLine()
      : app_(
            "Baton, the lead handover gateway: brings leads from marketing's webhooks to sales on "
            "time.",
            "baton") {
    app_.require_subcommand(1);
    app_.set_version_flag("--version", [] { return version_line(); });
    configuration();
    serving();
    trying();
    asking();
    maintenance();
  }

  int parse_and_run(int argc, const char* const* argv) {
    if (argc > 1 && !is_command(argv[1])) return kExitUsage;
    try {
      app_.parse(argc, argv);
    } catch (const CLI::ParseError& e) {
      return app_.exit(e) == 0 ? kExitOk : kExitUsage;
    }
    return run_ ? run_() : kExitUsage;
  }

 private:
  // Returns false and names the nearest command. CLI11 would only say that a command is required.
  bool is_command(const std::string& word) const {
    if (word.starts_with('-')) return true;
    std::vector<std::string> names;
    for (const CLI::App* sub : app_.get_subcommands({})) names.push_back(sub->get_name());
    if (std::find(names.begin(), names.end(), word) != names.end()) return true;
    const std::string meant = did_you_mean(word, names);
    complain(fmt::format("no command {}{}", word,
                         meant.empty() ? "; see baton --help" : "; did you mean " + meant + "?"));
    return false;
  }

  CLI::App* command(CLI::App& parent, const std::string& name, const std::string& help,
                    std::function<int()> body) {
    CLI::App* sub = parent.add_subcommand(name, help);
    sub->final_callback([this, body = std::move(body)] { run_ = body; });
    return sub;
  }

  void configuration() {
    CLI::App* init = command(
        app_, "init", "write a configuration to start from; all destinations are in mode: observe",
        [this] { return cmd_init(init_); });
    init->add_option("folder", init_.folder, "folder to write into")->required();
    init->add_option("--source", init_.sources,
                     "source to set up, may be repeated (baton adapters list)");
    init->add_option("--crm", init_.crm, "CRM to set up");
    init->add_option("--calendar", init_.calendar, "holiday region, ISO 3166-2")
        ->capture_default_str();
    init->add_option("--lang", init_.language, "language of texts")
        ->check(CLI::IsMember(text_languages()))
        ->capture_default_str();

    CLI::App* check =
        command(app_, "check", "check a configuration; each finding has file, line and column",
                [this] { return cmd_check(folder_, as_json_); });
    check->add_option("folder", folder_, "config folder")->required();
    format(check);

    CLI::App* test = command(
        app_, "test", "run the examples of adapters (built in, or in these files and folders)",
        [this] { return cmd_test(paths_); });
    test->add_option("paths", paths_, "adapter files or folders");

    CLI::App* config = app_.add_subcommand("config", "show the configuration");
    config->require_subcommand(1);
    CLI::App* show =
        command(*config, "show", "print the configuration as Baton reads it, secrets hidden",
                [this] { return cmd_config_show(folder_, as_json_); });
    show->add_option("-c,--config", folder_, "config folder")->capture_default_str();
    format(show);

    CLI::App* schema = command(app_, "schema", "print the JSON Schema of a configuration file",
                               [this] { return cmd_schema(name_); });
    schema->add_option("kind", name_,
                       "baton, scoring, sla, source, ...; without it, list the kinds");
  }

  void serving() {
    CLI::App* run = command(app_, "run", "serve", [this] { return cmd_run(run_options_); });
    run->add_option("-c,--config", run_options_.config, "config folder")->capture_default_str();
    run->add_option("--data", run_options_.data, "data folder, overrides baton.yaml");

    CLI::App* demo = command(
        app_, "demo", "follow a lead from webhook to CRM, with a private Redis and a sandbox CRM",
        [this] { return cmd_demo(demo_); });
    demo->add_flag("--once", demo_.once, "play the story once and exit");
    demo->add_option("--lang", demo_.language, "language of alerts and explanations")
        ->check(CLI::IsMember(text_languages()))
        ->capture_default_str();
  }

  void trying() {
    CLI::App* map = command(app_, "map", "map one delivery to canonical JSON",
                            [this] { return cmd_map(map_); });
    map->add_option("source", map_.source, "adapter or configured source")->required();
    map->add_option("--payload", map_.payload, "file with the body, or - for standard input")
        ->capture_default_str();
    map->add_option("--headers", map_.headers_file, "file with request headers, one a line");
    map->add_option("--content-type", map_.content_type, "content type of the body")
        ->capture_default_str();
    map->add_option("--region", map_.region, "country of phone numbers without a country code");
    map->add_option("-c,--config", map_.config, "config folder: use the configured source");
    map->add_flag("--verify", map_.verify, "also check the signature");
    map->add_option("--secret-env", map_.secret_env,
                    "environment variable that contains the secret");
    map->add_option("--method", map_.method, "HTTP method of the request")->capture_default_str();
    map->add_option("--url", map_.url, "public URL of the request, for schemes that sign it");
    map->add_option("--now", map_.now, "time of receipt, RFC 3339");

    CLI::App* score =
        command(app_, "score", "score a history", [this] { return cmd_score(score_); });
    score->add_option("-c,--config", score_.config, "config folder")->capture_default_str();
    score->add_option("--touches", score_.touches, "file with canonical touches, one a line")
        ->required();
    score->add_option("--person", score_.person, "file with the person's facts");
    score->add_option("--at", score_.at, "instant, RFC 3339; default now");

    CLI::App* calendar = app_.add_subcommand("calendar", "business time");
    calendar->require_subcommand(1);
    CLI::App* due = command(*calendar, "due", "print when a budget of business time is used up",
                            [this] { return cmd_calendar_due(calendar_); });
    due->add_flag("--stdin", calendar_.from_stdin, "read JSON lines");
    due->add_option("-c,--config", calendar_.config, "config folder")->capture_default_str();
    due->add_option("--calendar", calendar_.calendar, "calendar of policy/calendars.yaml");
    due->add_option("--start", calendar_.start, "RFC 3339");
    due->add_option("--budget", calendar_.budget, "such as 4h");

    CLI::App* route = command(app_, "route", "print who would get a lead, and why",
                              [this] { return cmd_route(route_); });
    route->add_option("-c,--config", route_.config, "config folder")->capture_default_str();
    route->add_option("--verify", route_.verify, "fail unless this rep would get it");
    route->add_option("facts", route_.facts,
                      "country=DE language=de grade=A1 type=hand_raiser ...");
    route->add_option("--lang", route_.language, "language of the reasons: en or de")
        ->capture_default_str();
    route->add_flag(
        "--lint", route_.lint,
        "check all rules together: how many of 1,000 synthetic leads each rule and pool gets");
    format(route, &route_.as_json);
  }

  void asking() {
    CLI::App* explain = command(app_, "explain", "print why this lead went to its owner, and when",
                                [this] { return cmd_explain(remote_, name_, language_, clock_); });
    explain->add_option("lead", name_, "lead id")->required();
    explain->add_option(
        "--clock", clock_,
        "one clock (first_contact#1): the time counted each day, the notifications and the rules");
    explain->add_option("--lang", language_, "en or de")->check(CLI::IsMember(text_languages()));
    remote(explain);

    receipts();
    CLI::App* letters = app_.add_subcommand(
        "dead-letters", "deliveries and messages that failed and wait for an operator");
    letters->require_subcommand(1);
    for (const std::string action : {"list", "show", "retry", "drop"}) {
      CLI::App* sub =
          command(*letters, action, action == "list" ? "list them" : action + " letters by id",
                  [this, action] { return cmd_dead_letters(remote_, action, paths_); });
      if (action != "list") sub->add_option("ids", paths_, "ids from the list")->required();
      remote(sub);
    }
    CLI::App* policy = app_.add_subcommand("policy", "effects of a change to the agreement");
    policy->require_subcommand(1);
    CLI::App* preview =
        command(*policy, "preview",
                "how many running clocks a new policy/sla.yaml and calendars.yaml would move",
                [this] { return cmd_policy_preview(remote_, folder_); });
    preview->add_option("folder", folder_, "config folder with the new files")
        ->capture_default_str();
    remote(preview);

    CLI::App* outbox =
        app_.add_subcommand("outbox", "pushes and messages that are waiting to be sent");
    outbox->require_subcommand(1);
    CLI::App* list = command(*outbox, "list", "list it",
                             [this] { return cmd_outbox(remote_, observed_, name_); });
    list->add_flag(
        "--observed", observed_,
        "list instead what destinations in mode observe would get, as rendered requests");
    list->add_option("--destination", name_, "of this destination only");
    remote(list);
  }

  void receipts() {
    CLI::App* receipt = app_.add_subcommand(
        "receipt", "proof of each handover: what was handed over, when, and the outcome");
    receipt->require_subcommand(1);
    CLI::App* show =
        command(*receipt, "show", "print the receipts of a lead or of one handover, one a line",
                [this] { return cmd_receipt_show(receipt_); });
    show->add_option("lead", receipt_.what, "lead (ID.1) or handover (ID.1/2)")->required();
    remote(show, receipt_.remote);
    CLI::App* verify = command(
        *receipt, "verify", "check form, hashes, chain and seals; names the first invalid receipt",
        [this] { return cmd_receipt_verify(receipt_); });
    verify
        ->add_option("file", receipt_.what, "output of baton receipt show, or - for standard input")
        ->required();
    verify->add_option("--key", receipt_.key_file,
                       "file with the key of the seals (baton receipt key)");
    format(verify, &receipt_.remote.as_json);
    CLI::App* key =
        command(*receipt, "key", "print the key of the seals, for anyone who verifies receipts",
                [this] { return cmd_receipt_key(receipt_); });
    for (CLI::App* sub : {verify, key}) {
      sub->add_option("-c,--config", receipt_.remote.config,
                      "config folder of the gateway that owns the key");
      sub->add_option("--data", receipt_.data, "its data folder");
    }
  }

  void maintenance() {
    CLI::App* spool =
        app_.add_subcommand("spool", "deliveries stored on disk while Redis was down");
    spool->require_subcommand(1);
    command(*spool, "drain", "move them into Redis (a running gateway does this automatically)",
            [this] { return cmd_spool_drain(folder_); })
        ->add_option("-c,--config", folder_, "config folder")
        ->capture_default_str();

    remote(command(app_, "reindex",
                   "compare timers and waiting pushes with the documents, and correct them",
                   [this] { return cmd_reindex(remote_); }));

    CLI::App* adapters = app_.add_subcommand("adapters", "the systems that Baton has adapters for");
    adapters->require_subcommand(1);
    for (const std::string action : {"list", "show", "new"}) {
      CLI::App* sub =
          command(*adapters, action,
                  action == "list"   ? "list them"
                  : action == "show" ? "print one"
                                     : "write a new one to edit",
                  [this, action] { return cmd_adapters(action, name_, folder_, as_json_); });
      if (action != "list")
        sub->add_option("name", name_, "kind/name, such as sources/typeform")->required();
      sub->add_option("-c,--config", folder_, "config folder with your own adapters")
          ->capture_default_str();
      format(sub);
    }
    command(app_, "doctor", "check that this deployment is ready for production",
            [this] { return cmd_doctor(folder_); })
        ->add_option("-c,--config", folder_, "config folder")
        ->capture_default_str();
    format(command(app_, "version", "print the version and the compiler",
                   [this] { return cmd_version(as_json_); }));
  }

  void format(CLI::App* sub) { format(sub, &as_json_); }
  void format(CLI::App* sub, bool* as_json) {
    sub->add_option_function<std::string>(
           "--format", [as_json](const std::string& f) { *as_json = f == "json"; }, "text or json")
        ->check(CLI::IsMember({"text", "json"}));
    sub->add_flag("--json", *as_json, "the same as --format json");
  }

  void remote(CLI::App* sub) { remote(sub, remote_); }
  void remote(CLI::App* sub, RemoteOptions& options) {
    sub->add_option(
        "-c,--config", options.config,
        "config folder: address and token of the gateway (or BATON_ADMIN, BATON_ADMIN_TOKEN)");
    sub->add_option("--admin", options.address, "admin listener, http://host:port");
    format(sub, &options.as_json);
  }

  CLI::App app_;
  std::function<int()> run_;
  InitOptions init_;
  RunOptions run_options_;
  DemoOptions demo_;
  MapOptions map_;
  ScoreOptions score_;
  CalendarOptions calendar_;
  RouteOptions route_;
  RemoteOptions remote_;
  ReceiptOptions receipt_;
  std::string folder_ = ".", name_, language_, clock_;
  std::vector<std::string> paths_;
  bool as_json_ = false, observed_ = false;
};

}  // namespace

int run_command_line(int argc, const char* const* argv) {
  return CommandLine().parse_and_run(argc, argv);
}

}  // namespace baton
