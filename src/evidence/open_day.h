// The day that takes records: staging a batch, sealing blocks, one transaction, one fsync. The writer's thread only.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "evidence/archive.h"
#include "evidence/day_writer.h"
#include "evidence/senders.h"

namespace luy::evidence {

// A block is sealed after this many commits even when it is small, so that reading the tail stays cheap.
inline constexpr std::size_t tail_rows_max = 4096;

// What is expensive to make and lives as long as the store.
struct Workshop {
  LeafHasher hasher;
  Compressor compressor;
  Tokenizer tokenizer;
  TokenSet tokens;
  ColumnEncoder columns;
  std::string plain;
  std::vector<std::size_t> cuts;
  Decompressor decompressor;
  Segment read_back;  // The block sealed last.
};

// The block of these records, without its nodes. It is read back before it is given: sealing deletes the tail, so that
// an error of the encoder would destroy what was acknowledged. What does not read back is stored as kind 1.
// `on_encoded`: of tests, may alter the columns.
DayWriter::Block seal_block(SegmentBuilder& records, std::uint64_t first_seq, Workshop& workshop,
                            const std::function<void(std::string& plain)>& on_encoded = {});

// The same, but nothing where the block does not read back.
std::optional<DayWriter::Block> try_seal_block(SegmentBuilder& records, std::uint64_t first_seq, Workshop& workshop,
                                               const std::function<void(std::string& plain)>& on_encoded);

class OpenDay {
 public:
  // Opens the file for writing and checks what its head says against the records it holds: SQLite restores the last
  // commit, nothing else is repaired. Errors: store_corrupt, store_newer, store_in_use, file errors.
  static Result<std::unique_ptr<OpenDay>> load(std::shared_ptr<ArchiveDay> entry, Workshop& workshop);
  ~OpenDay();

  Day day() const { return entry_->day; }
  const DayHead& head() const { return head_; }
  ArchiveDay& entry() { return *entry_; }
  std::vector<CoverageRow> coverages() const;

  // Staging changes this object only; commit() makes it durable. After an error of commit() the object is unusable:
  // load the day again.
  std::uint64_t stage(Time received, std::string_view source, std::uint8_t transport, std::string_view raw);
  CoverageRow& stage_coverage(const std::string& sender);
  // Seals what is open of the last block.
  void stage_seal();
  void stage_state(DayState state) { head_.state = state; }
  bool has_staged_records() const { return head_.size != committed_size_; }
  Result<void> commit(const Senders::Changes& changes);

  // In a transaction of its own. Errors: disk and file errors; the day stays usable.
  Result<void> put_checkpoint(const NoteRow& note, const SignedNote& signature, std::string_view root);

 private:
  OpenDay(std::shared_ptr<ArchiveDay> entry, Workshop& workshop) : entry_(std::move(entry)), workshop_(workshop) {}
  Result<void> read_state();
  Result<void> read_tail(DayReader& reader);
  Result<void> write_staged(const Senders::Changes& changes);

  std::shared_ptr<ArchiveDay> entry_;
  Workshop& workshop_;
  std::unique_ptr<DayWriter> writer_;
  DayHead head_;
  std::uint64_t committed_size_ = 0;
  std::map<std::string, CoverageRow> coverage_;

  SegmentBuilder pending_;  // The next block: every record since the last one.
  std::string pending_nodes_;
  std::size_t tail_rows_ = 0;
  SegmentBuilder::Mark tail_begin_;  // The next row of the tail: what this transaction adds to pending_.
  std::size_t tail_nodes_ = 0;       // Likewise, in pending_nodes_.

  bool staged_clear_tail_ = false;
  std::vector<DayWriter::Block> staged_blocks_;
  std::set<std::string> staged_coverage_;
};

// Recomputes the frontier of a day from its stored nodes and, for the last incomplete group of 256, from the records.
// Errors: store_corrupt when segments are missing or contradict each other.
Result<Frontier> rebuild_frontier(DayReader& reader, const Frontier& before, std::uint64_t size);

}  // namespace luy::evidence
