// Protocol Buffers' wire format, as much as OTLP needs: fields taken off a message one by one, bounds checked. Pure.
// docs/adr/0119 says why it is not the library.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace luy::intake {

struct WireField {
  std::uint32_t number = 0;
  enum class Kind : std::uint8_t { varint, fixed64, bytes, fixed32 } kind = Kind::varint;
  std::uint64_t value = 0;  // Of all but bytes.
  std::string_view bytes;   // Borrowed from the message.
};

class WireReader {
 public:
  explicit WireReader(std::string_view message) : rest_(message) {}
  // nullopt at the end, and at the first thing that is not the format (groups among them); ok() tells which.
  std::optional<WireField> next();
  bool ok() const { return ok_; }

 private:
  std::optional<std::uint64_t> varint();
  std::optional<std::uint64_t> fixed(std::size_t bytes);
  std::string_view rest_;
  bool ok_ = true;
};

void put_varint(std::string& out, std::uint64_t value);
void put_varint_field(std::string& out, std::uint32_t number, std::uint64_t value);
void put_bytes_field(std::string& out, std::uint32_t number, std::string_view bytes);

}  // namespace luy::intake
