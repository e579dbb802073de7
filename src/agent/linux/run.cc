// Running another program: no shell, bounded time and output, low priority.
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string>
#include <vector>

#include "agent/collector.h"
#include "agent/linux/linux_kernel.h"
#include "base/clock.h"
#include "base/file.h"

namespace luy::agent {
namespace {

struct Child {
  pid_t pid = -1;
  UniqueFd output;
};

Result<Child> spawn(const std::vector<std::string>& arguments, int niceness) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return file_error("pipe", errno);
  UniqueFd reading(ends[0]);
  const UniqueFd writing(ends[1]);
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  ::posix_spawn_file_actions_adddup2(&actions, writing.get(), 1);
  ::posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
  // The agent blocks the signals it reads from a descriptor; its children must not.
  posix_spawnattr_t attributes;
  ::posix_spawnattr_init(&attributes);
  sigset_t none;
  ::sigemptyset(&none);
  ::posix_spawnattr_setsigmask(&attributes, &none);
  ::posix_spawnattr_setpgroup(&attributes, 0);
  ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);

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
  ::setpriority(PRIO_PROCESS, static_cast<id_t>(pid), niceness);
  return Child{pid, std::move(reading)};
}

std::string seconds_text(Duration time) {
  return std::to_string(std::chrono::ceil<std::chrono::seconds>(time).count()) + " s";
}

Result<std::string> read_output(const Child& child, const std::string& name, const RunLimits& limits, int stop_fd) {
  const SystemClock clock;
  const Duration deadline = clock.monotonic() + limits.time;
  std::string output;
  std::array<char, 16384> buffer{};
  for (;;) {
    const Duration left = deadline - clock.monotonic();
    if (left <= Duration{0}) return Error(collector_failed, name + ": no answer within " + seconds_text(limits.time));
    std::array<pollfd, 2> wait{pollfd{child.output.get(), POLLIN, 0}, pollfd{stop_fd, POLLIN, 0}};
    const auto millis = std::chrono::ceil<std::chrono::milliseconds>(left).count();
    if (::poll(wait.data(), wait.size(), static_cast<int>(millis)) <= 0) continue;
    if (wait[1].revents != 0) return Error(collector_failed, name + ": the agent is stopping");
    const ssize_t n = ::read(child.output.get(), buffer.data(), buffer.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return file_error(name, errno);
    if (n == 0) return output;
    if (output.size() + static_cast<std::size_t>(n) > limits.output_bytes) {
      return Error(collector_failed, name + ": too much output");
    }
    output.append(buffer.data(), static_cast<std::size_t>(n));
  }
}

}  // namespace

LinuxKernel::LinuxKernel() : stop_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

void LinuxKernel::interrupt() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t n = ::write(stop_.get(), &one, sizeof one);
}

Result<std::string> LinuxKernel::run(const std::vector<std::string>& arguments, const RunLimits& limits) {
  LUY_TRY(const Child child, spawn(arguments, limits.niceness));
  auto output = read_output(child, arguments[0], limits, stop_.get());
  if (!output) ::kill(-child.pid, SIGKILL);
  int status = 0;
  while (::waitpid(child.pid, &status, 0) < 0 && errno == EINTR) {
  }
  if (!output) return output;
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    return Error(collector_failed,
                 arguments[0] + ": ended with status " + std::to_string(WIFEXITED(status) ? WEXITSTATUS(status) : -1));
  }
  return output;
}

}  // namespace luy::agent
