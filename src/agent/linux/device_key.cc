#include "agent/linux/device_key.h"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include <array>
#include <ctime>

#include "base/encoding.h"
#include "base/file.h"

namespace luy::agent {
namespace {

using Bio = std::unique_ptr<BIO, Free<BIO_free_all>>;
using Request = std::unique_ptr<X509_REQ, Free<X509_REQ_free>>;

constexpr const char* key_file = "agent.key";
constexpr std::size_t key_bytes_max = 16 << 10;

Bio reading(std::string_view text) {
  return Bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

std::string written(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return {data, static_cast<std::size_t>(size)};
}

Time to_time(const ASN1_TIME* time) {
  std::tm utc{};
  if (ASN1_TIME_to_tm(time, &utc) != 1) return Time{};
  return Time{std::chrono::seconds(::timegm(&utc))};
}

}  // namespace

std::string openssl_error() {
  std::array<char, 256> text{};
  const unsigned long code = ERR_get_error();
  ERR_clear_error();
  if (code == 0) return "unknown";
  ERR_error_string_n(code, text.data(), text.size());
  return text.data();
}

Result<PrivateKey> load_or_make_key(const std::filesystem::path& folder) {
  const std::filesystem::path path = folder / key_file;
  const auto text = read_file(path, key_bytes_max);
  if (text) {
    PrivateKey key(PEM_read_bio_PrivateKey(reading(*text).get(), nullptr, nullptr, nullptr));
    if (!key) return Error(key_unusable, path.string() + ": " + openssl_error());
    return key;
  }
  if (!text.error().is(file_not_found)) return text.error();
  PrivateKey key(EVP_EC_gen("P-256"));
  const Bio out(BIO_new(BIO_s_mem()));
  if (!key || PEM_write_bio_PrivateKey(out.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) != 1) {
    return Error(key_unusable, path.string() + ": " + openssl_error());
  }
  LUY_TRY_VOID(write_file_durably(path, written(out.get()), 0600));
  return key;
}

Result<std::string> make_csr(EVP_PKEY* key) {
  const Request request(X509_REQ_new());
  const Bio out(BIO_new(BIO_s_mem()));
  const auto* name = reinterpret_cast<const unsigned char*>("luy-agent");
  const bool made =
      request && X509_REQ_set_version(request.get(), X509_REQ_VERSION_1) == 1 &&
      X509_NAME_add_entry_by_txt(X509_REQ_get_subject_name(request.get()), "CN", MBSTRING_UTF8, name, -1, -1, 0) == 1 &&
      X509_REQ_set_pubkey(request.get(), key) == 1 && X509_REQ_sign(request.get(), key, EVP_sha256()) > 0 &&
      PEM_write_bio_X509_REQ(out.get(), request.get()) == 1;
  if (!made) return Error(key_unusable, openssl_error());
  return written(out.get());
}

Result<Certificate> read_certificate(std::string_view pem) {
  Certificate certificate(PEM_read_bio_X509(reading(pem).get(), nullptr, nullptr, nullptr));
  if (!certificate) return Error(key_unusable, openssl_error());
  return certificate;
}

Time not_before(const X509* certificate) {
  return to_time(X509_get0_notBefore(certificate));
}

Time not_after(const X509* certificate) {
  return to_time(X509_get0_notAfter(certificate));
}

bool belongs_to(const X509* certificate, const EVP_PKEY* key) {
  return EVP_PKEY_eq(X509_get0_pubkey(certificate), key) == 1;
}

std::string fingerprint(const X509* certificate) {
  std::array<std::uint8_t, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  if (X509_digest(certificate, EVP_sha256(), digest.data(), &size) != 1) return {};
  return to_hex(std::span(digest.data(), size));
}

std::string normal_fingerprint(std::string_view text) {
  std::string digits;
  for (const char c : text) {
    if (c != ':' && c != ' ') digits += c;
  }
  const auto bytes = from_hex(digits);
  if (!bytes || bytes->size() != 32) return {};
  return to_hex(as_bytes(*bytes));
}

}  // namespace luy::agent
