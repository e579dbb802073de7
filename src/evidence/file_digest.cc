#include "evidence/file_digest.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <memory>
#include <vector>

#include "base/check.h"
#include "base/encoding.h"
#include "base/file.h"
#include "base/hash.h"

namespace luy::evidence {

Result<std::string> file_sha256(const std::filesystem::path& file) {
  const UniqueFd fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) return file_error(file.string(), errno);
  struct Free {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  };
  const std::unique_ptr<EVP_MD_CTX, Free> context(EVP_MD_CTX_new());
  LUY_CHECK(context != nullptr && EVP_DigestInit_ex2(context.get(), EVP_sha256(), nullptr) == 1);
  std::vector<std::uint8_t> buffer(1 << 20);
  for (;;) {
    const ssize_t n = ::read(fd.get(), buffer.data(), buffer.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return file_error(file.string(), errno);
    if (n == 0) break;
    LUY_CHECK(EVP_DigestUpdate(context.get(), buffer.data(), static_cast<std::size_t>(n)) == 1);
  }
  Hash out{};
  LUY_CHECK(EVP_DigestFinal_ex(context.get(), out.data(), nullptr) == 1);
  return to_hex(out);
}

std::string digest_line(const std::string& hex, const std::filesystem::path& file) {
  return hex + "  " + file.filename().string() + "\n";
}

}  // namespace luy::evidence
