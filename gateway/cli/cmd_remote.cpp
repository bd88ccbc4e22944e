#include "gateway/cli/cmd_remote.h"

#include <chrono>
#include <thread>

#include <fmt/format.h>

#include "gateway/cli/output.h"
#include "gateway/cli/remote.h"
#include "gateway/platform/exit_code.h"
#include "gateway/platform/files.h"
#include "mapping/json/json.h"

namespace baton {
namespace {

constexpr std::chrono::milliseconds kLook(200);

// The rows of a list answer: {"items": [...]} or a bare array. Null if it is neither.
const json::array* rows_of(const json::value& answer) {
  if (answer.is_array()) return &answer.get_array();
  return answer.is_object() ? array(answer.get_object(), "items") : nullptr;
}

std::string cell(const json::object& row, std::string_view key) {
  const auto* v = member(row, key);
  if (v == nullptr || v->is_null()) return "-";
  return v->is_string() ? std::string(v->get_string().c_str()) : json::serialize(*v);
}

void print_rows(const json::value& answer, const std::vector<std::string>& columns) {
  const auto* rows = rows_of(answer);
  if (rows == nullptr || rows->empty()) {
    complain("no entries");
    return;
  }
  for (const auto& row : *rows) {
    std::string line;
    for (const auto& column : columns)
      line += (line.empty() ? "" : "  ") + cell(row.as_object(), column);
    print(line);
  }
}

// Prints each dead letter as one JSON document, and a message for each unknown id.
int show_letters(const Remote& remote, const std::vector<std::string>& ids) {
  int code = kExitOk;
  for (const auto& id : ids) {
    auto answer = remote.call("GET", "/api/v1/dead-letters/" + id);
    if (answer) {
      print(json::serialize(*answer));
    } else if (answer.error().code == Errc::kNotFound) {
      complain(fmt::format("no dead letter has the id {}; see baton dead-letters list", id));
      code = kExitFailed;
    } else {
      return fail(answer.error());
    }
  }
  return code;
}

std::string count_of(const json::object& report, std::string_view key, std::string_view noun) {
  return counted(static_cast<std::uint64_t>(integer(report, key)), noun);
}

void print_corrected(const json::object& report) {
  print(fmt::format(
      "{} compared; corrected: {}, {}, {} of recent changes", count_of(report, "persons", "lead"),
      count_of(report, "timers", "timer"),
      counted(static_cast<std::uint64_t>(integer(report, "pushes")), "push", "pushes"),
      counted(static_cast<std::uint64_t>(integer(report, "listed")), "entry", "entries")));
  if (integer(report, "unreadable") > 0)
    print(count_of(report, "unreadable", "document") +
          " cannot be read: damaged, or of erased persons");
}

}  // namespace

int cmd_explain(const RemoteOptions& options, const std::string& lead, const std::string& language,
                const std::string& clock) {
  const auto remote = Remote::open(options);
  if (!remote) return fail(remote.error());
  std::string path =
      fmt::format("/api/v1/leads/{}/explain?lang={}", lead, language.empty() ? "en" : language);
  if (!clock.empty()) path += "&clock=" + in_query(clock);
  auto answer = remote->call("GET", path);
  if (!answer) return fail(answer.error());
  const bool has_text = answer->is_object() && !text(answer->get_object(), "text").empty();
  print(!options.as_json && has_text ? std::string(text(answer->get_object(), "text"))
                                     : json::serialize(*answer));
  return kExitOk;
}

int cmd_dead_letters(const RemoteOptions& options, const std::string& action,
                     const std::vector<std::string>& ids) {
  const auto remote = Remote::open(options);
  if (!remote) return fail(remote.error());
  if (action == "list") {
    auto answer = remote->call("GET", "/api/v1/dead-letters");
    if (!answer) return fail(answer.error());
    if (options.as_json)
      print(json::serialize(*answer));
    else
      print_rows(*answer, {"id", "at", "origin", "destination", "subject", "reason"});
    return kExitOk;
  }
  if (action == "show") return show_letters(*remote, ids);
  for (const auto& id : ids) {
    auto answer = remote->call("POST", fmt::format("/api/v1/dead-letters/{}/{}", id, action), "{}");
    if (!answer) return fail(answer.error());
    complain(fmt::format("{}: {}", id, action == "retry" ? "requeued" : "dropped"));
  }
  return kExitOk;
}

int cmd_policy_preview(const RemoteOptions& options, const std::string& folder) {
  json::object files;
  for (const std::string kind : {"sla", "calendars"}) {
    auto content = read_file(fmt::format("{}/policy/{}.yaml", folder, kind));
    if (!content) return fail(content.error());
    files.emplace(kind, std::move(*content));
  }
  const auto remote = Remote::open(options);
  if (!remote) return fail(remote.error());
  const auto answer = remote->call("POST", "/api/v1/policy/preview", json::serialize(files));
  if (!answer) return fail(answer.error());
  if (options.as_json) {
    print(json::serialize(*answer));
    return kExitOk;
  }
  const auto& found = answer->as_object();
  print(count_of(found, "clocks", "running clock"));
  for (const char* mode : {"new_only", "from_now", "retroactive"}) {
    const auto* moves = object(found, mode);
    if (moves == nullptr) continue;
    print(fmt::format("  {:<12} {:>7} due earlier  {:>7} later  {:>7} unchanged  {:>7} due at once",
                      mode, integer(*moves, "earlier"), integer(*moves, "later"),
                      integer(*moves, "same"), integer(*moves, "over")));
  }
  return kExitOk;
}

// Prints a rendered request: its destination, then its body.
void print_request(const json::object& row) {
  const auto* request = object(row, "request");
  if (request == nullptr) return;
  print(fmt::format("{}  {}  {}  {} {}", cell(row, "at"), cell(row, "destination"),
                    cell(row, "person"), text(*request, "method"), text(*request, "url")));
  if (const auto* body = member(*request, "body")) print("    " + json::serialize(*body));
}

int print_observed(const Remote& remote, const std::string& destination) {
  std::string cursor;
  std::size_t shown = 0;
  do {
    auto answer =
        remote.call("GET", "/api/v1/outbox?state=observed&limit=200" + destination + cursor);
    if (!answer) return fail(answer.error());
    for (const char* part : {"items", "messages"}) {
      const auto* rows = array(answer->as_object(), part);
      for (std::size_t i = 0; rows != nullptr && i < rows->size(); ++i, ++shown)
        print_request((*rows)[i].as_object());
    }
    const auto next = text(answer->as_object(), "next_cursor");
    cursor = next.empty() ? "" : fmt::format("&cursor={}", next);
  } while (!cursor.empty());
  if (shown == 0) complain("no entries: no destination in mode observe would get anything yet");
  return kExitOk;
}

int cmd_outbox(const RemoteOptions& options, bool observed, const std::string& destination) {
  const auto remote = Remote::open(options);
  if (!remote) return fail(remote.error());
  const std::string filter = destination.empty() ? "" : "&destination=" + destination;
  if (observed && !options.as_json) return print_observed(*remote, filter);
  auto answer = remote->call(
      "GET",
      (observed ? "/api/v1/outbox?state=observed&limit=200" : "/api/v1/outbox?limit=200") + filter);
  if (!answer) return fail(answer.error());
  if (options.as_json)
    print(json::serialize(*answer));
  else
    print_rows(*answer, {"due", "kind", "destination", "person", "key"});
  return kExitOk;
}

int cmd_reindex(const RemoteOptions& options) {
  const auto remote = Remote::open(options);
  if (!remote) return fail(remote.error());
  auto answer = remote->call("POST", "/api/v1/reindex", "{}");
  while (answer && boolean(answer->as_object(), "running")) {
    std::this_thread::sleep_for(kLook);
    answer = remote->call("GET", "/api/v1/reindex");
  }
  if (!answer) return fail(answer.error());
  if (options.as_json)
    print(json::serialize(*answer));
  else
    print_corrected(answer->as_object());
  return kExitOk;
}

}  // namespace baton
