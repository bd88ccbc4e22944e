#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/app/config/deployment.h"
#include "gateway/cli/demo/child.h"
#include "gateway/cli/demo/client.h"
#include "gateway/cli/demo/home.h"
#include "gateway/cli/demo/report.h"
#include "gateway/cli/demo/sandbox.h"

namespace baton {

// The parts of the demo. Members are destroyed in reverse order: the gateway before CRM and chat,
// the folder last.
struct DemoStage {
  std::unique_ptr<DemoHome> home;
  std::unique_ptr<DemoSandbox> sandbox;
  Deployment deployment;
  std::unique_ptr<DemoClient> client;
  std::unique_ptr<GatewayChild> gateway;
  std::string language;
  std::int64_t begun_ns = 0;

  // Creates folder, sandbox and configuration. Call start_gateway() next.
  static Result<std::unique_ptr<DemoStage>> set(const std::string& language,
                                                const std::atomic<bool>& interrupted);
  // Returns when the gateway is serving.
  Status start_gateway();

  std::string rep_name(std::string_view id) const;
  Duration promise() const;                // time for calling a lead that asks for a call
  void say(std::string_view line) const;   // with the time since the demo started
  void show(std::string_view line) const;  // text as it was received
};

}  // namespace baton
