// Backups at the agent's main thread: starts and ends the process that makes them, one at a time, remembers what was
// done, watches external media come and go, and says how all stands.
#pragma once

#include <sys/types.h>

#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "agent/backup_plan.h"
#include "agent/linux/backup_child.h"
#include "agent/linux/backup_medium.h"
#include "agent/linux/backup_requests.h"
#include "agent/note.h"
#include "agent/source.h"
#include "base/file.h"
#include "base/random.h"
#include "device_policy/policy.h"
#include "fact/fact.h"

namespace luy::agent {

// What became of a request: a record of transport agent on this stream, JSON. docs/format/orders.md.
inline constexpr std::string_view backup_stream = "backup";

class BackupSource final : public Source {
 public:
  // After the process went away by itself.
  static constexpr Duration again_pause = std::chrono::minutes(1);
  static constexpr Duration look_period = std::chrono::seconds(5);  // At what is mounted.
  static constexpr std::size_t line_bytes_max = 1 << 20;

  struct Setup {
    std::function<std::shared_ptr<const device_policy::Policy>()> policy;
    std::filesystem::path data;  // Of the agent; its folder "backup" is this source's.
    std::filesystem::path root;
    std::vector<std::string> command;  // Program and arguments of luy-agent-backup.
    std::string restic;
    std::string device;
    BackupRequests& requests;
    const Clock& clock;
    Random& random;
    Duration pace = std::chrono::seconds(5);  // See BackupJob.
  };
  explicit BackupSource(Setup setup);
  ~BackupSource() override { stop(); }

  int wake_fd() const override { return output_.get(); }
  bool collect(Slice& slice) override;
  Duration ask_within() const override;

  // For the fact. Any thread.
  fact::Backup state() const;
  // Processor time of its processes that have ended. Any thread.
  Duration child_time() const { return Duration(child_time_.load()); }
  static std::filesystem::path folder_of(const std::filesystem::path& data) { return data / "backup"; }
  // 64 hexadecimal digits: what the repositories of this device are opened with.
  static std::filesystem::path key_of(const std::filesystem::path& data) { return data / "backup" / "key"; }
  // Changes when something worth a new fact happened.
  static std::filesystem::path sign_of(const std::filesystem::path& data) { return data / "backup.changed"; }

 private:
  struct Job {
    BackupSlot slot;
    std::string set, target;
    BackupAct act = BackupAct::run;
    std::optional<BackupRequest> request;
    std::int64_t version = 0;  // Of the policy under which it was started.
    Time began;
    std::string id;
  };
  const device_policy::Backup* section() const;
  void read_output(Slice& slice);
  void hear(const BackupTold& told, Slice& slice);
  void look_at_media(Slice& slice);
  void follow(Slice& slice);
  void follow_requests(Slice& slice);
  void follow_plan(Slice& slice);
  void tell_missed(Slice& slice);
  bool begin(Job job, Slice& slice);
  Result<BackupJob> describe(const Job& job) const;
  void start(const BackupJob& job);
  void finish(Slice& slice);
  void settle_run(const BackupEnd& end, Slice& slice);
  void settle_drill(const BackupEnd& end, Slice& slice);
  void settle_request(const BackupEnd& end, Slice& slice);
  void refuse_request(const BackupRequest& request, std::string_view because, Slice& slice);
  std::optional<BackupSlot> slot_for(const BackupRequest& request) const;
  std::vector<std::string> present() const;
  const PresentMedium* medium(const std::string& id) const;
  BackupMemory& memory(const Job& job);
  void stop();
  void reap();
  void remember();
  void tell(Slice& slice, std::string_view name, const NoteFields& fields) const;
  void publish();
  void change();
  fact::BackupRun run_of(const device_policy::Backup& section, const BackupSlot& slot) const;
  std::string_view obstacle() const;

  Setup setup_;
  BackupBook book_;
  std::shared_ptr<const device_policy::Policy> policy_;
  std::string tool_;
  Duration tool_looked_at_{-1};
  std::string mounts_;  // As they were looked at.
  std::vector<PresentMedium> media_;
  Duration look_at_{0};
  std::uint64_t requests_seen_ = 0;
  std::optional<BackupRequest> request_;  // The oldest that waits.
  std::size_t request_slot_ = 0;          // Of a run: which of its targets is next.
  std::optional<Job> job_;
  std::optional<BackupEnd> end_;
  Restic::Progress progress_;
  std::string waiting_;
  pid_t child_ = -1;
  UniqueFd output_;
  std::string line_;
  Duration again_at_{0};
  int told_percent_ = 0;

  std::atomic<std::int64_t> child_time_{0};  // Microseconds.
  mutable std::mutex mutex_;
  fact::Backup state_;
};

}  // namespace luy::agent
