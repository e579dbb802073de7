// For tests of backups: a machine of folders, a set in it, and jobs on the real restic, in this process.
#pragma once

#include <sys/stat.h>
#include <unistd.h>

#include <functional>
#include <string>
#include <vector>

#include "agent/backup_plan.h"
#include "agent/linux/backup_child.h"
#include "agent/linux/temporary_folder.h"
#include "base/id.h"
#include "base/random.h"

namespace luy::agent {

inline constexpr const char* restic_program = "/usr/bin/restic";
inline bool has_restic() {
  return ::access(restic_program, X_OK) == 0;
}

class BackupRig {
 public:
  BackupRig() {
    std::filesystem::create_directories(files());
    std::filesystem::create_directories(target());
    folder_.write("root/proc/loadavg", "0.10 0.10 0.10 1/100 4242\n");
    folder_.write("key", std::string(64, 'a') + "\n");
    section_.period_days = 30;
    section_.drill_days = 90;
    section_.until_minute = 24 * 60;
    section_.busy_percent = 100;
    section_.read_back_percent = 100;
    section_.pause_load_percent = 1000;
    device_policy::BackupSet set;
    set.name = "Văn bản";
    set.every_days = 7;
    set.paths = {files().string()};
    set.targets = {{device_policy::BackupPlace::disk, target().string(), {}}};
    section_.sets = {set};
  }

  std::filesystem::path files() const { return folder_.path() / "files"; }
  std::filesystem::path target() const { return folder_.path() / "target"; }
  std::filesystem::path repository() const { return target() / "luy-backup/device"; }
  void put(const std::string& name, const std::string& text) const { folder_.write("files/" + name, text); }

  BackupJob job(BackupAct act = BackupAct::run) {
    BackupJob out;
    out.act = act;
    out.id = make_id_text(clock_.now(), random_);
    out.section = section_;
    out.place.program = restic_program;
    out.place.folder = section_.sets[0].targets[0].path;
    out.place.repository = "luy-backup/device";
    out.place.password_file = folder_.at("key");
    out.place.device = "device";
    out.folder = folder_.at("own");
    out.root = folder_.path() / "root";
    out.pace = std::chrono::milliseconds(1);
    out.remembered = remembered_;
    return out;
  }
  // What is told beside the end is kept in `told`.
  BackupEnd run(const BackupJob& job) {
    told.clear();
    BackupEnd end;
    end.because = "nothing was told";
    run_backup_job(job, {clock_,
                         [&](const BackupTold& one) {
                           if (on_told) on_told(one);
                           if (one.what == BackupTold::What::repository) remembered_ = one.repository;
                           if (one.what == BackupTold::What::ended) end = one.end;
                           told.push_back(one);
                         },
                         [&](Duration) {
                           if (on_pause) on_pause();
                         }});
    return end;
  }

  TemporaryFolder folder_;
  device_policy::Backup section_;
  std::string remembered_;
  std::vector<BackupTold> told;
  std::function<void(const BackupTold&)> on_told;
  std::function<void()> on_pause;
  SystemClock clock_;
  SystemRandom random_;
};

}  // namespace luy::agent
