// Drills and restores: what a snapshot holds is written out, compared with what was backed up, and told.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "agent/backup_plan.h"
#include "agent/linux/backup_work.h"
#include "agent/linux/restore_place.h"
#include "base/encoding.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/json.h"
#include "device_policy/antivirus.h"

namespace luy::agent {
namespace {

using device_policy::is_within;

constexpr std::size_t shown_max = 500;  // Files that a preview lists.

// A folder that goes with everything in it.
class Scratch {
 public:
  explicit Scratch(std::filesystem::path path) : path_(std::move(path)) {}
  ~Scratch() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  Result<void> make() const {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
    if (const auto made = make_folder(path_); !made) return backup_error(because::scratch_full, made.error().en());
    return {};
  }
  std::string text() const { return path_.string(); }

 private:
  const std::filesystem::path path_;
};

// What changed while it was backed up, this machine has written down.
void take_marks(const BackupJob& job, Chosen& chosen) {
  const auto file = std::filesystem::path(job.folder) / "manifests" / chosen.snapshot.id.substr(0, 8);
  const auto text = read_file(file, manifest_bytes_max);
  const auto kept = text ? read_manifest(*text) : Result<Manifest>(text.error());
  if (!kept) return;
  for (const auto& [path, entry] : *kept) {
    const auto found = chosen.manifest.find(path);
    if (found != chosen.manifest.end() && found->second.sha256 == entry.sha256) found->second.kind = entry.kind;
  }
}

Manifest below(const Manifest& manifest, const std::vector<std::string>& paths) {
  if (paths.empty()) return manifest;
  Manifest out;
  for (const auto& [path, entry] : manifest) {
    if (std::any_of(paths.begin(), paths.end(), [&](const std::string& one) { return is_within(path, one); })) {
      out[path] = entry;
    }
  }
  return out;
}

std::int64_t bytes_of(const Manifest& manifest) {
  std::int64_t out = 0;
  for (const auto& [path, entry] : manifest) out += entry.bytes;
  return out;
}

Result<std::string> keep_report(const BackupJob& job, const std::string& text) {
  const auto file = backup_report(job.folder, job.id);
  auto kept = make_folder(file.parent_path());
  if (kept) kept = write_file_durably(file, text);
  if (!kept) return backup_error(because::scratch_full, kept.error().en());
  return to_hex(sha256(text));
}

// Written out below `folder`, and compared.
Result<ManifestComparison> write_out_below(BackupWork& work, const Chosen& chosen, const Manifest& wanted,
                                           const std::string& folder) {
  LUY_TRY_VOID(has_room(folder, bytes_of(wanted)));
  LUY_TRY_VOID(
      work.patiently<void>([&] { return work.restic().restore(chosen.snapshot.id, folder, work.job().paths); }));
  return work.patiently<ManifestComparison>([&]() -> Result<ManifestComparison> {
    std::int64_t files = 0;
    ManifestComparison compared = compare(wanted, folder, [&] {
      work.tell_progress(static_cast<int>(100 * files / std::max<std::int64_t>(1, std::ssize(wanted))), files, 0);
      ++files;
      return work.go_on();
    });
    if (!compared.whole) return backup_error(because::interrupted);
    return compared;
  });
}

void take(BackupEnd& end, const ManifestComparison& compared) {
  end.files = compared.files;
  end.bytes = compared.bytes;
  end.differing = compared.differing;
  end.missing = compared.missing;
  end.changed = compared.changed;
  if (compared.differing > 0 || compared.missing > 0) end.because = because::differing;
}

// What stands at its place now, against what would be written there.
std::string_view fate_of(const std::string& path, const ManifestEntry& entry) {
  struct stat about {};
  if (::lstat(path.c_str(), &about) != 0) return "new";
  const auto now = sha256_of_file(path);
  return now && *now == entry.sha256 ? "same" : "overwrite";
}

}  // namespace

Result<BackupEnd> drill(BackupWork& work) {
  const BackupJob& job = work.job();
  LUY_TRY_VOID(work.open(false));
  LUY_TRY(Chosen chosen, choose_snapshot(work));
  take_marks(job, chosen);
  const Scratch scratch(std::filesystem::path(job.folder) / "drill");
  LUY_TRY_VOID(scratch.make());
  LUY_TRY(const ManifestComparison compared, write_out_below(work, chosen, chosen.manifest, scratch.text()));
  BackupEnd end;
  end.snapshot = chosen.snapshot.id.substr(0, 8);
  take(end, compared);
  // An empty set proves nothing.
  if (chosen.manifest.empty()) end.because = because::differing;
  const auto databases = check_databases(work, scratch.text());
  if (databases) {
    end.databases = *databases;
  } else {
    if (backup_because(databases.error()) != because::differing) return databases.error();
    end.because = because::differing;
    end.detail = databases.error().detail();
  }
  LUY_TRY(end.report_sha256, keep_report(job, compared.report));
  return end;
}

Result<BackupEnd> preview_restore(BackupWork& work) {
  const BackupJob& job = work.job();
  LUY_TRY_VOID(work.open(false));
  LUY_TRY(const Chosen chosen, choose_snapshot(work));
  const Manifest wanted = below(chosen.manifest, job.paths);
  BackupEnd end;
  end.snapshot = chosen.snapshot.id.substr(0, 8);
  std::string items;
  std::size_t shown = 0;
  for (const auto& [path, entry] : wanted) {
    work.tell_progress(0, end.files, end.bytes);
    const std::string_view fate = job.destination.empty() ? fate_of(path, entry) : std::string_view("new");
    ++end.files;
    end.bytes += entry.bytes;
    if (fate == "overwrite") ++end.differing;
    if (shown++ >= shown_max) continue;
    items += items.empty() ? "{\"path\":" : ",{\"path\":";
    append_json_text(items, path);
    items += ",\"bytes\":" + std::to_string(entry.bytes) + ",\"fate\":\"" + std::string(fate) + "\"}";
  }
  if (end.files == 0) end.because = because::snapshot_missing;
  const std::string text = "{\"request\":\"" + job.id + "\",\"snapshot\":\"" + chosen.snapshot.id + "\",\"at\":\"" +
                           to_rfc3339(chosen.snapshot.at) + "\",\"files\":" + std::to_string(end.files) +
                           ",\"bytes\":" + std::to_string(end.bytes) +
                           ",\"overwritten\":" + std::to_string(end.differing) + ",\"items\":[" + items + "]}";
  LUY_TRY(end.report_sha256, keep_report(job, text));
  return end;
}

Result<BackupEnd> restore(BackupWork& work) {
  const BackupJob& job = work.job();
  LUY_TRY_VOID(work.open(false));
  LUY_TRY(Chosen chosen, choose_snapshot(work));
  take_marks(job, chosen);
  const Manifest wanted = below(chosen.manifest, job.paths);
  if (wanted.empty()) return backup_error(because::snapshot_missing);
  BackupEnd end;
  end.snapshot = chosen.snapshot.id.substr(0, 8);
  if (!job.destination.empty()) {
    // A folder of its own: nothing that is there is written over.
    const std::filesystem::path folder = std::filesystem::path(job.destination) / ("phuc-hoi-" + job.id);
    struct stat about {};
    if (::lstat(job.destination.c_str(), &about) != 0 || !S_ISDIR(about.st_mode)) {
      return backup_error(because::target_missing, job.destination);
    }
    if (const auto made = make_folder(folder); !made) return backup_error(because::scratch_full, made.error().en());
    LUY_TRY(const ManifestComparison compared, write_out_below(work, chosen, wanted, folder.string()));
    take(end, compared);
    end.detail = folder.string();
    LUY_TRY(end.report_sha256, keep_report(job, compared.report));
    return end;
  }
  const Scratch scratch(std::filesystem::path(job.folder) / "restore");
  LUY_TRY_VOID(scratch.make());
  LUY_TRY(const ManifestComparison compared, write_out_below(work, chosen, wanted, scratch.text()));
  take(end, compared);
  LUY_TRY(end.report_sha256, keep_report(job, compared.report));
  // What did not come out of the repository as it went in replaces nothing.
  if (!end.because.empty()) return end;
  end.differing = 0;
  for (const auto& [path, entry] : wanted) {
    struct stat about {};
    if (::lstat((scratch.text() + path).c_str(), &about) != 0) continue;  // It changed away while it was backed up.
    LUY_TRY(const bool replaced, put_in_place(scratch.text() + path, path));
    if (replaced) ++end.differing;
  }
  return end;
}

}  // namespace luy::agent
