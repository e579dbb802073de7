// The tamper-evident event store: what was received, byte for byte, in day files that verify alone
// (docs/format/evidence.md). It keeps order, time of receipt and source of every record in an RFC 6962 Merkle tree, and
// never interprets a message.
//
// Threads: append(), close_days_before(), checkpoint(), delete_before() from one thread only (the hub's evidence
// thread); the readers (size, search, counts, read, replay, prove, days, coverage, last_checkpoint) from any thread,
// each call on its own connection. Durability: what append() acknowledged survives kill -9 and power loss. An fsync
// error aborts the process: it is never retried (PostgreSQL's "fsyncgate").
//
// Time: a record's time of receipt is the wall clock's, but never earlier than the record's before it. While the clock
// is behind by more than 5 seconds, a hub note says so every 10 minutes. A clock more than 30 days away from the time
// last seen is not believed: append(), close_days_before() and delete_before() then answer clock_not_believed.
//
// Hub notes: append() itself adds records of transport 6 (event/batch.h), JSON, in the same transaction: "gap",
// "late" and "conflict" batches, "dropped" records, "clock_behind", "day_end", "retention". Batch notes have the source
// "<agency>/<device>/hub", so that whoever may see the device's records sees them; the others "hub/evidence".
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/hash.h"
#include "base/result.h"
#include "evidence/error.h"
#include "evidence/note.h"
#include "evidence/query.h"
#include "evidence/record.h"
#include "evidence/senders.h"

namespace luy::evidence {

// Article 9.1: logs of servers are kept at least 30 days. The floor can be raised by configuration, never lowered.
inline constexpr int retention_days_floor = 30;

class Archive;
class PreparedRewrite;  // evidence/rewrite.h
struct RewritePlan;
struct Rewritten;

struct NewRecord {
  std::string_view source;  // "<agency id>/<device id>/<stream>"; up to source_bytes_max.
  std::uint8_t transport = 0;
  std::string_view raw;  // Up to record_bytes_max.
};

struct Appended {
  std::uint64_t first_seq = 0;  // Of the caller's records, which are consecutive. Meaningless when count is 0.
  std::size_t count = 0;        // The caller's records stored; hub notes are not counted.
  bool duplicate = false;       // This batch was stored before; nothing was added.
  bool conflict = false;        // Its number was stored with other content; nothing was added but a note.
  std::uint64_t missing = 0;    // Batch numbers skipped since this sender's last one: a gap.
};

struct Options {
  std::filesystem::path folder;
  int retention_days = 90;  // Below the floor: open_store() refuses.
  // What is known from elsewhere to have been stored; a store that does not continue it is not opened.
  struct Known {
    std::uint64_t records = 0;      // At least as many.
    std::uint64_t signed_size = 0;  // Of a checkpoint; 0: none is known.
    Hash signed_root{};
  };
  Known known{};
  // A person says that the clock is right although it is far from the time last seen (evidence/clock_watch.h); stands
  // in the evidence as a record.
  bool accept_clock = false;
};

class Store {
 public:
  virtual ~Store() = default;

  struct Batch {
    std::optional<BatchKey> key{};  // None for the hub's own notes.
    std::vector<NewRecord> records{};
    std::uint64_t dropped = 0;  // Records the sender says it lost before this batch (event::Batch::dropped).
  };
  // One transaction; durable when it returns. Several batches may be given to share one fsync; answers are in their
  // order. A new day begins by itself. Errors: record_invalid, disk_full, disk_read_only and other file errors: nothing
  // of the call is stored, and the store can be used again as soon as the cause is gone.
  virtual Result<std::vector<Appended>> append(std::span<const Batch> batches) = 0;

  // Signs the present size if it grew since the last checkpoint, but first the end of days that are over; called every
  // 10 s. The checkpoint is stored before it is returned. Errors: store_empty before the first record, the signer's,
  // file errors.
  virtual Result<Checkpoint> checkpoint() = 0;
  virtual std::optional<Checkpoint> last_checkpoint() const = 0;

  // Closes days before `today`: sealed, signed, journal_mode=DELETE, read-only, SHA-256 in a .sha256 file beside it.
  // A day that is being read just now is left for the next call. Called every minute or so.
  virtual Result<void> close_days_before(Day today) = 0;

  // Deletes closed day files of days before `before`; says how many. A hub note names them first. `held_from`: the
  // first day that a legal hold keeps, if any; asked before the note is written and again before each file goes, so
  // that a hold placed meanwhile still counts. Errors: its own; retention_floor when `before` is younger than the
  // retention, or the clock is not to be believed (evidence/clock_watch.h).
  using HeldFrom = std::function<Result<std::optional<Day>>()>;
  virtual Result<std::size_t> delete_before(Day before, const HeldFrom& held_from = {}) = 0;

  // Writes a closed day anew beside its file (evidence/rewrite.h). Slow; from any thread; nothing changes yet. Errors:
  // rewrite_refused, store_corrupt, file errors.
  virtual Result<std::unique_ptr<PreparedRewrite>> prepare_rewrite(const RewritePlan& plan, std::stop_token stop) const;
  // Stores and signs the note, then puts the new file in the place of the old one. The writer's thread. Errors: those
  // of append() and checkpoint(), rewrite_refused.
  virtual Result<Rewritten> finish_rewrite(std::unique_ptr<PreparedRewrite> prepared);
  // Both.
  Result<Rewritten> rewrite_day(const RewritePlan& plan);

  virtual std::uint64_t size() const = 0;  // Records acknowledged: the next seq.
  virtual Result<Record> read(std::uint64_t seq) const = 0;
  // Records from `from` (or the oldest kept) to the size at the call, oldest first, until `visit` answers false: how
  // derived state catches up after a restart. Of a closed day what cannot be read is left out and logged.
  virtual Result<void> replay(std::uint64_t from, const std::function<bool(const Record&)>& visit) const = 0;
  virtual Result<SearchStats> search(const SearchQuery& query, std::stop_token cancel,
                                     const std::function<Visit(const Record&)>& visit) const = 0;
  // How many records match, per interval. `limit` and paging are ignored. Errors: query_invalid.
  virtual Result<Counts> counts(const SearchQuery& query, Duration bucket, std::stop_token cancel) const = 0;
  // Errors: record_unknown; not_covered when no checkpoint covers it yet (within 10 s of arrival).
  virtual Result<InclusionProof> prove(std::uint64_t seq) const = 0;
  // That the tree of new_size records continues that of old_size. Errors: record_unknown, store_corrupt.
  virtual Result<std::vector<Hash>> prove_consistency(std::uint64_t old_size, std::uint64_t new_size) const = 0;
  // Newest first, those of a size below `before`. Errors: store_corrupt.
  virtual Result<std::vector<StoredCheckpoint>> checkpoints(std::uint64_t before, std::size_t limit) const = 0;
  virtual Result<std::vector<DayInfo>> days() const = 0;
  virtual Result<std::optional<Coverage>> coverage(std::string_view sender, Day day) const = 0;
  // The day files themselves, for what takes records out with their proofs (package.h); nullptr where there are none.
  virtual const Archive* archive() const { return nullptr; }
};

// Errors: store_corrupt, rolled_back (also when the signer signed what this store does not continue), store_newer,
// store_in_use, origin_changed, retention_floor, file errors. Creates the folder. A crash's torn tail is repaired
// (nothing acknowledged is in it), a damaged record is reported. Of damaged older days what is left is served.
Result<std::unique_ptr<Store>> open_store(const Options& options, const Clock& clock, NoteSigner& signer);

}  // namespace luy::evidence
