#include "cli/evidence_stamps.h"

#include <algorithm>

#include "base/file.h"
#include "evidence/day_file.h"
#include "evidence/witness_file.h"
#include "signature/time_stamp.h"

namespace luy::cli {
namespace {

constexpr std::size_t authorities_bytes_max = 1 << 20;

std::vector<std::filesystem::path> stamped_days(const std::filesystem::path& path) {
  std::error_code error;
  std::vector<std::filesystem::path> out;
  const auto add = [&](const std::filesystem::path& file) {
    if (evidence::day_of_path(file) && std::filesystem::exists(evidence::stamp_path(file), error)) out.push_back(file);
  };
  if (!std::filesystem::is_directory(path, error)) {
    add(path);
    return out;
  }
  for (std::filesystem::directory_iterator entry(path, error), end; !error && entry != end; entry.increment(error)) {
    add(entry->path());
  }
  std::ranges::sort(out);
  return out;
}

// Errors: those of the file, and of a token that is not over the day's closing note.
Result<signature::StampReport> check(const std::filesystem::path& file,
                                     const std::vector<signature::Certificate>& anchors) {
  LUY_TRY(const std::string token, read_file(evidence::stamp_path(file), signature::timestamp_bytes_max));
  LUY_TRY(const auto reader, evidence::DayReader::open(file, true));
  LUY_TRY(const auto note, reader->newest_note());
  if (!note || !note->closing) return Error(signature::timestamp_failed, "no closing checkpoint");
  return signature::check_time_stamp(token, note->text, anchors);
}

}  // namespace

Result<std::size_t> verify_stamps(const std::filesystem::path& path, const std::vector<std::string>& authorities,
                                  const std::function<void(const evidence::Finding&)>& report) {
  std::vector<signature::Certificate> anchors;
  for (const std::string& file : authorities) {
    LUY_TRY(const std::string text, read_file(file, authorities_bytes_max));
    LUY_TRY(const auto some, signature::read_certificates(text));
    anchors.insert(anchors.end(), some.begin(), some.end());
  }
  std::size_t faults = 0;
  for (const std::filesystem::path& file : stamped_days(path)) {
    const std::string name = evidence::stamp_path(file).filename().string();
    const auto found = check(file, anchors);
    const bool wrong = !found || (!anchors.empty() && !found->is_trusted);
    if (wrong) {
      ++faults;
      const std::string why = found ? found->detail : found.error().text();
      report({Error(evidence::finding_stamp_invalid, name + ": " + why), true, file});
      continue;
    }
    const std::string trust = found->is_trusted ? "" : " (--time-stamp-ca?)";
    report({Error(evidence::remark_stamped, name + ": " + to_rfc3339(found->time) + ", " + found->authority + trust),
            false, file});
  }
  return faults;
}

}  // namespace luy::cli
