// The raw bytes of a block's records as templates and columns of values, and back, byte for byte. Pure.
//
// A record is cut at its tokens (evidence/token.h): what stays the same from record to record is its template, what
// changes are its values. Values of the same place in the same template form a column, kept as numbers, as an index
// into a dictionary or as text, whichever is smaller. Records that share a template with too few others are "loose":
// their bytes as they are. What becomes a value is the writer's choice; the reader follows the descriptions. Layout of
// kind 2, after zstd (docs/format/evidence.md); integers are LEB128:
//
//   a  number of loose records, the length of each; number of templates; for each: its number of records, its number
//      of columns, each column's description, the length of each literal (one more than columns)
//   b  literals; loose records, each followed by LF; dictionaries and texts of the columns
//   c  times, sources, transports as in kind 1
//   d  planes: template of each record (0 loose) in 1 byte or, from 256 templates on, 2 planes; then plane 0 of all
//      number and dictionary columns, then plane 1 of those that have one, and so on. Plane p of a column: byte p of
//      each of its numbers.
//
// Description: kind, then
//   0 text        bytes of all values, each followed by LF
//   1 fixed text  length of every value
//   2 dictionary  entries, bytes of all entries, each followed by LF; planes hold the index: 1 up to 256 entries, else
//   2 3 number      planes (1 to 7), base, length of the pattern, pattern; number = base + what the planes hold 4
//   difference  the same; number = the one before (first: base) + zigzag of what the planes hold
// A number without pattern is written in decimal without leading zeros; with one, its digits fill the places that hold
// '0' in the pattern, from the right, zeros in front. Numbers have at most 15 digits.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace luy::evidence {

inline constexpr std::size_t templates_max = 65'535;
inline constexpr std::size_t template_columns_max = 512;
// Of all templates together: bounds what a reader has to hold before it can tell whether a block is whole.
inline constexpr std::size_t block_columns_max = 1'000'000;
inline constexpr std::size_t dictionary_entries_max = 65'536;
inline constexpr unsigned number_digits_max = 15;
// Readable bytes behind what an encoder or decoder is given, so that whole words can be loaded.
inline constexpr std::size_t columns_slack = 64;

// The parts of section a to d, without c.
struct Columns {
  std::string head;                 // a
  std::string text;                 // b
  std::vector<std::string> planes;  // d: [0] template numbers, then plane 0, plane 1, ...
  // Every token of the records is a token of this text and no other is: each literal, value and loose record once,
  // separated by LF.
  std::string tokens;
};

// Keeps its buffers: for many blocks. Not thread-safe.
class ColumnEncoder {
 public:
  ColumnEncoder();
  ~ColumnEncoder();
  // `all_raw`: every record's bytes, each followed by LF, then columns_slack bytes more; record i begins at begins[i],
  // and begins holds one more, the end. The result is valid until the next call.
  const Columns& encode(std::string_view all_raw, std::span<const std::uint32_t> begins);

 private:
  struct Work;
  std::unique_ptr<Work> work_;
};

// Where the sections of a decoded body lie.
struct ColumnSections {
  std::string_view plain;     // All of it; columns_slack bytes behind it can be read.
  std::size_t records = 0;    // As the block's row says.
  std::size_t raw_bytes = 0;  // Likewise, of all records.
};

// What is looked for in a block: a run of word and joiner bytes (evidence/token.h) in lower case, at least one. Any
// record that holds it holds it, ASCII case ignored, within a longest such run of its own.
struct Needle {
  std::string run;
  bool folded = false;  // Other letters than ASCII's may be its in another form.
};

// Keeps its buffers. Not thread-safe.
class ColumnDecoder {
 public:
  ColumnDecoder();
  ~ColumnDecoder();
  // Reads sections a and b off the front; what follows (section c) begins at the returned offset. Errors:
  // store_corrupt.
  Result<std::size_t> open(const ColumnSections& sections);
  // `planes`: section d. Puts every record's bytes, each followed by LF, at the beginning of `raw`, which only grows,
  // and the offset behind each record's LF into `ends`. With a needle, records that cannot hold it may come without
  // their bytes: what is in no literal, value or loose record is in none that is made of them. Errors: store_corrupt.
  Result<void> decode(std::string_view planes, const Needle* needle, std::string& raw,
                      std::vector<std::uint32_t>& ends);

 private:
  struct Work;
  std::unique_ptr<Work> work_;
};

}  // namespace luy::evidence
