#include "evidence/record.h"

#include <array>
#include <cstring>

#include "base/encoding.h"
#include "evidence/error.h"

namespace luy::evidence {
namespace {

constexpr std::uint8_t leaf_version = 1;

// Everything before the raw bytes.
void put_head(std::string& out, const RecordView& record) {
  out += static_cast<char>(leaf_version);
  put_u64(out, record.seq);
  put_u64(out, static_cast<std::uint64_t>(to_micros(record.received)));
  put_u16(out, static_cast<std::uint16_t>(record.source.size()));
  out += record.source;
  out += static_cast<char>(record.transport);
  put_u32(out, static_cast<std::uint32_t>(record.raw.size()));
}

}  // namespace

Record to_record(const RecordView& view) {
  return {view.seq, view.received, std::string(view.source), view.transport, std::string(view.raw)};
}

RecordView to_view(const Record& record) {
  return {record.seq, record.received, record.source, record.transport, record.raw};
}

std::string leaf_data(const RecordView& record) {
  std::string out;
  out.reserve(24 + record.source.size() + record.raw.size());
  put_head(out, record);
  out += record.raw;
  return out;
}

std::string leaf_data(const Record& record) {
  return leaf_data(to_view(record));
}

Result<Record> parse_leaf_data(std::string_view bytes) {
  ByteReader reader(bytes);
  if (reader.u8() != leaf_version) return Error(store_corrupt, "leaf version");
  Record record;
  record.seq = reader.u64();
  record.received = from_micros(static_cast<std::int64_t>(reader.u64()));
  const std::size_t source_bytes = reader.u16();
  record.source = reader.bytes(source_bytes);
  record.transport = reader.u8();
  const std::size_t raw_bytes = reader.u32();
  record.raw = reader.bytes(raw_bytes);
  if (!reader.done() || source_bytes > source_bytes_max || raw_bytes > record_bytes_max) {
    return Error(store_corrupt, "leaf data of " + std::to_string(bytes.size()) + " bytes");
  }
  return record;
}

Hash LeafHasher::hash(const RecordView& record) {
  head_.assign(1, '\0');
  put_head(head_, record);
  return sha256_.digest({head_, record.raw});
}

Hash LeafHasher::node(const Hash& left, const Hash& right) {
  // In one piece: there are as many nodes as leaves.
  std::array<char, 1 + 2 * sizeof(Hash)> joined;
  joined[0] = 1;
  std::memcpy(joined.data() + 1, left.data(), left.size());
  std::memcpy(joined.data() + 1 + left.size(), right.data(), right.size());
  return sha256_.digest(std::string_view(joined.data(), joined.size()));
}

}  // namespace luy::evidence
