#pragma once

#include <string>
#include <string_view>

#include "mapping/result.h"

namespace baton {

// Small file helpers with errors that name the path and the cause.

// Makes the folder (and its parents) with mode 0700 where it does not exist.
Status make_private_folder(const std::string& path);

// kNotFound where there is no such file.
Result<std::string> read_file(const std::string& path);

// Writes beside, fsyncs, renames over, fsyncs the folder: after a crash the file is the old one or
// the new one, never a part.
Status write_file_durably(const std::string& path, std::string_view content, int mode);

// fsync of a folder, so that a new or removed name in it survives a crash.
Status sync_folder(const std::string& path);

// "No space left on device (/data/spool/00000001.seg)" from errno.
Error io_error(std::string_view what, const std::string& path, int err);

}  // namespace baton
