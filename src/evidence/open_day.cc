#include "evidence/open_day.h"

#include <algorithm>
#include <cstring>

#include "base/check.h"
#include "base/log.h"
#include "evidence/error.h"

namespace luy::evidence {
namespace {

constexpr std::uint64_t group = std::uint64_t{1} << stored_level;

// Advances `frontier` over the groups of 256 that `row` completes, by its stored nodes; false when they contradict.
bool apply_nodes(LeafHasher& hasher, Frontier& frontier, const SegmentRow& row) {
  const std::uint64_t end = row.head.first_seq + row.head.count;
  std::string_view rest = row.nodes;
  while ((frontier.size() / group + 1) * group <= end) {
    if (rest.size() < sizeof(Hash)) return false;
    Hash node{};
    std::memcpy(node.data(), rest.data(), sizeof(Hash));
    std::string completed;
    frontier.add_group(hasher, node, completed);
    if (!rest.starts_with(completed)) return false;
    rest.remove_prefix(completed.size());
  }
  return rest.empty();
}

}  // namespace

Result<Frontier> rebuild_frontier(DayReader& reader, const Frontier& before, std::uint64_t size) {
  LeafHasher hasher;
  Frontier frontier = before;
  std::vector<SegmentRow> rows;  // Newest first.
  for (std::uint64_t end = size; end > before.size();) {
    LUY_TRY(auto row, reader.segment_at(end - 1));
    if (!row || row->head.first_seq + row->head.count != end || row->head.first_seq < before.size()) {
      return Error(store_corrupt, reader.file() + ": record " + std::to_string(end - 1) + " is absent");
    }
    end = row->head.first_seq;
    rows.push_back(*std::move(row));
  }
  for (auto row = rows.rbegin(); row != rows.rend(); ++row) {
    if (!apply_nodes(hasher, frontier, *row)) {
      return Error(store_corrupt, reader.file() + ": Merkle nodes at record " + std::to_string(row->head.first_seq));
    }
  }
  std::string none;
  while (frontier.size() < size) {
    LUY_TRY(const auto row, reader.segment_at(frontier.size()));
    LUY_CHECK(row.has_value());
    LUY_TRY(const auto segment, reader.load(*row));
    while (frontier.size() < std::min(size, segment->end_seq())) {
      frontier.add(hasher, hasher.hash(segment->at(frontier.size())), none);
    }
  }
  return frontier;
}

Result<std::unique_ptr<OpenDay>> OpenDay::load(std::shared_ptr<ArchiveDay> entry, Workshop& workshop) {
  auto day = std::unique_ptr<OpenDay>(new OpenDay(std::move(entry), workshop));
  LUY_TRY(day->writer_, DayWriter::open(day->entry_->file));
  LUY_TRY_VOID(day->read_state());
  day->entry_->end_seq = day->head_.size;
  return day;
}

OpenDay::~OpenDay() = default;

Result<void> OpenDay::read_state() {
  LUY_TRY(const auto reader, DayReader::open(entry_->file, false));
  LUY_TRY(head_, reader->head());
  if (head_.size < entry_->first_seq) return Error(store_corrupt, entry_->file.string() + ": table head");
  LUY_TRY(const Frontier rebuilt, rebuild_frontier(*reader, entry_->before, head_.size));
  if (rebuilt != head_.frontier) {
    return Error(store_corrupt, entry_->file.string() + ": the records do not give the frontier stored with them");
  }
  committed_size_ = head_.size;
  LUY_TRY(auto rows, reader->coverages());
  for (CoverageRow& row : rows) {
    std::string sender = row.sender;
    coverage_.emplace(std::move(sender), std::move(row));
  }
  return read_tail(*reader);
}

Result<void> OpenDay::read_tail(DayReader& reader) {
  LUY_TRY(const auto rows, reader.tail());
  for (const SegmentRow& row : rows) {
    LUY_TRY(const auto segment, reader.load(row));
    for (std::uint64_t seq = row.head.first_seq; seq < segment->end_seq(); ++seq) {
      const RecordView record = segment->at(seq);
      pending_.add(record.received, record.source, record.transport, record.raw);
    }
    pending_nodes_ += row.nodes;
  }
  tail_rows_ = rows.size();
  tail_begin_ = pending_.mark();
  tail_nodes_ = pending_nodes_.size();
  return {};
}

std::vector<CoverageRow> OpenDay::coverages() const {
  std::vector<CoverageRow> out;
  for (const auto& [sender, row] : coverage_) out.push_back(row);
  return out;
}

std::uint64_t OpenDay::stage(Time received, std::string_view source, std::uint8_t transport, std::string_view raw) {
  const std::uint64_t seq = head_.size;
  head_.frontier.add(workshop_.hasher, workshop_.hasher.hash({seq, received, source, transport, raw}), pending_nodes_);
  head_.size = seq + 1;
  head_.received = received;
  head_.raw_bytes += raw.size();
  pending_.add(received, source, transport, raw);
  if (pending_.bytes() >= block_bytes) stage_seal();
  return seq;
}

CoverageRow& OpenDay::stage_coverage(const std::string& sender) {
  staged_coverage_.insert(sender);
  CoverageRow& row = coverage_[sender];
  row.sender = sender;
  return row;
}

std::optional<DayWriter::Block> try_seal_block(SegmentBuilder& records, std::uint64_t first_seq, Workshop& workshop,
                                               const std::function<void(std::string& plain)>& on_encoded) {
  DayWriter::Block block;
  block.histogram = records.histogram();
  std::string_view tokens;
  block.head = records.encode_columns(first_seq, workshop.columns, workshop.plain, workshop.cuts, tokens);
  if (on_encoded) on_encoded(workshop.plain);
  block.body = workshop.compressor.compress(workshop.plain, workshop.cuts, Level::block);
  const auto read_back = workshop.read_back.assign(block.head, block.body, workshop.decompressor);
  if (!read_back || !records.is_same_as(workshop.read_back)) return std::nullopt;
  block.filter = filter_of(block.head.kind, tokens, workshop.tokenizer, workshop.tokens);
  return block;
}

DayWriter::Block seal_block(SegmentBuilder& records, std::uint64_t first_seq, Workshop& workshop,
                            const std::function<void(std::string& plain)>& on_encoded) {
  LUY_CHECK(!records.has_withheld());
  if (auto block = try_seal_block(records, first_seq, workshop, on_encoded)) return *std::move(block);
  log(LogLevel::error, "evidence",
      "the block at record " + std::to_string(first_seq) +
          " does not read back as it was; it is stored without columns");
  DayWriter::Block block;
  block.histogram = records.histogram();
  block.head = records.encode_raw(first_seq, {}, workshop.plain);
  block.body = workshop.compressor.compress(workshop.plain, Level::block);
  const auto again = workshop.read_back.assign(block.head, block.body, workshop.decompressor);
  LUY_CHECK(again && records.is_same_as(workshop.read_back));
  block.filter = filter_of(block.head.kind, workshop.read_back.all_raw(), workshop.tokenizer, workshop.tokens);
  return block;
}

void OpenDay::stage_seal() {
  if (pending_.count() == 0) return;
  DayWriter::Block block = seal_block(pending_, head_.size - pending_.count(), workshop_);
  block.nodes = std::move(pending_nodes_);
  staged_blocks_.push_back(std::move(block));
  staged_clear_tail_ = staged_clear_tail_ || tail_rows_ > 0;
  tail_rows_ = 0;
  pending_.clear();
  pending_nodes_.clear();
  tail_begin_ = {};
  tail_nodes_ = 0;
}

Result<void> OpenDay::write_staged(const Senders::Changes& changes) {
  if (staged_clear_tail_) LUY_TRY_VOID(writer_->clear_tail());
  for (const DayWriter::Block& block : staged_blocks_) LUY_TRY_VOID(writer_->add_block(block));
  if (const std::uint64_t added = pending_.count() - tail_begin_.count; added > 0) {
    const SegmentHead row = pending_.encode_raw(head_.size - added, tail_begin_, workshop_.plain);
    const std::string_view body = workshop_.compressor.compress(workshop_.plain, Level::tail);
    LUY_TRY_VOID(writer_->add_tail(row, std::string_view(pending_nodes_).substr(tail_nodes_), body));
    ++tail_rows_;
  }
  LUY_TRY_VOID(writer_->put_head(head_));
  for (const std::string& sender : staged_coverage_) LUY_TRY_VOID(writer_->put_coverage(coverage_.at(sender)));
  for (const SpoolRow& spool : changes.put) LUY_TRY_VOID(writer_->put_spool(spool));
  for (const auto& [sender, spool_id] : changes.removed) LUY_TRY_VOID(writer_->delete_spool(sender, spool_id));
  return {};
}

Result<void> OpenDay::commit(const Senders::Changes& changes) {
  if (tail_rows_ >= tail_rows_max) stage_seal();
  LUY_TRY_VOID(writer_->begin());
  if (auto written = write_staged(changes); !written) {
    writer_->rollback();
    return written;
  }
  LUY_TRY_VOID(writer_->commit());
  tail_begin_ = pending_.mark();
  tail_nodes_ = pending_nodes_.size();
  staged_blocks_.clear();
  staged_clear_tail_ = false;
  staged_coverage_.clear();
  committed_size_ = head_.size;
  entry_->end_seq = head_.size;
  // The records are stored: an error here must not make anybody store them again. What went wrong with the disk shows
  // at the next commit.
  if (const auto trimmed = writer_->trim_log(); !trimmed) {
    log(LogLevel::error, "evidence",
        "copying the write-ahead log into " + entry_->file.string() + ": " + trimmed.error().text());
  }
  return {};
}

Result<void> OpenDay::put_checkpoint(const NoteRow& note, const SignedNote& signature, std::string_view root) {
  LUY_CHECK(!has_staged_records());
  LUY_TRY_VOID(writer_->begin());
  auto written = writer_->put_checkpoint(note, signature, root);
  if (!written) {
    writer_->rollback();
    return written;
  }
  return writer_->commit();
}

}  // namespace luy::evidence
