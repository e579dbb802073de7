// The weekly full scan at the agent's main thread: starts and ends the process that scans, writes down what it tells,
// remembers how far it is. What was found and where the scan stands enter the spool in one step, so that after a crash
// no find is lost.
#pragma once

#include <sys/types.h>

#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "agent/linux/quarantine.h"
#include "agent/linux/scan_child.h"
#include "agent/note.h"
#include "agent/scan_plan.h"
#include "agent/source.h"
#include "base/file.h"
#include "base/random.h"
#include "device_policy/policy.h"
#include "fact/fact.h"

namespace luy::agent {

class ScanSource final : public Source {
 public:
  static constexpr std::string_view position_key = "antivirus/scan";
  // How far it is is remembered this often; a crash has that much scanned twice.
  static constexpr Duration remember_period = std::chrono::seconds(10);
  // After the process went away by itself.
  static constexpr Duration again_pause = std::chrono::minutes(1);
  static constexpr std::size_t line_bytes_max = 64 << 10;

  struct Setup {
    std::function<std::shared_ptr<const device_policy::Policy>()> policy;
    std::filesystem::path data;  // Never scanned; the quarantine is in it.
    std::filesystem::path root;
    std::vector<std::string> command;  // Program and arguments of the process that scans.
    std::string socket;                // Of clamd.
    const Clock& clock;
    Random& random;
    Duration pace = std::chrono::seconds(5);  // See ScanJob.
  };
  ScanSource(Setup setup, std::string_view position) : setup_(std::move(setup)), memory_(scan_memory(position)) {
    publish();
  }
  ~ScanSource() override { stop(); }

  int wake_fd() const override { return output_.get(); }
  bool collect(Slice& slice) override;
  Duration ask_within() const override;

  // For the fact: how the scan stands. Any thread. nullopt while there is no policy.
  std::optional<fact::AntivirusScan> state() const;
  static std::filesystem::path quarantine_of(const std::filesystem::path& data) { return data / "quarantine"; }
  // Processor time of its processes that have ended. Any thread.
  Duration child_time() const { return Duration(child_time_.load()); }
  // Changes when something worth a new fact happened.
  static std::filesystem::path sign_of(const std::filesystem::path& data) { return data / "scan.changed"; }

 private:
  void read_output(Slice& slice);
  void hear(const ScanTold& told, Slice& slice);
  void follow_plan(Slice& slice);
  void begin(Slice& slice);
  void start(const device_policy::Antivirus& section);
  void finish(Slice& slice);
  void tell_untold(Slice& slice);
  void tell_found(const ScanTold& told, Slice& slice);
  void stop();
  void reap();
  void remember(Slice& slice);
  void tell(Slice& slice, std::string_view name, const NoteFields& fields);
  void publish();
  void change();
  bool has_clamav() const;

  Setup setup_;
  ScanMemory memory_;
  ScanPlan plan_;
  bool wanted_ = false;       // There is a policy with the section, and ClamAV.
  std::string waiting_;       // "battery", "load", "clamd".
  std::int64_t version_ = 0;  // Of the policy under which the process was started.
  pid_t child_ = -1;
  UniqueFd output_;
  std::string line_;
  bool checked_ = false;  // The quarantine was looked at for what could not be told.
  bool ended_ = false;    // It told that all is done.
  Duration again_at_{0};
  Duration remember_at_{0};

  std::atomic<std::int64_t> child_time_{0};  // Microseconds.
  mutable std::mutex mutex_;
  std::optional<fact::AntivirusScan> state_;
};

// Puts the agent's own scan into the fact: the scan, the quarantine, and ClamAV's last full scan where that was the
// newest.
void add_own_scan(const std::optional<fact::AntivirusScan>& scan, const Quarantine& quarantine, fact::Antivirus& body);

}  // namespace luy::agent
