// The agent's store of what it has read and the hub does not yet have: bounded, durable, in numbered batches.
//
// A record enters together with the position of its source, in one frame: after a crash both are there or neither is,
// so nothing is lost and nothing comes twice. A batch gets its number in a frame of its own that is durable before the
// batch leaves the machine; the same number therefore always means the same bytes. Bytes: docs/format/spool.md.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "agent/disk.h"
#include "agent/source.h"
#include "agent/spool_frame.h"
#include "agent/spool_reader.h"
#include "base/random.h"
#include "base/result.h"

namespace luy::agent {

inline constexpr ErrorKind spool_unusable{
    "agent.spool_unusable", ErrorClass::io,
    "Không ghi được vùng đệm của luy-agent: {}. Hãy kiểm tra dung lượng và quyền ghi của thư mục dữ liệu.",
    "The spool of luy-agent cannot be written: {}. Check the free space and the mode of the data folder."};

struct SpoolOptions {
  std::uint64_t bytes_max = 1ULL << 30;
  // Acknowledged records are freed in steps of this; never more than an eighth of the whole.
  std::uint64_t segment_bytes = 4U << 20;
  std::size_t batch_bytes = 256U << 10;  // A batch is closed when it has reached this; a backlog travels in such steps.
};

// A file of a few kilobytes that is given back when the disk is full, so that numbering batches (which frees the disk)
// still works.
inline constexpr const char* reserve_name = "reserve";

struct OutgoingBatch {
  std::uint64_t number = 0;
  std::size_t records = 0;
  std::string bytes;  // event::encode_batch.
};

// What was found wrong while opening or reading, for the agent's notes.
struct SpoolDamage {
  std::string segment;
  std::uint64_t offset = 0;
  std::uint64_t bytes = 0;
  bool torn_tail = false;  // The end of the newest segment: an interrupted write, nothing acknowledged was in it.
};

// Not thread-safe: belongs to the agent's main thread.
class Spool {
 public:
  // A slice of a source, whose last record may be one of the largest size.
  static constexpr std::size_t put_bytes_max = 3 << 20;
  static constexpr std::size_t put_records_max = 2 * Slice::items_max;

  // Recovers what is there. Errors: those of the disk.
  static Result<std::unique_ptr<Spool>> open(Disk& disk, const SpoolOptions& options, Random& random);

  // Takes all items in one step that a crash cannot divide; more than put_bytes_max or put_records_max of them is a
  // bug. What does not fit (spool full, disk full) is counted as dropped, and its positions move on with the next items
  // that fit. Errors: spool_unusable, when writing fails for another reason.
  Result<void> put(std::vector<Item> items);

  // Makes everything put so far durable. An error here is final: the caller stops the program.
  Result<void> sync();

  // The oldest batch the hub does not have; nullopt when there is none. The same one until it is acknowledged.
  // Everything in it is durable when this returns.
  Result<std::optional<OutgoingBatch>> next();

  // The hub has it, or it was put aside: never sent again. `number` must be that of the last next().
  Result<void> acknowledge(std::uint64_t number);

  // What was told to another hub (`hub` is what names one) must be told to this one: a new spool id, numbers from 1,
  // facts as never sent. Records not yet acknowledged stay. Does nothing while `hub` is the same as at the last call.
  // Errors: spool_unusable, those of the disk.
  Result<void> belong_to(const std::string& hub);

  // The hub knows these numbers with other content, as after the machine was put back to an earlier state: a new spool
  // id, numbers from 1, facts as never sent. Nothing that waits is lost. Errors: spool_unusable, those of the disk.
  Result<void> renew();

  std::uint64_t id() const { return state_.spool_id; }
  const Positions& positions() const { return state_.positions; }
  std::string position(const std::string& key) const;  // Empty when there is none.
  bool has_unsent() const { return !state_.cuts.empty() || content_end_ > cut_end(); }
  // Whether waiting longer would not make the next batch larger.
  bool has_full_batch() const { return !state_.cuts.empty() || uncut_bytes_ >= options_.batch_bytes; }
  std::uint64_t bytes() const;
  std::uint64_t bytes_max() const { return options_.bytes_max; }
  std::uint64_t dropped_since_open() const { return dropped_since_open_; }
  bool unsynced() const { return unsynced_; }
  std::vector<SpoolDamage> take_damage() { return std::exchange(damage_, {}); }

 private:
  struct Segment {
    std::string name;
    std::uint64_t first = 0;  // Sequence of its first frame.
    std::uint64_t size = 0;
  };
  // Where the next batch begins or ends.
  struct Cursor {
    std::size_t segment = 0;  // Index in segments_.
    std::uint64_t offset = 0;
  };

  Spool(Disk& disk, const SpoolOptions& options, Random& random) : disk_(disk), options_(options), random_(random) {}

  Result<void> recover();
  Result<void> recover_segment(Segment& segment, bool newest, bool& state_known);
  void apply(const FrameStep& step, bool& state_known);
  void apply_cut(const Cut& cut, bool& state_known);
  void make_reserve();
  void forget_hub();
  Result<void> begin_segment();
  Result<void> append(FrameType type, std::string_view payload);
  Result<void> append_with_reserve(FrameType type, std::string_view payload);
  Result<void> put_records(RecordsPayload payload);
  void merge_positions(const Positions& positions);
  std::uint64_t cut_end() const { return state_.cuts.empty() ? state_.acked_end : state_.cuts.back().end; }
  Result<DiskFile*> reader(std::size_t segment);
  Result<std::optional<FrameStep>> find_records(Cursor& cursor);
  struct Gathered {
    event::Batch batch;     // Records and what was dropped before them.
    std::uint64_t end = 0;  // One past the last frame's sequence.
    std::size_t bytes = 0;  // Of the frames.
    Cursor cursor;          // After the last frame.
  };
  Result<Gathered> gather(std::optional<std::uint64_t> end);
  OutgoingBatch outgoing(Gathered gathered, std::uint64_t number);
  void see_damage(const Segment& segment, std::uint64_t offset, std::uint64_t bytes);
  Result<void> drop_segments();

  Disk& disk_;
  const SpoolOptions options_;
  Random& random_;

  SpoolState state_;
  std::uint64_t next_sequence_ = 1;
  std::uint64_t uncut_bytes_ = 0;  // Of records in no batch yet, as far as known: a hint only.
  std::uint64_t content_end_ = 0;  // One past the last frame that has something to send.
  std::deque<Segment> segments_;   // Oldest first; the last one is being written.
  std::unique_ptr<DiskFile> writing_;
  bool unsynced_ = false;

  Cursor sent_;        // At the first frame that is not acknowledged.
  Cursor after_next_;  // After the batch next() returned.
  std::string reading_name_;
  std::unique_ptr<DiskFile> reading_;

  std::uint32_t dropped_pending_ = 0;
  Positions positions_pending_;  // Of records that were dropped.
  std::uint64_t dropped_since_open_ = 0;
  std::vector<SpoolDamage> damage_;
  std::set<std::pair<std::string, std::uint64_t>> damage_seen_;  // So that each is told once.
};

}  // namespace luy::agent
