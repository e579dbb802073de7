// SHA-256 (FIPS 180-4) and HMAC-SHA-256 (RFC 2104) on OpenSSL, with the algorithm fetched once: the one-shot calls look
// it up every time and cost twice as much on short input.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>

namespace luy {

using Hash = std::array<std::uint8_t, 32>;

// A reusable context. Not thread-safe: one per thread.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;

  // The digest of the parts one after another.
  Hash digest(std::initializer_list<std::string_view> parts);
  Hash digest(std::string_view bytes) { return digest({bytes}); }

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// For the places that are not hot.
Hash sha256(std::string_view bytes);
Hash hmac_sha256(std::string_view key, std::string_view message);

// Compares without telling by its duration where the difference is.
bool equal_constant_time(std::string_view a, std::string_view b);

}  // namespace luy
