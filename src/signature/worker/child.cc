#include "signature/worker/child.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "base/file.h"

namespace luy::signature {
namespace {

struct Child {
  pid_t pid = -1;
  UniqueFd in;
  UniqueFd out;
  bool over_socket = false;  // Somebody else started it: `in` and `out` are one connection, and there is no pid.
  ~Child() {
    if (pid <= 0) return;
    ::kill(pid, SIGKILL);
    ::waitpid(pid, nullptr, 0);
  }
};

Result<void> start(const std::filesystem::path& program, const ChildRules& rules, Child& child) {
  std::array<int, 2> to{};
  std::array<int, 2> from{};
  if (::pipe2(to.data(), O_CLOEXEC) != 0) return Error(*rules.missing, std::strerror(errno));
  child.in = UniqueFd(to[1]);
  const UniqueFd child_in(to[0]);
  if (::pipe2(from.data(), O_CLOEXEC) != 0) return Error(*rules.missing, std::strerror(errno));
  child.out = UniqueFd(from[0]);
  const UniqueFd child_out(from[1]);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, child_in.get(), STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, child_out.get(), STDOUT_FILENO);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  std::string name = program.string();
  const std::array<char*, 2> arguments = {name.data(), nullptr};
  const std::array<char*, 1> none = {nullptr};
  char* const* environment = rules.inherits_environment ? environ : none.data();
  const int error = ::posix_spawn(&child.pid, name.c_str(), &actions, nullptr, arguments.data(), environment);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) {
    child.pid = -1;
    return Error(*rules.missing, name + ": " + std::strerror(error));
  }
  ::fcntl(child.in.get(), F_SETFL, O_NONBLOCK);
  ::fcntl(child.out.get(), F_SETFL, O_NONBLOCK);
  return {};
}

Result<void> connect_to(const std::filesystem::path& socket, const ChildRules& rules, Child& child) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string& name = socket.native();
  if (name.size() >= sizeof address.sun_path) return Error(*rules.missing, name);
  name.copy(address.sun_path, name.size());
  child.in = UniqueFd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!child.in || ::connect(child.in.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    return Error(*rules.missing, name + ": " + std::strerror(errno));
  }
  ::fcntl(child.in.get(), F_SETFL, O_NONBLOCK);
  child.out = UniqueFd(::fcntl(child.in.get(), F_DUPFD_CLOEXEC, 0));
  if (!child.out) return Error(*rules.missing, name + ": " + std::strerror(errno));
  child.over_socket = true;
  return {};
}

// Writes what the pipe takes; closes it at the end, also when the child has ended.
void feed(Child& child, std::string_view& rest) {
  const ssize_t size = ::write(child.in.get(), rest.data(), rest.size());
  if (size > 0) rest.remove_prefix(static_cast<std::size_t>(size));
  const bool over = size < 0 && errno != EAGAIN && errno != EINTR;
  if (!rest.empty() && !over) return;
  if (child.over_socket) ::shutdown(child.in.get(), SHUT_WR);
  child.in.reset();
}

// A write to a worker that has ended must be an error, not the end of this process; only this thread is touched.
class PipeSignalBlocked {
 public:
  PipeSignalBlocked() {
    ::sigemptyset(&pipe_);
    ::sigaddset(&pipe_, SIGPIPE);
    ::pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
  }
  ~PipeSignalBlocked() {
    const timespec none{};
    while (::sigismember(&before_, SIGPIPE) == 0 && ::sigtimedwait(&pipe_, nullptr, &none) > 0) continue;
    ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  PipeSignalBlocked(const PipeSignalBlocked&) = delete;
  PipeSignalBlocked& operator=(const PipeSignalBlocked&) = delete;

 private:
  sigset_t pipe_{};
  sigset_t before_{};
};

Result<std::string> converse(Child& child, const ChildRules& rules, std::string_view request) {
  const PipeSignalBlocked blocked;
  const auto deadline = std::chrono::steady_clock::now() + rules.time_max;
  std::string answer;
  std::array<char, 16 << 10> buffer{};
  for (;;) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0) return Error(*rules.broken, std::to_string(rules.time_max.count()) + " s");
    std::array<pollfd, 2> watched = {pollfd{child.out.get(), POLLIN, 0},
                                     pollfd{child.in ? child.in.get() : -1, POLLOUT, 0}};
    if (::poll(watched.data(), watched.size(), static_cast<int>(left.count())) < 0 && errno != EINTR) {
      return Error(*rules.broken, std::strerror(errno));
    }
    if (watched[1].revents != 0) feed(child, request);
    if (watched[0].revents == 0) continue;
    const ssize_t size = ::read(child.out.get(), buffer.data(), buffer.size());
    if (size == 0) return answer;
    if (size < 0 && errno != EAGAIN && errno != EINTR) return Error(*rules.broken, std::strerror(errno));
    if (size > 0) answer.append(buffer.data(), static_cast<std::size_t>(size));
    if (answer.size() > rules.answer_bytes_max) return Error(*rules.broken, "answer");
  }
}

}  // namespace

std::filesystem::path program_beside(const char* name) {
  std::error_code error;
  const std::filesystem::path self = std::filesystem::read_symlink("/proc/self/exe", error);
  const std::filesystem::path beside = self.parent_path() / name;
  if (!error && std::filesystem::exists(beside, error)) return beside;
  return std::filesystem::path("/usr/libexec/luy") / name;
}

Result<std::string> ask_child(const std::filesystem::path& program, const ChildRules& rules, std::string_view request) {
  Child child;
  std::error_code unreadable;
  if (std::filesystem::is_socket(program, unreadable)) {
    LUY_TRY_VOID(connect_to(program, rules, child));
    LUY_TRY(std::string answer, converse(child, rules, request));
    if (answer.empty()) return Error(*rules.broken, "no answer");
    return answer;
  }
  LUY_TRY_VOID(start(program, rules, child));
  LUY_TRY(std::string answer, converse(child, rules, request));
  int status = 0;
  const pid_t pid = std::exchange(child.pid, -1);
  if (::waitpid(pid, &status, 0) != pid) return Error(*rules.broken, std::strerror(errno));
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    return Error(*rules.broken, WIFSIGNALED(status) ? "signal " + std::to_string(WTERMSIG(status))
                                                    : "exit " + std::to_string(WEXITSTATUS(status)));
  }
  return answer;
}

}  // namespace luy::signature
