// luy-signature-worker: reads one request from standard input, enters the sandbox, verifies a PDF or prepares
// it for a signature, writes one answer.
//   --probe   enters the sandbox and writes what can still be done in it; exits 0 when that is nothing.
#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "signature/worker/sandbox.h"
#include "signature/worker/wire.h"

namespace {

constexpr std::size_t request_bytes_max = luy::signature::pdf_bytes_max + (64 << 20);

bool read_all(std::string& out) {
  std::array<char, 64 << 10> buffer{};
  for (;;) {
    const ssize_t size = ::read(STDIN_FILENO, buffer.data(), buffer.size());
    if (size < 0) return false;
    if (size == 0) return true;
    out.append(buffer.data(), static_cast<std::size_t>(size));
    if (out.size() > request_bytes_max) return false;
  }
}

bool write_all(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t size = ::write(STDOUT_FILENO, bytes.data(), bytes.size());
    if (size <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(size));
  }
  return true;
}

int probe() {
  const bool files = ::open("/etc/passwd", O_RDONLY) >= 0;
  const bool sockets = ::socket(AF_INET, SOCK_STREAM, 0) >= 0 || ::socket(AF_UNIX, SOCK_STREAM, 0) >= 0;
  const pid_t child = ::fork();
  if (child == 0) ::_exit(0);
  const bool processes = child > 0;
  const std::string text = std::string("files ") + (files ? "1" : "0") + " sockets " + (sockets ? "1" : "0") +
                           " processes " + (processes ? "1" : "0") + "\n";
  return write_all(text) && !files && !sockets && !processes ? 0 : 1;
}

// Empty for what is no request.
std::string answer_to(std::string_view bytes) {
  using namespace luy::signature;
  if (const auto wanted = decode_preparation(bytes)) return encode_prepared(prepare(wanted->pdf, wanted->request));
  const auto request = decode_request(bytes);
  return request ? encode_answer(verify_pdf(request->pdf, request->options)) : std::string();
}

}  // namespace

// Ends by _exit: what runs at exit would ask for what the sandbox refuses.
int main(int count, char** arguments) {
  ::close_range(3, ~0U, 0);
  // Everything that reads files is done before.
  OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, nullptr);
  (void)EVP_MD_get_size(EVP_sha256());
  const bool probing = count == 2 && std::string_view(arguments[1]) == "--probe";
  std::string bytes;
  if (!probing && !read_all(bytes)) ::_exit(2);
  if (!luy::signature::enter_sandbox()) ::_exit(3);
  if (probing) ::_exit(probe());
  const std::string answer = answer_to(bytes);
  if (answer.empty()) ::_exit(4);
  ::_exit(write_all(answer) ? 0 : 5);
}
