#include "base/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>

namespace luy {
namespace {

Result<void> write_all(int fd, std::string_view bytes, const std::string& path) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(fd, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return file_error(path, errno);
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return {};
}

}  // namespace

void UniqueFd::reset() {
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
}

Error file_error(std::string_view path, int error) {
  const std::string detail = std::string(path) + ": " + std::generic_category().message(error);
  switch (error) {
    case ENOENT:
    case ENOTDIR:
      return Error(file_not_found, std::string(path));
    case EACCES:
    case EPERM:
      return Error(file_denied, detail);
    case ENOSPC:
    case EDQUOT:
      return Error(disk_full, detail);
    case EROFS:
      return Error(disk_read_only, detail);
    default:
      return Error(file_failed, detail);
  }
}

Result<std::string> read_file(const std::filesystem::path& path, std::size_t bytes_max) {
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) return file_error(path.string(), errno);
  std::string out;
  std::array<char, 16384> buffer{};
  for (;;) {
    const ssize_t n = ::read(fd.get(), buffer.data(), buffer.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return file_error(path.string(), errno);
    if (n == 0) return out;
    if (out.size() + static_cast<std::size_t>(n) > bytes_max) return Error(file_too_large, path.string());
    out.append(buffer.data(), static_cast<std::size_t>(n));
  }
}

Result<void> write_file_durably(const std::filesystem::path& path, std::string_view bytes, mode_t mode) {
  const std::string temporary = path.string() + ".new";
  UniqueFd fd(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode));
  if (!fd) return file_error(temporary, errno);
  const auto written = [&]() -> Result<void> {
    LUY_TRY_VOID(write_all(fd.get(), bytes, temporary));
    if (::fchmod(fd.get(), mode) != 0)
      return file_error(temporary, errno);  // An old temporary keeps its mode otherwise.
    if (::fsync(fd.get()) != 0) return file_error(temporary, errno);
    return {};
  }();
  if (!written) {
    ::unlink(temporary.c_str());
    return written.error();
  }
  fd.reset();
  if (::rename(temporary.c_str(), path.c_str()) != 0) {
    const int error = errno;
    ::unlink(temporary.c_str());
    return file_error(path.string(), error);
  }
  return sync_folder(path.has_parent_path() ? path.parent_path() : std::filesystem::path("."));
}

Result<void> sync_folder(const std::filesystem::path& folder) {
  const UniqueFd fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd) return file_error(folder.string(), errno);
  if (::fsync(fd.get()) != 0) return file_error(folder.string(), errno);
  return {};
}

Result<void> make_folder(const std::filesystem::path& folder, mode_t mode) {
  if (folder.has_parent_path() && !std::filesystem::exists(folder.parent_path())) {
    LUY_TRY_VOID(make_folder(folder.parent_path(), mode));
  }
  if (::mkdir(folder.c_str(), mode) == 0) return {};
  if (errno != EEXIST) return file_error(folder.string(), errno);
  struct stat status {};
  if (::stat(folder.c_str(), &status) != 0) return file_error(folder.string(), errno);
  if (!S_ISDIR(status.st_mode)) return file_error(folder.string(), ENOTDIR);
  return {};
}

}  // namespace luy
