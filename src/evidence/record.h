// One record of evidence and the bytes its Merkle leaf is made of. Pure.
//
// Leaf data (docs/format/evidence.md), integers big-endian:
//    0  u8   1, the version
//    1  u64  seq, the leaf index in the tree
//    9  u64  time of receipt, microseconds since 1970-01-01T00:00:00Z
//   17  u16  length of the source id, then its bytes
//    .  u8   transport (event/batch.h)
//    .  u32  length of the raw bytes, then the bytes as received
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/hash.h"
#include "base/result.h"

namespace luy::evidence {

inline constexpr std::size_t source_bytes_max = 400;
inline constexpr std::size_t record_bytes_max = 1 << 20;

struct Record {
  std::uint64_t seq = 0;  // Leaf index in the tree, from 0.
  Time received;
  std::string source;
  std::uint8_t transport = 0;
  std::string raw;
  bool operator==(const Record&) const = default;
};

// `count` records, at least one, from `first` on.
struct SeqRange {
  std::uint64_t first = 0;
  std::uint64_t count = 0;
  std::uint64_t end() const { return first + count; }
  bool operator==(const SeqRange&) const = default;
};

// A record, borrowed.
struct RecordView {
  std::uint64_t seq = 0;
  Time received;
  std::string_view source;
  std::uint8_t transport = 0;
  std::string_view raw;
};

Record to_record(const RecordView& view);
RecordView to_view(const Record& record);

std::string leaf_data(const RecordView& record);
std::string leaf_data(const Record& record);

// Errors: store_corrupt unless `bytes` is exactly what leaf_data() writes.
Result<Record> parse_leaf_data(std::string_view bytes);

// SHA-256(0x00 | leaf data), RFC 9162 2.1.1. Keeps its buffers: for many leaves. Not thread-safe.
class LeafHasher {
 public:
  Hash hash(const RecordView& record);
  Hash node(const Hash& left, const Hash& right);  // SHA-256(0x01 | left | right).
  Sha256& sha256() { return sha256_; }

 private:
  Sha256 sha256_;
  std::string head_;
};

}  // namespace luy::evidence
