// Reading a folder of day files: records, searches, proofs. The store reads through it beside its writer; the command
// line reads a folder with it alone.
//
// Threads: every const function from any thread; each call borrows a read-only connection of its own. The functions
// under "writer" from the writer's thread only.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <stop_token>
#include <string>
#include <vector>

#include "evidence/day_file.h"
#include "evidence/query.h"
#include "evidence/record.h"

namespace luy::evidence {

inline constexpr std::size_t idle_readers_max = 8;
inline constexpr std::size_t cached_segments_max = 4;  // Of up to 8 MiB each.

// One day file as the archive knows it.
struct ArchiveDay {
  Day day;
  std::filesystem::path file;
  std::uint64_t first_seq = 0;
  Frontier before;
  std::string origin;
  // Why the file could not be read when the archive was opened. Its seqs are then those between the days beside it,
  // `before` and `origin` are empty.
  std::optional<Error> damage;
  std::atomic<std::uint64_t> end_seq{0};
  std::atomic<bool> sealed{false};  // Closed: a plain file nobody writes.
  std::shared_mutex gate;           // Shared by readers; the writer takes it to change the file's form.
};

// Whether an error says that bytes on the disk are not what was written, as opposed to that they cannot be had now.
bool is_damage(const Error& error);

// What the archive keeps in memory about a file; `reader` is on it. Errors: store_corrupt.
Result<std::shared_ptr<ArchiveDay>> describe_day(const std::filesystem::path& file, DayReader& reader, Day day);

class Archive {
 public:
  // `path`: a folder, whose day files are listed and the head of each read, or one day file. A damaged file is listed
  // as such, but for the newest, without which nobody knows where the tree ends. Errors: store_corrupt (also when days
  // do not continue each other), store_newer, file errors.
  static Result<std::unique_ptr<Archive>> open(const std::filesystem::path& path);

  std::uint64_t size() const;
  std::optional<Day> newest_day() const;
  Result<Record> read(std::uint64_t seq) const;
  // Of a closed day what cannot be read is left out and logged.
  Result<void> replay(std::uint64_t from, const std::function<bool(const Record&)>& visit) const;
  Result<SearchStats> search(const SearchQuery& query, std::stop_token cancel,
                             const std::function<Visit(const Record&)>& visit) const;
  Result<Counts> counts(const SearchQuery& query, Duration bucket, std::stop_token cancel) const;
  Result<std::vector<DayInfo>> days() const;
  Result<std::optional<Coverage>> coverage(std::string_view sender, Day day) const;

  // The newest checkpoint stored, and the tree's frontier at its size.
  Result<std::optional<Checkpoint>> newest_checkpoint() const;
  Result<Frontier> frontier_at(std::uint64_t size) const;
  // Errors: record_unknown, not_covered, store_corrupt (the proof is checked before it is given).
  Result<InclusionProof> prove(std::uint64_t seq, const Checkpoint& checkpoint, const Frontier& tree) const;
  // The path from the smaller to the larger tree (RFC 9162 2.1.4.1). Errors: record_unknown when old_size is 0 or
  // larger than new_size, or there are fewer records; store_corrupt.
  Result<std::vector<Hash>> prove_consistency(std::uint64_t old_size, std::uint64_t new_size) const;
  // Checkpoints of a size below `before`, newest first, at most `limit`. Errors: store_corrupt.
  Result<std::vector<StoredCheckpoint>> checkpoints(std::uint64_t before, std::size_t limit) const;

  std::vector<std::shared_ptr<ArchiveDay>> list() const;  // Oldest first.

  // Writer.
  void add(std::shared_ptr<ArchiveDay> day);
  void remove(Day day);
  void drop_idle_readers();
  // Runs `change`, which puts another file in the day's place, once nobody has the old one open; what is remembered of
  // it is forgotten.
  void replace(ArchiveDay& day, const std::function<void()>& change);
  // Runs `change` while nobody has the file open; false, without running it, when a reader is at it now.
  bool alone_with(ArchiveDay& day, const std::function<void()>& change);

 private:
  friend class Lease;
  std::shared_ptr<ArchiveDay> day_of_seq(std::uint64_t seq) const;
  Result<std::shared_ptr<const Segment>> segment_of(std::uint64_t seq) const;
  // Past what cannot be read at `seq`.
  std::uint64_t after_damage(const std::shared_ptr<ArchiveDay>& day, std::uint64_t seq) const;
  Result<void> settle_ranges();
  Result<Hash> node(LeafHasher& hasher, unsigned level, std::uint64_t index) const;
  Result<Hash> read_node(LeafHasher& hasher, unsigned level, std::uint64_t index) const;

  mutable std::mutex mutex_;  // Guards what follows.
  std::vector<std::shared_ptr<ArchiveDay>> days_;
  mutable std::list<std::pair<const ArchiveDay*, std::unique_ptr<DayReader>>> idle_;  // Newest first.
  mutable std::list<std::shared_ptr<const Segment>> cache_;                           // Likewise.
};

// A connection borrowed for one call, with a snapshot.
class Lease {
 public:
  // Errors: those of DayReader::open.
  static Result<Lease> take(const Archive& archive, std::shared_ptr<ArchiveDay> day);
  ~Lease();
  Lease(Lease&&) noexcept = default;
  Lease& operator=(Lease&&) = delete;
  DayReader* operator->() const { return reader_.get(); }
  DayReader& operator*() const { return *reader_; }

 private:
  Lease(const Archive& archive, std::shared_ptr<ArchiveDay> day, std::shared_lock<std::shared_mutex> lock)
      : archive_(&archive), day_(std::move(day)), lock_(std::move(lock)) {}
  const Archive* archive_;
  std::shared_ptr<ArchiveDay> day_;  // Shared: the day may be removed from the archive meanwhile.
  std::shared_lock<std::shared_mutex> lock_;
  std::unique_ptr<DayReader> reader_;
};

}  // namespace luy::evidence
