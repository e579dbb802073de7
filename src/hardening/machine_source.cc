#include "hardening/machine_source.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "base/file.h"

namespace luy::hardening {
namespace {

bool is_absent(int error) {
  return error == ENOENT || error == ENOTDIR;
}

}  // namespace

Result<std::optional<std::string>> MachineSource::file(const std::string& path) const {
  // Without waiting for the other end of a pipe that somebody put in a file's place.
  const UniqueFd fd(::open(real(path).c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!fd) return is_absent(errno) ? Result<std::optional<std::string>>(std::nullopt) : Error(unreadable, path);
  struct stat about {};
  if (::fstat(fd.get(), &about) != 0) return Error(unreadable, path);
  if (!S_ISREG(about.st_mode)) return std::optional(std::string());
  std::string text;
  std::array<char, 16384> buffer{};
  for (;;) {
    const ssize_t n = ::read(fd.get(), buffer.data(), buffer.size());
    if (n < 0 && errno == EINTR) continue;
    // Some values of the kernel may be asked for and are not told (net.ipv6.conf.*.stable_secret).
    if (n < 0) return Error(unreadable, path);
    if (n == 0) return std::optional(std::move(text));
    text.append(buffer.data(), static_cast<std::size_t>(n));
    if (text.size() > file_bytes_max) return Error(unreadable, path);
  }
}

Result<std::optional<std::vector<std::string>>> MachineSource::folder(const std::string& path) const {
  std::error_code error;
  std::vector<std::string> names;
  for (std::filesystem::directory_iterator it(real(path), error), end; !error && it != end; it.increment(error)) {
    names.push_back(it->path().filename().string());
  }
  if (error && is_absent(error.value())) return std::optional<std::vector<std::string>>();
  if (error) return Error(unreadable, path);
  std::sort(names.begin(), names.end());
  return std::optional(std::move(names));
}

Result<std::optional<FileState>> MachineSource::state(const std::string& path) const {
  struct stat about {};
  if (::stat(real(path).c_str(), &about) != 0) {
    return is_absent(errno) ? Result<std::optional<FileState>>(std::nullopt) : Error(unreadable, path);
  }
  return std::optional(FileState{static_cast<std::uint32_t>(about.st_mode & 07777U), about.st_uid, about.st_gid,
                                 S_ISDIR(about.st_mode)});
}

Result<std::optional<std::string>> MachineSource::link(const std::string& path) const {
  std::error_code error;
  const auto target = std::filesystem::read_symlink(real(path), error);
  if (!error) return std::optional(target.string());
  // EINVAL: it is there and no link.
  const bool none = is_absent(error.value()) || error.value() == EINVAL;
  return none ? Result<std::optional<std::string>>(std::nullopt) : Error(unreadable, path);
}

}  // namespace luy::hardening
