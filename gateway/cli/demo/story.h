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

// Everything the demo plays on. Members are destroyed last to first: the gateway ends before CRM
// and chat, the folder goes last.
struct DemoStage {
  std::unique_ptr<DemoHome> home;
  std::unique_ptr<DemoSandbox> sandbox;
  Deployment deployment;
  std::unique_ptr<DemoClient> client;
  std::unique_ptr<GatewayChild> gateway;
  std::string language;
  std::int64_t begun_ns = 0;

  // Folder, sandbox, configuration; start_gateway() comes next.
  static Result<std::unique_ptr<DemoStage>> set(const std::string& language,
                                                const std::atomic<bool>& interrupted);
  // Serves when it returns.
  Status start_gateway();

  std::string rep_name(std::string_view id) const;
  Duration promise() const;                // to call somebody who asks for it
  void say(std::string_view line) const;   // with the time since the demo began
  void show(std::string_view line) const;  // something received, as it was
};

// The story of `baton demo --once`.
Status tell_demo_story(DemoStage& stage);
// Goes on until interrupted.
Status play_demo(DemoStage& stage, const std::atomic<bool>& interrupted);

}  // namespace baton
