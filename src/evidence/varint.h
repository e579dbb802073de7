// Unsigned LEB128, as the columns of blocks use it. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace luy::evidence {

inline void put_varint(std::string& out, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7U) out += static_cast<char>(value | 0x80U);
  out += static_cast<char>(value);
}

// LEB128 of at most 64 bits; after the first fault everything reads as zero or empty and ok() is false.
class VarintReader {
 public:
  explicit VarintReader(std::string_view bytes) : at_(bytes.data()), end_(bytes.data() + bytes.size()) {}

  std::uint64_t next() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; at_ != end_ && shift < 64; shift += 7) {
      const auto byte = static_cast<std::uint8_t>(*at_++);
      const std::uint64_t bits = byte & 0x7fU;
      if (shift == 63 && bits > 1) break;
      value |= bits << shift;
      if ((byte & 0x80U) == 0) return value;
    }
    fail();
    return 0;
  }
  std::uint8_t byte() {
    if (at_ == end_) ok_ = false;
    return at_ == end_ ? std::uint8_t{0} : static_cast<std::uint8_t>(*at_++);
  }
  std::string_view bytes(std::uint64_t count) {
    if (count > static_cast<std::uint64_t>(end_ - at_)) fail();
    const std::string_view out(at_, ok_ ? static_cast<std::size_t>(count) : 0);
    at_ += out.size();
    return out;
  }
  std::string_view rest() const { return {at_, static_cast<std::size_t>(end_ - at_)}; }
  bool ok() const { return ok_; }

 private:
  void fail() {
    ok_ = false;
    at_ = end_;
  }
  const char* at_;
  const char* end_;
  bool ok_ = true;
};

}  // namespace luy::evidence
