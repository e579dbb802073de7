#include "evidence/archive.h"

#include <algorithm>
#include <system_error>

#include "base/check.h"
#include "base/file.h"
#include "base/log.h"
#include "evidence/error.h"

namespace luy::evidence {
namespace {

constexpr std::size_t digest_file_bytes_max = 4096;

Result<std::shared_ptr<ArchiveDay>> open_day_file(const std::filesystem::path& file, Day day) {
  LUY_TRY(const auto reader, DayReader::open(file, false));
  LUY_TRY_VOID(reader->check_schema());
  return describe_day(file, *reader, day);
}

// Nobody writes it any more, whatever its form.
std::shared_ptr<ArchiveDay> damaged_day(const std::filesystem::path& file, Day day, const Error& damage) {
  auto out = std::make_shared<ArchiveDay>();
  out->day = day;
  out->file = file;
  out->damage = damage;
  out->sealed = true;
  return out;
}

}  // namespace

bool is_damage(const Error& error) {
  return error.is(store_corrupt) || error.is(store_newer);
}

Result<std::shared_ptr<ArchiveDay>> describe_day(const std::filesystem::path& file, DayReader& reader, Day day) {
  LUY_TRY(DayMeta meta, reader.meta());
  LUY_TRY(const DayHead head, reader.head());
  if (meta.day != day) return Error(store_corrupt, file.string() + ": holds " + to_iso(meta.day));
  if (head.size < meta.before.size()) return Error(store_corrupt, file.string() + ": table head");
  auto out = std::make_shared<ArchiveDay>();
  out->day = day;
  out->file = file;
  out->first_seq = meta.before.size();
  out->before = std::move(meta.before);
  out->origin = std::move(meta.origin);
  out->end_seq = head.size;
  LUY_TRY(out->sealed, reader.in_plain_file());
  return out;
}

Result<std::unique_ptr<Archive>> Archive::open(const std::filesystem::path& path) {
  auto archive = std::make_unique<Archive>();
  std::vector<std::pair<Day, std::filesystem::path>> files;
  std::error_code error;
  if (const auto day = day_of_path(path); day && std::filesystem::is_regular_file(path, error)) {
    files.emplace_back(*day, path);
  } else {
    for (std::filesystem::directory_iterator entry(path, error), end; !error && entry != end; entry.increment(error)) {
      if (const auto in_folder = day_of_path(entry->path())) files.emplace_back(*in_folder, entry->path());
    }
  }
  if (error) return file_error(path.string(), error.value());
  std::sort(files.begin(), files.end());
  for (const auto& [day, file] : files) {
    auto entry = open_day_file(file, day);
    const bool newest = day == files.back().first;
    if (!entry && (newest || !entry.error().is(store_corrupt))) return entry.error();
    archive->days_.push_back(entry ? *std::move(entry) : damaged_day(file, day, entry.error()));
  }
  LUY_TRY_VOID(archive->settle_ranges());
  return archive;
}

// That the days continue each other, and what a damaged one holds by the days beside it.
Result<void> Archive::settle_ranges() {
  std::optional<std::uint64_t> at;
  const ArchiveDay* before = nullptr;
  for (auto day = days_.begin(); day != days_.end(); ++day) {
    ArchiveDay& now = **day;
    if (now.damage) {
      const auto next = std::find_if(day, days_.end(), [](const auto& later) { return !later->damage; });
      LUY_CHECK(next != days_.end());
      const std::uint64_t end = (*next)->first_seq;
      now.first_seq = std::min(at.value_or(end), end);
      now.end_seq = end;
      log(LogLevel::error, "evidence", now.damage->text());
      at = std::max(at.value_or(end), end);
      continue;
    }
    if ((at && now.first_seq != *at) || (before != nullptr && now.origin != before->origin)) {
      return Error(store_corrupt, now.file.string() + " does not continue the day before");
    }
    at = now.end_seq;
    before = &now;
  }
  return {};
}

void Archive::add(std::shared_ptr<ArchiveDay> day) {
  const std::lock_guard lock(mutex_);
  LUY_CHECK(days_.empty() || days_.back()->day < day->day);
  days_.push_back(std::move(day));
}

void Archive::remove(Day day) {
  const std::lock_guard lock(mutex_);
  std::erase_if(days_, [&](const auto& entry) { return entry->day == day; });
  std::erase_if(idle_, [&](const auto& idle) { return idle.first->day == day; });
}

std::vector<std::shared_ptr<ArchiveDay>> Archive::list() const {
  const std::lock_guard lock(mutex_);
  return days_;
}

void Archive::drop_idle_readers() {
  const std::lock_guard lock(mutex_);
  idle_.clear();
}

bool Archive::alone_with(ArchiveDay& day, const std::function<void()>& change) {
  const std::unique_lock gate(day.gate, std::try_to_lock);
  if (!gate) return false;
  {
    const std::lock_guard lock(mutex_);
    std::erase_if(idle_, [&](const auto& idle) { return idle.first == &day; });
  }
  change();
  return true;
}

void Archive::replace(ArchiveDay& day, const std::function<void()>& change) {
  const std::unique_lock gate(day.gate);
  const std::lock_guard lock(mutex_);
  std::erase_if(idle_, [&](const auto& idle) { return idle.first == &day; });
  std::erase_if(cache_, [&](const auto& segment) {
    return segment->head().first_seq >= day.first_seq && segment->head().first_seq < day.end_seq;
  });
  change();
}

std::uint64_t Archive::size() const {
  const std::lock_guard lock(mutex_);
  return days_.empty() ? 0 : days_.back()->end_seq.load();
}

std::optional<Day> Archive::newest_day() const {
  const std::lock_guard lock(mutex_);
  if (days_.empty()) return std::nullopt;
  return days_.back()->day;
}

std::shared_ptr<ArchiveDay> Archive::day_of_seq(std::uint64_t seq) const {
  const std::lock_guard lock(mutex_);
  for (auto day = days_.rbegin(); day != days_.rend(); ++day) {
    if ((*day)->first_seq <= seq) return seq < (*day)->end_seq ? *day : nullptr;
  }
  return nullptr;
}

Result<Lease> Lease::take(const Archive& archive, std::shared_ptr<ArchiveDay> day) {
  if (day->damage) return *day->damage;
  std::shared_lock lock(day->gate);
  Lease lease(archive, std::move(day), std::move(lock));
  {
    const std::lock_guard guard(archive.mutex_);
    const auto idle = std::ranges::find_if(archive.idle_, [&](const auto& i) { return i.first == lease.day_.get(); });
    if (idle != archive.idle_.end()) {
      lease.reader_ = std::move(idle->second);
      archive.idle_.erase(idle);
    }
  }
  if (lease.reader_ == nullptr) {
    LUY_TRY(lease.reader_, DayReader::open(lease.day_->file, lease.day_->sealed));
  }
  if (auto begun = lease.reader_->begin(); !begun) {
    lease.reader_.reset();
    return begun.error();
  }
  return lease;
}

Lease::~Lease() {
  if (reader_ == nullptr) return;
  reader_->end();
  const std::lock_guard guard(archive_->mutex_);
  archive_->idle_.emplace_front(day_.get(), std::move(reader_));
  // A removed day's entry would dangle; its file is gone from the list.
  if (std::ranges::find(archive_->days_, day_) == archive_->days_.end()) archive_->idle_.pop_front();
  if (archive_->idle_.size() > idle_readers_max) archive_->idle_.pop_back();
}

Result<std::shared_ptr<const Segment>> Archive::segment_of(std::uint64_t seq) const {
  const auto holds = [&](const auto& segment) { return segment->head().first_seq <= seq && seq < segment->end_seq(); };
  {
    const std::lock_guard lock(mutex_);
    const auto hit = std::ranges::find_if(cache_, holds);
    if (hit != cache_.end()) {
      cache_.splice(cache_.begin(), cache_, hit);
      return cache_.front();
    }
  }
  const auto day = day_of_seq(seq);
  if (day == nullptr) return Error(record_unknown, std::to_string(seq));
  LUY_TRY(const Lease reader, Lease::take(*this, day));
  LUY_TRY(const auto row, reader->segment_at(seq));
  if (!row || seq >= row->head.first_seq + row->head.count) {
    return Error(store_corrupt, day->file.string() + ": record " + std::to_string(seq) + " is absent");
  }
  LUY_TRY(auto segment, reader->load(*row));
  const std::lock_guard lock(mutex_);
  cache_.push_front(segment);
  if (cache_.size() > cached_segments_max) cache_.pop_back();
  return segment;
}

Result<Record> Archive::read(std::uint64_t seq) const {
  LUY_TRY(const auto segment, segment_of(seq));
  if (segment->is_withheld(seq)) return Error(record_withheld, std::to_string(seq));
  return to_record(segment->at(seq));
}

Result<void> Archive::replay(std::uint64_t from, const std::function<bool(const Record&)>& visit) const {
  const std::uint64_t until = size();
  {
    const std::lock_guard lock(mutex_);
    if (!days_.empty()) from = std::max(from, days_.front()->first_seq);  // Older days are past their retention.
  }
  while (from < until) {
    const auto read = segment_of(from);
    if (!read) {
      const auto day = day_of_seq(from);
      if (!is_damage(read.error()) || day == nullptr || !day->sealed) return read.error();
      const std::uint64_t next = after_damage(day, from);
      log(LogLevel::error, "evidence",
          "records " + std::to_string(from) + " to " + std::to_string(next - 1) +
              " cannot be read and are left out: " + read.error().text());
      from = next;
      continue;
    }
    const auto& segment = *read;
    for (; from < std::min(until, segment->end_seq()); ++from) {
      if (!segment->is_withheld(from) && !visit(to_record(segment->at(from)))) return {};
    }
  }
  return {};
}

std::uint64_t Archive::after_damage(const std::shared_ptr<ArchiveDay>& day, std::uint64_t seq) const {
  const std::uint64_t end = day->end_seq;
  const auto reader = Lease::take(*this, day);
  if (!reader) return end;
  const auto next = (*reader)->begin_after(seq);
  return next && *next ? std::min(**next, end) : end;
}

Result<Hash> Archive::node(LeafHasher& hasher, unsigned level, std::uint64_t index) const {
  auto found = read_node(hasher, level, index);
  if (found || !is_damage(found.error())) return found;
  // Each later day names the subtrees that the days before it make up.
  for (const auto& day : list()) {
    if (const Hash* known = day->before.find(level, index)) return *known;
  }
  return found;
}

Result<Hash> Archive::read_node(LeafHasher& hasher, unsigned level, std::uint64_t index) const {
  const std::uint64_t end = (index + 1) << level;
  std::shared_ptr<ArchiveDay> oldest;
  {
    const std::lock_guard lock(mutex_);
    if (days_.empty()) return Error(record_unknown, std::to_string(end - 1));
    oldest = days_.front();
  }
  if (end <= oldest->first_seq) {
    // What lies before the oldest day kept is known by that day's frontier.
    const Hash* known = oldest->before.find(level, index);
    if (known == nullptr) return Error(store_corrupt, oldest->file.string() + ": frontier_before");
    return *known;
  }
  if (level >= stored_level) {
    const auto day = day_of_seq(end - 1);
    if (day == nullptr) return Error(record_unknown, std::to_string(end - 1));
    LUY_TRY(const Lease reader, Lease::take(*this, day));
    LUY_TRY(const auto row, reader->segment_at(end - 1));
    if (!row || end > row->head.first_seq + row->head.count) {
      return Error(store_corrupt, day->file.string() + ": record " + std::to_string(end - 1) + " is absent");
    }
    // Nodes stand in the order in which they complete: all of earlier leaves, then this leaf's, lower level first.
    const std::uint64_t at = stored_nodes(end - 1) - stored_nodes(row->head.first_seq) + (level - stored_level);
    LUY_CHECK((at + 1) * sizeof(Hash) <= row->nodes.size());
    Hash out{};
    std::copy_n(row->nodes.data() + at * sizeof(Hash), sizeof(Hash), reinterpret_cast<char*>(out.data()));
    return out;
  }
  // What cannot be read on the way to the leaves may still be known from elsewhere, part by part.
  const auto segment = segment_of(index << level);
  const Hash* kept = segment ? (*segment)->withheld_node(level, index << level) : nullptr;
  if (kept != nullptr) return *kept;
  if (level == 0) {
    if (!segment) return segment.error();
    if ((*segment)->is_withheld(index)) return Error(record_withheld, std::to_string(index));
    return hasher.hash((*segment)->at(index));
  }
  LUY_TRY(const Hash left, node(hasher, level - 1, index * 2));
  LUY_TRY(const Hash right, node(hasher, level - 1, index * 2 + 1));
  return hasher.node(left, right);
}

Result<Frontier> Archive::frontier_at(std::uint64_t size) const {
  LeafHasher hasher;
  std::string nodes;
  std::uint64_t first = 0;
  for (unsigned level = 64; level-- > 0;) {
    if ((size >> level & 1U) == 0) continue;
    LUY_TRY(const Hash hash, node(hasher, level, first >> level));
    nodes.append(reinterpret_cast<const char*>(hash.data()), hash.size());
    first += std::uint64_t{1} << level;
  }
  return Frontier::decode(size, nodes);
}

Result<std::optional<Checkpoint>> Archive::newest_checkpoint() const {
  const auto days = list();
  for (auto day = days.rbegin(); day != days.rend(); ++day) {
    if ((*day)->damage) continue;
    LUY_TRY(const Lease reader, Lease::take(*this, *day));
    LUY_TRY(const auto note, reader->newest_note());
    if (!note) continue;
    const auto body = parse_body(note->text);
    if (!body || body->size != note->size) return Error(store_corrupt, (*day)->file.string() + ": newest checkpoint");
    LUY_TRY(auto certificates, reader->certificates());
    return std::optional(Checkpoint{body->size, body->root, note->text, std::move(certificates)});
  }
  return std::optional<Checkpoint>();
}

Result<std::vector<StoredCheckpoint>> Archive::checkpoints(std::uint64_t before, std::size_t limit) const {
  std::vector<StoredCheckpoint> out;
  const auto days = list();
  for (auto day = days.rbegin(); day != days.rend() && out.size() < limit; ++day) {
    if ((*day)->damage || (*day)->first_seq >= before) continue;
    LUY_TRY(const Lease reader, Lease::take(*this, *day));
    LUY_TRY(auto certificates, reader->certificates());
    LUY_TRY(auto notes, reader->notes_below(before, limit - out.size()));
    for (NoteRow& note : notes) {
      const auto body = parse_body(note.text);
      if (!body || body->size != note.size) return Error(store_corrupt, (*day)->file.string() + ": checkpoints");
      out.push_back({{body->size, body->root, std::move(note.text), certificates}, note.signed_at, note.closing});
    }
  }
  return out;
}

Result<std::vector<Hash>> Archive::prove_consistency(std::uint64_t old_size, std::uint64_t new_size) const {
  if (old_size == 0 || old_size > new_size || new_size > size()) {
    return Error(record_unknown, std::to_string(old_size) + "–" + std::to_string(new_size));
  }
  LeafHasher hasher;
  LUY_TRY(const Frontier tree, frontier_at(new_size));
  return consistency_path(hasher, old_size, tree,
                          [&](unsigned level, std::uint64_t index) { return node(hasher, level, index); });
}

Result<InclusionProof> Archive::prove(std::uint64_t seq, const Checkpoint& checkpoint, const Frontier& tree) const {
  LUY_TRY(const auto segment, segment_of(seq));
  if (segment->is_withheld(seq)) return Error(record_withheld, std::to_string(seq));
  if (seq >= checkpoint.size) return Error(not_covered, std::to_string(seq));
  LeafHasher hasher;
  InclusionProof out;
  out.record = to_record(segment->at(seq));
  out.leaf = hasher.hash(segment->at(seq));
  LUY_TRY(out.path, inclusion_path(hasher, seq, tree,
                                   [&](unsigned level, std::uint64_t index) { return node(hasher, level, index); }));
  out.checkpoint = checkpoint;
  LUY_TRY(const Hash root, root_of_path(hasher, seq, checkpoint.size, out.leaf, out.path));
  if (root != checkpoint.root)
    return Error(store_corrupt, "record " + std::to_string(seq) + " is not in the signed tree");
  return out;
}

namespace {

Result<DayHead> head_of(const Archive& archive, const std::shared_ptr<ArchiveDay>& day, std::uint64_t& withheld) {
  LUY_TRY(const Lease reader, Lease::take(archive, day));
  LUY_TRY(const DayMeta meta, reader->meta());
  withheld = meta.withheld.records;
  return reader->head();
}

}  // namespace

Result<std::vector<DayInfo>> Archive::days() const {
  std::vector<DayInfo> out;
  for (const auto& day : list()) {
    DayInfo info{day->day, day->first_seq, day->end_seq - day->first_seq, 0, 0, day->sealed, {}, 0};
    const auto head = head_of(*this, day, info.withheld);
    if (!head && !is_damage(head.error())) return head.error();
    info.damaged = !head;
    if (head) {
      info.count = head->size - day->first_seq;
      info.raw_bytes = head->raw_bytes;
    }
    std::error_code ignored;
    for (const char* suffix : {"", "-wal"}) {
      const auto bytes = std::filesystem::file_size(day->file.string() + suffix, ignored);
      if (!ignored) info.file_bytes += bytes;
    }
    if (info.closed) {
      if (const auto line = read_file(digest_path(day->file), digest_file_bytes_max)) info.sha256 = line->substr(0, 64);
    }
    out.push_back(std::move(info));
  }
  return out;
}

Result<std::optional<Coverage>> Archive::coverage(std::string_view sender, Day day) const {
  for (const auto& entry : list()) {
    if (entry->day != day) continue;
    LUY_TRY(const Lease reader, Lease::take(*this, entry));
    LUY_TRY(const auto row, reader->coverage(sender));
    if (!row) break;
    return std::optional(Coverage{row->records, row->missing_batches, row->dropped_records, row->first, row->last});
  }
  return std::optional<Coverage>();
}

}  // namespace luy::evidence
