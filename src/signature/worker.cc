#include "signature/worker.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string>

#include "base/file.h"
#include "signature/worker/wire.h"

namespace luy::signature {
namespace {

constexpr const char* program_name = "luy-signature-worker";

struct Child {
  pid_t pid = -1;
  UniqueFd in;
  UniqueFd out;
  ~Child() {
    if (pid <= 0) return;
    ::kill(pid, SIGKILL);
    ::waitpid(pid, nullptr, 0);
  }
};

Result<void> start(const std::filesystem::path& program, Child& child) {
  std::array<int, 2> to{};
  std::array<int, 2> from{};
  if (::pipe2(to.data(), O_CLOEXEC) != 0) return Error(worker_missing, std::strerror(errno));
  child.in = UniqueFd(to[1]);
  const UniqueFd child_in(to[0]);
  if (::pipe2(from.data(), O_CLOEXEC) != 0) return Error(worker_missing, std::strerror(errno));
  child.out = UniqueFd(from[0]);
  const UniqueFd child_out(from[1]);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, child_in.get(), STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, child_out.get(), STDOUT_FILENO);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  std::string name = program.string();
  const std::array<char*, 2> arguments = {name.data(), nullptr};
  const std::array<char*, 1> environment = {nullptr};
  const int error = ::posix_spawn(&child.pid, name.c_str(), &actions, nullptr, arguments.data(), environment.data());
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) {
    child.pid = -1;
    return Error(worker_missing, name + ": " + std::strerror(error));
  }
  ::fcntl(child.in.get(), F_SETFL, O_NONBLOCK);
  ::fcntl(child.out.get(), F_SETFL, O_NONBLOCK);
  return {};
}

// Writes what the pipe takes; closes it at the end, also when the child has ended.
void feed(Child& child, std::string_view& rest) {
  const ssize_t size = ::write(child.in.get(), rest.data(), rest.size());
  if (size > 0) rest.remove_prefix(static_cast<std::size_t>(size));
  const bool over = size < 0 && errno != EAGAIN && errno != EINTR;
  if (rest.empty() || over) child.in.reset();
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

Result<std::string> converse(Child& child, std::string_view request) {
  const PipeSignalBlocked blocked;
  const auto deadline = std::chrono::steady_clock::now() + worker_time_max;
  std::string answer;
  std::array<char, 16 << 10> buffer{};
  for (;;) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0) return Error(worker_limit, std::to_string(worker_time_max.count()) + " s");
    std::array<pollfd, 2> watched = {pollfd{child.out.get(), POLLIN, 0},
                                     pollfd{child.in ? child.in.get() : -1, POLLOUT, 0}};
    if (::poll(watched.data(), watched.size(), static_cast<int>(left.count())) < 0 && errno != EINTR) {
      return Error(worker_limit, std::strerror(errno));
    }
    if (watched[1].revents != 0) feed(child, request);
    if (watched[0].revents == 0) continue;
    const ssize_t size = ::read(child.out.get(), buffer.data(), buffer.size());
    if (size == 0) return answer;
    if (size < 0 && errno != EAGAIN && errno != EINTR) return Error(worker_limit, std::strerror(errno));
    if (size > 0) answer.append(buffer.data(), static_cast<std::size_t>(size));
    if (answer.size() > answer_bytes_max) return Error(worker_limit, "answer");
  }
}

}  // namespace

std::filesystem::path worker_program() {
  std::error_code error;
  const std::filesystem::path self = std::filesystem::read_symlink("/proc/self/exe", error);
  const std::filesystem::path beside = self.parent_path() / program_name;
  if (!error && std::filesystem::exists(beside, error)) return beside;
  return std::filesystem::path("/usr/libexec/luy") / program_name;
}

Result<Verification> verify_in_worker(const std::filesystem::path& program, std::string_view pdf,
                                      const VerifyOptions& options) {
  if (pdf.size() > pdf_bytes_max) return Error(pdf_too_large, std::to_string(pdf.size() >> 20) + " MiB");
  Child child;
  LUY_TRY_VOID(start(program, child));
  LUY_TRY(const std::string answer, converse(child, encode_request(pdf, options)));
  int status = 0;
  const pid_t pid = std::exchange(child.pid, -1);
  if (::waitpid(pid, &status, 0) != pid) return Error(worker_limit, std::strerror(errno));
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    return Error(worker_limit, WIFSIGNALED(status) ? "signal " + std::to_string(WTERMSIG(status))
                                                   : "exit " + std::to_string(WEXITSTATUS(status)));
  }
  auto decoded = decode_answer(answer);
  if (!decoded) return Error(worker_limit, "answer");
  return std::move(*decoded);
}

}  // namespace luy::signature
