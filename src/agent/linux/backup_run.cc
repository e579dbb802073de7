// One run of a set: copies of its databases, what it holds, restic's snapshot of it, read back, old ones forgotten.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>

#include "agent/backup_plan.h"
#include "agent/linux/backup_work.h"
#include "base/file.h"

namespace luy::agent {
namespace {

constexpr int hashed_percent = 10;  // Of a run's progress; the rest is restic's until it reads back.
constexpr int made_percent = 90;

// Names of as many as fit.
std::string some_of(const std::vector<std::string>& paths) {
  constexpr std::size_t shown_max = 5;
  std::string out = std::to_string(paths.size()) + ": ";
  for (std::size_t i = 0; i < std::min(paths.size(), shown_max); ++i) out += (i > 0 ? ", " : "") + paths[i];
  return out;
}

Result<void> write_list(const std::filesystem::path& file, const std::vector<std::string>& paths) {
  std::string text;
  for (const std::string& path : paths) text.append(path).append(1, '\0');
  const auto written = write_file_durably(file, text);
  if (written) return {};
  return backup_error(because::scratch_full, written.error().en());
}

std::filesystem::path kept_manifest(const BackupJob& job, std::string_view snapshot) {
  return std::filesystem::path(job.folder) / "manifests" / std::string(snapshot.substr(0, 8));
}

Result<MadeManifest> hash_all(BackupWork& work, const std::vector<std::string>& paths) {
  return work.patiently<MadeManifest>([&]() -> Result<MadeManifest> {
    std::int64_t files = 0;
    MadeManifest made = make_manifest({paths, work.set().excludes, [&] {
                                         work.tell_progress(0, ++files, 0);
                                         return work.go_on();
                                       }});
    if (!made.whole) return backup_error(because::interrupted);
    return made;
  });
}

// The copy on the medium may be pulled out as soon as this is told.
void sync_target(const std::string& folder) {
  const UniqueFd fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (fd) ::syncfs(fd.get());
}

}  // namespace

Result<BackupEnd> back_up(BackupWork& work) {
  const BackupJob& job = work.job();
  Restic& restic = work.restic();
  LUY_TRY_VOID(work.open(true));
  LUY_TRY_VOID(work.patiently<void>([&] { return restic.unlock(); }));
  LUY_TRY(std::vector<std::string> paths, stage_databases(work));
  LUY_TRY(MadeManifest made, hash_all(work, paths));
  if (made.missing.size() == paths.size()) return backup_error(because::source_missing, some_of(made.missing));

  const std::filesystem::path manifest = work.stage() / std::string(manifest_name);
  if (const auto kept = write_file_durably(manifest, to_text(made.manifest)); !kept) {
    return backup_error(because::scratch_full, kept.error().en());
  }
  const std::filesystem::path list = work.stage() / "list";
  std::erase_if(paths, [&](const std::string& path) {
    return std::find(made.missing.begin(), made.missing.end(), path) != made.missing.end();
  });
  paths.push_back(manifest.string());
  LUY_TRY_VOID(write_list(list, paths));
  LUY_TRY(const Restic::Made snapshot, work.patiently<Restic::Made>([&] {
    return restic.backup({list.string(), work.set().excludes, work.tag()}, [&](const Restic::Progress& at) {
      work.tell_progress(hashed_percent + at.percent * (made_percent - hashed_percent) / 100, at.files, at.bytes);
    });
  }));
  // What changed while it was backed up is not compared later.
  mark_changed(made.manifest);
  if (const auto folder = make_folder(kept_manifest(job, snapshot.snapshot).parent_path()); folder) {
    if (const auto kept = write_file_durably(kept_manifest(job, snapshot.snapshot), to_text(made.manifest)); !kept) {
      return backup_error(because::scratch_full, kept.error().en());
    }
  }
  work.tell_progress(made_percent, snapshot.files, snapshot.bytes);
  LUY_TRY_VOID(work.patiently<void>([&] { return restic.check(job.part, job.parts); }));
  const device_policy::BackupKeep& keep = work.set().keep;
  if (!keep.everything()) {
    LUY_TRY_VOID(work.patiently<void>([&] {
      return restic.forget(work.tag(), {keep.last, keep.daily, keep.weekly, keep.monthly});
    }));
  }
  sync_target(job.place.folder);
  std::error_code ignored;
  std::filesystem::remove_all(work.stage(), ignored);

  BackupEnd end;
  end.snapshot = snapshot.snapshot;
  end.files = snapshot.files;
  end.bytes = snapshot.bytes;
  end.bytes_added = snapshot.bytes_added;
  // There is a snapshot, but it does not hold everything: it stays, and the run has not succeeded.
  if (!made.missing.empty()) {
    end.because = because::source_missing;
    end.detail = some_of(made.missing);
  } else if (!snapshot.unread.empty()) {
    end.because = because::source_unread;
    end.detail = some_of(snapshot.unread);
  }
  return end;
}

}  // namespace luy::agent
