#include "agent/spool.h"

#include <algorithm>

#include "base/check.h"
#include "base/encoding.h"
#include "base/file.h"

namespace luy::agent {
namespace {

bool is_disk_full(const Error& error) {
  return error.is(disk_full) || error.is(disk_read_only);
}

std::string encode_number(std::uint64_t number) {
  std::string out;
  put_u64(out, number);
  return out;
}

}  // namespace

std::string Spool::position(const std::string& key) const {
  const auto found = state_.positions.find(key);
  return found == state_.positions.end() ? std::string() : found->second;
}

std::uint64_t Spool::bytes() const {
  std::uint64_t total = 0;
  for (const Segment& segment : segments_) total += segment.size;
  return total;
}

void Spool::merge_positions(const Positions& positions) {
  for (const auto& [key, value] : positions) {
    if (value.empty()) {
      state_.positions.erase(key);
    } else {
      state_.positions[key] = value;
    }
  }
}

Result<void> Spool::put(std::vector<Item> items) {
  RecordsPayload payload;
  std::size_t bytes = 0;
  for (Item& item : items) {
    if (!item.position_key.empty()) payload.positions[item.position_key] = std::move(item.position);
    if (item.only_position) continue;
    if (item.record.raw.size() > event::record_bytes_max) {
      ++dropped_pending_;
      ++dropped_since_open_;
      continue;
    }
    bytes += item.record.raw.size() + item.record.stream.size();
    payload.records.push_back(std::move(item.record));
  }
  LUY_CHECK(bytes <= put_bytes_max && payload.records.size() <= put_records_max);
  if (payload.records.empty() && payload.positions.empty()) return {};
  return put_records(std::move(payload));
}

Result<void> Spool::put_records(RecordsPayload payload) {
  const auto lose = [&](RecordsPayload lost) {
    dropped_pending_ += static_cast<std::uint32_t>(lost.records.size());
    dropped_since_open_ += lost.records.size();
    for (auto& [key, value] : lost.positions) {
      // A fact that did not fit is collected again: its position must not say that it was sent.
      if (!key.starts_with("fact/")) positions_pending_[key] = std::move(value);
    }
  };
  Positions positions = positions_pending_;
  for (auto& [key, value] : payload.positions) positions[key] = value;
  RecordsPayload whole{dropped_pending_, std::move(positions), std::move(payload.records)};
  const std::string bytes = encode_records(whole);
  if (this->bytes() + bytes.size() + frame_header_bytes > options_.bytes_max) {
    lose({0, std::move(payload.positions), std::move(whole.records)});
    return {};
  }
  const std::uint64_t sequence = next_sequence_;
  if (const auto appended = append(FrameType::records, bytes); !appended) {
    if (!is_disk_full(appended.error())) return Error(spool_unusable, appended.error().detail());
    lose({0, std::move(payload.positions), std::move(whole.records)});
    return {};
  }
  // A new segment may have been begun, which is a frame too: the records are the last frame written.
  LUY_CHECK(next_sequence_ > sequence);
  if (!whole.records.empty() || whole.dropped > 0) content_end_ = next_sequence_;
  uncut_bytes_ += bytes.size();
  merge_positions(whole.positions);
  positions_pending_.clear();
  dropped_pending_ = 0;
  return {};
}

Result<void> Spool::append(FrameType type, std::string_view payload) {
  const std::size_t size = payload.size() + frame_header_bytes;
  if (type != FrameType::state && segments_.back().size + size > options_.segment_bytes &&
      segments_.back().size > options_.segment_bytes / 2) {
    LUY_TRY_VOID(begin_segment());
  }
  Segment& segment = segments_.back();
  const std::string frame = encode_frame(next_sequence_, type, payload);
  if (const auto written = writing_->append(frame); !written) {
    LUY_TRY_VOID(writing_->truncate(segment.size));
    return written.error();
  }
  segment.size += frame.size();
  ++next_sequence_;
  unsynced_ = true;
  return {};
}

Result<void> Spool::append_with_reserve(FrameType type, std::string_view payload) {
  auto written = append(type, payload);
  if (written || !is_disk_full(written.error())) return written;
  LUY_TRY_VOID(disk_.remove(reserve_name));
  return append(type, payload);
}

Result<void> Spool::sync() {
  if (!unsynced_) return {};
  if (const auto synced = writing_->sync(); !synced) return Error(spool_unusable, synced.error().detail());
  unsynced_ = false;
  return {};
}

void Spool::see_damage(const Segment& segment, std::uint64_t offset, std::uint64_t bytes) {
  if (damage_seen_.insert({segment.name, offset}).second) damage_.push_back({segment.name, offset, bytes, false});
}

// The next frame of records at or after `cursor` that is not acknowledged; nullopt at the end of what was written. The
// cursor then stands at it: its end is step.next.
Result<std::optional<FrameStep>> Spool::find_records(Cursor& cursor) {
  while (cursor.segment < segments_.size()) {
    const Segment& segment = segments_[cursor.segment];
    LUY_TRY(DiskFile* const file, reader(cursor.segment));
    LUY_TRY(FrameStep step, read_frame(*file, cursor.offset, segment.size));
    if (step.what == FrameStep::What::end) {
      if (cursor.segment + 1 == segments_.size()) break;
      ++cursor.segment;
      cursor.offset = 0;
      continue;
    }
    if (step.what == FrameStep::What::damage) see_damage(segment, cursor.offset, step.next - cursor.offset);
    const bool wanted = step.what == FrameStep::What::frame && step.header.type == FrameType::records &&
                        step.header.sequence >= state_.acked_end;
    if (wanted) return std::optional(std::move(step));
    cursor.offset = step.next;
  }
  return std::optional<FrameStep>();
}

Result<DiskFile*> Spool::reader(std::size_t segment) {
  const std::string& name = segments_[segment].name;
  if (!reading_ || reading_name_ != name) {
    LUY_TRY(reading_, disk_.open(name));
    reading_name_ = name;
  }
  return reading_.get();
}

// Records from the first frame that is not acknowledged: up to `end`, or, without one, as many as make a batch.
Result<Spool::Gathered> Spool::gather(std::optional<std::uint64_t> end) {
  Gathered out;
  out.end = state_.acked_end;
  out.cursor = sent_;
  while (end ? out.end < *end
             : out.bytes < options_.batch_bytes &&
                   out.batch.records.size() + put_records_max <= event::batch_records_max) {
    Cursor cursor = out.cursor;
    LUY_TRY(auto step, find_records(cursor));
    if (!step || (end && step->header.sequence >= *end)) break;
    out.cursor = {cursor.segment, step->next};
    out.end = step->header.sequence + 1;
    out.bytes += step->payload.size();
    auto payload = decode_records(step->payload);
    if (!payload) continue;
    out.batch.dropped += payload->dropped;
    if (out.batch.records.empty()) {
      out.batch.records = std::move(payload->records);
    } else {
      for (auto& record : payload->records) out.batch.records.push_back(std::move(record));
    }
  }
  return out;
}

OutgoingBatch Spool::outgoing(Gathered gathered, std::uint64_t number) {
  after_next_ = gathered.cursor;
  gathered.batch.spool_id = state_.spool_id;
  gathered.batch.number = number;
  return {number, gathered.batch.records.size(), event::encode_batch(gathered.batch)};
}

Result<std::optional<OutgoingBatch>> Spool::next() {
  if (!state_.cuts.empty()) {
    LUY_TRY_VOID(sync());
    const Cut cut = state_.cuts.front();
    LUY_TRY(Gathered gathered, gather(cut.end));
    // Records in frames that have been damaged since the cut are lost: the hub is told.
    const auto found = static_cast<std::uint32_t>(gathered.batch.records.size());
    if (found < cut.records) gathered.batch.dropped += cut.records - found;
    return std::optional(outgoing(std::move(gathered), cut.number));
  }
  if (content_end_ <= state_.acked_end) return std::optional<OutgoingBatch>();
  LUY_TRY(Gathered gathered, gather(std::nullopt));
  if (gathered.end <= state_.acked_end) {  // Damage ate what was left to send.
    content_end_ = state_.acked_end;
    uncut_bytes_ = 0;
    return std::optional<OutgoingBatch>();
  }
  const Cut cut{state_.acked_number + 1, state_.acked_end, gathered.end,
                static_cast<std::uint32_t>(gathered.batch.records.size())};
  LUY_TRY_VOID(append_with_reserve(FrameType::cut, encode_cut(cut)));
  state_.cuts.push_back(cut);
  uncut_bytes_ = cut.end >= content_end_ || uncut_bytes_ < gathered.bytes ? 0 : uncut_bytes_ - gathered.bytes;
  LUY_TRY_VOID(sync());
  return std::optional(outgoing(std::move(gathered), cut.number));
}

Result<void> Spool::acknowledge(std::uint64_t number) {
  LUY_CHECK(!state_.cuts.empty() && state_.cuts.front().number == number);
  state_.acked_number = number;
  state_.acked_end = state_.cuts.front().end;
  state_.cuts.erase(state_.cuts.begin());
  sent_ = after_next_;
  // Not synced: when it is lost the batch is sent once more, and the hub knows it by its number.
  if (const auto noted = append(FrameType::acknowledged, encode_number(number));
      !noted && !is_disk_full(noted.error())) {
    return Error(spool_unusable, noted.error().detail());
  }
  return drop_segments();
}

Result<void> Spool::drop_segments() {
  bool dropped = false;
  while (segments_.size() > 1 && segments_[1].first <= state_.acked_end) {
    if (reading_name_ == segments_.front().name) reading_.reset();
    LUY_TRY_VOID(disk_.remove(segments_.front().name));
    segments_.pop_front();
    if (sent_.segment > 0) {
      --sent_.segment;
    } else {
      sent_ = {};
    }
    dropped = true;
  }
  return dropped ? disk_.sync() : Result<void>();
}

}  // namespace luy::agent
