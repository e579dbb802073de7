// Hexadecimal and base 64 (RFC 4648), big-endian integers, CRC-32C. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace luy {

std::string to_hex(std::span<const std::uint8_t> bytes);        // Lower case.
std::optional<std::string> from_hex(std::string_view text);     // Either case; nullopt unless every digit is one.
std::string to_base64(std::string_view bytes);                  // Standard alphabet, padded.
std::optional<std::string> from_base64(std::string_view text);  // Strict: padded, no blanks, no stray bits.
std::string to_base64url(std::string_view bytes);               // URL alphabet, no padding.

void put_u16(std::string& out, std::uint16_t value);  // Big-endian.
void put_u32(std::string& out, std::uint32_t value);
void put_u64(std::string& out, std::uint64_t value);

// Takes big-endian integers and runs of bytes off a view; after the first shortfall everything reads as zero or empty
// and ok() is false, so a decoder checks once at its end.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : rest_(bytes) {}
  std::uint8_t u8() { return static_cast<std::uint8_t>(number(1)); }
  std::uint16_t u16() { return static_cast<std::uint16_t>(number(2)); }
  std::uint32_t u32() { return static_cast<std::uint32_t>(number(4)); }
  std::uint64_t u64() { return number(8); }
  std::string_view bytes(std::size_t n);  // Borrowed from what the reader was given.
  std::string_view rest() const { return rest_; }
  bool ok() const { return ok_; }
  bool done() const { return ok_ && rest_.empty(); }

 private:
  std::uint64_t number(std::size_t n);
  std::string_view rest_;
  bool ok_ = true;
};

// CRC-32C (Castagnoli, reflected 0x82f63b78), as in iSCSI, RFC 3720 B.4: detects accidents, not attacks.
std::uint32_t crc32c(std::string_view bytes, std::uint32_t seed = 0);

inline std::span<const std::uint8_t> as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
inline std::string_view as_text(std::span<const std::uint8_t> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace luy
