// Everything that is decoded from a day file's columns, behind zstd's checksum: a damaged or forged file must give an
// error, never more.
#include <algorithm>
#include <cstdint>
#include <string>

#include "base/check.h"
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
  Matcher matcher = *Matcher::compile({.words = {"a"}, .substrings = {"b"}, .folded_words = {"c"}});
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

// Any records survive becoming columns.
void round_trip(std::string_view bytes) {
  static ColumnEncoder columns;
  static Compressor compressor;
  static Decompressor zstd;
  SegmentBuilder builder;
  for (std::string_view rest = bytes; !rest.empty();) {
    const std::size_t size = std::min(rest.find('\r'), rest.size());
    builder.add(Time(), "s", 1, rest.substr(0, size));
    rest.remove_prefix(std::min(size + 1, rest.size()));
  }
  if (builder.count() == 0) return;
  std::string plain;
  std::vector<std::size_t> cuts;
  std::string_view tokens;
  const SegmentHead head = builder.encode_columns(0, columns, plain, cuts, tokens);
  const auto segment = Segment::decode(head, compressor.compress(plain, cuts, Level::tail), zstd);
  LUY_CHECK(segment.has_value());
  std::string raw;
  for (std::uint64_t seq = 0; seq < (*segment)->end_seq(); ++seq) raw += std::string((*segment)->at(seq).raw) + "\r";
  LUY_CHECK(raw == bytes || raw == std::string(bytes) + "\r");
}

}  // namespace
}  // namespace luy::evidence

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace luy;
  using namespace luy::evidence;
  static Compressor compressor;
  static Decompressor zstd;
  const std::string_view bytes = as_text({data, size});
  round_trip(bytes);
  static_cast<void>(decode_histogram(bytes, 4));
  SpoolRow spool;
  static_cast<void>(decode_spool(bytes, spool));
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
  head.kind = segment_kind_columns;
  if (const auto segment = Segment::decode(head, body, zstd)) walk(**segment);
  head.kind = segment_kind_raw;
  static_cast<void>(Segment::decode(head, reader.rest(), zstd));
  return 0;
}
