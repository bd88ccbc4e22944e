#include "gateway/cli/cmd_init.h"
#include "gateway/cli/cmd_config.h"

#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

#include "adapters/engine/source/adapter_files.h"
#include "adapters/engine/source/source.h"
#include "gateway/cli/output.h"
#include "gateway/core/calendar/holidays.h"
#include "gateway/platform/exit_code.h"
#include "gateway/platform/files.h"
#include "gateway/platform/random.h"
#include "mapping/schema/embedded.h"
#include "mapping/schema/schema.h"

namespace baton {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kTemplates = "gateway/cli/templates/";

std::string_view template_text(std::string_view path) {
  for (const auto& file : embedded_cli()) {
    if (file.path == std::string(kTemplates) + std::string(path)) return file.content;
  }
  return {};
}

std::string replaced(std::string text, std::string_view what, std::string_view with) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
    text.replace(at, what.size(), with);
  return text;
}

std::vector<std::string> adapter_names(std::string_view kind) {
  std::vector<std::string> names;
  for (const auto& adapter : list_adapters("")) {
    if (adapter.kind == kind) names.push_back(adapter.name);
  }
  return names;
}

bool known(std::string_view what, const std::string& name, const std::vector<std::string>& names) {
  if (std::find(names.begin(), names.end(), name) != names.end()) return true;
  const std::string meant = did_you_mean(name, names);
  complain(
      fmt::format("no {} named {}{}", what, name,
                  meant.empty() ? "; see baton adapters list" : "; did you mean " + meant + "?"));
  return false;
}

// The files that the text names as ${file:secrets/...}, except in comments. `init` creates them
// with random contents so that the configuration is complete. The operator replaces the contents by
// the vendor's secret.
std::vector<std::string> secret_files(std::string_view text) {
  std::vector<std::string> files;
  constexpr std::string_view kForm = "${file:secrets/";
  for (auto at = text.find(kForm); at != std::string_view::npos; at = text.find(kForm, at + 1)) {
    const auto line = text.rfind('\n', at) + 1;
    if (text.substr(line, at - line).find('#') != std::string_view::npos) continue;
    const auto begin = at + kForm.size();
    files.emplace_back(text.substr(begin, text.find('}', begin) - begin));
  }
  return files;
}

class Writer {
 public:
  explicit Writer(std::string folder) : folder_(std::move(folder)) {}

  Status write(const std::string& path, const std::string& text) {
    const std::string file = folder_ + '/' + path;
    std::error_code ec;
    fs::create_directories(fs::path(file).parent_path(), ec);
    if (auto written = write_file_durably(file, text, 0644); !written) return written;
    for (const auto& secret : secret_files(text)) {
      if (auto made = make_secret(secret); !made) return made;
    }
    return {};
  }

  const std::vector<std::string>& secrets() const { return secrets_; }

 private:
  Status make_secret(const std::string& name) {
    const std::string folder = folder_ + "/secrets";
    if (auto made = make_private_folder(folder); !made) return made;
    const std::string file = folder + '/' + name;
    if (fs::exists(file)) return {};
    secrets_.push_back("secrets/" + name);
    return write_file_durably(file, random_hex(24) + "\n", 0600);
  }

  std::string folder_;
  std::vector<std::string> secrets_;
};

bool valid(const InitOptions& options) {
  for (const auto& source : options.sources) {
    if (!known("source", source, adapter_names("sources"))) return false;
  }
  if (!options.crm.empty() && !known("CRM", options.crm, adapter_names("crm"))) return false;
  if (!known("holiday region", options.calendar, holiday_regions())) return false;
  std::error_code ec;
  if (fs::exists(options.folder + "/baton.yaml", ec)) {
    complain(fmt::format("{} already contains a configuration; baton init does not overwrite it",
                         options.folder));
    return false;
  }
  return true;
}

std::string source_text(const std::string& name) {
  const auto text = template_text(fmt::format("sources/{}.yaml", name));
  return text.empty() ? fmt::format("adapter: {}\nsecret: ${{file:secrets/{}}}\n", name, name)
                      : std::string(text);
}

Status write_all(const InitOptions& options, Writer& writer) {
  const std::string language = options.language;
  if (auto s = writer.write(
          "baton.yaml", replaced(std::string(template_text("baton.yaml")), "@LANGUAGE@", language));
      !s)
    return s;
  for (const auto& source : options.sources) {
    if (auto s = writer.write(fmt::format("sources/{}.yaml", source), source_text(source)); !s)
      return s;
  }
  if (!options.crm.empty()) {
    const std::string path = fmt::format("crm/{}.yaml", options.crm);
    if (auto s = writer.write(path, std::string(template_text(path))); !s) return s;
  }
  const std::string alerts = replaced(std::string(template_text("alerts.yaml")), "language: en\n",
                                      "language: " + language + "\n");
  if (auto s = writer.write("alerts.yaml", alerts); !s) return s;
  for (const auto& file : embedded_cli()) {
    const std::string policies = std::string(kTemplates) + "policy/";
    if (!file.path.starts_with(policies)) continue;
    std::string text(file.content);
    if (file.path.ends_with("/calendars.yaml"))
      text = replaced(text, "holidays: DE\n", "holidays: " + options.calendar + "\n");
    if (auto s = writer.write("policy/" + std::string(file.path.substr(policies.size())), text); !s)
      return s;
  }
  return {};
}

}  // namespace

int cmd_init(const InitOptions& options) {
  if (!valid(options)) return kExitUsage;
  Writer writer(options.folder);
  if (auto written = write_all(options, writer); !written) return fail(written.error());
  complain(
      fmt::format("wrote {}; all destinations are in mode: observe. They send nothing; baton "
                  "outbox list --observed shows what they would send",
                  options.folder));
  for (const auto& secret : writer.secrets()) {
    complain(fmt::format(
        "wrote {}/{}: {}", options.folder, secret,
        secret == "secrets/admin_token"
            ? "the token of the admin API"
            : "a random secret; replace it by the vendor's secret, or give it to the vendor"));
  }
  complain(fmt::format("next: baton check {0}, then baton run -c {0}", options.folder));
  return cmd_check(options.folder, false);
}

}  // namespace baton
