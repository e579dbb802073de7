#include "agent/linux/child.h"

#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "base/file.h"

namespace luy::agent {
namespace {

Result<UniqueFd> memory_file(std::string_view text) {
  UniqueFd fd(::memfd_create("luy", MFD_CLOEXEC));
  if (!fd) return file_error("memfd", errno);
  while (!text.empty()) {
    const ssize_t n = ::write(fd.get(), text.data(), text.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return file_error("memfd", errno);
    text.remove_prefix(static_cast<std::size_t>(n));
  }
  ::lseek(fd.get(), 0, SEEK_SET);
  return fd;
}

}  // namespace

Result<pid_t> spawn_child(const std::vector<std::string>& arguments, int input, int output, bool errors_too) {
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, input, 0);
  ::posix_spawn_file_actions_adddup2(&actions, output, 1);
  if (errors_too) ::posix_spawn_file_actions_adddup2(&actions, output, 2);
  posix_spawnattr_t attributes;
  ::posix_spawnattr_init(&attributes);
  // The agent blocks the signals it reads from a descriptor; its children must not.
  sigset_t none;
  ::sigemptyset(&none);
  ::posix_spawnattr_setsigmask(&attributes, &none);
  ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
  std::vector<char*> argv;
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  std::string path = "PATH=/usr/sbin:/usr/bin:/sbin:/bin";
  std::string locale = "LC_ALL=C";
  std::array<char*, 3> environment{path.data(), locale.data(), nullptr};
  pid_t pid = -1;
  const int error = ::posix_spawn(&pid, argv[0], &actions, &attributes, argv.data(), environment.data());
  ::posix_spawn_file_actions_destroy(&actions);
  ::posix_spawnattr_destroy(&attributes);
  if (error != 0) return file_error(arguments[0], error);
  return pid;
}

Result<ChildResult> run_with_input(const std::vector<std::string>& arguments, std::string_view input, Duration time) {
  LUY_TRY(const UniqueFd in, memory_file(input));
  LUY_TRY(const UniqueFd out, memory_file({}));
  LUY_TRY(const pid_t pid, spawn_child(arguments, in.get(), out.get(), true));
  const UniqueFd handle(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
  pollfd ended{handle.get(), POLLIN, 0};
  const auto millis = static_cast<int>(std::chrono::ceil<std::chrono::milliseconds>(time).count());
  // Without a descriptor of the process (a kernel before 5.3) it is waited for without a limit.
  const bool late = handle && ::poll(&ended, 1, millis) == 0;
  if (late) ::kill(pid, SIGKILL);
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  if (late) return file_error(arguments[0], ETIMEDOUT);
  ChildResult result;
  result.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  result.output.resize(child_output_bytes_max);
  const ssize_t n = ::pread(out.get(), result.output.data(), result.output.size(), 0);
  result.output.resize(n > 0 ? static_cast<std::size_t>(n) : 0);
  return result;
}

}  // namespace luy::agent
