#include "gateway/platform/files.h"

#include <cerrno>
#include <cstring>
#include <filesystem>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

namespace baton {
namespace {

namespace fs = std::filesystem;

struct Fd {
  explicit Fd(int f) : fd(f) {}
  ~Fd() {
    if (fd >= 0) ::close(fd);
  }
  Fd(const Fd&) = delete;
  Fd& operator=(const Fd&) = delete;
  int fd;
};

}  // namespace

Error io_error(std::string_view what, const std::string& path, int err) {
  const Errc code = err == ENOENT                   ? Errc::kNotFound
                    : err == EACCES || err == EPERM ? Errc::kPermanent
                                                    : Errc::kTransient;
  return error(code, fmt::format("{} {}: {}", what, path, std::strerror(err)), path);
}

Status make_private_folder(const std::string& path) {
  std::error_code ec;
  if (fs::is_directory(path, ec)) return {};
  const fs::path parent = fs::path(path).parent_path();
  if (!parent.empty()) fs::create_directories(parent, ec);
  if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST)
    return io_error("cannot create the folder", path, errno);
  return {};
}

Result<std::string> read_file(const std::string& path) {
  const Fd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.fd < 0) return io_error("cannot read", path, errno);
  std::string content;
  char buffer[16384];
  for (;;) {
    const auto n = ::read(file.fd, buffer, sizeof buffer);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return io_error("cannot read", path, errno);
    if (n == 0) return content;
    content.append(buffer, static_cast<std::size_t>(n));
  }
}

Status write_file_durably(const std::string& path, std::string_view content, int mode) {
  const std::string temporary = path + ".new";
  {
    const Fd file(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode));
    if (file.fd < 0) return io_error("cannot write", temporary, errno);
    for (std::string_view rest = content; !rest.empty();) {
      const auto n = ::write(file.fd, rest.data(), rest.size());
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return io_error("cannot write", temporary, errno);
      rest.remove_prefix(static_cast<std::size_t>(n));
    }
    if (::fsync(file.fd) != 0) return io_error("cannot sync", temporary, errno);
  }
  if (::rename(temporary.c_str(), path.c_str()) != 0)
    return io_error("cannot rename to", path, errno);
  return sync_folder(fs::path(path).parent_path());
}

Status sync_folder(const std::string& path) {
  const Fd folder(::open(path.empty() ? "." : path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder.fd < 0) return io_error("cannot open the folder", path, errno);
  if (::fsync(folder.fd) != 0) return io_error("cannot sync the folder", path, errno);
  return {};
}

}  // namespace baton
