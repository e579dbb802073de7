#include "agent/linux/stop_process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "agent/linux/text.h"
#include "base/encoding.h"
#include "base/file.h"
#include "base/hash.h"

namespace luy::agent {
namespace {

// proc(5), /proc/PID/stat: the name in parentheses may hold anything; field 22 is the 20th after it.
std::optional<std::int64_t> start_ticks(const std::string& stat) {
  const auto end = stat.rfind(')');
  if (end == std::string::npos) return std::nullopt;
  const auto fields = words(std::string_view(stat).substr(end + 1));
  return fields.size() > 19 ? number(fields[19]) : std::nullopt;
}

// Of the file the process runs, though its name may be gone.
std::string executable_hash(const std::string& exe) {
  const UniqueFd fd(::open(exe.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat state {};
  if (!fd || ::fstat(fd.get(), &state) != 0 || state.st_size <= 0 || state.st_size > executable_bytes_max) return {};
  const auto size = static_cast<std::size_t>(state.st_size);
  // A running program's file cannot be cut short under us: the kernel refuses to write to it (ETXTBSY).
  void* const bytes = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, fd.get(), 0);
  if (bytes == MAP_FAILED) return {};
  std::string hash = to_hex(sha256(std::string_view(static_cast<const char*>(bytes), size)));
  ::munmap(bytes, size);
  return hash;
}

}  // namespace

Result<void> stop_process(const order::StopProcess& wanted) {
  const std::string name = std::to_string(wanted.pid) + " (" + wanted.path + ")";
  const UniqueFd process(static_cast<int>(::syscall(SYS_pidfd_open, static_cast<pid_t>(wanted.pid), 0)));
  if (!process) return errno == ESRCH ? Error(process_gone, name) : Error(process_lasts, name);
  const std::string folder = "/proc/" + std::to_string(wanted.pid);
  const auto stat = read_file(folder + "/stat", 4096);
  if (!stat) return Error(process_gone, name);
  std::error_code error;
  std::string path = std::filesystem::read_symlink(folder + "/exe", error).string();
  constexpr std::string_view deleted = " (deleted)";
  if (path.ends_with(deleted)) path.resize(path.size() - deleted.size());
  if (wanted.pid == ::getpid() || start_ticks(*stat) != wanted.start_ticks || path != wanted.path) {
    return Error(process_other, path.empty() ? name : path);
  }
  if (!wanted.sha256.empty() && executable_hash(folder + "/exe") != wanted.sha256) return Error(process_other, path);
  if (::syscall(SYS_pidfd_send_signal, process.get(), SIGKILL, nullptr, 0) != 0 && errno != ESRCH) {
    return Error(process_lasts, name);
  }
  pollfd ended{process.get(), POLLIN, 0};
  const auto millis = std::chrono::ceil<std::chrono::milliseconds>(process_end_max).count();
  if (::poll(&ended, 1, static_cast<int>(millis)) != 1) return Error(process_lasts, name);
  return {};
}

}  // namespace luy::agent
