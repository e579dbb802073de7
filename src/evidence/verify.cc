#include "evidence/verify.h"

#include <algorithm>
#include <cerrno>
#include <set>
#include <system_error>

#include "base/file.h"
#include "evidence/certificate.h"
#include "evidence/error.h"
#include "evidence/store.h"
#include "evidence/verify_day.h"
#include "evidence/witness_file.h"

namespace luy::evidence {
namespace {

class FolderVerifier {
 public:
  FolderVerifier(const VerifyOptions& options, ExpectedRoots expected)
      : options_(options), expected_(std::move(expected)) {}

  Result<VerifySummary> file(const std::filesystem::path& path) {
    read_witnessed(path);
    verify_day(path, Allowed::closed);
    finish(path);
    return summary_;
  }

  Result<VerifySummary> folder(const std::filesystem::path& path) {
    is_folder_ = true;
    LUY_TRY_VOID(list(path));
    if (files_.empty() && absent_.empty()) return file_error((path / "*.sqlite").string(), ENOENT);
    for (const auto& file : files_) {
      if (in_range(*day_of_path(file))) read_witnessed(file);
    }
    for (const auto& file : absent_) fault(finding_file_absent, file, file.filename().string());
    for (const char* name : {"checkpoint", "records", "SHA256SUMS"}) {
      std::error_code ignored;
      if (std::filesystem::exists(std::filesystem::symlink_status(path / name, ignored))) {
        fault(finding_mixed, path, name);
      }
    }
    for (std::size_t i = 0; i < files_.size(); ++i) {
      const std::size_t after = files_.size() - 1 - i;
      const Allowed allowed = after == 0 ? Allowed::open : after == 1 ? Allowed::finished : Allowed::closed;
      if (in_range(*day_of_path(files_[i]))) verify_day(files_[i], allowed);
    }
    if (options_.days) {
      for (const Day day : {options_.days->first, options_.days->last}) {
        const auto file = day_path(path, day);
        if (!std::ranges::binary_search(files_, file)) fault(finding_file_absent, file, file.filename().string());
      }
    }
    finish(path);
    check_unsigned(path);
    check_begin(path);
    check_withheld(path);
    return summary_;
  }

  const std::vector<std::string>& certificates() const { return certificates_; }

 private:
  // What witnesses cosigned of a day has to be the tree's root at its size, as any checkpoint kept elsewhere.
  void read_witnessed(const std::filesystem::path& file) {
    auto notes = read_cosigned(file);
    if (!notes) return fault(finding_note_invalid, file, notes.error().detail());
    for (const std::string& note : *notes) {
      if (const auto body = parse_body(note)) expected_.emplace(body->size, body->root);
    }
    if (!notes->empty()) witnessed_[file] = *std::move(notes);
  }

  void check_witnessed(const std::filesystem::path& file, const KeyRing& ring) {
    const auto found = witnessed_.find(file);
    if (found == witnessed_.end()) return;
    for (const std::string& note : found->second) {
      const auto body = parse_body(note);
      const auto by = verify_cosignatures(note, options_.witnesses);
      if (!body || !by || !ring.verify(note)) {
        fault(finding_note_invalid, file, cosigned_path(file).filename().string());
        continue;
      }
      for (const Cosignature& one : *by) {
        Vouched& vouched = vouched_[one.key.vkey()];
        vouched.size = std::max(vouched.size, body->size);
        vouched.seconds = std::max(vouched.seconds, one.seconds);
      }
    }
  }

  void tell_of_witnesses(const std::filesystem::path& path) {
    summary_.cosigned = options_.witnesses.empty() ? 0 : before_.size();
    for (const WitnessKey& one : options_.witnesses) {
      const auto found = vouched_.find(one.vkey());
      summary_.cosigned = found == vouched_.end() ? 0 : std::min(summary_.cosigned, found->second.size);
      if (found == vouched_.end()) {
        fault(finding_cosignature_absent, path, one.name);
        continue;
      }
      const Vouched& vouched = found->second;
      remark(remark_cosigned, path,
             one.name + ": " + std::to_string(vouched.size) + " / " + std::to_string(before_.size()) + ", " +
                 to_rfc3339(Time(std::chrono::seconds(vouched.seconds))));
    }
  }

  // The days there are, and those of which only something else is left: a digest, a log.
  Result<void> list(const std::filesystem::path& path) {
    std::error_code error;
    for (std::filesystem::directory_iterator entry(path, error), end; !error && entry != end; entry.increment(error)) {
      const std::string name = entry->path().filename().string();
      if (day_of_path(name)) files_.push_back(path / name);
      for (const std::string_view suffix : {".sha256", "-wal"}) {
        if (!name.ends_with(suffix)) continue;
        const std::string day = name.substr(0, name.size() - suffix.size());
        if (day_of_path(day)) absent_.insert(path / day);
      }
    }
    if (error) return file_error(path.string(), error.value());
    std::ranges::sort(files_);
    for (const auto& file : files_) absent_.erase(file);
    return {};
  }

  bool in_range(Day day) const { return !options_.days || (day >= options_.days->first && day <= options_.days->last); }

  void fault(const ErrorKind& kind, const std::filesystem::path& file, const std::string& detail) {
    ++summary_.faults;
    options_.report({Error(kind, detail), true, file});
  }
  void remark(const ErrorKind& kind, const std::filesystem::path& file, const std::string& detail) {
    options_.report({Error(kind, detail), false, file});
  }

  void verify_day(const std::filesystem::path& file, Allowed allowed) {
    ++summary_.files;
    DayVerifier day(file, options_, expected_);
    if (!day.open()) {
      summary_.faults += day.faults();
      known_ = false;
      return;
    }
    check_continuity(file, day);
    day.verify(allowed);
    summary_.faults += day.faults();
    summary_.records += day.end().size() - day.meta().before.size();
    summary_.raw_bytes += day.raw_bytes();
    summary_.checkpoints += day.checkpoints();
    before_ = day.complete() ? day.end() : day.head().frontier;
    origin_ = day.meta().origin;
    epoch_ = day.meta().epoch;
    if (!first_seq_) {
      first_seq_ = day.meta().before.size();
      first_day_ = day.meta().day;
    }
    if (const auto size = day.signed_size()) {
      signed_size_ = size;
      unsigned_since_.reset();
    }
    if (!unsigned_since_) unsigned_since_ = day.unsigned_since();
    received_last_ = day.received_last();
    deletions_.insert(deletions_.end(), day.deletions().begin(), day.deletions().end());
    explained_.insert(explained_.end(), day.explained().begin(), day.explained().end());
    for (const SeqRange& range : day.withheld()) withheld_.emplace_back(file, range);
    certificates_.insert(certificates_.end(), day.certificates().begin(), day.certificates().end());
    check_witnessed(file, day.ring());
    known_ = true;
  }

  void check_continuity(const std::filesystem::path& file, const DayVerifier& day) {
    const std::string name = file.filename().string();
    const std::uint64_t first = day.meta().before.size();
    if (summary_.files == 1) {
      if (first > 0 && (!is_folder_ || options_.days))
        remark(remark_starts_later, file, name + ": records from " + std::to_string(first));
      return;
    }
    if (!known_) return;  // The file before could not be read, which has been reported.
    if (day.meta().origin != origin_ || day.meta().epoch != epoch_) {
      fault(finding_not_continued, file, name + ": another tree");
    } else if (first > before_.size()) {
      fault(finding_record_absent, file,
            "records " + std::to_string(before_.size()) + " to " + std::to_string(first - 1) + ", before " + name);
    } else if (day.meta().before != before_) {
      fault(finding_not_continued, file, name);
    }
  }

  // Records behind the last checkpoint: whoever writes the folder can write these.
  void check_unsigned(const std::filesystem::path& path) {
    if (!signed_size_) return fault(finding_unsigned, path, "no checkpoint");
    const std::uint64_t covered = std::max(*signed_size_, first_seq_.value_or(0));
    if (before_.size() <= covered) return;
    summary_.unsigned_records = before_.size() - covered;
    const std::string detail = std::to_string(summary_.unsigned_records) + " (" + std::to_string(covered) + "–" +
                               std::to_string(before_.size() - 1) +
                               (unsigned_since_ ? ", " + to_rfc3339(*unsigned_since_) : std::string()) + ")";
    if (!unsigned_since_ || received_last_ - *unsigned_since_ > unsigned_span_max) {
      return fault(finding_unsigned, path, detail);
    }
    remark(remark_unsigned_tail, path, detail);
  }

  // Retention deletes oldest first and says so in a record; the records about still older days go with their own days.
  void check_begin(const std::filesystem::path& path) {
    if (options_.days || first_seq_.value_or(0) == 0) return;
    const bool named = std::ranges::any_of(deletions_, [&](const Deletion& one) {
      return one.seq < signed_size_.value_or(0) && one.day.first_seq + one.day.records == *first_seq_ &&
             one.day.day < first_day_ && day_of(one.received) - one.day.day >= std::chrono::days(retention_days_floor);
    });
    if (!named) fault(finding_days_absent, path, "0–" + std::to_string(*first_seq_ - 1));
  }

  // A signed record of a later day must name each record whose content is gone.
  void check_withheld(const std::filesystem::path& path) {
    if (options_.days || withheld_.empty()) return;
    std::erase_if(explained_, [&](const WithheldRange& one) {
      return one.seq >= signed_size_.value_or(0) || one.seq < one.records.end();
    });
    std::ranges::sort(explained_, {}, [](const WithheldRange& one) { return one.records.first; });
    for (const auto& [file, range] : withheld_) {
      std::uint64_t at = range.first;
      for (const WithheldRange& one : explained_) {
        if (one.records.first <= at) at = std::max(at, one.records.end());
      }
      if (at < range.end()) {
        fault(finding_withheld, path,
              file.filename().string() + ": " + std::to_string(at) + "–" + std::to_string(range.end() - 1));
      }
    }
  }

  void finish(const std::filesystem::path& path) {
    LeafHasher hasher;
    summary_.size = before_.size();
    summary_.root = before_.root(hasher);
    for (const auto& [size, root] : expected_) {
      const std::string detail = "checkpoint of size " + std::to_string(size) + ", kept elsewhere; the store has " +
                                 std::to_string(before_.size()) + " records";
      const bool outside = size < first_seq_.value_or(0) || (size > before_.size() && (!is_folder_ || options_.days));
      if (outside) {
        remark(remark_note_not_checked, path, detail);
      } else if (size > before_.size()) {
        fault(finding_rolled_back, path, detail);
      }
    }
    if (options_.keys.empty()) remark(remark_own_keys, path, path.filename().string());
    tell_of_witnesses(path);
  }

  struct Vouched {
    std::uint64_t size = 0;
    std::uint64_t seconds = 0;
  };

  const VerifyOptions& options_;
  ExpectedRoots expected_;
  std::map<std::filesystem::path, std::vector<std::string>> witnessed_;  // Cosigned notes by the day they lie beside.
  std::map<std::string, Vouched> vouched_;                               // By the witness's vkey.
  bool is_folder_ = false;
  std::vector<std::filesystem::path> files_;  // In order of days.
  std::set<std::filesystem::path> absent_;
  VerifySummary summary_;
  bool known_ = false;  // Whether the fields below are those of the file just before.
  Frontier before_;
  std::string origin_;
  std::string epoch_;
  std::optional<std::uint64_t> first_seq_;
  Day first_day_{};
  std::optional<std::uint64_t> signed_size_;
  std::optional<Time> unsigned_since_;
  Time received_last_;
  std::vector<Deletion> deletions_;
  std::vector<WithheldRange> explained_;
  std::vector<std::pair<std::filesystem::path, SeqRange>> withheld_;
  std::vector<std::string> certificates_;
};

}  // namespace

Result<ExpectedRoots> expected_roots(const VerifyOptions& options) {
  ExpectedRoots out;
  for (const std::string& note : options.notes) {
    LUY_TRY(const CheckpointBody body, parse_body(note));
    out.emplace(body.size, body.root);
  }
  return out;
}

Result<void> verify_expected(const VerifyOptions& options, const std::vector<std::string>& certificates) {
  if (options.keys.empty()) return {};
  KeyRing ring(options.keys);
  ring.add(certificates);
  for (const std::string& note : options.notes) LUY_TRY_VOID(ring.verify(note));
  return {};
}

Result<VerifySummary> verify_path(const std::filesystem::path& path, const VerifyOptions& options) {
  LUY_TRY(ExpectedRoots expected, expected_roots(options));
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (!std::filesystem::exists(status)) return file_error(path.string(), ENOENT);
  FolderVerifier verifier(options, std::move(expected));
  LUY_TRY(const VerifySummary summary,
          std::filesystem::is_directory(status) ? verifier.folder(path) : verifier.file(path));
  LUY_TRY_VOID(verify_expected(options, verifier.certificates()));
  return summary;
}

}  // namespace luy::evidence
