// What the steps of a backup job have in common. Private to luy-agent-backup.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "agent/linux/backup_child.h"

namespace luy::agent {

class BackupWork {
 public:
  BackupWork(const BackupJob& job, const BackupParts& parts);

  const BackupJob& job() const { return job_; }
  const device_policy::BackupSet& set() const { return job_.section.sets.front(); }
  Restic& restic() { return restic_; }
  const BackupParts& parts() const { return parts_; }
  // False: the machine has something better to do. Looks at it now and then.
  bool go_on();
  // Does it again after each wait. What was interrupted otherwise stays so.
  template <class T>
  Result<T> patiently(const std::function<Result<T>()>& step) {
    for (;;) {
      wait_until_free();
      auto done = step();
      if (done || backup_because(done.error()) != "interrupted" || held_.empty()) return done;
    }
  }
  void tell_progress(int percent, std::int64_t files, std::int64_t bytes);

  // The target is there and is what it is to be; the repository is open, made where it never was. `make`: may be made.
  Result<void> open(bool make);
  std::string tag() const;  // Of the set's snapshots.
  std::filesystem::path stage() const;
  ChildLimits limits();

 private:
  void wait_until_free();
  Result<void> look_at_target() const;

  const BackupJob& job_;
  const BackupParts& parts_;
  std::string held_;
  Duration next_look_{0};
  Duration next_tell_{0};
  Restic restic_;
};

// Copies of the set's databases into the stage; answers what is to be backed up.
Result<std::vector<std::string>> stage_databases(BackupWork& work);
// Opens each copy below `folder` and looks whether it is whole. Answers how many; error differing: one is not.
Result<std::int64_t> check_databases(BackupWork& work, const std::string& folder);

Result<BackupEnd> back_up(BackupWork& work);
Result<BackupEnd> drill(BackupWork& work);
Result<BackupEnd> preview_restore(BackupWork& work);
Result<BackupEnd> restore(BackupWork& work);

// The snapshot that the job names, with what it held by its own manifest.
struct Chosen {
  Restic::Snapshot snapshot;
  Manifest manifest;
};
Result<Chosen> choose_snapshot(BackupWork& work);

// A folder's file system has room for so many bytes. Errors: scratch_full.
Result<void> has_room(const std::string& folder, std::int64_t bytes);

}  // namespace luy::agent
