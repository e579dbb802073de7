// One day of one hub's evidence as an SQLite file (docs/format/evidence.md): its schema and what can be read from it.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "evidence/merkle.h"
#include "evidence/note.h"
#include "evidence/segment.h"
#include "evidence/sqlite.h"

namespace luy::evidence {

// Written; 1 is read, and becomes 2 when a file is written to again: it has no certificates.
inline constexpr int day_file_format = 2;
inline constexpr std::int64_t day_file_application_id = 0x4c555945;  // "LUYE"

std::filesystem::path day_path(const std::filesystem::path& folder, Day day);
std::filesystem::path digest_path(const std::filesystem::path& day_file);  // The .sha256 beside it.
// The day of a file named YYYY-MM-DD.sqlite; nullopt for any other name.
std::optional<Day> day_of_path(const std::filesystem::path& path);

// The statements that make an empty day file, one per table, exactly as in sqlite_schema; of formats 1 and 2.
const std::vector<std::string>& day_schema(int format = day_file_format);

enum class DayState : int {
  open = 0,      // Takes records.
  finished = 1,  // The day's last record, the hub's note about its end, is in; still to be signed and closed.
  closed = 2,    // Signed; a plain rollback-journal file.
};

// Fixed when the file is made.
struct DayMeta {
  std::string epoch;   // When this tree began: RFC 3339. A tree that starts anew has another.
  std::string origin;  // Of the checkpoints.
  Day day;
  Frontier before;  // Of the leaves before this day's; its size is the day's first seq.
  // Records whose content was removed after the day was closed (rewrite.h), and the seqs of the records that say so.
  struct Withheld {
    std::uint64_t records = 0;
    std::vector<std::uint64_t> notes{};
  };
  Withheld withheld{};
  // The key people wrote down at installation (NoteSigner::vkey()), from the first checkpoint on; empty in format 1.
  std::string root{};
};

// Changed by every commit.
struct DayHead {
  std::uint64_t size = 0;  // Of the whole tree: one more than the last seq of the day.
  Time received;           // Of the last record of the tree.
  std::uint64_t raw_bytes = 0;
  DayState state = DayState::open;
  Frontier frontier;
};

struct NoteRow {
  std::uint64_t size = 0;
  Time signed_at;
  bool closing = false;
  std::string text;
};

struct CoverageRow {
  std::string sender;
  std::uint64_t records = 0;
  std::uint64_t missing_batches = 0;
  std::uint64_t dropped_records = 0;
  Time first;
  Time last;
};

// Batch numbers from first to last, both missing since `day`.
struct NumberRange {
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  Day day{};
  bool operator==(const NumberRange&) const = default;
};
// The first 16 bytes of the SHA-256 of a batch as it was sent.
using BatchDigest = std::array<std::uint8_t, 16>;
struct NumberedDigest {
  std::uint64_t number = 0;
  BatchDigest digest{};
  bool operator==(const NumberedDigest&) const = default;
};
// Batches that were missing on a day that is over and came after all.
struct LateBatches {
  Day day{};
  std::uint32_t count = 0;
  bool operator==(const LateBatches&) const = default;
};
struct SpoolRow {
  std::string sender;
  std::uint64_t spool_id = 0;
  std::uint64_t number = 0;  // The highest stored.
  Time seen;
  std::vector<NumberRange> missing;     // Ascending.
  std::vector<NumberedDigest> digests;  // Of the batches stored last, oldest first.
  std::vector<LateBatches> late;
};
// The value of `withheld` in table meta: decimal numbers, each but the first after a blank.
std::string encode_withheld(const DayMeta::Withheld& withheld);
bool decode_withheld(std::string_view text, DayMeta::Withheld& out);
// The column `missing`: missing, digests and late.
std::string encode_spool(const SpoolRow& row);
// Fills them from either form of the column; the rest of the row is given. Errors: store_corrupt.
Result<void> decode_spool(std::string_view bytes, SpoolRow& row);

// A segment's columns without its body.
struct SegmentRow {
  SegmentHead head;
  bool in_tail = false;
  std::string nodes;
};

// A read-only connection with its prepared statements. One thread at a time.
class DayReader {
 public:
  // `sealed`: the file is closed and nobody writes it. Errors: store_corrupt, store_newer, file errors.
  static Result<std::unique_ptr<DayReader>> open(const std::filesystem::path& file, bool sealed);

  // Whether the file has left the write-ahead log, as closed days do.
  Result<bool> in_plain_file();
  // Whether there are the tables of the file's format and nothing else: before anything of them is read, in the place
  // of one there may be a view that never ends. Errors: store_corrupt, naming what is there.
  Result<void> check_schema();
  Result<DayMeta> meta();
  Result<DayHead> head();

  // A snapshot: what is read between begin() and end() belongs together.
  Result<void> begin() { return connection_.run("BEGIN"); }
  void end();

  // The segment that holds `seq`, or the last one before it; nullopt when the day holds none there.
  Result<std::optional<SegmentRow>> segment_at(std::uint64_t seq);
  // The same without its sources and nodes, which a search seldom needs.
  Result<std::optional<SegmentRow>> head_at(std::uint64_t seq);
  // Where the segment begins that head_at() would answer, or the first one after `seq`; also when the rest of its row
  // is damaged.
  Result<std::optional<std::uint64_t>> begin_at(std::uint64_t seq);
  Result<std::optional<std::uint64_t>> begin_after(std::uint64_t seq);
  // Whether the block's filter allows all of these tokens; true for the tail, which has none.
  Result<bool> may_have(const SegmentRow& row, const std::vector<std::uint64_t>& tokens);
  Result<std::shared_ptr<const Segment>> load(const SegmentRow& row);
  Result<void> load(const SegmentRow& row, Segment& into, const Needle* needle = nullptr);  // As Segment::assign().
  Result<std::string> filter(const SegmentRow& row);                                        // Of blocks only.
  Result<std::string> histogram(const SegmentRow& row);                                     // Of blocks only.
  Result<std::vector<SegmentRow>> tail();                                                   // Oldest first.

  Result<std::optional<NoteRow>> newest_note();
  Result<void> notes(const std::function<void(const NoteRow&)>& visit);             // Smallest first.
  Result<std::vector<NoteRow>> notes_below(std::uint64_t size, std::size_t limit);  // Largest first.
  Result<std::vector<std::string>> vkeys();
  // Those of this day's keys and of what certifies them (certificate.h); none in format 1.
  Result<std::vector<std::string>> certificates();
  // The keys that the file itself names as the beginning of its chain: the root, in format 1 every key.
  Result<std::vector<VerifierKey>> own_roots();
  Result<std::optional<CoverageRow>> coverage(std::string_view sender);
  Result<std::vector<CoverageRow>> coverages();  // By sender.
  Result<std::vector<SpoolRow>> spools();        // By sender and spool id.
  Result<std::vector<SpoolRow>> spools_of(std::string_view sender);

  int format() const { return format_; }
  const std::string& file() const { return connection_.file(); }
  Connection& connection() { return connection_; }

 private:
  explicit DayReader(Connection connection) : connection_(std::move(connection)) {}
  Result<void> prepare();
  Error corrupt(std::string_view what) const;
  Result<std::optional<SegmentRow>> take_segment(Statement& statement, bool in_tail, bool whole);
  Result<std::optional<std::uint64_t>> find_begin(const char* statement, std::uint64_t seq);
  Result<std::vector<SpoolRow>> take_spools(Statement& rows);

  Connection connection_;  // Before the statements: they go first.
  int format_ = day_file_format;
  Statement block_at_;
  Statement tail_at_;
  Statement block_head_;
  Statement tail_head_;
  Statement block_body_;
  Statement tail_body_;
  Statement block_filter_;
  Statement block_histogram_;
  BlobReader filter_part_;
  std::string part_;
  Decompressor zstd_;
};

}  // namespace luy::evidence
