// Guards files: notices changes by inotify, and by a slow sweep over everything that hashes again what looks unchanged.
// Each change is one record of the stream "integrity" with before and after (docs/format/integrity.md).
//
// What is known of the files is kept in DIR/integrity.state, written after the records it stands for are in the spool:
// a crash between the two tells a change twice, never not at all.
#pragma once

#include <deque>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "agent/linux/file_state.h"
#include "agent/linux/integrity_policy.h"
#include "agent/linux/machine.h"
#include "agent/source.h"
#include "base/file.h"

namespace luy::agent {

// Not thread-safe: belongs to the agent's main thread.
class Integrity final : public Source {
 public:
  static constexpr std::string_view stream = "integrity";
  static constexpr std::size_t files_max = 10'000;
  static constexpr std::size_t folders_max = 2'000;
  static constexpr int depth_max = 12;
  // A file is looked at when it was quiet for so long, or after settle_max: an editor writes several times, and
  // auditd's line comes a moment later.
  static constexpr Duration settle = std::chrono::seconds(1);
  static constexpr Duration settle_max = std::chrono::seconds(10);
  // The sweep: so much per step. 10,000 small files take an hour, and a tenth of a percent of a core at most.
  static constexpr Duration sweep_step = std::chrono::seconds(10);
  static constexpr std::size_t sweep_files = 32;
  static constexpr std::int64_t sweep_bytes = 4 << 20;
  static constexpr Duration first_step = std::chrono::seconds(1);      // While the files are not known yet.
  static constexpr Duration rescan_period = std::chrono::minutes(10);  // For new files whose event was lost.
  static constexpr Duration keep_after = std::chrono::seconds(5);
  static constexpr std::size_t changes_per_batch = 200;
  // From so many changes within a minute on, one record more says so: encryption, or an upgrade.
  static constexpr std::size_t mass_changes = 100;

  Integrity(const Machine& machine, IntegrityPolicy policy, std::filesystem::path state_file);
  ~Integrity() override;

  int wake_fd() const override { return inotify_.get(); }
  bool collect(Slice& slice) override;
  Duration ask_within() const override;

  std::size_t files() const { return known_.size(); }
  bool complete() const { return complete_; }  // Everything was looked at once.

 private:
  struct Change {
    std::string path;
    std::optional<FileState> before;
    std::optional<FileState> after;
    Digests digests;
    bool by_event = false;
  };
  struct Pending {
    Duration first{0};
    Duration last{0};
  };

  std::string real(const std::string& path) const { return machine_.path(path.substr(1)); }
  void load();
  void keep();
  void set_dirty();
  void scan();
  void scan_folder(const std::string& path, bool tree, int depth, std::set<std::string>& found);
  void watch_folder(const std::string& path);
  void read_events();
  void touch(const std::string& path);
  bool guards(const std::string& path) const;
  void take_pending();
  void sweep();
  // Looks at one file; the bytes it read.
  std::int64_t examine(const std::string& path, bool by_event, bool hash_always);
  void tell(Slice& slice);
  Item record_of(const Change& change, const std::string& audit,
                 const std::map<std::string, struct PackageFile>& packages) const;
  void count_mass(Slice& slice, std::size_t changes);
  void note(std::string_view name, std::int64_t count);

  const Machine& machine_;
  const IntegrityPolicy policy_;
  const std::filesystem::path state_file_;
  UniqueFd inotify_;
  std::map<int, std::string> folders_;  // By watch descriptor.
  std::set<std::string> watched_;
  FileStates known_;
  bool complete_ = false;
  bool had_state_ = false;
  std::map<std::string, Pending> pending_;
  std::deque<std::string> sweep_;  // Still to look at in this round.
  std::vector<Change> changes_;
  std::vector<Item> notes_;
  std::set<std::string> noted_;
  bool dirty_ = false;
  Duration dirtied_{0};
  Duration next_sweep_{0};
  Duration next_scan_{0};
  Duration mass_began_{0};
  std::size_t mass_count_ = 0;
};

}  // namespace luy::agent
