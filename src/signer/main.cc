// luy-evidence-signer: keeps the keys that sign the evidence, in a process of its own. Its standard input is a
// SOCK_SEQPACKET socket on which it is asked (signer/wire.h); it ends when the other side does.
//
//   luy-evidence-signer --folder FOLDER --origin ORIGIN [--former-key FILE]
//   luy-evidence-signer --probe FOLDER    enters the sandbox, writes what can still be done in it; exits 0 when that is
//                                         no more than files of the folder
#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/log.h"
#include "signer/chain_signer.h"
#include "signer/sandbox.h"

namespace {

using namespace luy;

constexpr int exit_usage = 2;
constexpr int exit_sandbox = 3;
constexpr int exit_keys = 4;

int probe(const std::filesystem::path& folder) {
  if (!signer::enter_sandbox(folder)) return exit_sandbox;
  const bool files = ::open("/etc/passwd", O_RDONLY | O_CLOEXEC) >= 0;
  const bool sockets = ::socket(AF_INET, SOCK_STREAM, 0) >= 0 || ::socket(AF_UNIX, SOCK_STREAM, 0) >= 0;
  const pid_t child = ::fork();
  if (child == 0) ::_exit(0);
  const bool processes = child > 0;
  const bool own =
      write_file_durably(folder / "probe", "x").has_value() && signer::wipe_file(folder / "probe").has_value();
  const std::string text = std::string("files ") + (files ? "1" : "0") + " sockets " + (sockets ? "1" : "0") +
                           " processes " + (processes ? "1" : "0") + " own " + (own ? "1" : "0") + "\n";
  const bool told = ::write(STDOUT_FILENO, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  return told && !sockets && !processes && own ? 0 : 1;
}

// nullopt when the other side has ended or sends what is no request.
std::optional<signer::Request> receive() {
  std::string bytes(signer::message_bytes_max, '\0');
  ssize_t size = 0;
  do {
    size = ::recv(STDIN_FILENO, bytes.data(), bytes.size(), 0);
  } while (size < 0 && errno == EINTR);
  if (size <= 0) return std::nullopt;
  bytes.resize(static_cast<std::size_t>(size));
  return signer::decode_request(bytes);
}

bool send(const Result<signer::Answer>& answer) {
  const std::string bytes = signer::encode_answer(answer);
  return ::send(STDIN_FILENO, bytes.data(), bytes.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(bytes.size());
}

int serve(const signer::KeeperOptions& options) {
  SystemClock clock;
  SystemRandom random;
  auto keeper = signer::Keeper::open(options, clock, random);
  if (!keeper) {
    log(LogLevel::error, "signer", keeper.error().text());
    if (receive()) static_cast<void>(send(keeper.error()));
    return exit_keys;
  }
  // Everything that reads files outside the folder is done before.
  if (!signer::enter_sandbox(options.folder)) return exit_sandbox;
  while (const auto request = receive()) {
    if (!send(signer::answer(**keeper, *request))) break;
  }
  return 0;
}

}  // namespace

// Ends by _exit: what runs at exit would ask for what the sandbox refuses.
int main(int count, char** arguments) {
  ::close_range(3, ~0U, 0);
  ::umask(0077);
  ::prctl(PR_SET_DUMPABLE, 0);
  const rlimit no_core{0, 0};
  ::setrlimit(RLIMIT_CORE, &no_core);
  // The hub decides when it ends: a signal to the whole group must not leave its last checkpoint unsigned.
  ::signal(SIGINT, SIG_IGN);
  ::signal(SIGTERM, SIG_IGN);
  OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, nullptr);
  (void)EVP_MD_get_size(EVP_sha256());
  if (count == 3 && std::string_view(arguments[1]) == "--probe") ::_exit(probe(arguments[2]));
  luy::signer::KeeperOptions options;
  options.wait_for_lock = true;
  for (int i = 1; i + 1 < count; i += 2) {
    const std::string_view name = arguments[i];
    if (name == "--folder") options.folder = arguments[i + 1];
    if (name == "--origin") options.origin = arguments[i + 1];
    if (name == "--former-key") options.former_key = arguments[i + 1];
  }
  if (options.folder.empty() || options.origin.empty()) ::_exit(exit_usage);
  ::_exit(serve(options));
}
