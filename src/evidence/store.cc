#include "evidence/store.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <mutex>
#include <set>

#include "base/check.h"
#include "base/encoding.h"
#include "base/file.h"
#include "base/log.h"
#include "event/batch.h"
#include "evidence/archive.h"
#include "evidence/clock_watch.h"
#include "evidence/day_close.h"
#include "evidence/durable.h"
#include "evidence/hub_note.h"
#include "evidence/open_day.h"
#include "evidence/rewrite.h"

namespace luy::evidence {
namespace {

constexpr auto transport_hub = static_cast<std::uint8_t>(event::Transport::hub);
constexpr Duration clock_note_threshold = std::chrono::seconds(5);
constexpr Duration clock_note_interval = std::chrono::minutes(10);

class FileStore final : public Store {
 public:
  FileStore(const Options& options, const Clock& clock, NoteSigner& signer)
      : options_(options), clock_(clock), signer_(signer) {}

  // The writer goes last, so that it folds the write-ahead log into the file.
  ~FileStore() override {
    if (archive_ != nullptr) archive_->drop_idle_readers();
  }

  Result<void> open();
  Result<std::vector<Appended>> append(std::span<const Batch> batches) override;
  Result<Checkpoint> checkpoint() override;
  std::optional<Checkpoint> last_checkpoint() const override;
  Result<void> close_days_before(Day today) override;
  Result<std::size_t> delete_before(Day before, const HeldFrom& held_from) override;
  Result<std::unique_ptr<PreparedRewrite>> prepare_rewrite(const RewritePlan& plan,
                                                           std::stop_token stop) const override {
    return PreparedRewrite::make(*archive_, plan, stop);
  }
  Result<Rewritten> finish_rewrite(std::unique_ptr<PreparedRewrite> prepared) override;

  std::uint64_t size() const override { return archive_->size(); }
  Result<Record> read(std::uint64_t seq) const override { return archive_->read(seq); }
  Result<void> replay(std::uint64_t from, const std::function<bool(const Record&)>& visit) const override {
    return archive_->replay(from, visit);
  }
  Result<SearchStats> search(const SearchQuery& query, std::stop_token cancel,
                             const std::function<Visit(const Record&)>& visit) const override {
    return archive_->search(query, std::move(cancel), visit);
  }
  Result<Counts> counts(const SearchQuery& query, Duration bucket, std::stop_token cancel) const override {
    return archive_->counts(query, bucket, std::move(cancel));
  }
  Result<InclusionProof> prove(std::uint64_t seq) const override;
  Result<std::vector<Hash>> prove_consistency(std::uint64_t old_size, std::uint64_t new_size) const override {
    return archive_->prove_consistency(old_size, new_size);
  }
  Result<std::vector<StoredCheckpoint>> checkpoints(std::uint64_t before, std::size_t limit) const override {
    return archive_->checkpoints(before, limit);
  }
  Result<std::vector<DayInfo>> days() const override { return archive_->days(); }
  Result<std::optional<Coverage>> coverage(std::string_view sender, Day day) const override;
  const Archive* archive() const override { return archive_.get(); }

 private:
  struct Signed {
    Checkpoint checkpoint;
    Frontier tree;
  };

  Result<void> lock_folder();
  // Takes up the newest day, if it is still open, and the senders' state: at the start, and after a failed append.
  Result<void> load_newest_day();
  Result<void> load_newest_checkpoint();
  Result<void> check_origin() const;
  Result<void> check_known();
  // The records must continue the tree of this size and root.
  Result<void> check_continues(std::uint64_t records, std::uint64_t signed_size, const Hash& signed_root);
  Result<void> sign_finished_days();
  Result<void> accept_clock();
  // Makes open_ the day `received` falls into.
  Result<void> roll_to(Time received);
  Result<void> create_day(Day day);
  Result<void> finish_day();
  Result<void> stage_batch(const Batch& batch, Time received, Appended& answer);
  void stage_clock_note(Time wall, Time received);
  void stage_note(Time received, std::string_view source, const std::string& note) {
    open_->stage(received, source, transport_hub, note);
  }
  void set_last(Checkpoint checkpoint, Frontier tree);

  const Options options_;
  const Clock& clock_;
  NoteSigner& signer_;
  UniqueFd lock_;
  std::unique_ptr<Archive> archive_;
  std::optional<ClockWatch> watch_;
  Workshop workshop_;
  std::unique_ptr<OpenDay> open_;  // Null between days, and after a failed append.
  bool reload_ = false;            // The state in memory may be ahead of the disk's.
  Senders senders_;
  Frontier tree_;                        // While no day is open.
  std::string epoch_;                    // Empty before the first day.
  std::optional<Time> last_received_;    // Of the newest record when the day was loaded.
  Time received_min_;                    // No record is received before this.
  std::optional<Duration> clock_noted_;  // Monotonic.
  std::set<Day> damaged_;                // Closed days that were given no new digest.

  mutable std::mutex last_mutex_;
  std::optional<Signed> last_;
};

Result<void> check_record(const NewRecord& record) {
  if (record.source.empty() || record.source.size() > source_bytes_max) {
    return Error(record_invalid, "source of " + std::to_string(record.source.size()) + " bytes");
  }
  if (record.raw.size() > record_bytes_max) {
    return Error(record_invalid, "record of " + std::to_string(record.raw.size()) + " bytes");
  }
  return {};
}

Result<void> FileStore::open() {
  LUY_TRY_VOID(make_folder(options_.folder));
  LUY_TRY_VOID(sync_folder_or_die(options_.folder.parent_path()));
  LUY_TRY_VOID(lock_folder());
  LUY_TRY_VOID(remove_unfinished_files(options_.folder));
  LUY_TRY_VOID(roll_back_interrupted_changes(options_.folder));
  LUY_TRY(archive_, Archive::open(options_.folder));
  LUY_TRY_VOID(check_origin());
  LUY_TRY_VOID(load_newest_day());
  watch_.emplace(clock_, options_.folder / "clock", last_received_);
  LUY_TRY_VOID(load_newest_checkpoint());
  LUY_TRY_VOID(check_known());
  if (options_.accept_clock) return accept_clock();
  return {};
}

Result<void> FileStore::accept_clock() {
  const std::string note = clock_accepted_note(clock_.now(), last_received_);
  watch_->accept();
  const Batch batch{std::nullopt, {{store_source, transport_hub, note}}};
  LUY_TRY_VOID(append({&batch, 1}));
  return {};
}

// A store put back to an earlier state is sound in itself; going on from there would sign a second history.
Result<void> FileStore::check_known() {
  const Options::Known& known = options_.known;
  LUY_TRY_VOID(check_continues(known.records, known.signed_size, known.signed_root));
  // The signer remembers by itself what it signed, in a place the store's own state does not reach.
  const auto signed_last = signer_.last_signed();
  return signed_last ? check_continues(0, signed_last->size, signed_last->root) : Result<void>();
}

Result<void> FileStore::check_continues(std::uint64_t records, std::uint64_t signed_size, const Hash& signed_root) {
  const std::uint64_t there = size();
  const std::uint64_t wanted = std::max(records, signed_size);
  if (there < wanted) {
    return Error(rolled_back, std::to_string(there) + "/" + std::to_string(wanted) + " bản ghi",
                 std::to_string(there) + " of " + std::to_string(wanted) + " records");
  }
  if (signed_size == 0) return {};
  LUY_TRY(const Frontier tree, archive_->frontier_at(signed_size));
  if (tree.root(workshop_.hasher) == signed_root) return {};
  return Error(rolled_back, std::to_string(signed_size) + " bản ghi đầu không khớp với điểm kiểm tra đã ký",
               "the first " + std::to_string(signed_size) + " records are not those of the signed checkpoint");
}

Result<void> FileStore::lock_folder() {
  const std::filesystem::path file = options_.folder / "lock";
  lock_ = UniqueFd(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!lock_) return file_error(file.string(), errno);
  if (::flock(lock_.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK) return Error(store_in_use, options_.folder.string());
    return file_error(file.string(), errno);
  }
  return {};
}

Result<void> FileStore::check_origin() const {
  for (const auto& day : archive_->list()) {
    if (!day->damage && day->origin != signer_.origin()) {
      return Error(origin_changed, day->file.string() + ": " + day->origin + ", " + signer_.origin());
    }
  }
  return {};
}

Result<void> FileStore::load_newest_day() {
  open_.reset();
  senders_ = Senders();
  const auto days = archive_->list();
  if (days.empty()) return {};
  const auto& newest = days.back();
  DayHead head;
  {
    LUY_TRY(const Lease reader, Lease::take(*archive_, newest));
    LUY_TRY(head, reader->head());
    LUY_TRY(const DayMeta meta, reader->meta());
    LUY_TRY(auto spools, reader->spools());
    senders_ = Senders(std::move(spools));
    epoch_ = meta.epoch;
  }
  if (head.state == DayState::open) {
    LUY_TRY(open_, OpenDay::load(newest, workshop_));
    head = open_->head();
    received_min_ = head.received;
  } else {
    received_min_ = std::max(head.received, day_begin(newest->day + std::chrono::days(1)));
  }
  if (head.size > 0) last_received_ = head.received;
  tree_ = head.frontier;
  reload_ = false;
  return {};
}

Result<void> FileStore::load_newest_checkpoint() {
  LUY_TRY(const auto newest, archive_->newest_checkpoint());
  if (!newest) return {};
  if (newest->size > archive_->size()) {
    return Error(store_corrupt, options_.folder.string() + ": a checkpoint of " + std::to_string(newest->size) +
                                    " records was signed, but there are " + std::to_string(archive_->size()));
  }
  LUY_TRY(Frontier tree, archive_->frontier_at(newest->size));
  if (tree.root(workshop_.hasher) != newest->root) {
    return Error(store_corrupt, options_.folder.string() + ": the records do not give the root signed at " +
                                    std::to_string(newest->size));
  }
  set_last(*newest, std::move(tree));
  return {};
}

void FileStore::set_last(Checkpoint checkpoint, Frontier tree) {
  const std::lock_guard lock(last_mutex_);
  last_ = Signed{std::move(checkpoint), std::move(tree)};
}

std::optional<Checkpoint> FileStore::last_checkpoint() const {
  const std::lock_guard lock(last_mutex_);
  if (!last_) return std::nullopt;
  return last_->checkpoint;
}

Result<std::vector<Appended>> FileStore::append(std::span<const Batch> batches) {
  for (const Batch& batch : batches) {
    for (const NewRecord& record : batch.records) LUY_TRY_VOID(check_record(record));
  }
  LUY_TRY(const Time wall, watch_->believed());
  if (reload_) LUY_TRY_VOID(load_newest_day());
  const Time received = std::max(wall, received_min_);
  reload_ = true;  // Until the commit, memory may know more than the disk.
  LUY_TRY_VOID(roll_to(received));
  stage_clock_note(wall, received);
  std::vector<Appended> answers(batches.size());
  for (std::size_t i = 0; i < batches.size(); ++i) {
    LUY_TRY_VOID(stage_batch(batches[i], received, answers[i]));
  }
  const Senders::Changes changes = senders_.take_changes();
  if (open_->has_staged_records() || !changes.put.empty()) {
    LUY_TRY_VOID(open_->commit(changes));
    received_min_ = received;
  }
  reload_ = false;
  return answers;
}

Result<void> FileStore::stage_batch(const Batch& batch, Time received, Appended& answer) {
  if (batch.key) {
    LUY_TRY(const Admission admission, senders_.admit(*batch.key, received));
    answer.duplicate = admission.duplicate;
    answer.conflict = admission.conflict;
    answer.missing = admission.count();
    if (admission.duplicate) return {};
    const std::string source =
        note_source(batch.records.empty() ? std::string_view() : batch.records.front().source, batch.key->sender);
    if (admission.conflict) {
      if (admission.conflict_new) stage_note(received, source, conflict_note(*batch.key));
      return {};
    }
    CoverageRow& coverage = open_->stage_coverage(batch.key->sender);
    if (coverage.last == Time()) coverage.first = received;
    coverage.last = received;
    coverage.records += batch.records.size();
    coverage.dropped_records += batch.dropped;
    coverage.missing_batches += answer.missing;
    if (answer.missing > 0) stage_note(received, source, gap_note(*batch.key, admission.skipped));
    if (admission.late) {
      if (admission.missing_since == open_->day()) {
        coverage.missing_batches -= std::min<std::uint64_t>(coverage.missing_batches, 1);
      }
      stage_note(received, source, late_note(*batch.key, admission.missing_since));
    }
    if (batch.dropped > 0) stage_note(received, source, dropped_note(*batch.key, batch.dropped));
  }
  answer.first_seq = open_->head().size;
  answer.count = batch.records.size();
  for (const NewRecord& record : batch.records) open_->stage(received, record.source, record.transport, record.raw);
  return {};
}

void FileStore::stage_clock_note(Time wall, Time received) {
  if (received - wall <= clock_note_threshold) {
    clock_noted_.reset();
    return;
  }
  const Duration now = clock_.monotonic();
  if (clock_noted_ && now - *clock_noted_ < clock_note_interval) return;
  clock_noted_ = now;
  stage_note(received, store_source, clock_note(wall, received));
}

Result<void> FileStore::roll_to(Time received) {
  const Day day = day_of(received);
  if (open_ != nullptr && open_->day() == day) return {};
  LUY_TRY_VOID(finish_day());
  LUY_TRY_VOID(create_day(day));
  LUY_TRY(open_, OpenDay::load(archive_->list().back(), workshop_));
  return {};
}

Result<void> FileStore::finish_day() {
  if (open_ == nullptr) return {};
  LUY_CHECK(!open_->has_staged_records());
  const DayHead head = open_->head();
  const std::uint64_t first_seq = open_->entry().first_seq;
  stage_note(std::max(head.received, day_begin(open_->day())), store_source,
             day_end_note(open_->day(), first_seq, head.size - first_seq, open_->coverages()));
  open_->stage_seal();
  open_->stage_state(DayState::finished);
  LUY_TRY_VOID(open_->commit({}));
  tree_ = open_->head().frontier;
  received_min_ = std::max(received_min_, day_begin(open_->day() + std::chrono::days(1)));
  open_.reset();
  return {};
}

Result<void> FileStore::create_day(Day day) {
  if (epoch_.empty()) epoch_ = to_rfc3339(clock_.now());
  const std::filesystem::path file = day_path(options_.folder, day);
  LUY_TRY_VOID(DayWriter::create(file, {epoch_, signer_.origin(), day, tree_}, received_min_, senders_.all()));
  LUY_TRY(const auto reader, DayReader::open(file, false));
  LUY_TRY(auto entry, describe_day(file, *reader, day));
  entry->sealed = false;  // It is about to be written.
  archive_->add(std::move(entry));
  return {};
}

Result<Checkpoint> FileStore::checkpoint() {
  if (reload_) LUY_TRY_VOID(load_newest_day());
  const std::uint64_t size = archive_->size();
  if (size == 0) return Error(store_empty, options_.folder.string());
  LUY_TRY_VOID(sign_finished_days());
  if (const auto last = last_checkpoint(); last && last->size == size) return *last;
  // Without an open day the newest is finished, and its end was signed just now, or closed.
  if (open_ == nullptr) return Error(store_corrupt, archive_->list().back()->file.string() + ": closing checkpoint");
  const Frontier& tree = open_->head().frontier;
  LUY_CHECK(tree.size() == size);
  LUY_TRY(const SignedTree done, sign_tree(*archive_, signer_, open_->day(), tree, workshop_.hasher));
  const NoteRow note{size, clock_.now(), false, done.signature.note};
  LUY_TRY_VOID(open_->put_checkpoint(note, done.signature, signer_.vkey()));
  set_last(done.checkpoint, done.tree);
  return done.checkpoint;
}

// Oldest first, each before any later tree is signed.
Result<void> FileStore::sign_finished_days() {
  for (const auto& day : archive_->list()) {
    if (day->damage || day->sealed || (open_ != nullptr && day->day == open_->day())) continue;
    LUY_TRY(auto end, sign_end(*archive_, *day, signer_, clock_, workshop_.hasher));
    const auto last = last_checkpoint();
    if (end && (!last || last->size < end->checkpoint.size)) set_last(std::move(end->checkpoint), std::move(end->tree));
  }
  return {};
}

Result<void> FileStore::close_days_before(Day today) {
  // By a wrong clock today would be over: its last record would be written too early.
  LUY_TRY_VOID(watch_->believed());
  if (reload_) LUY_TRY_VOID(load_newest_day());
  if (open_ != nullptr && open_->day() < today) {
    reload_ = true;
    LUY_TRY_VOID(finish_day());
    reload_ = false;
  }
  for (const auto& day : archive_->list()) {
    if (day->damage || day->day >= today || (open_ != nullptr && day->day == open_->day())) continue;
    if (damaged_.contains(day->day)) continue;
    auto closing = close_day(*archive_, day, signer_, clock_, workshop_.hasher);
    if (!closing && closing.error().is(digest_refused)) {
      // Told once; the days after it are closed all the same.
      log(LogLevel::error, "evidence", closing.error().text());
      damaged_.insert(day->day);
      continue;
    }
    if (!closing) return closing.error();
    const auto last = last_checkpoint();
    if (*closing && (!last || last->size < (*closing)->checkpoint.size)) {
      set_last((*closing)->checkpoint, (*closing)->tree);
    }
  }
  return {};
}

Result<std::size_t> FileStore::delete_before(Day before, const HeldFrom& held_from) {
  LUY_TRY(const Time wall, watch_->believed());
  const Day today = day_of(wall);
  if (before > today - std::chrono::days(options_.retention_days)) return Error(retention_floor, to_iso(before));
  if (!watch_->settled())
    return Error(retention_floor,
                 "the clock jumped, or the hub was off for long; days are deleted "
                 "again once it has run steadily for a while");
  LUY_TRY(const auto held, held_from ? held_from() : Result<std::optional<Day>>(std::nullopt));
  if (held) before = std::min(before, *held);
  std::vector<std::shared_ptr<ArchiveDay>> victims;
  for (const auto& day : archive_->list()) {
    if (day->day >= before || !day->sealed) break;
    victims.push_back(day);
  }
  if (victims.empty() || victims.size() == archive_->list().size()) return std::size_t{0};
  const std::string note = retention_note(name_deleted(*archive_, victims, workshop_.hasher));
  const Batch batch{std::nullopt, {{store_source, transport_hub, note}}};
  LUY_TRY_VOID(append({&batch, 1}));
  // What is deleted is vouched for by the record that names it: that one is signed first.
  LUY_TRY_VOID(checkpoint());
  std::size_t deleted = 0;
  for (const auto& day : victims) {
    LUY_TRY(const auto held_now, held_from ? held_from() : Result<std::optional<Day>>(std::nullopt));
    if (held_now && day->day >= *held_now) break;
    archive_->remove(day->day);
    LUY_TRY_VOID(delete_day(day->file));
    ++deleted;
  }
  return deleted;
}

Result<Rewritten> FileStore::finish_rewrite(std::unique_ptr<PreparedRewrite> prepared) {
  LUY_TRY_VOID(prepared->check_unchanged());
  std::vector<std::uint64_t> notes;
  for (const std::string& note : prepared->notes()) {
    const Batch batch{std::nullopt, {{store_source, transport_hub, note}}};
    LUY_TRY(const auto stored, append({&batch, 1}));
    notes.push_back(stored.front().first_seq);
  }
  if (!notes.empty()) LUY_TRY_VOID(checkpoint());
  return prepared->take_place(*archive_, notes);
}

Result<InclusionProof> FileStore::prove(std::uint64_t seq) const {
  std::optional<Signed> last;
  {
    const std::lock_guard lock(last_mutex_);
    last = last_;
  }
  if (seq >= size()) return Error(record_unknown, std::to_string(seq));
  if (!last) return Error(not_covered, std::to_string(seq));
  return archive_->prove(seq, last->checkpoint, last->tree);
}

Result<std::optional<Coverage>> FileStore::coverage(std::string_view sender, Day day) const {
  LUY_TRY(auto found, archive_->coverage(sender, day));
  if (!found || found->missing_batches == 0) return found;
  // What came late is known to the newest day.
  LUY_TRY(const Lease newest, Lease::take(*archive_, archive_->list().back()));
  LUY_TRY(const auto spools, newest->spools_of(sender));
  for (const SpoolRow& spool : spools) {
    for (const LateBatches& late : spool.late) {
      if (late.day == day) found->missing_batches -= std::min<std::uint64_t>(found->missing_batches, late.count);
    }
  }
  return found;
}

}  // namespace

Result<std::unique_ptr<Store>> open_store(const Options& options, const Clock& clock, NoteSigner& signer) {
  if (options.retention_days < retention_days_floor) {
    return Error(retention_floor, std::to_string(options.retention_days));
  }
  auto store = std::make_unique<FileStore>(options, clock, signer);
  LUY_TRY_VOID(store->open());
  return std::unique_ptr<Store>(std::move(store));
}

}  // namespace luy::evidence
