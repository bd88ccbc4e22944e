#pragma once

#include <string>
#include <string_view>

#include "mapping/result.h"

namespace baton {

// Small file helpers. Errors contain the path and the cause.

// Creates the folder (and its parents) with mode 0700 if it does not exist.
Status make_private_folder(const std::string& path);

// Reads a file. Fails with kNotFound if it does not exist.
Result<std::string> read_file(const std::string& path);

// Writes a temporary file, syncs it, renames it and syncs the folder. After a crash the file has
// its old or its new content, never a part.
Status write_file_durably(const std::string& path, std::string_view content, int mode);

// Syncs a folder, so that a new or removed name in it survives a crash.
Status sync_folder(const std::string& path);

// Builds "No space left on device (/data/spool/00000001.seg)" from errno.
Error io_error(std::string_view what, const std::string& path, int err);

}  // namespace baton
