#pragma once

#include <string>
#include <vector>

#include "gateway/cli/remote.h"

namespace baton {

// Commands that ask a running gateway. They return kExitUnavailable if it does not answer.

// Prints why the lead went to its owner, or the details of one clock if `clock` is not empty.
int cmd_explain(const RemoteOptions& remote, const std::string& lead, const std::string& language,
                const std::string& clock);

// The action is "list", "show", "retry" or "drop".
int cmd_dead_letters(const RemoteOptions& remote, const std::string& action,
                     const std::vector<std::string>& ids);

// Prints how many running clocks the agreement in the folder would move.
int cmd_policy_preview(const RemoteOptions& remote, const std::string& folder);

// Lists what waits to be sent; `observed`: what destinations in mode observe would get.
int cmd_outbox(const RemoteOptions& remote, bool observed, const std::string& destination);

// Starts a sweep of the reindexer and waits for its end. Restarts a sweep that is running.
int cmd_reindex(const RemoteOptions& remote);

}  // namespace baton
