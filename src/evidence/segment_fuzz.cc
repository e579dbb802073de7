// Everything that is decoded from a day file's columns, behind zstd's checksum: a damaged or forged file must give an
// error, never more.
#include <algorithm>
#include <cstdint>
#include <string>

#include "base/encoding.h"
#include "evidence/day_file.h"
#include "evidence/filter.h"
#include "evidence/matcher.h"
#include "evidence/merkle.h"
#include "evidence/record.h"
#include "evidence/segment.h"

namespace luy::evidence {
namespace {

void walk(const Segment& segment) {
  Matcher matcher = *Matcher::compile({.words = {"a"}, .substrings = {"b"}});
  static_cast<void>(matcher.matches(segment, segment.head().first_seq, segment.end_seq()));
  LeafHasher hasher;
  for (std::uint64_t seq = segment.head().first_seq; seq < segment.end_seq(); ++seq) {
    const RecordView view = segment.at(seq);
    if (view.raw.size() <= record_bytes_max && view.source.size() <= source_bytes_max) {
      static_cast<void>(parse_leaf_data(leaf_data(view)));
    }
  }
  if (!segment.all_raw().empty()) static_cast<void>(segment.seq_at(segment.all_raw().size() - 1));
}

}  // namespace
}  // namespace luy::evidence

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace luy;
  using namespace luy::evidence;
  static Compressor compressor;
  static Decompressor zstd;
  const std::string_view bytes = as_text({data, size});
  static_cast<void>(decode_histogram(bytes, 4));
  static_cast<void>(decode_ranges(bytes));
  static_cast<void>(parse_leaf_data(bytes));
  static_cast<void>(filter_may_have(bytes, token_hash("word")));

  ByteReader reader(bytes);
  SegmentHead head;
  head.first_seq = reader.u8();
  head.count = reader.u8();
  head.received_first = from_micros(static_cast<std::int64_t>(reader.u64()));
  head.received_last = from_micros(static_cast<std::int64_t>(reader.u64()));
  head.raw_bytes = reader.u16();
  head.sources = reader.bytes(std::min<std::size_t>(reader.u8(), reader.rest().size()));
  head.plain_bytes = reader.rest().size();
  static_cast<void>(Frontier::decode(head.first_seq, head.sources));
  const std::string body(compressor.compress(reader.rest(), Level::tail));
  if (const auto segment = Segment::decode(head, body, zstd)) walk(**segment);
  static_cast<void>(Segment::decode(head, reader.rest(), zstd));
  return 0;
}
