#include "agent/linux/backup_work.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "agent/backup_plan.h"
#include "agent/linux/humble.h"
#include "agent/linux/scan_child.h"
#include "base/encoding.h"
#include "base/file.h"
#include "base/hash.h"

namespace luy::agent {
namespace {

constexpr Duration look_period = std::chrono::seconds(2);
constexpr Duration tell_period = std::chrono::seconds(2);
constexpr std::int64_t room_kept_bytes = 64 << 20;

std::string number_of(dev_t device) {
  return std::to_string(major(device)) + ':' + std::to_string(minor(device));
}

}  // namespace

BackupWork::BackupWork(const BackupJob& job, const BackupParts& parts)
    : job_(job), parts_(parts), restic_(job.place, limits()) {}

ChildLimits BackupWork::limits() {
  return {static_cast<int>(job_.section.busy_percent), [this] { return go_on(); }};
}

bool BackupWork::go_on() {
  if (parts_.clock.monotonic() < next_look_) return held_.empty();
  next_look_ = parts_.clock.monotonic() + look_period;
  // The same reasons as a scan's.
  device_policy::Antivirus limits;
  limits.pause_on_battery = job_.section.pause_on_battery;
  limits.pause_load_percent = job_.section.pause_load_percent;
  held_ = hold_reason(job_.root, limits);
  return held_.empty();
}

void BackupWork::wait_until_free() {
  bool told = false;
  while (!go_on()) {
    if (!std::exchange(told, true)) {
      BackupTold waiting;
      waiting.what = BackupTold::What::waiting;
      waiting.why = held_;
      parts_.tell(waiting);
    }
    parts_.pause(job_.pace);
    next_look_ = Duration{0};
  }
  if (!told) return;
  BackupTold going_on;
  going_on.what = BackupTold::What::going_on;
  parts_.tell(going_on);
}

void BackupWork::tell_progress(int percent, std::int64_t files, std::int64_t bytes) {
  if (parts_.clock.monotonic() < next_tell_) return;
  next_tell_ = parts_.clock.monotonic() + tell_period;
  BackupTold told;
  told.progress = {percent, files, bytes};
  parts_.tell(told);
}

std::string BackupWork::tag() const {
  return "set-" + to_hex(sha256(set().name)).substr(0, 16);
}

std::filesystem::path BackupWork::stage() const {
  return std::filesystem::path(job_.folder) / "stage" / tag();
}

Result<void> BackupWork::look_at_target() const {
  struct stat about {};
  if (::stat(job_.place.folder.c_str(), &about) != 0 || !S_ISDIR(about.st_mode)) {
    return backup_error(job_.number.empty() ? because::target_missing : because::medium_absent, job_.place.folder);
  }
  // A medium that was pulled out leaves an empty folder of the machine's own disk in its place.
  if (!job_.number.empty() && number_of(about.st_dev) != job_.number) {
    return backup_error(because::medium_absent, job_.place.folder);
  }
  return {};
}

Result<void> BackupWork::open(bool make) {
  LUY_TRY_VOID(look_at_target());
  LUY_TRY(std::string id, patiently<std::string>([this] { return restic_.id(); }));
  if (id.empty()) {
    if (!job_.remembered.empty() || !make) return backup_error(because::repository_gone, job_.place.repository);
    const auto folder = std::filesystem::path(job_.place.folder) / job_.place.repository;
    if (auto made = make_folder(folder.parent_path()); !made) {
      return backup_error(made.error().is(luy::disk_full)        ? because::disk_full
                          : made.error().is(luy::disk_read_only) ? because::read_only
                                                                 : because::failed,
                          made.error().en());
    }
    LUY_TRY(id, patiently<std::string>([this] { return restic_.make(); }));
  }
  if (!job_.remembered.empty() && id != job_.remembered) return backup_error(because::repository_changed, id);
  BackupTold told;
  told.what = BackupTold::What::repository;
  told.repository = id;
  parts_.tell(told);
  return {};
}

Result<void> has_room(const std::string& folder, std::int64_t bytes) {
  struct statvfs about {};
  if (::statvfs(folder.c_str(), &about) != 0) return backup_error(because::scratch_full, folder);
  const auto free = static_cast<std::int64_t>(about.f_bavail) * static_cast<std::int64_t>(about.f_frsize);
  if (free >= bytes + bytes / 20 + room_kept_bytes) return {};
  return backup_error(because::scratch_full, std::to_string(bytes) + " > " + std::to_string(free));
}

Result<Chosen> choose_snapshot(BackupWork& work) {
  const BackupJob& job = work.job();
  LUY_TRY(std::vector<Restic::Snapshot> all,
          work.patiently<std::vector<Restic::Snapshot>>([&] { return work.restic().snapshots(work.tag()); }));
  Chosen out;
  for (Restic::Snapshot& one : all) {
    const bool wanted = job.snapshot.empty() ? !job.at || one.at <= *job.at : one.id.starts_with(job.snapshot);
    if (wanted) out.snapshot = std::move(one);
  }
  if (out.snapshot.id.empty()) return backup_error(because::snapshot_missing);
  std::string path;
  for (const std::string& one : out.snapshot.paths) {
    if (one.ends_with('/' + std::string(manifest_name))) path = one;
  }
  if (path.empty()) return backup_error(because::damaged, "manifest");
  const UniqueFd file(::memfd_create("luy-manifest", MFD_CLOEXEC));
  if (!file) return backup_error(because::failed, "memfd");
  LUY_TRY_VOID(work.patiently<void>([&]() -> Result<void> {
    if (::ftruncate(file.get(), 0) != 0) return backup_error(because::failed, "memfd");
    ::lseek(file.get(), 0, SEEK_SET);
    return work.restic().dump(out.snapshot.id, path, file.get());
  }));
  ::lseek(file.get(), 0, SEEK_SET);
  auto text = read_all(file.get(), manifest_bytes_max);
  if (!text) return backup_error(because::damaged, "manifest");
  LUY_TRY(out.manifest, read_manifest(*text));
  return out;
}

}  // namespace luy::agent
