#include "gateway/app/config/deployment.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <set>
#include <tuple>

#include <fmt/format.h>

#include "adapters/engine/crm/crm_load.h"
#include "gateway/app/config/interpolation.h"
#include "gateway/platform/files.h"
#include "mapping/json/json.h"
#include "mapping/schema/schema.h"
#include "mapping/schema/schema_fix.h"

namespace baton {
namespace {

namespace fs = std::filesystem;

const std::vector<std::string> kPolicies{"calendars", "lifecycle", "retention", "routing",
                                         "scoring",   "sla",       "titles"};
const std::vector<std::string> kNeeded{"calendars", "lifecycle", "routing", "scoring", "sla"};

// Settings of baton.yaml are the defaults of all sources.
YamlDocument with_defaults(const YamlDocument& source, const Settings& settings) {
  YamlDocument out = source;
  if (auto* root = out.value.if_object()) {
    if (!root->contains("region")) root->emplace("region", settings.region);
    if (!root->contains("max_body"))
      root->emplace("max_body", static_cast<std::int64_t>(settings.body_bytes));
  }
  return out;
}

// A value that could not be read is empty. Suppresses findings about its being empty.
void drop_echoes(Findings& findings) {
  std::set<std::tuple<std::string, int, int>> missing;
  for (const auto& f : findings) {
    if (f.code == "config.missing_value") missing.emplace(f.file, f.line, f.column);
  }
  std::erase_if(findings, [&](const Finding& f) {
    return f.code != "config.missing_value" && missing.contains({f.file, f.line, f.column});
  });
}

class Loader {
 public:
  Loader(Deployment& deployment, Findings& findings) : d_(deployment), findings_(findings) {}

  void load() {
    if (!fs::is_directory(d_.folder)) {
      findings_.push_back({d_.folder, 0, 0,
                           "no such folder; create one with: baton init " + d_.folder,
                           "config.no_folder", false});
      return;
    }
    load_settings();
    look_for_misplaced_files();
    load_sources();
    load_crms();
    load_alerts();
    load_policies();
  }

 private:
  // The parsed file with values from outside in place. Null if it is missing or is not YAML.
  const YamlDocument* read(const std::string& path) {
    auto content = read_file(d_.folder + '/' + path);
    if (!content) {
      if (content.error().code != Errc::kNotFound)
        report(path, content.error().message, "config.unreadable");
      return nullptr;
    }
    Findings own;
    YamlDocument document = parse_yaml(*content, shown(path), own);
    const bool unreadable = document.value.is_null() &&
                            has_errors(own);  // a duplicate key must not hide other findings
    append(findings_, std::move(own));
    if (unreadable) return nullptr;
    d_.secrets[path] = substitute_values(document, d_.folder, findings_);
    return &d_.documents.emplace(path, std::move(document)).first->second;
  }

  // Loads a document that may violate its schema, to find its other errors too.
  std::optional<YamlDocument> read(const std::string& path, std::string_view kind) {
    const auto* document = read(path);
    if (document == nullptr) return std::nullopt;
    Findings faults;
    auto fixed = check_and_fix(*document, kind, faults);
    // If the document cannot be fixed, its loader sees it as it is and may report errors again.
    if (!fixed) return *document;
    append(findings_, std::move(faults));
    return fixed;
  }

  std::string shown(const std::string& path) const { return (fs::path(d_.folder) / path).string(); }

  void report(const std::string& path, std::string message, std::string code) {
    findings_.push_back({shown(path), 0, 0, std::move(message), std::move(code), false});
  }

  std::vector<std::string> yaml_files(const std::string& folder) const {
    std::vector<std::string> files;
    std::error_code ec;
    for (const auto& entry : fs::directory_iterator(d_.folder + '/' + folder, ec)) {
      const std::string ending = entry.path().extension();
      if (ending == ".yaml" || ending == ".yml")
        files.push_back(folder + '/' + entry.path().filename().string());
    }
    std::sort(files.begin(), files.end());
    return files;
  }

  // A file beside baton.yaml under a name that Baton does not read has no effect.
  void look_for_misplaced_files() {
    static const std::vector<std::string> kFiles{"baton.yaml", "alerts.yaml", "texts.yaml"};
    for (const auto& path : yaml_files(".")) {
      const std::string name = fs::path(path).filename();
      if (std::find(kFiles.begin(), kFiles.end(), name) != kFiles.end()) continue;
      std::string meant = did_you_mean(fs::path(name).stem().string() + ".yaml", kFiles);
      report(name,
             fmt::format("Baton reads no file of this name here; it has no effect{}",
                         meant.empty() ? "" : "; did you mean " + meant + "?"),
             "config.unknown_file");
      findings_.back().warning = true;
    }
    for (const auto* folder : {"sources", "crm", "policy"}) {
      if (const auto path = fs::path(d_.folder) / folder;
          fs::exists(path) && !fs::is_directory(path))
        report(folder, "this must be a folder", "config.unknown_file");
    }
  }

  void load_settings() {
    const auto document = read("baton.yaml", "baton");
    if (!document) {
      if (!fs::exists(d_.folder + "/baton.yaml")) {
        report("baton.yaml",
               "the file is missing; create a configuration with: baton init " + d_.folder,
               "config.missing_file");
      }
      return;
    }
    Findings own = check_schema(*document, "baton");
    Findings values;
    d_.settings = read_settings(*document, d_.folder, values);
    std::erase_if(values, [&own](const Finding& value) {  // the schema has reported it
      return std::any_of(own.begin(), own.end(), [&value](const Finding& f) {
        return f.line == value.line && f.column == value.column;
      });
    });
    append(findings_, std::move(own));
    append(findings_, std::move(values));
  }

  void load_sources() {
    for (const auto& path : yaml_files("sources")) {
      const auto document = read(path, "source_config");
      if (!document) continue;
      if (auto source = make_source(with_defaults(*document, d_.settings), fs::path(path).stem(),
                                    d_.settings.adapters, findings_)) {
        d_.sources.push_back(std::move(source));
      }
    }
  }

  void load_crms() {
    for (const auto& path : yaml_files("crm")) {
      const auto document = read(path, "crm_config");
      if (!document) continue;
      if (auto crm = make_crm(*document, d_.settings.adapters, findings_))
        d_.crms.push_back(std::move(crm));
    }
  }

  void load_alerts() {
    const auto document = read("alerts.yaml", "alerts");
    if (!document) return;
    for (auto& notifier : make_notifiers(*document, d_.settings.adapters, findings_))
      d_.notifiers.push_back(std::move(notifier));
    d_.routes = load_alert_routes(*document, findings_);
    d_.reports = load_report_settings(*document, findings_);
    refuse_written_passwords(*document);
  }

  // A mail account's password must not be in a file under version control.
  void refuse_written_passwords(const YamlDocument& document) {
    const auto* channels =
        document.value.is_object() ? array(document.value.get_object(), "channels") : nullptr;
    const auto& outside = d_.secrets["alerts.yaml"];
    for (std::size_t i = 0; channels != nullptr && i < channels->size(); ++i) {
      const auto* settings =
          (*channels)[i].is_object() ? object((*channels)[i].get_object(), "settings") : nullptr;
      const std::string place = fmt::format("/channels/{}/settings/password", i);
      if (settings == nullptr || text(*settings, "password").empty()) continue;
      if (std::find(outside.begin(), outside.end(), place) != outside.end()) continue;
      findings_.push_back(
          document.finding(place, "the file contains a password; use ${env:NAME} or ${file:PATH}",
                           "config.written_secret"));
    }
  }

  void load_policies() {
    std::map<std::string, YamlDocument> kinds;
    bool readable = true;
    for (const auto& path : yaml_files("policy")) {
      const std::string kind = fs::path(path).stem();
      if (std::find(kPolicies.begin(), kPolicies.end(), kind) == kPolicies.end()) {
        const std::string meant = did_you_mean(kind, kPolicies);
        report(path,
               fmt::format("no policy has this name{}",
                           meant.empty() ? "" : "; did you mean " + meant + ".yaml?"),
               "config.unknown_file");
        continue;
      }
      if (std::find(kNeeded.begin(), kNeeded.end(), kind) == kNeeded.end()) {
        report(path, "this version does not know this policy; the file has no effect",
               "config.not_read");
        findings_.back().warning = true;
        continue;
      }
      if (auto document = read(path, kind))
        kinds.emplace(kind, std::move(*document));
      else
        readable = false;
    }
    for (const auto& kind : kNeeded) {
      const std::string path = "policy/" + kind + ".yaml";
      if (kinds.contains(kind) || fs::exists(d_.folder + '/' + path)) continue;
      report(path, "the file is missing; baton init writes one to start from",
             "config.missing_file");
      readable = false;
    }
    if (readable) d_.policy = load_policy(kinds, findings_);
    add_texts();
    if (d_.policy) look_for_task_takers();
    const auto alerts = d_.documents.find("alerts.yaml");
    if (!d_.policy || alerts == d_.documents.end()) return;
    check_alert_recipients(alerts->second, *d_.policy->routing, findings_);
    check_report_settings(alerts->second, *d_.policy, findings_);
  }

  // The texts people read, with those that texts.yaml replaces.
  void add_texts() {
    const auto document = read("texts.yaml", "texts");
    if (document) append(findings_, check_schema(*document, "texts"));
    auto texts = load_texts(document ? &*document : nullptr, d_.settings.address, findings_);
    if (!d_.policy) return;
    auto policy = std::make_shared<Policy>(*d_.policy);
    policy->texts = std::move(texts);
    d_.policy = std::move(policy);
  }

  void look_for_task_takers() {
    const bool taken = std::any_of(d_.crms.begin(), d_.crms.end(),
                                   [](const auto& crm) { return crm->tasks() != nullptr; });
    if (d_.policy->lifecycle->push_tasks.none() || taken) return;
    findings_.push_back(d_.documents.at("policy/lifecycle.yaml")
                            .finding("/push/tasks",
                                     "no CRM accepts tasks: the work appears in no CRM",
                                     "config.no_tasks"));
    findings_.back().warning = true;
  }

  Deployment& d_;
  Findings& findings_;
};

}  // namespace

Deployment load_deployment(const std::string& folder, Findings& findings) {
  Deployment deployment;
  deployment.folder = folder;
  Loader(deployment, findings).load();
  drop_echoes(findings);
  std::stable_sort(findings.begin(), findings.end(), [](const Finding& a, const Finding& b) {
    return std::tie(a.file, a.line, a.column) < std::tie(b.file, b.line, b.column);
  });
  return deployment;
}

}  // namespace baton
