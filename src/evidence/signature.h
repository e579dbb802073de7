// Ed25519 (RFC 8032) on OpenSSL: keys that sign checkpoints, out of a PKCS#8 PEM file of mode 0600 or out of a seed.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace luy::evidence {

inline constexpr std::size_t ed25519_public_bytes = 32;
inline constexpr std::size_t ed25519_seed_bytes = 32;
inline constexpr std::size_t ed25519_signature_bytes = 64;

bool ed25519_verify(std::string_view public_key, std::string_view message, std::string_view signature);

class Ed25519Key {
 public:
  // Writes a new key to `file`. Errors: key_invalid when the file exists, file errors.
  static Result<void> generate(const std::filesystem::path& file);
  // Errors: key_invalid (not an Ed25519 key), file_denied when group or others may read it, file errors.
  static Result<Ed25519Key> load(const std::filesystem::path& file);

  // The key of these 32 bytes (the private key of RFC 8032).
  static Ed25519Key from_seed(std::string_view seed);

  ~Ed25519Key();
  Ed25519Key(Ed25519Key&&) noexcept;
  Ed25519Key& operator=(Ed25519Key&&) noexcept;

  std::string public_key() const;
  std::string seed() const;  // Secret: wipe it after use.
  Result<std::string> sign(std::string_view message) const;

 private:
  struct State;
  explicit Ed25519Key(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace luy::evidence
