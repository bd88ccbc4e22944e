#pragma once

namespace baton {

// What a command ends with; after sysexits.h where it has a word for it.
enum ExitCode {
  kExitOk = 0,
  kExitFailed = 1,        // a check, test or comparison failed
  kExitUsage = 2,         // wrong command line
  kExitUnavailable = 69,  // a service that is needed cannot be reached
  kExitInternal = 70,     // a defect of Baton
  kExitConfig = 78,       // invalid configuration
};

}  // namespace baton
