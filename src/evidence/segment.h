// A run of consecutive records as bytes: a sealed block or a row of the crash-safe tail. Pure.
//
// Kind 1, after zstd (docs/format/evidence.md); integers are LEB128:
//   count × (microseconds since the record before, or since received_first)
//   count × (index into the list of sources)
//   count × transport, one byte
//   count × length of the raw bytes
//   count × (raw bytes, LF)
// Kind 2: the raw bytes as columns, evidence/columns.h.
// Kind 3: kind 2 after a list of records whose content was removed; among the columns these have no bytes.
//   number of nodes; for each: records since the end of the node before, level; then each node's hash, 32 bytes
// The list of sources: u16 big-endian length and bytes, in order of first use.
// The histogram: resolution in seconds; then per non-empty interval its number (since the interval before; the first
// since 1970), the number of sources in it, and for each its index and count.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/hash.h"
#include "base/result.h"
#include "evidence/columns.h"
#include "evidence/compression.h"
#include "evidence/record.h"
#include "evidence/token.h"

namespace luy::evidence {

inline constexpr int segment_kind_raw = 1;
inline constexpr int segment_kind_columns = 2;
inline constexpr int segment_kind_withheld = 3;
// What stands for the source of a record whose content was removed.
inline constexpr std::string_view withheld_source = "hub/withheld";
// A block is sealed as soon as its records reach this size.
inline constexpr std::size_t block_bytes = 8 << 20;
// Bounds what a damaged file can make a reader allocate: a full block, one record more and its columns.
inline constexpr std::size_t segment_raw_bytes_max = 12 << 20;
inline constexpr std::size_t histogram_entries_max = 2048;

// A perfect subtree of 2^level leaves, at most 256, whose records' content was removed.
struct WithheldNode {
  std::uint64_t first = 0;  // A multiple of 2^level.
  unsigned level = 0;
  Hash hash{};
  std::uint64_t end() const { return first + (std::uint64_t{1} << level); }
};

// What stands in the columns beside the body.
struct SegmentHead {
  std::uint64_t first_seq = 0;
  std::uint64_t count = 0;
  int kind = segment_kind_raw;
  Time received_first;
  Time received_last;
  std::uint64_t raw_bytes = 0;
  std::uint64_t plain_bytes = 0;
  std::string sources;  // The encoded list.
};

// How many records of each source came in each minute.
class HistogramBuilder {
 public:
  void add(Time received, std::uint32_t source);  // Times in ascending order.
  void clear() { runs_.clear(); }
  std::string encode() const;

 private:
  struct Run {            // Of records with the same minute and source.
    std::int64_t minute;  // Since 1970.
    std::uint32_t source;
    std::uint64_t count;
  };
  std::vector<Run> runs_;
};

// The token filter of a block over the bytes of all its records, each followed by LF, or any text with the same tokens.
// From kind 2 on it also holds the tokens of what holds other than ASCII once it is folded (base/vietnamese.h), so that
// a search without diacritics finds its blocks.
std::string filter_of(int kind, std::string_view text, Tokenizer& tokenizer, TokenSet& scratch);

class Segment;

class SegmentBuilder {
 public:
  // `received` never before the last one; sizes within record.h's limits.
  void add(Time received, std::string_view source, std::uint8_t transport, std::string_view raw);
  // Records without bytes, source and count in the histogram; set_withheld() says before the block is encoded what
  // they were: ascending.
  void add_withheld(Time received, std::uint64_t count);
  void set_withheld(std::vector<WithheldNode> nodes) { withheld_ = std::move(nodes); }
  bool has_withheld() const { return !withheld_.empty(); }
  void clear();
  std::uint64_t count() const { return count_; }
  // What decides about sealing: plain bytes and the list of sources.
  std::size_t bytes() const;
  std::uint64_t raw_bytes() const { return raw_bytes_; }

  // A place between two records.
  struct Mark {
    std::uint64_t count = 0;
    std::size_t received = 0;
    std::size_t source = 0;
    std::size_t length = 0;
    std::size_t raw = 0;
    Time received_last{};
  };
  Mark mark() const;
  // The records from the mark on, at least one, as kind 1: replaces `plain`, whose memory is used again.
  SegmentHead encode_raw(std::uint64_t first_seq, const Mark& from, std::string& plain);
  // As kind 2, or 3 where something is withheld: besides, `cuts` is where bytes of another nature begin and `tokens`
  // the text whose tokens are those of the records, valid until the encoder's next use.
  SegmentHead encode_columns(std::uint64_t first_seq, ColumnEncoder& encoder, std::string& plain,
                             std::vector<std::size_t>& cuts, std::string_view& tokens);
  std::string histogram() const { return histogram_.encode(); }
  // Whether the segment holds exactly these records.
  bool is_same_as(const Segment& segment) const;

 private:
  void put_withheld(std::uint64_t first_seq, std::string& plain) const;
  void add_record(Time received, std::string_view source, std::uint8_t transport, std::string_view raw);

  std::vector<WithheldNode> withheld_;
  std::uint64_t count_ = 0;
  std::uint64_t raw_bytes_ = 0;
  Time received_first_;
  Time received_last_;
  std::string sources_;
  std::vector<std::size_t> source_ends_;  // In sources_.
  std::unordered_map<std::string, std::uint32_t> source_index_;
  std::string last_source_;  // Most records come from the source of the one before.
  std::uint32_t last_index_ = 0;
  HistogramBuilder histogram_;
  std::string received_;
  std::string source_;
  std::string transport_;
  std::string length_;
  std::string raw_;
  std::vector<std::uint32_t> begins_;  // In raw_.
  std::vector<std::uint32_t> part_;    // While a part is encoded: one more than a source's place in the part's list.

  SegmentHead head(std::uint64_t first_seq) const;
};

// A decoded segment: owns its bytes, views point into it. Shared between threads only as const.
class Segment {
 public:
  Segment() = default;
  Segment(const Segment&) = delete;
  Segment& operator=(const Segment&) = delete;

  // Errors: store_corrupt for anything SegmentBuilder would not have written.
  static Result<std::shared_ptr<const Segment>> decode(SegmentHead head, std::string_view body, Decompressor& zstd);
  // The same into this object, whose memory is used again. After an error it must be assigned anew.
  // With a needle, records that cannot hold it may come without their bytes.
  Result<void> assign(SegmentHead head, std::string_view body, Decompressor& zstd, const Needle* needle = nullptr);

  const SegmentHead& head() const { return head_; }
  std::uint64_t end_seq() const { return head_.first_seq + head_.count; }
  RecordView at(std::uint64_t seq) const;            // first_seq <= seq < end_seq.
  std::string_view all_raw() const { return raw_; }  // Every record's bytes, each followed by LF.
  const std::vector<std::string>& sources() const { return sources_; }
  std::uint32_t source_at(std::uint64_t seq) const;  // Index into sources().
  // Of which only the hash is left; at() then gives no bytes.
  bool is_withheld(std::uint64_t seq) const;
  const std::vector<WithheldNode>& withheld() const { return withheld_; }  // Ascending.
  const Hash* withheld_node(unsigned level, std::uint64_t first) const;    // nullptr: none is exactly this.
  std::size_t offset_of(std::uint64_t seq) const;  // Of its first byte in all_raw(); seq may be end_seq().
  // The record whose raw bytes (or closing LF) hold this offset of all_raw().
  std::uint64_t seq_at(std::size_t offset) const;

 private:
  struct Place {
    std::int64_t received;  // Microseconds since 1970.
    std::uint32_t begin;    // In raw_.
    std::uint32_t source;
    std::uint8_t transport;
    bool withheld;
  };
  Result<std::size_t> take_withheld();
  Result<void> mark_withheld();
  Result<std::size_t> take_heads(std::string_view columns);
  Result<void> take_raw(std::string_view columns);
  Result<void> take_columns(std::string_view plain, const Needle* needle);

  SegmentHead head_;
  std::string plain_;
  ColumnDecoder columns_;
  std::string unfolded_;  // The raw bytes where they do not stand in plain_.
  std::vector<std::uint32_t> ends_;
  std::string_view raw_;
  std::vector<std::string> sources_;
  std::vector<WithheldNode> withheld_;
  std::vector<Place> places_;  // One more than records: the end.
};

// Errors: store_corrupt.
Result<std::vector<std::string>> decode_sources(std::string_view bytes);

struct HistogramEntry {
  Time begin;
  std::uint32_t source = 0;
  std::uint64_t count = 0;
};
struct Histogram {
  Duration resolution{};
  std::vector<HistogramEntry> entries;  // Oldest first.
};
Result<Histogram> decode_histogram(std::string_view bytes, std::size_t sources);

}  // namespace luy::evidence
