#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "mapping/result.h"

namespace baton {

// The demo's folder: a complete configuration (gateway/cli/demo/config, and the policies that
// `baton init` writes), its secrets and the gateway's data. The destructor removes it.
class DemoHome {
 public:
  struct Values {
    std::string language;
    std::uint16_t public_port = 0, admin_port = 0, sandbox_port = 0;
  };

  // Creates the folder and its secrets. write() adds the configuration once the ports are known.
  static Result<std::unique_ptr<DemoHome>> make();
  ~DemoHome();
  DemoHome(const DemoHome&) = delete;
  DemoHome& operator=(const DemoHome&) = delete;

  Status write(const Values& values);

  const std::string& folder() const { return folder_; }
  std::string log() const { return folder_ + "/gateway.log"; }
  std::string chat() const { return folder_ + "/chat.txt"; }
  const std::string& admin_token() const { return admin_token_; }
  const std::string& crm_token() const { return crm_token_; }

 private:
  explicit DemoHome(std::string folder);
  Status write_secrets();

  std::string folder_, admin_token_, crm_token_;
};

}  // namespace baton
