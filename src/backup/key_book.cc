#include "backup/key_book.h"

#include <openssl/evp.h>

#include <array>
#include <mutex>

#include "base/check.h"
#include "base/encoding.h"
#include "base/file.h"

namespace luy::backup {
namespace {

constexpr std::size_t nonce_bytes = 12;
constexpr std::size_t tag_bytes = 16;

struct FreeContext {
  void operator()(EVP_CIPHER_CTX* context) const { ::EVP_CIPHER_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_CIPHER_CTX, FreeContext>;

std::string random_bytes(Random& random, std::size_t count) {
  std::string out(count, '\0');
  random.fill(std::span(reinterpret_cast<std::uint8_t*>(out.data()), out.size()));
  return out;
}

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

Result<bool> has_keys(records::Database& database) {
  bool any = false;
  LUY_TRY_VOID(database.read([&](records::Connection& c) {
    return c.query("SELECT 1 FROM backup_key LIMIT 1", {}, [&](const records::Row&) { any = true; });
  }));
  return any;
}

}  // namespace

std::string seal_key(std::string_view escrow_key, std::string_view nonce, std::string_view about,
                     std::string_view plain) {
  LUY_CHECK(escrow_key.size() == key_bytes && nonce.size() == nonce_bytes);
  const Context context(::EVP_CIPHER_CTX_new());
  std::string out(plain.size(), '\0');
  std::array<unsigned char, tag_bytes> tag{};
  int n = 0;
  auto* const into = reinterpret_cast<unsigned char*>(out.data());
  LUY_CHECK(::EVP_EncryptInit_ex(context.get(), ::EVP_aes_256_gcm(), nullptr, bytes_of(escrow_key), bytes_of(nonce)) ==
                1 &&
            ::EVP_EncryptUpdate(context.get(), nullptr, &n, bytes_of(about), static_cast<int>(about.size())) == 1 &&
            ::EVP_EncryptUpdate(context.get(), into, &n, bytes_of(plain), static_cast<int>(plain.size())) == 1 &&
            ::EVP_EncryptFinal_ex(context.get(), into + n, &n) == 1 &&
            ::EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, tag.size(), tag.data()) == 1);
  return std::string(nonce) + out + std::string(reinterpret_cast<const char*>(tag.data()), tag.size());
}

Result<std::string> open_key(std::string_view escrow_key, std::string_view about, std::string_view sealed) {
  const auto damaged = [&] { return Error(key_damaged, std::string(about)); };
  if (escrow_key.size() != key_bytes || sealed.size() < nonce_bytes + tag_bytes) return damaged();
  const std::string_view nonce = sealed.substr(0, nonce_bytes);
  const std::string_view body = sealed.substr(nonce_bytes, sealed.size() - nonce_bytes - tag_bytes);
  std::string tag(sealed.substr(sealed.size() - tag_bytes));
  const Context context(::EVP_CIPHER_CTX_new());
  std::string out(body.size() + tag_bytes, '\0');
  auto* const into = reinterpret_cast<unsigned char*>(out.data());
  int n = 0;
  int last = 0;
  const bool good =
      ::EVP_DecryptInit_ex(context.get(), ::EVP_aes_256_gcm(), nullptr, bytes_of(escrow_key), bytes_of(nonce)) == 1 &&
      ::EVP_DecryptUpdate(context.get(), nullptr, &last, bytes_of(about), static_cast<int>(about.size())) == 1 &&
      ::EVP_DecryptUpdate(context.get(), into, &n, bytes_of(body), static_cast<int>(body.size())) == 1 &&
      ::EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, static_cast<int>(tag.size()), tag.data()) == 1 &&
      ::EVP_DecryptFinal_ex(context.get(), into + n, &last) == 1;
  if (!good) return damaged();
  out.resize(static_cast<std::size_t>(n + last));
  return out;
}

Result<std::unique_ptr<KeyBook>> KeyBook::open(Dependencies dependencies, const std::filesystem::path& file) {
  auto key = read_file(file, 4096);
  if (!key && key.error().is(file_not_found)) {
    LUY_TRY(const bool any, has_keys(dependencies.database));
    // Another would open none of them, and hide that they are lost.
    if (any) return Error(key_damaged, file.string());
    std::string fresh = random_bytes(dependencies.random, key_bytes);
    LUY_TRY_VOID(write_file_durably(file, fresh, 0600));
    key = std::move(fresh);
  }
  if (!key) return key.error();
  if (key->size() != key_bytes) return Error(key_damaged, file.string());
  return std::unique_ptr<KeyBook>(new KeyBook(dependencies, *std::move(key)));
}

Result<std::optional<std::string>> KeyBook::find(records::Connection& c, const DeviceId& device) const {
  std::optional<std::string> sealed;
  LUY_TRY_VOID(c.query("SELECT sealed FROM backup_key WHERE device = $1", {std::string_view(device.text())},
                       [&](const records::Row& row) { sealed = row.text(0); }));
  if (!sealed) return std::optional<std::string>();
  const auto bytes = from_base64(*sealed);
  if (!bytes) return Error(key_damaged, device.text());
  LUY_TRY(std::string plain, open_key(escrow_key_, device.text(), *bytes));
  return std::optional(to_hex(as_bytes(plain)));
}

Result<std::string> KeyBook::give(const DeviceId& device) {
  return d_.database.write([&](records::Connection& c) -> Result<std::string> {
    LUY_TRY(const auto known, find(c, device));
    if (known) return *known;
    const std::string plain = random_bytes(d_.random, key_bytes);
    const std::string sealed =
        to_base64(seal_key(escrow_key_, random_bytes(d_.random, nonce_bytes), device.text(), plain));
    LUY_TRY_VOID(c.run("INSERT INTO backup_key (device, sealed, made_at) VALUES ($1, $2, $3)",
                       {std::string_view(device.text()), std::string_view(sealed), to_micros(d_.clock.now())}));
    return to_hex(as_bytes(plain));
  });
}

Result<std::string> KeyBook::reveal_in(records::Connection& c, const DeviceId& device) const {
  LUY_TRY(const auto known, find(c, device));
  if (!known) return Error(key_unknown, device.text());
  return *known;
}

}  // namespace luy::backup
