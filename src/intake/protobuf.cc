#include "intake/protobuf.h"

namespace luy::intake {
namespace {

constexpr std::uint64_t field_number_max = (1U << 29U) - 1;

}  // namespace

std::optional<std::uint64_t> WireReader::varint() {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    if (rest_.empty()) return std::nullopt;
    const auto byte = static_cast<std::uint8_t>(rest_.front());
    rest_.remove_prefix(1);
    // The tenth byte has room for one bit.
    if (shift == 63 && byte > 1) return std::nullopt;
    value |= static_cast<std::uint64_t>(byte & 0x7fU) << shift;
    if ((byte & 0x80U) == 0) return value;
  }
  return std::nullopt;
}

std::optional<std::uint64_t> WireReader::fixed(std::size_t bytes) {
  if (rest_.size() < bytes) return std::nullopt;
  std::uint64_t value = 0;
  for (std::size_t i = bytes; i > 0; --i) value = value << 8U | static_cast<std::uint8_t>(rest_[i - 1]);
  rest_.remove_prefix(bytes);
  return value;
}

std::optional<WireField> WireReader::next() {
  if (rest_.empty() || !ok_) return std::nullopt;
  ok_ = false;
  const auto tag = varint();
  if (!tag || *tag >> 3U == 0 || *tag >> 3U > field_number_max) return std::nullopt;
  WireField field;
  field.number = static_cast<std::uint32_t>(*tag >> 3U);
  std::optional<std::uint64_t> value;
  switch (*tag & 7U) {
    case 0:
      field.kind = WireField::Kind::varint;
      value = varint();
      break;
    case 1:
      field.kind = WireField::Kind::fixed64;
      value = fixed(8);
      break;
    case 2:
      field.kind = WireField::Kind::bytes;
      value = varint();
      if (!value || *value > rest_.size()) return std::nullopt;
      field.bytes = rest_.substr(0, static_cast<std::size_t>(*value));
      rest_.remove_prefix(field.bytes.size());
      break;
    case 5:
      field.kind = WireField::Kind::fixed32;
      value = fixed(4);
      break;
    default:
      break;
  }
  if (!value) return std::nullopt;
  field.value = *value;
  ok_ = true;
  return field;
}

void put_varint(std::string& out, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7U) out += static_cast<char>(value | 0x80U);
  out += static_cast<char>(value);
}

void put_varint_field(std::string& out, std::uint32_t number, std::uint64_t value) {
  put_varint(out, std::uint64_t{number} << 3U);
  put_varint(out, value);
}

void put_bytes_field(std::string& out, std::uint32_t number, std::string_view bytes) {
  put_varint(out, std::uint64_t{number} << 3U | 2U);
  put_varint(out, bytes.size());
  out += bytes;
}

}  // namespace luy::intake
