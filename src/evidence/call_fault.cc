#include "evidence/call_fault.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <cstring>

namespace {

using luy::evidence::Call;

std::array<char, 512> folder{};
std::atomic<bool> armed = false;
std::atomic<bool> folders_fail = false;
Call armed_call = Call::open;
std::uint64_t left = 0;  // Calls that still go well.
bool only_once = false;
std::atomic<bool> failed = false;

// Answers whether this call is to fail, and sets errno. No memory is asked for: it may be called from anywhere.
bool is_to_fail(Call call, const char* path) {
  if (!armed || call != armed_call || path == nullptr) return false;
  if (std::strncmp(path, folder.data(), std::strlen(folder.data())) != 0) return false;
  if (only_once && failed) return false;
  if (left > 0) {
    --left;
    return false;
  }
  failed = true;
  errno = EIO;
  return true;
}

bool is_to_fail(Call call, int fd) {
  if (!armed || call != armed_call) return false;
  std::array<char, 64> link{};
  std::array<char, 1024> path{};
  std::snprintf(link.data(), link.size(), "/proc/self/fd/%d", fd);
  if (::readlink(link.data(), path.data(), path.size() - 1) <= 0) return false;
  return is_to_fail(call, path.data());
}

int plain_open(const char* path, int flags, mode_t mode) {
  if (is_to_fail(Call::open, path)) return -1;
  return static_cast<int>(::syscall(SYS_openat, AT_FDCWD, path, flags, mode));
}

mode_t mode_of(int flags, std::va_list arguments) {
  return (flags & (O_CREAT | O_TMPFILE)) != 0 ? static_cast<mode_t>(va_arg(arguments, unsigned)) : mode_t{0};
}

int plain_sync(long call, int fd) {
  struct stat status {};
  if (folders_fail && ::fstat(fd, &status) == 0 && S_ISDIR(status.st_mode)) {
    errno = EIO;
    return -1;
  }
  if (is_to_fail(Call::sync, fd)) return -1;
  return static_cast<int>(::syscall(call, fd));
}

}  // namespace

// In place of the C library's, for the program this is linked into.
extern "C" {

int open(const char* path, int flags, ...) {
  std::va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = mode_of(flags, arguments);
  va_end(arguments);
  return plain_open(path, flags, mode);
}
int open64(const char* path, int flags, ...) {
  std::va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = mode_of(flags, arguments);
  va_end(arguments);
  return plain_open(path, flags, mode);
}
ssize_t write(int fd, const void* bytes, size_t size) {
  return is_to_fail(Call::write, fd) ? -1 : ::syscall(SYS_write, fd, bytes, size);
}
ssize_t pwrite(int fd, const void* bytes, size_t size, off_t at) {
  return is_to_fail(Call::write, fd) ? -1 : ::syscall(SYS_pwrite64, fd, bytes, size, at);
}
ssize_t pwrite64(int fd, const void* bytes, size_t size, off64_t at) {
  return is_to_fail(Call::write, fd) ? -1 : ::syscall(SYS_pwrite64, fd, bytes, size, at);
}
int fsync(int fd) {
  return plain_sync(SYS_fsync, fd);
}
int fdatasync(int fd) {
  return plain_sync(SYS_fdatasync, fd);
}
int rename(const char* from, const char* to) noexcept {
  return is_to_fail(Call::rename, from) ? -1 : static_cast<int>(::syscall(SYS_rename, from, to));
}
int unlink(const char* path) noexcept {
  return is_to_fail(Call::unlink, path) ? -1 : static_cast<int>(::syscall(SYS_unlink, path));
}
int fchmod(int fd, mode_t mode) noexcept {
  return is_to_fail(Call::mode, fd) ? -1 : static_cast<int>(::syscall(SYS_fchmod, fd, mode));
}
}

namespace luy::evidence {

void fail_calls(const std::filesystem::path& below, Call call, std::uint64_t nth, bool once) {
  armed = false;
  std::snprintf(folder.data(), folder.size(), "%s/", below.c_str());
  armed_call = call;
  left = nth - 1;
  only_once = once;
  failed = false;
  armed = true;
}

void let_calls_be() {
  armed = false;
}

bool calls_failed() {
  return failed;
}

void fail_syncs_of_folders(bool fail) {
  folders_fail = fail;
}

}  // namespace luy::evidence
