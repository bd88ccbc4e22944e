#include "gateway/cli/cmd_adapters.h"

#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

#include "adapters/engine/crm/crm_feedback.h"
#include "adapters/engine/crm/crm_feedback_examples.h"
#include "adapters/engine/crm/crm_tasks.h"
#include "adapters/engine/crm/crm_tasks_examples.h"
#include "adapters/engine/source/adapter_files.h"
#include "adapters/engine/source/source.h"
#include "adapters/engine/source/source_examples.h"
#include "gateway/app/config/deployment.h"
#include "gateway/cli/output.h"
#include "gateway/platform/exit_code.h"
#include "gateway/platform/files.h"
#include "mapping/json/json.h"
#include "mapping/schema/schema.h"

namespace baton {
namespace {

namespace fs = std::filesystem;

std::string user_folder(const std::string& config) {
  std::error_code ec;
  if (!fs::exists(config + "/baton.yaml", ec)) return {};
  Findings findings;
  return load_deployment(config, findings).settings.adapters;
}

int list(const std::string& folder, bool as_json) {
  json::array rows;
  for (const auto& a : list_adapters(folder)) {
    if (as_json)
      rows.push_back(json::object{{"kind", a.kind},
                                  {"name", a.name},
                                  {"title", a.title},
                                  {"stability", a.stability},
                                  {"built_in", a.built_in}});
    else
      print(fmt::format("{:32} {}{}", a.kind + "/" + a.name, a.title,
                        a.built_in ? "" : "  (your own)"));
  }
  if (as_json) print(json::serialize(rows));
  return kExitOk;
}

int unknown(const std::string& name, const std::string& folder) {
  std::vector<std::string> names;
  for (const auto& a : list_adapters(folder)) names.push_back(a.kind + "/" + a.name);
  const std::string meant = did_you_mean(name, names);
  complain(
      fmt::format("no adapter {}{}", name,
                  meant.empty() ? "; see baton adapters list" : "; did you mean " + meant + "?"));
  return kExitUsage;
}

int show(const std::string& name, const std::string& folder) {
  const auto slash = name.find('/');
  const auto found = slash == std::string::npos
                         ? std::nullopt
                         : adapter_text(name.substr(0, slash), name.substr(slash + 1), folder);
  if (!found) return unknown(name, folder);
  print(found->first);
  return kExitOk;
}

// A new source starts as a copy of the generic adapter, which maps any JSON and contains examples
// to edit.
int make_new(const std::string& name, const std::string& config) {
  const auto slash = name.find('/');
  const std::string kind = name.substr(0, slash);
  if (slash == std::string::npos || (kind != "sources" && kind != "crm" && kind != "notify")) {
    complain("the name must be kind/name: sources/acme_forms, crm/acme_crm or notify/acme_chat");
    return kExitUsage;
  }
  const std::string base = kind == "sources" ? "standard_webhooks"
                           : kind == "crm"   ? "rest"
                                             : "webhook";
  const auto text = adapter_text(kind, base, "");
  if (!text) return unknown(kind + "/" + base, "");
  const std::string path = fmt::format("{}/adapters/{}.yaml", config, name);
  std::error_code ec;
  if (fs::exists(path, ec)) {
    complain(path + " exists already");
    return kExitFailed;
  }
  fs::create_directories(fs::path(path).parent_path(), ec);
  if (auto written = write_file_durably(path, text->first, 0644); !written)
    return fail(written.error());
  complain(fmt::format("wrote {}: a copy of {}/{}. Change it, then: baton test {}", path, kind,
                       base, path));
  return kExitOk;
}

// Returns the findings of one adapter file and adds its examples to `examples`.
Findings test_file(const std::string& text, const std::string& shown, std::size_t& examples) {
  Findings findings;
  const YamlDocument document = parse_yaml(text, shown, findings);
  if (has_errors(findings)) return findings;
  const auto* root = document.value.if_object();
  if (root == nullptr || !root->contains("crm")) {
    append(findings, run_source_examples(document, examples));
    return findings;
  }
  append(findings, check_schema(document, "crm"));
  if (has_errors(findings)) return findings;
  append(findings, run_feedback_examples(document, examples));
  append(findings, run_task_examples(document, examples));
  return findings;
}

void collect(const std::string& path, std::vector<std::string>& files) {
  std::error_code ec;
  if (!fs::is_directory(path, ec)) {
    files.push_back(path);
    return;
  }
  for (const auto& entry : fs::recursive_directory_iterator(path, ec)) {
    const auto folder = entry.path().parent_path();
    const bool holds =
        folder.filename() == "sources" ||
        (folder.filename() == "crm" && folder.parent_path().filename() == "adapters");
    if (entry.path().extension() == ".yaml" && holds) files.push_back(entry.path());
  }
}

}  // namespace

int cmd_adapters(const std::string& action, const std::string& name, const std::string& config,
                 bool as_json) {
  if (action == "new") return make_new(name, config);
  const std::string folder = user_folder(config);
  return action == "list" ? list(folder, as_json) : show(name, folder);
}

int cmd_test(const std::vector<std::string>& paths) {
  std::size_t examples = 0, adapters = 0;
  Findings findings;
  if (paths.empty()) {
    for (const auto& a : list_adapters("")) {
      if (a.kind != "sources" && a.kind != "crm") continue;
      const auto text = adapter_text(a.kind, a.name, "");
      ++adapters;
      append(findings, test_file(text->first, text->second, examples));
    }
  }
  std::vector<std::string> files;
  for (const auto& path : paths) collect(path, files);
  std::sort(files.begin(), files.end());
  for (const auto& file : files) {
    auto text = read_file(file);
    if (!text) return fail(text.error());
    ++adapters;
    append(findings, test_file(*text, file, examples));
  }
  for (const auto& finding : findings) print(to_string(finding));
  complain(fmt::format("{}, {}, {}", counted(adapters, "adapter"), counted(examples, "example"),
                       counted(findings.size(), "difference")));
  return has_errors(findings) ? kExitFailed : kExitOk;
}

}  // namespace baton
