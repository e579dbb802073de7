#include "evidence/verify.h"

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "base/file.h"
#include "evidence/error.h"
#include "evidence/verify_day.h"

namespace luy::evidence {
namespace {

class FolderVerifier {
 public:
  FolderVerifier(const VerifyOptions& options, ExpectedRoots expected)
      : options_(options), expected_(std::move(expected)) {}

  Result<VerifySummary> file(const std::filesystem::path& path) {
    verify_day(path, false);
    finish(path);
    return summary_;
  }

  Result<VerifySummary> folder(const std::filesystem::path& path) {
    std::vector<std::filesystem::path> files;
    std::vector<std::filesystem::path> digests;
    std::error_code error;
    for (std::filesystem::directory_iterator entry(path, error), end; !error && entry != end; entry.increment(error)) {
      if (day_of_path(entry->path())) files.push_back(entry->path());
      if (entry->path().extension() == ".sha256" && day_of_path(entry->path().stem())) digests.push_back(entry->path());
    }
    if (error) return file_error(path.string(), error.value());
    if (files.empty() && digests.empty()) return file_error((path / "*.sqlite").string(), ENOENT);
    std::ranges::sort(files);
    std::ranges::sort(digests);
    for (const auto& digest : digests) {
      std::filesystem::path file = digest;
      file.replace_extension();
      if (!std::ranges::binary_search(files, file)) fault(finding_file_absent, file, file.filename().string());
    }
    for (const auto& file : files) {
      const bool recent = *day_of_path(file) >= options_.today - days(1);
      verify_day(file, recent);
    }
    finish(path);
    return summary_;
  }

 private:
  void fault(const ErrorKind& kind, const std::filesystem::path& file, const std::string& detail) {
    ++summary_.faults;
    options_.report({Error(kind, detail), true, file});
  }
  void remark(const ErrorKind& kind, const std::filesystem::path& file, const std::string& detail) {
    options_.report({Error(kind, detail), false, file});
  }

  void verify_day(const std::filesystem::path& file, bool may_be_open) {
    ++summary_.files;
    DayVerifier day(file, options_, expected_);
    if (!day.open()) {
      summary_.faults += day.faults();
      known_ = false;
      return;
    }
    check_continuity(file, day);
    day.verify(may_be_open);
    summary_.faults += day.faults();
    summary_.records += day.end().size() - day.meta().before.size();
    summary_.raw_bytes += day.raw_bytes();
    summary_.checkpoints += day.checkpoints();
    before_ = day.complete() ? day.end() : day.head().frontier;
    origin_ = day.meta().origin;
    epoch_ = day.meta().epoch;
    if (!first_seq_) first_seq_ = day.meta().before.size();
    known_ = true;
  }

  void check_continuity(const std::filesystem::path& file, const DayVerifier& day) {
    const std::string name = file.filename().string();
    const std::uint64_t first = day.meta().before.size();
    if (summary_.files == 1) {
      if (first > 0) remark(remark_starts_later, file, name + ": records from " + std::to_string(first));
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

  void finish(const std::filesystem::path& path) {
    LeafHasher hasher;
    summary_.size = before_.size();
    summary_.root = before_.root(hasher);
    for (const auto& [size, root] : expected_) {
      const std::string detail = "checkpoint of size " + std::to_string(size) + ", kept elsewhere; the store has " +
                                 std::to_string(before_.size()) + " records";
      if (size > before_.size()) fault(finding_rolled_back, path, detail);
      if (size < first_seq_.value_or(0)) remark(remark_note_not_checked, path, detail);
    }
    if (options_.keys.empty()) remark(remark_own_keys, path, path.filename().string());
  }

  const VerifyOptions& options_;
  const ExpectedRoots expected_;
  VerifySummary summary_;
  bool known_ = false;  // Whether the fields below are those of the file just before.
  Frontier before_;
  std::string origin_;
  std::string epoch_;
  std::optional<std::uint64_t> first_seq_;
};

}  // namespace

Result<VerifySummary> verify_path(const std::filesystem::path& path, const VerifyOptions& options) {
  ExpectedRoots expected;
  for (const std::string& note : options.notes) {
    // With trusted keys a note kept elsewhere must be signed by one of them; without, whoever gives it vouches for it.
    if (!options.keys.empty()) LUY_TRY_VOID(verify_note(note, options.keys));
    LUY_TRY(const CheckpointBody body, parse_body(note));
    expected.emplace(body.size, body.root);
  }
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (!std::filesystem::exists(status)) return file_error(path.string(), ENOENT);
  FolderVerifier verifier(options, std::move(expected));
  return std::filesystem::is_directory(status) ? verifier.folder(path) : verifier.file(path);
}

}  // namespace luy::evidence
