#include "evidence/rewrite.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <set>
#include <system_error>

#include "base/check.h"
#include "base/encoding.h"
#include "base/file.h"
#include "base/log.h"
#include "event/batch.h"
#include "evidence/day_close.h"
#include "evidence/day_writer.h"
#include "evidence/durable.h"
#include "evidence/error.h"
#include "evidence/file_digest.h"
#include "evidence/open_day.h"
#include "evidence/store.h"
#include "evidence/verify_day.h"

namespace luy::evidence {
namespace {

constexpr mode_t closed_mode = 0440;

Error refused(const std::filesystem::path& file, const std::string& detail) {
  return Error(rewrite_refused, file.filename().string() + ": " + detail);
}

// Everything but the blocks, as it is.
Result<void> copy_tables(const std::filesystem::path& from, int format, const std::filesystem::path& to) {
  LUY_TRY(Connection connection, Connection::open(to, Connection::Mode::create));
  LUY_TRY_VOID(connection.run("PRAGMA page_size=4096; PRAGMA auto_vacuum=NONE"));
  LUY_TRY_VOID(connection.run(("PRAGMA application_id=" + std::to_string(day_file_application_id) +
                               "; PRAGMA user_version=" + std::to_string(day_file_format))
                                  .c_str()));
  LUY_TRY_VOID(connection.attach(from, "old"));
  LUY_TRY_VOID(connection.run("BEGIN IMMEDIATE"));
  for (const std::string& table : day_schema()) LUY_TRY_VOID(connection.run(table.c_str()));
  for (const char* table : {"meta", "key", "head", "note", "spool", "coverage", "certificate"}) {
    if (format == 1 && std::string_view(table) == "certificate") continue;
    LUY_TRY_VOID(connection.run(("INSERT INTO main." + std::string(table) + " SELECT * FROM old." + table).c_str()));
  }
  return connection.run("COMMIT");
}

// The leaves of a day on their way from one file into another.
class DayCopy {
 public:
  DayCopy(DayWriter& writer, const RewritePlan& plan, const DayMeta& meta, std::set<std::uint64_t> signed_sizes)
      : writer_(writer),
        plan_(plan),
        next_(meta.before.size()),
        first_(next_),
        frontier_(meta.before),
        signed_sizes_(std::move(signed_sizes)),
        received_(day_begin(meta.day)) {}

  Result<void> take(const Segment& segment) {
    std::size_t known = 0;
    const auto& before = segment.withheld();
    while (next_ < segment.end_seq()) {
      if (known < before.size() && before[known].first == next_) {
        LUY_TRY_VOID(withhold(before[known++]));
      } else if (is_to_go(next_)) {
        const RecordView record = segment.at(next_);
        if (record.source == store_source) {
          return Error(rewrite_refused, "record " + std::to_string(next_) + " is of the evidence itself");
        }
        ++withheld_now_;
        LUY_TRY_VOID(withhold({next_, 0, workshop_.hasher.hash(record)}));
      } else {
        const RecordView record = segment.at(next_);
        frontier_.add(workshop_.hasher, workshop_.hasher.hash(record), nodes_);
        records_.add(record.received, record.source, record.transport, record.raw);
        received_ = record.received;
        raw_bytes_ += record.raw.size();
        ++next_;
      }
      if (records_.bytes() >= block_bytes) LUY_TRY_VOID(seal());
    }
    return {};
  }

  Result<void> seal() {
    if (records_.count() == 0) return {};
    records_.set_withheld(std::move(withheld_));
    withheld_.clear();
    auto block = try_seal_block(records_, first_, workshop_, {});
    if (!block) return Error(rewrite_refused, "the block at record " + std::to_string(first_) + " does not read back");
    block->nodes = std::move(nodes_);
    nodes_.clear();
    LUY_TRY_VOID(writer_.begin());
    if (auto added = writer_.add_block(*block); !added) {
      writer_.rollback();
      return added;
    }
    LUY_TRY_VOID(writer_.commit());
    LUY_TRY_VOID(writer_.trim_log());
    records_.clear();
    first_ = next_;
    return {};
  }

  std::uint64_t withheld_now() const { return withheld_now_; }
  std::uint64_t withheld_in_all() const { return withheld_in_all_; }
  std::uint64_t raw_bytes() const { return raw_bytes_; }
  const Frontier& frontier() const { return frontier_; }

 private:
  bool is_to_go(std::uint64_t seq) {
    while (range_ < plan_.withhold.size() && plan_.withhold[range_].end() <= seq) ++range_;
    return range_ < plan_.withhold.size() && plan_.withhold[range_].first <= seq;
  }

  // Two halves become one node, but where a tree was signed that ends between them.
  Result<void> withhold(WithheldNode node) {
    frontier_.add_node(workshop_.hasher, node.hash, node.level, nodes_);
    const std::uint64_t count = std::uint64_t{1} << node.level;
    records_.add_withheld(received_, count);
    withheld_in_all_ += count;
    next_ += count;
    while (!withheld_.empty() && node.level < stored_level) {
      const WithheldNode& left = withheld_.back();
      const bool halves = left.level == node.level && left.end() == node.first && (node.first >> node.level & 1U) != 0;
      if (!halves || signed_sizes_.contains(node.first)) break;
      node = {left.first, node.level + 1, workshop_.hasher.node(left.hash, node.hash)};
      withheld_.pop_back();
    }
    withheld_.push_back(node);
    return {};
  }

  DayWriter& writer_;
  const RewritePlan& plan_;
  std::size_t range_ = 0;
  std::uint64_t next_;
  std::uint64_t first_;  // Of the block at hand.
  Frontier frontier_;
  const std::set<std::uint64_t> signed_sizes_;
  Time received_;  // Of the last record kept: withheld ones say no time of their own.
  Workshop workshop_;
  SegmentBuilder records_;
  std::vector<WithheldNode> withheld_;
  std::string nodes_;
  std::uint64_t withheld_now_ = 0;
  std::uint64_t withheld_in_all_ = 0;
  std::uint64_t raw_bytes_ = 0;
};

Result<void> check_ranges(const RewritePlan& plan, const ArchiveDay& day) {
  std::uint64_t at = day.first_seq;
  for (const SeqRange& range : plan.withhold) {
    if (range.count == 0 || range.first < at || range.first >= day.end_seq || range.count > day.end_seq - range.first) {
      return refused(day.file, "records " + std::to_string(range.first) + " + " + std::to_string(range.count));
    }
    at = range.end();
  }
  return {};
}

}  // namespace

PreparedRewrite::PreparedRewrite(RewritePlan plan, std::shared_ptr<ArchiveDay> day)
    : plan_(std::move(plan)), day_(std::move(day)), file_(day_->file.string() + ".new") {}

PreparedRewrite::~PreparedRewrite() {
  if (made_) remove_file();
}

void PreparedRewrite::remove_file() {
  std::error_code ignored;
  for (const char* suffix : {"", "-wal", "-shm", "-journal"}) {
    std::filesystem::remove(file_.string() + suffix, ignored);
  }
}

Result<std::unique_ptr<PreparedRewrite>> PreparedRewrite::make(const Archive& archive, const RewritePlan& plan,
                                                               const std::stop_token& stop) {
  const auto days = archive.list();
  const auto day = std::ranges::find_if(days, [&](const auto& one) { return one->day == plan.day; });
  if (day == days.end()) return Error(rewrite_refused, to_iso(plan.day));
  if ((*day)->damage) return *(*day)->damage;
  if (!(*day)->sealed) return refused((*day)->file, "the day is not closed");
  LUY_TRY_VOID(check_ranges(plan, **day));
  auto out = std::unique_ptr<PreparedRewrite>(new PreparedRewrite(plan, *day));
  {
    // The name is the lock: whoever makes the file alone may remove it. Closed at once: SQLite's own locks on the file
    // would go with it later.
    const UniqueFd fd(::open(out->file_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (!fd && errno == EEXIST) return refused(out->file_, "the day is being written anew already");
    if (!fd) return file_error(out->file_.string(), errno);
  }
  out->made_ = true;
  if (::stat(out->day_->file.c_str(), &out->before_) != 0) return file_error(out->day_->file.string(), errno);
  LUY_TRY_VOID(out->write(stop));
  LUY_TRY_VOID(out->read_back(stop));
  return out;
}

Result<void> PreparedRewrite::write(const std::stop_token& stop) {
  LUY_TRY(const auto reader, DayReader::open(day_->file, true));
  LUY_TRY_VOID(reader->check_schema());
  LUY_TRY(meta_, reader->meta());
  LUY_TRY(DayHead head, reader->head());
  std::set<std::uint64_t> sizes;
  LUY_TRY_VOID(reader->notes([&](const NoteRow& note) { sizes.insert(note.size); }));
  LUY_TRY_VOID(copy_tables(day_->file, reader->format(), file_));
  LUY_TRY(const auto writer, DayWriter::open(file_));
  DayCopy copy(*writer, plan_, meta_, std::move(sizes));
  Segment segment;
  for (std::uint64_t next = meta_.before.size(); next < head.size; next = segment.end_seq()) {
    if (stop.stop_requested()) return refused(file_, "stopped");
    LUY_TRY(const auto row, reader->segment_at(next));
    if (!row || row->head.first_seq != next) {
      return Error(store_corrupt, day_->file.string() + ": record " + std::to_string(next) + " is absent");
    }
    LUY_TRY_VOID(reader->load(*row, segment));
    LUY_TRY_VOID(copy.take(segment));
  }
  LUY_TRY_VOID(copy.seal());
  if (copy.frontier() != head.frontier) {
    return Error(store_corrupt, day_->file.string() + ": the records do not give the frontier stored with them");
  }
  withheld_ = copy.withheld_now();
  all_withheld_ = copy.withheld_in_all();
  end_ = head.frontier;
  meta_.withheld.records = all_withheld_;
  head.raw_bytes = copy.raw_bytes();
  LUY_TRY_VOID(writer->begin());
  auto written = writer->put_head(head);
  if (written && all_withheld_ > 0) written = writer->put_withheld(meta_.withheld);
  if (!written) {
    writer->rollback();
    return written;
  }
  LUY_TRY_VOID(writer->commit());
  return writer->leave_log();
}

// Every root that was signed must come out of the new file: then no record that is kept has changed.
Result<void> PreparedRewrite::read_back(const std::stop_token& stop) {
  std::string found;
  VerifyOptions options;
  options.stop = stop;
  options.report = [&](const Finding& finding) {
    if (finding.is_fault && !finding.error.is(finding_digest_absent) && found.empty()) found = finding.error.en();
  };
  const ExpectedRoots none;
  DayVerifier day(file_, options, none);
  if (day.open()) day.verify(Allowed::closed);
  if (stop.stop_requested()) return refused(file_, "stopped");
  if (!found.empty() || !day.complete() || day.end() != end_) return refused(file_, found);
  return {};
}

Result<void> PreparedRewrite::check_unchanged() const {
  struct stat now {};
  if (::stat(day_->file.c_str(), &now) != 0) return file_error(day_->file.string(), errno);
  if (now.st_ino != before_.st_ino || now.st_size != before_.st_size || now.st_mtim.tv_sec != before_.st_mtim.tv_sec ||
      now.st_mtim.tv_nsec != before_.st_mtim.tv_nsec) {
    return refused(day_->file, "changed meanwhile");
  }
  return {};
}

std::vector<std::string> PreparedRewrite::notes() const {
  if (withheld_ == 0) return {};
  LeafHasher hasher;
  return withheld_notes(
      {plan_.day, plan_.reason, plan_.act, plan_.by, stored_digest(day_->file), end_.size(), to_hex(end_.root(hasher))},
      plan_.withhold);
}

Result<Rewritten> PreparedRewrite::take_place(Archive& archive, const std::vector<std::uint64_t>& notes) {
  Rewritten out{std::nullopt, withheld_, static_cast<std::uint64_t>(before_.st_size), 0, {}};
  if (!notes.empty()) {
    out.note_seq = notes.front();
    meta_.withheld.notes.insert(meta_.withheld.notes.end(), notes.begin(), notes.end());
    LUY_TRY(const auto writer, DayWriter::open(file_));
    LUY_TRY_VOID(writer->begin());
    if (auto written = writer->put_withheld(meta_.withheld); !written) {
      writer->rollback();
      return written.error();
    }
    LUY_TRY_VOID(writer->commit());
    LUY_TRY_VOID(writer->leave_log());
  }
  {
    const UniqueFd fd(::open(file_.c_str(), O_RDONLY | O_CLOEXEC));
    struct stat now {};
    if (!fd || ::fchmod(fd.get(), closed_mode) != 0 || ::fstat(fd.get(), &now) != 0) {
      return file_error(file_.string(), errno);
    }
    sync_or_die(fd.get(), file_);
    out.bytes_after = static_cast<std::uint64_t>(now.st_size);
  }
  LUY_TRY(out.sha256, file_sha256(file_));
  Result<void> moved;
  archive.replace(*day_, [&] {
    // Without a digest a crash leaves a day that gets one as soon as it was verified (close_day()).
    if (::unlink(digest_path(day_->file).c_str()) != 0 && errno != ENOENT) {
      moved = file_error(digest_path(day_->file).string(), errno);
    } else if (::rename(file_.c_str(), day_->file.c_str()) != 0) {
      moved = file_error(file_.string(), errno);
    } else {
      made_ = false;
      moved = sync_folder_or_die(day_->file.parent_path());
    }
  });
  LUY_TRY_VOID(moved);
  LUY_TRY_VOID(write_file_durably(digest_path(day_->file), digest_line(out.sha256, day_->file), closed_mode));
  log(LogLevel::warning, "evidence",
      day_->file.string() + " was written anew: the content of " + std::to_string(withheld_) + " records was removed");
  return out;
}

Result<std::unique_ptr<PreparedRewrite>> Store::prepare_rewrite(const RewritePlan& plan,
                                                                std::stop_token /*stop*/) const {
  return Error(rewrite_refused, to_iso(plan.day));
}

Result<Rewritten> Store::finish_rewrite(std::unique_ptr<PreparedRewrite> prepared) {
  return Error(rewrite_refused, to_iso(prepared->plan().day));
}

Result<Rewritten> Store::rewrite_day(const RewritePlan& plan) {
  LUY_TRY(auto prepared, prepare_rewrite(plan, {}));
  return finish_rewrite(std::move(prepared));
}

}  // namespace luy::evidence
