// luy-token-worker: reads one request from standard input, uses a key on a PKCS#11 token, writes one answer. It leaves
// no core file: the PIN is in its memory.
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <string>
#include <string_view>

#include "signature/worker/token_wire.h"

namespace {

constexpr std::size_t request_bytes_max = 1 << 20;  // What is signed are some attributes, not the document.

bool read_all(std::string& out) {
  std::array<char, 16 << 10> buffer{};
  for (;;) {
    const ssize_t size = ::read(STDIN_FILENO, buffer.data(), buffer.size());
    if (size < 0) return false;
    if (size == 0) return true;
    out.append(buffer.data(), static_cast<std::size_t>(size));
    if (out.size() > request_bytes_max) return false;
  }
}

luy::Result<luy::signature::TokenAnswer> use(const luy::signature::TokenRequest& request) {
  LUY_TRY(const auto signer, luy::signature::open_token(request.options));
  luy::signature::TokenAnswer out{signer->certificate().der, signer->kind(), {}};
  if (!request.message.empty()) {
    LUY_TRY(out.signature, signer->sign(request.message));
  }
  return out;
}

}  // namespace

int main() {
  // Nothing of the hub's: its ports and connections are no business of a driver's, nor may they outlive the hub here.
  ::close_range(3, ~0U, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  ::prctl(PR_SET_DUMPABLE, 0);
  const rlimit no_core{0, 0};
  ::setrlimit(RLIMIT_CORE, &no_core);
  // What a driver prints must not stand in the answer.
  const int answers = ::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
  if (answers < 0 || ::dup2(STDERR_FILENO, STDOUT_FILENO) < 0) return 2;
  std::string bytes;
  if (!read_all(bytes)) return 2;
  const auto request = luy::signature::decode_token_request(bytes);
  if (!request) return 4;
  const std::string answer = luy::signature::encode_token_answer(use(*request));
  std::string_view rest = answer;
  while (!rest.empty()) {
    const ssize_t size = ::write(answers, rest.data(), rest.size());
    if (size <= 0) return 5;
    rest.remove_prefix(static_cast<std::size_t>(size));
  }
  // Drivers and leak checks at exit are none of the caller's business.
  ::_exit(0);
}
