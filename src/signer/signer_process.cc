#include "signer/signer_process.h"

#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <vector>

#include "base/log.h"

namespace luy::signer {
namespace {

class SignerProcess final : public ChainSigner {
 public:
  explicit SignerProcess(ProcessOptions options) : options_(std::move(options)) {}
  ~SignerProcess() override {
    // It ends by itself once its socket is closed; what it does last is finished.
    socket_.reset();
    if (pid_ > 0) ::waitpid(pid_, nullptr, 0);
  }
  SignerProcess(const SignerProcess&) = delete;
  SignerProcess& operator=(const SignerProcess&) = delete;

  Result<void> start() { return begin(); }

 protected:
  Result<Answer> ask(const Request& request) override;

 private:
  Result<void> spawn();
  Result<Result<Answer>> exchange(const std::string& message);
  std::string end();

  const ProcessOptions options_;
  UniqueFd socket_;
  pid_t pid_ = -1;
};

Result<void> SignerProcess::spawn() {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    return Error(program_missing, std::strerror(errno));
  }
  UniqueFd ours(ends[0]);
  const UniqueFd theirs(ends[1]);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, theirs.get(), STDIN_FILENO);
  std::vector<std::string> words = {options_.program.string(), "--folder", options_.keeper.folder.string(), "--origin",
                                    options_.keeper.origin};
  if (!options_.keeper.former_key.empty()) {
    words.insert(words.end(), {"--former-key", options_.keeper.former_key.string()});
  }
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  const std::array<char*, 1> no_environment = {nullptr};
  // The hub blocks the signals that end it; the signer must not inherit that.
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
  const int error =
      ::posix_spawn(&pid_, words[0].c_str(), &actions, &attributes, arguments.data(), no_environment.data());
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) {
    pid_ = -1;
    return Error(program_missing, words[0] + ": " + std::strerror(error));
  }
  socket_ = std::move(ours);
  return {};
}

// Kills it, if it still runs, and says how it ended.
std::string SignerProcess::end() {
  socket_.reset();
  if (pid_ <= 0) return {};
  ::kill(pid_, SIGKILL);
  int status = 0;
  ::waitpid(pid_, &status, 0);
  pid_ = -1;
  return WIFEXITED(status) ? "exit " + std::to_string(WEXITSTATUS(status))
                           : "signal " + std::to_string(WTERMSIG(status));
}

// Errors: silent. What is inside is the keeper's answer.
Result<Result<Answer>> SignerProcess::exchange(const std::string& message) {
  if (::send(socket_.get(), message.data(), message.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(message.size())) {
    return Error(silent, std::strerror(errno));
  }
  pollfd watched{socket_.get(), POLLIN, 0};
  const auto deadline = std::chrono::steady_clock::now() + answer_time_max;
  for (;;) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0) return Error(silent, std::to_string(answer_time_max.count()) + " s");
    const int ready = ::poll(&watched, 1, static_cast<int>(left.count()));
    if (ready > 0) break;
    if (ready < 0 && errno != EINTR) return Error(silent, std::strerror(errno));
  }
  std::string bytes(message_bytes_max, '\0');
  const ssize_t size = ::recv(socket_.get(), bytes.data(), bytes.size(), 0);
  if (size <= 0) return Error(silent, size == 0 ? "EOF" : std::strerror(errno));
  bytes.resize(static_cast<std::size_t>(size));
  auto decoded = decode_answer(bytes);
  if (!decoded) return Error(silent, "answer");
  return *std::move(decoded);
}

Result<Answer> SignerProcess::ask(const Request& request) {
  const std::string message = encode_request(request);
  std::string ended;
  // The second time it is a new process: the first may have ended since the last request.
  for (int tries = 0; tries < 2; ++tries) {
    if (pid_ <= 0) LUY_TRY_VOID(spawn());
    auto answered = exchange(message);
    if (answered) return *std::move(answered);
    ended = answered.error().detail() + ", " + end();
    log(LogLevel::warning, "signer", "luy-evidence-signer does not answer (" + ended + ") and is started again");
  }
  return Error(silent, ended);
}

}  // namespace

std::filesystem::path signer_program() {
  constexpr const char* name = "luy-evidence-signer";
  std::error_code error;
  const std::filesystem::path self = std::filesystem::read_symlink("/proc/self/exe", error);
  const std::filesystem::path beside = self.parent_path() / name;
  if (!error && std::filesystem::exists(beside, error)) return beside;
  return std::filesystem::path("/usr/libexec/luy") / name;
}

Result<std::unique_ptr<ChainSigner>> start_signer(const ProcessOptions& options) {
  auto out = std::make_unique<SignerProcess>(options);
  LUY_TRY_VOID(out->start());
  return std::unique_ptr<ChainSigner>(std::move(out));
}

}  // namespace luy::signer
