#include "gateway/cli/demo/stage.h"

#include <fmt/format.h>

#include "gateway/cli/output.h"
#include "gateway/platform/clock.h"

namespace baton {
namespace {

constexpr Duration kReadyDeadline = seconds(20);

}  // namespace

Result<std::unique_ptr<DemoStage>> DemoStage::set(const std::string& language,
                                                  const std::atomic<bool>& interrupted) {
  auto stage = std::make_unique<DemoStage>();
  stage->language = language;
  stage->begun_ns = system_clock().steady_ns();
  auto home = DemoHome::make();
  if (!home) return home.error();
  stage->home = std::move(*home);
  auto sandbox = DemoSandbox::start(stage->home->crm_token(), stage->home->chat());
  if (!sandbox) return sandbox.error();
  stage->sandbox = std::move(*sandbox);
  const auto public_port = free_port();
  const auto admin_port = free_port();
  if (!public_port || !admin_port) return (!public_port ? public_port : admin_port).error();
  if (auto written =
          stage->home->write({language, *public_port, *admin_port, stage->sandbox->port()});
      !written)
    return written.error();
  Findings findings;
  stage->deployment = load_deployment(stage->home->folder(), findings);
  complain(findings);
  if (has_errors(findings)) return error(Errc::kInternal, "the demo's configuration is invalid");
  stage->client =
      std::make_unique<DemoClient>(stage->deployment, stage->home->admin_token(), interrupted);
  return stage;
}

Status DemoStage::start_gateway() {
  auto child = GatewayChild::start(home->folder(), home->log());
  if (!child) return child.error();
  gateway = std::move(*child);
  client->reconnect();
  const auto up = [&] { return !gateway->running() || client->ready(); };
  if (auto waited = client->wait("the gateway to be ready", kReadyDeadline, up); !waited)
    return waited;
  if (!gateway->running())
    return error(Errc::kTransient, "the gateway ended right after its start");
  return {};
}

std::string DemoStage::rep_name(std::string_view id) const {
  const Rep* rep = deployment.policy->routing->rep(RepId(id));
  return rep != nullptr ? rep->name : std::string(id);
}

Duration DemoStage::promise() const {
  for (const auto& clock : deployment.policy->sla->clocks) {
    if (clock.id == "first_contact")
      return clock.budgets[static_cast<std::size_t>(Intent::kHandRaiser)];
  }
  return {};
}

void DemoStage::say(std::string_view line) const {
  const auto ms = (system_clock().steady_ns() - begun_ns) / 1'000'000;
  print(fmt::format("{:4}.{} s  {}", ms / 1000, ms % 1000 / 100, line));
}

void DemoStage::show(std::string_view line) const { print(fmt::format("          | {}", line)); }

}  // namespace baton
