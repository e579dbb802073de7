#include "evidence/verify_day.h"

#include <algorithm>
#include <system_error>

#include "base/check.h"
#include "base/file.h"
#include "event/batch.h"
#include "evidence/day_close.h"
#include "evidence/error.h"
#include "evidence/file_digest.h"

namespace luy::evidence {
namespace {

constexpr std::size_t digest_file_bytes_max = 4096;

std::string at_record(std::uint64_t seq) {
  return "record " + std::to_string(seq);
}

}  // namespace

DayVerifier::DayVerifier(std::filesystem::path file, const VerifyOptions& options, const ExpectedRoots& expected)
    : file_(std::move(file)), options_(options), expected_(expected) {}

void DayVerifier::fault(const ErrorKind& kind, const std::string& detail) {
  ++faults_;
  const std::string name = file_.filename().string();
  options_.report({Error(kind, detail.empty() ? name : name + ": " + detail), true, file_});
}

void DayVerifier::remark(const ErrorKind& kind, const std::string& detail) {
  const std::string name = file_.filename().string();
  options_.report({Error(kind, detail.empty() ? name : name + ": " + detail), false, file_});
}

bool DayVerifier::open() {
  auto reader = DayReader::open(file_, false);
  if (!reader) {
    fault(finding_file_damaged, reader.error().en());
    return false;
  }
  reader_ = *std::move(reader);
  // Before anything of the tables is read: in the place of one there may be a view that never ends.
  if (!check_schema()) return false;
  // One snapshot, so that a day that is being written can be verified beside its writer.
  if (auto begun = reader_->begin(); !begun) {
    fault(finding_file_damaged, begun.error().en());
    return false;
  }
  auto meta = reader_->meta();
  auto head = reader_->head();
  if (!meta || !head) {
    fault(finding_file_damaged, (meta ? head.error() : meta.error()).en());
    return false;
  }
  meta_ = *std::move(meta);
  head_ = *std::move(head);
  frontier_ = meta_.before;
  return true;
}

std::optional<std::uint64_t> DayVerifier::signed_size() const {
  if (roots_.empty()) return std::nullopt;
  return roots_.rbegin()->first;
}

void DayVerifier::verify(Allowed allowed) {
  if (const auto day = day_of_path(file_); day && *day != meta_.day) {
    fault(finding_not_continued, "the file holds the day " + to_iso(meta_.day));
  }
  check_state(allowed);
  if (head_.state == DayState::closed) check_digest();
  check_structure();
  check_notes();
  received_ = day_begin(meta_.day);
  check_roots();
  while (frontier_.size() < head_.size) {
    if (options_.stop.stop_requested()) return;
    const std::uint64_t next = frontier_.size();
    const auto row = reader_->segment_at(next);
    if (!row) return fault(finding_file_damaged, row.error().en());
    if (!*row || (*row)->head.first_seq + (*row)->head.count <= next) {
      return fault(finding_record_absent, at_record(next) + " and what follows");
    }
    if ((*row)->head.first_seq != next || (*row)->head.first_seq + (*row)->head.count > head_.size) {
      return fault(finding_block_altered, at_record((*row)->head.first_seq));
    }
    if (!check_segment(**row)) return;
  }
  if (!segments_add_up()) return;
  complete_ = true;
  check_head();
  check_withheld();
  check_day_end();
  if (head_.state == DayState::closed && closing_ != head_.size) fault(finding_note_absent);
}

void DayVerifier::check_state(Allowed allowed) {
  if (head_.state == DayState::closed) return;
  const bool fits = allowed == Allowed::open || (allowed == Allowed::finished && head_.state == DayState::finished);
  if (fits) return remark(remark_open_day);
  fault(finding_unsealed);
}

void DayVerifier::check_digest() {
  const auto line = read_file(digest_path(file_), digest_file_bytes_max);
  if (!line) {
    if (line.error().is(file_not_found)) return fault(finding_digest_absent);
    return fault(finding_digest_wrong, line.error().en());
  }
  const auto digest = file_sha256(file_);
  if (!digest || digest_line(*digest, file_) != *line) fault(finding_digest_wrong);
}

bool DayVerifier::check_schema() {
  const auto checked = reader_->check_schema();
  if (!checked) fault(checked.error().is(store_corrupt) ? finding_schema : finding_file_damaged, checked.error().en());
  return checked.has_value();
}

void DayVerifier::check_structure() {
  auto rows = reader_->connection().prepare("PRAGMA integrity_check(1)");
  if (!rows) return fault(finding_file_damaged, rows.error().en());
  const auto row = rows->step();
  if (!row) return fault(finding_file_damaged, row.error().en());
  if (*row && rows->text(0) != "ok") fault(finding_file_damaged, std::string(rows->text(0)));
  if (head_.state != DayState::closed) return;
  // SQLite forgives a last page cut short; a closed file has exactly the pages its header states.
  const auto pages = reader_->connection().integer("PRAGMA page_count");
  const auto page_bytes = reader_->connection().integer("PRAGMA page_size");
  std::error_code ignored;
  const auto bytes = std::filesystem::file_size(file_, ignored);
  if (!pages || !page_bytes || bytes != static_cast<std::uintmax_t>(*pages * *page_bytes)) {
    fault(finding_file_damaged, std::to_string(bytes) + " bytes");
  }
}

bool DayVerifier::read_keys() {
  std::vector<VerifierKey> roots = options_.keys;
  if (roots.empty()) {
    auto own = reader_->own_roots();
    if (!own) {
      fault(own.error().is(key_invalid) ? finding_note_invalid : finding_file_damaged, own.error().en());
      return false;
    }
    roots = *std::move(own);
  }
  auto certificates = reader_->certificates();
  if (!certificates) {
    fault(finding_file_damaged, certificates.error().en());
    return false;
  }
  certificates_ = *std::move(certificates);
  ring_ = KeyRing(std::move(roots));
  if (const std::size_t refused = ring_.add(certificates_); refused > 0) {
    fault(finding_certificate, std::to_string(refused));
  }
  return true;
}

void DayVerifier::check_notes() {
  if (!read_keys()) return;
  const auto read = reader_->notes([&](const NoteRow& note) {
    ++checkpoints_;
    const std::string place = "checkpoint of size " + std::to_string(note.size);
    const auto signed_by = ring_.verify(note.text);
    if (!signed_by) return fault(finding_note_invalid, place + ": " + signed_by.error().detail());
    const auto body = parse_body(note.text);
    if (!body || body->size != note.size || body->origin != meta_.origin || signed_by->key.name != meta_.origin) {
      return fault(finding_note_invalid, place);
    }
    // One that covers no record of the day is of the day before.
    if (signed_by->day && *signed_by->day != meta_.day && note.size > meta_.before.size()) {
      return fault(finding_key_day, place + ", " + to_iso(*signed_by->day));
    }
    if (note.size < meta_.before.size() || note.size > head_.size) return fault(finding_rolled_back, place);
    roots_.emplace(note.size, body->root);
    if (note.closing) closing_ = note.size;
  });
  if (!read) fault(finding_file_damaged, read.error().en());
}

bool DayVerifier::check_segment(const SegmentRow& row) {
  const Segment& s = segment_;
  if (const auto loaded = reader_->load(row, segment_); !loaded) {
    fault(finding_block_altered, at_record(row.head.first_seq) + ": " + loaded.error().detail());
    return false;
  }
  ++segments_;
  std::string nodes;
  auto withheld = s.withheld().begin();
  for (std::uint64_t seq = row.head.first_seq; seq < s.end_seq(); ++seq) {
    if (withheld != s.withheld().end() && withheld->first == seq) {
      pass_withheld(*withheld, nodes);
      seq = withheld++->end() - 1;
      continue;
    }
    const RecordView record = s.at(seq);
    if (record.received < received_ || day_of(record.received) != meta_.day) {
      fault(finding_time_order, at_record(seq));
      received_ = std::max(received_, record.received);
    } else {
      received_ = record.received;
    }
    raw_bytes_ += record.raw.size();
    look_at(record);
    frontier_.add(workshop_.hasher, workshop_.hasher.hash(record), nodes);
    check_roots();
  }
  if (nodes != row.nodes) fault(finding_nodes_altered, at_record(row.head.first_seq));
  if (!row.in_tail) check_index(row);
  last_record_ = s.at(s.end_seq() - 1).raw;
  received_file_last_ = s.head().received_last;
  return true;
}

void DayVerifier::pass_withheld(const WithheldNode& node, std::string& nodes) {
  frontier_.add_node(workshop_.hasher, node.hash, node.level, nodes);
  const std::uint64_t count = node.end() - node.first;
  if (!withheld_.empty() && withheld_.back().end() == node.first) {
    withheld_.back().count += count;
  } else {
    withheld_.push_back({node.first, count});
  }
  check_roots();
}

// How many there are is said by the file as well; why, by a record of a later day (verify.cc).
void DayVerifier::check_withheld() {
  std::uint64_t records = 0;
  for (const SeqRange& range : withheld_) records += range.count;
  if (records != meta_.withheld.records) fault(finding_head_altered, "withheld records");
  if (records == 0) return;
  std::string by;
  for (const std::uint64_t note : meta_.withheld.notes) by += (by.empty() ? "" : ", ") + std::to_string(note);
  remark(remark_withheld, std::to_string(records) + " (withheld: " + by + ")");
}

void DayVerifier::look_at(const RecordView& record) {
  if (!unsigned_since_ && record.seq >= signed_size().value_or(0)) unsigned_since_ = received_;
  if (record.transport != static_cast<std::uint8_t>(event::Transport::hub) || record.source != store_source) return;
  for (DeletedDay& day : parse_retention_note(record.raw)) {
    deletions_.push_back({std::move(day), record.seq, record.received});
  }
  for (const SeqRange& range : parse_withheld_note(record.raw)) explained_.push_back({range, record.seq});
}

// A filter without a token, or a histogram without a record, would hide records from those who search.
void DayVerifier::check_index(const SegmentRow& row) {
  HistogramBuilder histogram;
  for (std::uint64_t seq = row.head.first_seq; seq < segment_.end_seq(); ++seq) {
    if (segment_.is_withheld(seq)) continue;
    histogram.add(segment_.at(seq).received, segment_.source_at(seq));
  }
  const auto stored_filter = reader_->filter(row);
  const auto stored_histogram = reader_->histogram(row);
  if (!stored_filter || !stored_histogram) return fault(finding_file_damaged, at_record(row.head.first_seq));
  if (*stored_filter != filter_of(row.head.kind, segment_.all_raw(), workshop_.tokenizer, workshop_.tokens) ||
      *stored_histogram != histogram.encode()) {
    fault(finding_index_altered, at_record(row.head.first_seq));
  }
}

void DayVerifier::check_roots() {
  const std::uint64_t size = frontier_.size();
  const auto own = roots_.find(size);
  const auto [begin, end] = expected_.equal_range(size);
  if (own == roots_.end() && begin == end) return;
  const Hash root = frontier_.root(workshop_.hasher);
  const std::string place = "checkpoint of size " + std::to_string(size);
  if (own != roots_.end() && own->second != root) fault(finding_root_differs, place);
  for (auto note = begin; note != end; ++note) {
    if (note->second != root) fault(finding_root_differs, place + ", kept elsewhere");
  }
}

// Rows that no seq leads to would be invisible to readers and unprotected by the tree.
bool DayVerifier::segments_add_up() {
  auto count = reader_->connection().integer("SELECT (SELECT count(*) FROM block) + (SELECT count(*) FROM tail)");
  if (!count) {
    fault(finding_file_damaged, count.error().en());
    return false;
  }
  if (static_cast<std::uint64_t>(*count) == segments_) return true;
  fault(finding_block_altered, "rows that belong to no record");
  return false;
}

void DayVerifier::check_head() {
  const bool same_time = head_.size == meta_.before.size() || head_.received == received_file_last_;
  if (head_.frontier != frontier_ || head_.raw_bytes != raw_bytes_ || !same_time) fault(finding_head_altered);
  if (head_.state == DayState::closed) {
    const auto plain = reader_->in_plain_file();
    if (!plain || !*plain) fault(finding_unsealed, "the write-ahead log was not folded in");
  }
}

void DayVerifier::check_day_end() {
  if (head_.state == DayState::open) return;
  const auto coverages = reader_->coverages();
  if (!coverages) return fault(finding_file_damaged, coverages.error().en());
  const std::uint64_t first = meta_.before.size();
  if (head_.size == first || last_record_ != day_end_note(meta_.day, first, head_.size - first - 1, *coverages)) {
    fault(finding_coverage_altered);
  }
}

}  // namespace luy::evidence
