// What can be asked of the evidence, and the form of the answers.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/hash.h"
#include "evidence/note.h"
#include "evidence/record.h"

namespace luy::evidence {

struct SearchQuery {
  std::optional<Time> from{};                  // Inclusive, time of receipt.
  std::optional<Time> until{};                 // Exclusive.
  std::string source_prefix{};                 // "<agency>/" or "<agency>/<device>/"; empty = all.
  std::vector<std::string> source_prefixes{};  // Any of these, when not empty (what the actor may see).
  // All must occur in the raw bytes, ASCII case ignored, and every token of each (evidence/token.h) must be a token of
  // the record: "ssh" finds "ssh:" but not "sshd", "10.1.2.3" does not find "10.1.2.30". Fast: by the token filters.
  std::vector<std::string> words{};
  // All must occur in the raw bytes, ASCII case ignored, also inside words. Slow: every block in range is read.
  std::vector<std::string> substrings{};
  // All must occur in the folded bytes (base/vietnamese.h), and every token of each must be a token there: as `words`,
  // but without diacritics. Must be folded already. Fast in blocks of kind 2; in those of kind 1 when without letters.
  std::vector<std::string> folded_words{};
  std::optional<std::uint64_t> before_seq{};  // For the next page: only records with a smaller seq.
  std::size_t limit = 100;
  // Asked before each block; true ends the search. What keeps a budget of time also where nothing matches.
  std::function<bool()> enough{};
};
inline constexpr std::size_t query_words_max = 64;
inline constexpr std::size_t query_word_bytes_max = 4096;

// Called for each candidate that matches the query, newest first. `keep` counts toward the limit; `skip` does not;
// `stop` ends.
enum class Visit { keep, skip, stop };

// Records that cannot be read: their block or their day's file is damaged.
struct DamagedRange {
  Day day{};
  std::uint64_t first_seq = 0;
  std::uint64_t count = 0;
  bool operator==(const DamagedRange&) const = default;
};
inline constexpr std::size_t damaged_ranges_max = 100;
struct Damage {
  std::uint64_t records = 0;           // In all.
  std::vector<DamagedRange> ranges{};  // Newest first; the first damaged_ranges_max of them.
};

struct SearchStats {
  std::uint64_t records_read = 0;    // Delivered to the visitor.
  std::uint64_t blocks_read = 0;     // Decompressed.
  std::uint64_t blocks_skipped = 0;  // By time, source or token filter.
  bool complete = true;              // False when cancelled, stopped, or when the limit was reached first.
  std::uint64_t reached = 0;         // `before_seq` for going on: every record from here on was looked at.
  Damage damaged{};                  // What could not be looked at; `complete` says nothing about it.
};

// Records per interval of the day as the regulation counts it: interval n begins at a multiple of `bucket` after
// 1970-01-01T00:00 in Asia/Ho_Chi_Minh. Intervals without records are left out; oldest first.
struct CountBucket {
  Time begin;
  std::uint64_t count = 0;
};
struct Counts {
  std::vector<CountBucket> buckets;
  std::uint64_t total = 0;
  bool complete = true;  // False when cancelled, or `enough` said so.
  Damage damaged{};      // As in SearchStats.
};
inline constexpr std::size_t count_buckets_max = 10'000;

// A checkpoint as it is kept. `signed_at` is what the hub's clock said: nobody signed that.
struct StoredCheckpoint {
  Checkpoint checkpoint;
  Time signed_at;
  bool closing = false;  // The one over a whole day.
};

struct InclusionProof {
  Record record;
  Hash leaf{};
  std::vector<Hash> path;  // RFC 9162 2.1.3: from the leaf upward.
  Checkpoint checkpoint;   // The newest one.
};

struct DayInfo {
  Day day;
  std::uint64_t first_seq = 0;
  std::uint64_t count = 0;
  std::uint64_t raw_bytes = 0;
  std::uint64_t file_bytes = 0;
  bool closed = false;
  std::string sha256;          // Hex, of a closed day's file.
  std::uint64_t withheld = 0;  // Records whose content was removed (rewrite.h).
  bool damaged = false;        // The file cannot be read; the numbers are what the days beside it tell.
};

// Per sender and day: what 9.2-log-30-days is judged by.
struct Coverage {
  std::uint64_t records = 0;
  std::uint64_t missing_batches = 0;  // Batch numbers skipped and not delivered later the same day.
  std::uint64_t dropped_records = 0;  // What the sender itself says it lost.
  Time first;                         // Receipt of the first and last batch.
  Time last;
};

}  // namespace luy::evidence
