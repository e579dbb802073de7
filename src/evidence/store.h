// The tamper-evident event store: what was received, byte for byte, in day files that verify alone
// (docs/format/evidence.md). It keeps order, time of receipt and source of every record in an RFC 6962 Merkle tree, and
// never interprets a message.
//
// Threads: append(), close_day(), checkpoint(), delete_before() from one thread only (the hub's evidence thread); the
// readers (search, read, proof, days) from any thread, each call on its own connection. Durability: what append()
// acknowledged survives kill -9 and power loss. An fsync error aborts the process: it is never retried (PostgreSQL's
// "fsyncgate").
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

namespace luy::evidence {

inline constexpr ErrorKind retention_floor{
    "evidence.retention_floor", ErrorClass::denied,
    "Không được xóa nhật ký chưa đủ 30 ngày (Điều 9.1 Quyết định 4448): {}.",
    "Logs younger than 30 days may not be deleted (article 9.1 of Decision 4448): {}."};
inline constexpr ErrorKind store_corrupt{
    "evidence.corrupt", ErrorClass::corrupt,
    "Kho chứng cứ không toàn vẹn: {}. Hãy giữ nguyên tệp, không sửa, và chạy 'luy evidence verify'.",
    "The evidence store fails verification: {}. Leave the files as they are and run 'luy evidence verify'."};
inline constexpr ErrorKind record_unknown{"evidence.record_unknown", ErrorClass::not_found, "Không có bản ghi số {}.",
                                          "There is no record number {}."};
inline constexpr ErrorKind query_invalid{"evidence.query_invalid", ErrorClass::invalid,
                                         "Câu tìm kiếm không hợp lệ: {}.", "The search is not valid: {}."};
inline constexpr ErrorKind store_in_use{"evidence.in_use", ErrorClass::unavailable,
                                        "Kho chứng cứ {} đang được một tiến trình khác sử dụng.",
                                        "The evidence store {} is in use by another process."};

// Article 9.1: logs of servers are kept at least 30 days. The floor can be raised by configuration, never lowered.
inline constexpr int retention_days_floor = 30;

struct NewRecord {
  std::string_view source;  // "<agency id>/<device id>/<stream>"; up to source_bytes_max.
  std::uint8_t transport = 0;
  std::string_view raw;  // Up to record_bytes_max.
};
inline constexpr std::size_t source_bytes_max = 400;
inline constexpr std::size_t record_bytes_max = 1 << 20;

// Names a batch for ever: the same key again is acknowledged again but stored once.
struct BatchKey {
  std::string sender;  // The device id from the certificate.
  std::uint64_t spool_id = 0;
  std::uint64_t number = 0;
};

struct Appended {
  std::uint64_t first_seq = 0;  // Meaningless when duplicate or when the batch was empty.
  std::size_t count = 0;
  bool duplicate = false;     // This batch was stored before; nothing was added.
  std::uint64_t missing = 0;  // Batch numbers skipped since this sender's last one: a gap.
};

struct Record {
  std::uint64_t seq = 0;  // Leaf index in the tree, from 0.
  Time received;
  std::string source;
  std::uint8_t transport = 0;
  std::string raw;
};

// Leaf data, docs/format/evidence.md: 0x01 | u64 seq | u64 received µs | u16 + source | u8 transport | u32 + raw.
std::string leaf_data(const Record& record);

struct Checkpoint {
  std::uint64_t size = 0;
  Hash root{};
  std::string note;  // C2SP signed note, as written: origin, size, root, signatures.
};

struct InclusionProof {
  Record record;
  Hash leaf{};
  std::vector<Hash> path;  // RFC 9162 2.1.3: from the leaf upward.
  Checkpoint checkpoint;   // The newest one that covers the record.
};

// Signs checkpoints. The evidence module never sees the private key.
class NoteSigner {
 public:
  virtual ~NoteSigner() = default;
  virtual std::string origin() const = 0;                       // "luy/<hub name>"
  virtual Result<std::string> sign(std::string_view body) = 0;  // Whole signed note for the checkpoint body.
};

struct SearchQuery {
  std::optional<Time> from;                  // Inclusive, time of receipt.
  std::optional<Time> until;                 // Exclusive.
  std::string source_prefix;                 // "<agency>/" or "<agency>/<device>/"; empty = all.
  std::vector<std::string> source_prefixes;  // Any of these, when not empty (what the actor may see).
  std::vector<std::string> words;  // All must occur in the raw bytes, ASCII case ignored; used with the token filters.
  std::optional<std::uint64_t> before_seq;  // For the next page: only records with a smaller seq.
  std::size_t limit = 100;
};

// Called for each candidate that matches the query, newest first. `keep` counts toward the limit; `skip` does not;
// `stop` ends.
enum class Visit { keep, skip, stop };

struct SearchStats {
  std::uint64_t records_read = 0;
  std::uint64_t blocks_read = 0;
  std::uint64_t blocks_skipped = 0;  // By time, source or token filter.
  bool complete = true;              // False when cancelled or when the limit was reached first.
};

struct DayInfo {
  Day day;
  std::uint64_t first_seq = 0;
  std::uint64_t count = 0;
  std::uint64_t raw_bytes = 0;
  std::uint64_t file_bytes = 0;
  bool closed = false;
  std::string sha256;  // Hex, of a closed day's file.
};

// Per sender and day: what 9.2-log-30-days is judged by.
struct Coverage {
  std::uint64_t records = 0;
  std::uint64_t missing_batches = 0;
  Time first;
  Time last;
};

struct Options {
  std::filesystem::path folder;
  int retention_days = 90;  // Below the floor: open() refuses.
  Duration batch_delay_max = std::chrono::milliseconds(200);
};

class Store {
 public:
  virtual ~Store() = default;

  // One transaction; durable when it returns. Several batches may be given to share one fsync; answers are in their
  // order.
  struct Batch {
    std::optional<BatchKey> key;  // None for the hub's own notes.
    std::vector<NewRecord> records;
  };
  virtual Result<std::vector<Appended>> append(std::span<const Batch> batches) = 0;

  // Signs the present size if it grew since the last checkpoint; called every 10 s.
  virtual Result<Checkpoint> checkpoint() = 0;
  virtual std::optional<Checkpoint> last_checkpoint() const = 0;

  // Closes days before `today`: sealed, signed, journal_mode=DELETE, read-only, SHA-256 in a .sha256 file beside it.
  virtual Result<void> close_days_before(Day today) = 0;

  // Deletes closed day files older than the retention. Errors: retention_floor when `before` is younger than the floor,
  // or the clock jumped forward less than 24 h ago.
  virtual Result<std::size_t> delete_before(Day before) = 0;

  virtual std::uint64_t size() const = 0;  // Records acknowledged: the next seq.
  virtual Result<Record> read(std::uint64_t seq) const = 0;
  // Records [from, until), oldest first: how derived state catches up after a restart.
  virtual Result<void> replay(std::uint64_t from, const std::function<bool(const Record&)>& visit) const = 0;
  virtual Result<SearchStats> search(const SearchQuery& query, std::stop_token cancel,
                                     const std::function<Visit(const Record&)>& visit) const = 0;
  // Errors: record_unknown; evidence.not_covered when no checkpoint covers it yet (within 10 s of arrival).
  virtual Result<InclusionProof> prove(std::uint64_t seq) const = 0;
  virtual Result<std::vector<DayInfo>> days() const = 0;
  virtual Result<std::optional<Coverage>> coverage(std::string_view sender, Day day) const = 0;
};

// Errors: store_corrupt, store_in_use, retention_floor, file errors. Creates the folder. A torn tail of a crash is
// repaired, a damaged record is not: it is reported.
Result<std::unique_ptr<Store>> open_store(const Options& options, const Clock& clock, NoteSigner& signer);

}  // namespace luy::evidence
