// Randomness comes in by constructor, so that a simulation can be replayed from its seed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace luy {

// Thread-safe.
class Random {
 public:
  virtual ~Random() = default;
  virtual void fill(std::span<std::uint8_t> out) = 0;
};

// The operating system's generator (getrandom(2)); aborts if it fails, which Linux promises not to happen after boot.
class SystemRandom final : public Random {
 public:
  void fill(std::span<std::uint8_t> out) override;
};

// Deterministic and predictable: for tests and simulation only. Not thread-safe.
class SeededRandom final : public Random {
 public:
  explicit SeededRandom(std::uint64_t seed) : state_(seed) {}
  void fill(std::span<std::uint8_t> out) override;
  std::uint64_t next();  // splitmix64

 private:
  std::uint64_t state_;
};

}  // namespace luy
