// Opening a spool: what the segments hold is applied in order, a torn tail is cut off, damage is skipped and noted,
// and writing goes on in a fresh segment whose first frame sums everything up.
#include <algorithm>
#include <array>
#include <cstdio>

#include "agent/spool.h"
#include "base/check.h"
#include "base/encoding.h"
#include "base/file.h"

namespace luy::agent {
namespace {

constexpr std::size_t reserve_bytes = 64 << 10;
constexpr std::string_view segment_suffix = ".seg";
constexpr std::size_t segment_name_chars = 20;

std::string segment_name(std::uint64_t first) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%016llx.seg", static_cast<unsigned long long>(first));
  return text.data();
}

std::optional<std::uint64_t> segment_first(std::string_view name) {
  if (name.size() != segment_name_chars || !name.ends_with(segment_suffix)) return std::nullopt;
  const auto bytes = from_hex(name.substr(0, 16));
  if (!bytes) return std::nullopt;
  return ByteReader(*bytes).u64();
}

std::uint64_t random_id(Random& random) {
  std::array<std::uint8_t, 8> bytes{};
  random.fill(bytes);
  return ByteReader(as_text(bytes)).u64();
}

}  // namespace

Result<std::unique_ptr<Spool>> Spool::open(Disk& disk, const SpoolOptions& options, Random& random) {
  SpoolOptions bounded = options;
  bounded.segment_bytes = std::min(options.segment_bytes, options.bytes_max / 8);
  std::unique_ptr<Spool> spool(new Spool(disk, bounded, random));
  LUY_TRY_VOID(spool->recover());
  return spool;
}

Result<void> Spool::recover() {
  LUY_TRY(const std::vector<std::string> names, disk_.list());
  for (const std::string& name : names) {
    if (const auto first = segment_first(name)) segments_.push_back({name, *first, 0});
  }
  bool state_known = false;
  for (std::size_t i = 0; i < segments_.size(); ++i) {
    LUY_TRY_VOID(recover_segment(segments_[i], i + 1 == segments_.size(), state_known));
  }
  // Without the state, numbers already used could be used again for other records: a new id makes them new names.
  if (!state_known) {
    state_.spool_id = random_id(random_);
    state_.acked_number = 0;
    state_.cuts.clear();
  }
  if (!segments_.empty() && segments_.back().size == 0) {
    LUY_TRY_VOID(disk_.remove(segments_.back().name));
    segments_.pop_back();
  }
  content_end_ = std::max(content_end_, cut_end());
  while (sent_.segment + 1 < segments_.size() && segments_[sent_.segment + 1].first <= state_.acked_end) {
    ++sent_.segment;
  }
  reading_.reset();
  LUY_TRY_VOID(begin_segment());
  make_reserve();
  return drop_segments();
}

Result<void> Spool::belong_to(const std::string& hub) {
  const std::string before = position("hub");
  if (before == hub) return {};
  state_.positions["hub"] = hub;
  if (!before.empty()) forget_hub();
  return begin_segment();  // Its first frame is the new state, durable.
}

Result<void> Spool::renew() {
  forget_hub();
  return begin_segment();
}

void Spool::forget_hub() {
  state_.spool_id = random_id(random_);
  state_.acked_number = 0;
  state_.cuts.clear();
  std::erase_if(state_.positions, [](const auto& entry) { return entry.first.starts_with("fact/"); });
}

// Without it a full disk stops the sending sooner; that is no reason not to start.
void Spool::make_reserve() {
  auto file = disk_.open(reserve_name);
  if (!file) return;
  const auto size = (*file)->size();
  if (!size || *size >= reserve_bytes) return;
  if (!(*file)->append(std::string(reserve_bytes - static_cast<std::size_t>(*size), '\0'))) {
    static_cast<void>((*file)->truncate(0).has_value());
  }
}

Result<void> Spool::recover_segment(Segment& segment, bool newest, bool& state_known) {
  LUY_TRY(const auto file, disk_.open(segment.name));
  LUY_TRY(segment.size, file->size());
  std::uint64_t offset = 0;
  next_sequence_ = std::max(next_sequence_, segment.first);
  for (;;) {
    LUY_TRY(const FrameStep step, read_frame(*file, offset, segment.size));
    if (step.what == FrameStep::What::end) return {};
    if (step.what == FrameStep::What::frame) {
      apply(step, state_known);
    } else {
      const bool torn = newest && step.next == segment.size;
      damage_seen_.insert({segment.name, offset});
      damage_.push_back({segment.name, offset, step.next - offset, torn});
      if (torn) {
        LUY_TRY_VOID(file->truncate(offset));
        segment.size = offset;
        return file->sync();
      }
    }
    offset = step.next;
  }
}

void Spool::apply(const FrameStep& step, bool& state_known) {
  next_sequence_ = std::max(next_sequence_, step.header.sequence + 1);
  switch (step.header.type) {
    case FrameType::records:
      if (const auto payload = decode_records(step.payload)) {
        merge_positions(payload->positions);
        if (!payload->records.empty() || payload->dropped > 0) content_end_ = step.header.sequence + 1;
        uncut_bytes_ += step.payload.size();
      }
      return;
    case FrameType::state:
      if (auto state = decode_state(step.payload)) {
        state_ = std::move(*state);
        state_known = true;
      }
      return;
    case FrameType::cut:
      if (const auto cut = decode_cut(step.payload); cut && state_known) {
        apply_cut(*cut, state_known);
      }
      return;
    case FrameType::acknowledged: {
      const std::uint64_t number = ByteReader(step.payload).u64();
      while (!state_.cuts.empty() && state_.cuts.front().number <= number) {
        state_.acked_number = state_.cuts.front().number;
        state_.acked_end = state_.cuts.front().end;
        state_.cuts.erase(state_.cuts.begin());
      }
      return;
    }
  }
}

// Numbers follow one another. Where damage ate a cut, nobody can say which frames had its number: as if the state were
// unknown, until a later segment's state frame tells.
void Spool::apply_cut(const Cut& cut, bool& state_known) {
  if (cut.number == state_.acked_number + state_.cuts.size() + 1 && cut.first == cut_end()) {
    state_.cuts.push_back(cut);
  } else {
    state_known = false;
  }
}

Result<void> Spool::begin_segment() {
  if (writing_) {
    if (const auto synced = writing_->sync(); !synced) return Error(spool_unusable, synced.error().detail());
    unsynced_ = false;
  }
  const Segment segment{segment_name(next_sequence_), next_sequence_, 0};
  const std::string state = encode_frame(next_sequence_, FrameType::state, encode_state(state_));
  LUY_TRY(auto file, disk_.open(segment.name));
  auto written = file->append(state);
  if (!written) {  // Once more with the reserve given back.
    LUY_TRY_VOID(file->truncate(0));
    LUY_TRY_VOID(disk_.remove(reserve_name));
    written = file->append(state);
  }
  if (!written) {
    file.reset();
    LUY_TRY_VOID(disk_.remove(segment.name));
    return written.error();
  }
  if (const auto synced = file->sync(); !synced) return Error(spool_unusable, synced.error().detail());
  if (const auto synced = disk_.sync(); !synced) return Error(spool_unusable, synced.error().detail());
  segments_.push_back(segment);
  segments_.back().size = state.size();
  writing_ = std::move(file);
  ++next_sequence_;
  return {};
}

}  // namespace luy::agent
