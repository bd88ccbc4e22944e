#pragma once

namespace baton {

// Exit codes of all commands, from sysexits.h if it has a matching one.
enum ExitCode {
  kExitOk = 0,
  kExitFailed = 1,        // a check, test or comparison failed
  kExitUsage = 2,         // wrong command line
  kExitUnavailable = 69,  // a required service cannot be reached
  kExitInternal = 70,     // a defect of Baton
  kExitOutput = 74,       // the output could not be written, such as on a full disk
  kExitConfig = 78,       // invalid configuration
};

}  // namespace baton
