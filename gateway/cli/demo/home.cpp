#include "gateway/cli/demo/home.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <vector>

#include "gateway/platform/files.h"
#include "gateway/platform/random.h"
#include "mapping/schema/embedded.h"

namespace baton {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kDemo = "gateway/cli/demo/config/";
constexpr std::string_view kTemplates = "gateway/cli/templates/";
// The files that the demo uses as `baton init` writes them.
constexpr std::string_view kShared[] = {"policy/lifecycle.yaml", "policy/scoring.yaml"};

std::string replaced(std::string text, std::string_view what, const std::string& with) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
    text.replace(at, what.size(), with);
  return text;
}

Status write(const std::string& file, std::string_view content) {
  std::error_code ec;
  fs::create_directories(fs::path(file).parent_path(), ec);
  return write_file_durably(file, content, 0600);
}

}  // namespace

DemoHome::DemoHome(std::string folder)
    : folder_(std::move(folder)), admin_token_(random_hex(24)), crm_token_(random_hex(24)) {}

Result<std::unique_ptr<DemoHome>> DemoHome::make() {
  // A short path, because the path of the private Redis's unix socket is limited to 107 bytes.
  std::string folder = "/tmp/baton-demo-XXXXXX";
  if (::mkdtemp(folder.data()) == nullptr)
    return error(Errc::kTransient, std::string("/tmp: ") + std::strerror(errno));
  std::unique_ptr<DemoHome> home(new DemoHome(std::move(folder)));
  if (auto written = home->write_secrets(); !written) return written.error();
  return home;
}

DemoHome::~DemoHome() {
  std::error_code ec;
  fs::remove_all(folder_, ec);
}

Status DemoHome::write_secrets() {
  const std::vector<std::pair<std::string, std::string>> secrets{
      {"admin_token", admin_token_}, {"hubspot_token", crm_token_},
      {"typeform", random_hex(24)},  {"calendly", random_hex(24)},
      {"hubspot", random_hex(24)},   {"website", "whsec_" + random_hex(24)}};
  for (const auto& [name, value] : secrets) {
    if (auto written = baton::write(folder_ + "/secrets/" + name, value + "\n"); !written)
      return written;
  }
  return {};
}

Status DemoHome::write(const Values& values) {
  for (const auto& file : embedded_cli()) {
    std::string_view path = file.path;
    if (!path.starts_with(kDemo)) continue;
    path.remove_prefix(kDemo.size());
    std::string text = replaced(std::string(file.content), "@LANGUAGE@", values.language);
    text = replaced(std::move(text), "@PUBLIC_PORT@", std::to_string(values.public_port));
    text = replaced(std::move(text), "@ADMIN_PORT@", std::to_string(values.admin_port));
    text = replaced(std::move(text), "@SANDBOX_PORT@", std::to_string(values.sandbox_port));
    if (auto written = baton::write(folder_ + '/' + std::string(path), text); !written)
      return written;
  }
  for (const auto& file : embedded_cli()) {
    for (const auto shared : kShared) {
      if (file.path != std::string(kTemplates) + std::string(shared)) continue;
      if (auto written = baton::write(folder_ + '/' + std::string(shared), file.content); !written)
        return written;
    }
  }
  return {};
}

}  // namespace baton
