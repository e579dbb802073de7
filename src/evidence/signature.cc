#include "evidence/signature.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <sys/stat.h>

#include <cerrno>

#include "base/check.h"
#include "base/encoding.h"
#include "base/file.h"
#include "evidence/error.h"

namespace luy::evidence {
namespace {

constexpr std::size_t pem_bytes_max = 16 << 10;

template <auto Free>
struct Freed {
  template <class T>
  void operator()(T* p) const {
    Free(p);
  }
};
using PKey = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using MdContext = std::unique_ptr<EVP_MD_CTX, Freed<EVP_MD_CTX_free>>;
using Bio = std::unique_ptr<BIO, Freed<BIO_free_all>>;

}  // namespace

struct Ed25519Key::State {
  PKey key;
};

bool ed25519_verify(std::string_view public_key, std::string_view message, std::string_view signature) {
  if (public_key.size() != ed25519_public_bytes || signature.size() != ed25519_signature_bytes) return false;
  const PKey key(
      EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, as_bytes(public_key).data(), public_key.size()));
  const MdContext context(EVP_MD_CTX_new());
  if (key == nullptr || context == nullptr) return false;
  const bool good = EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1 &&
                    EVP_DigestVerify(context.get(), as_bytes(signature).data(), signature.size(),
                                     as_bytes(message).data(), message.size()) == 1;
  ERR_clear_error();
  return good;
}

Ed25519Key::Ed25519Key(std::unique_ptr<State> state) : state_(std::move(state)) {}
Ed25519Key::~Ed25519Key() = default;
Ed25519Key::Ed25519Key(Ed25519Key&&) noexcept = default;
Ed25519Key& Ed25519Key::operator=(Ed25519Key&&) noexcept = default;

Result<void> Ed25519Key::generate(const std::filesystem::path& file) {
  std::error_code ignored;
  if (std::filesystem::exists(file, ignored)) return Error(key_invalid, file.string() + " already exists");
  const PKey key(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
  const Bio bio(BIO_new(BIO_s_mem()));
  LUY_CHECK(key != nullptr && bio != nullptr);
  LUY_CHECK(PEM_write_bio_PKCS8PrivateKey(bio.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1);
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  return write_file_durably(file, std::string_view(data, static_cast<std::size_t>(size)), 0600);
}

Result<Ed25519Key> Ed25519Key::load(const std::filesystem::path& file) {
  struct stat status {};
  if (::stat(file.c_str(), &status) != 0) return file_error(file.string(), errno);
  if ((status.st_mode & 077U) != 0) {
    return Error(file_denied, file.string() + ": group or others may access this private key; chmod 600");
  }
  LUY_TRY(const std::string pem, read_file(file, pem_bytes_max));
  const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  LUY_CHECK(bio != nullptr);
  // An empty password instead of the default prompt on the terminal.
  PKey key(PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, const_cast<char*>("")));
  ERR_clear_error();
  if (key == nullptr || EVP_PKEY_get_id(key.get()) != EVP_PKEY_ED25519) {
    return Error(key_invalid, file.string() + " holds no Ed25519 private key");
  }
  return Ed25519Key(std::make_unique<State>(State{std::move(key)}));
}

Ed25519Key Ed25519Key::from_seed(std::string_view seed) {
  LUY_CHECK(seed.size() == ed25519_seed_bytes);
  PKey key(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, as_bytes(seed).data(), seed.size()));
  LUY_CHECK(key != nullptr);
  return Ed25519Key(std::make_unique<State>(State{std::move(key)}));
}

std::string Ed25519Key::seed() const {
  std::string out(ed25519_seed_bytes, '\0');
  std::size_t size = out.size();
  LUY_CHECK(EVP_PKEY_get_raw_private_key(state_->key.get(), reinterpret_cast<unsigned char*>(out.data()), &size) == 1);
  return out;
}

std::string Ed25519Key::public_key() const {
  std::string out(ed25519_public_bytes, '\0');
  std::size_t size = out.size();
  LUY_CHECK(EVP_PKEY_get_raw_public_key(state_->key.get(), reinterpret_cast<unsigned char*>(out.data()), &size) == 1);
  return out;
}

Result<std::string> Ed25519Key::sign(std::string_view message) const {
  const MdContext context(EVP_MD_CTX_new());
  std::string out(ed25519_signature_bytes, '\0');
  std::size_t size = out.size();
  if (context == nullptr || EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, state_->key.get()) != 1 ||
      EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(out.data()), &size, as_bytes(message).data(),
                     message.size()) != 1 ||
      size != out.size()) {
    return Error(key_invalid, "signing failed");
  }
  return out;
}

}  // namespace luy::evidence
