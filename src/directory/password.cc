#include "directory/password.h"

#include <sodium.h>

#include <array>

namespace luy::directory {

// One of the running_max places, held while a hash is being made.
class PasswordHasher::Turn {
 public:
  static Result<Turn> take(PasswordHasher& hasher) {
    std::unique_lock lock(hasher.mutex_);
    if (hasher.running_ >= running_max && hasher.waiting_ >= waiting_max) return Error(passwords_busy);
    ++hasher.waiting_;
    hasher.free_.wait(lock, [&] { return hasher.running_ < running_max; });
    --hasher.waiting_;
    ++hasher.running_;
    return Turn(hasher);
  }
  Turn(Turn&& other) noexcept : hasher_(std::exchange(other.hasher_, nullptr)) {}
  Turn& operator=(Turn&&) = delete;
  ~Turn() {
    if (hasher_ == nullptr) return;
    const std::lock_guard lock(hasher_->mutex_);
    --hasher_->running_;
    hasher_->free_.notify_one();
  }

 private:
  explicit Turn(PasswordHasher& hasher) : hasher_(&hasher) {}
  PasswordHasher* hasher_;
};

PasswordHasher::PasswordHasher(PasswordCost cost) : cost_(cost), nobody_(hash_now("nobody has this password")) {}

std::string PasswordHasher::hash_now(std::string_view password) const {
  LUY_CHECK_MSG(sodium_init() >= 0, "libsodium found no source of randomness");
  std::array<char, crypto_pwhash_STRBYTES> out{};
  // Fails only for want of memory.
  LUY_CHECK(crypto_pwhash_str_alg(out.data(), password.data(), password.size(), cost_.passes, cost_.memory_bytes,
                                  crypto_pwhash_ALG_ARGON2ID13) == 0);
  return out.data();
}

Result<std::string> PasswordHasher::hash(std::string_view password) {
  LUY_TRY([[maybe_unused]] const Turn turn, Turn::take(*this));
  return hash_now(password);
}

Result<bool> PasswordHasher::verify(const std::string& hash, std::string_view password) {
  LUY_TRY([[maybe_unused]] const Turn turn, Turn::take(*this));
  return crypto_pwhash_str_verify(hash.c_str(), password.data(), password.size()) == 0;
}

Result<void> PasswordHasher::verify_nobody(std::string_view password) {
  LUY_TRY_VOID(verify(nobody_, password));
  return {};
}

bool PasswordHasher::needs_rehash(const std::string& hash) const {
  return crypto_pwhash_str_needs_rehash(hash.c_str(), cost_.passes, cost_.memory_bytes) != 0;
}

std::string make_one_time_password(Random& random) {
  // Without i, l, o, 0 and 1, which are mistaken for one another on paper.
  constexpr std::string_view alphabet = "abcdefghjkmnpqrstuvwxyz23456789";
  constexpr std::size_t characters = 20;
  constexpr std::size_t group = 5;
  constexpr auto limit = static_cast<std::uint8_t>(256 / alphabet.size() * alphabet.size());
  std::string out;
  std::size_t count = 0;
  while (count < characters) {
    std::uint8_t byte = 0;
    random.fill({&byte, 1});
    // Bytes above the greatest multiple would make the first letters likelier.
    if (byte >= limit) continue;
    if (count != 0 && count % group == 0) out += '-';
    out += alphabet[byte % alphabet.size()];
    ++count;
  }
  return out;
}

}  // namespace luy::directory
