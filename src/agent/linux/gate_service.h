// `luy-agent-gate run`: keeps the gates of software as the agent hands them over, in a process with more rights than
// the agent has. docs/adr/0228.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>

#include "agent/linux/execution_gate.h"
#include "agent/linux/gate_files.h"
#include "agent/linux/removable.h"
#include "agent/linux/update_files.h"

namespace luy::agent {

class GateService {
 public:
  static constexpr Duration step_period = std::chrono::milliseconds(500);
  static constexpr Duration signature_period = std::chrono::seconds(5);  // Between two looks for new ones.
  static constexpr Duration signature_pause = std::chrono::minutes(1);   // After an attempt.
  static constexpr Duration release_period = std::chrono::seconds(5);    // As of signatures,
  static constexpr Duration release_pause = std::chrono::minutes(1);     // the same.
  static constexpr Duration tell_period = std::chrono::seconds(5);       // Of the state, at least.

  struct Setup {
    std::filesystem::path data;
    std::filesystem::path root;
    std::string program;             // Of the hooks: this one.
    std::vector<std::string> marks;  // See ExecutionSetup.
    const Clock& clock;
    std::string clamd{};  // Path of its socket, and its folder of databases; empty: where clamd.conf says.
    std::string databases{};
    // Starts what installs a release of luy-agent: not a child of this process, which it starts anew.
    std::vector<std::string> updater{"/usr/bin/systemctl", "start", "--no-block", "luy-agent-update.service"};
    std::filesystem::path update_own = std::filesystem::path(update_folder);
  };
  explicit GateService(Setup setup);
  ~GateService();

  void step();
  // Everything is open again, but for the hooks of apt and dpkg: they work without this process.
  void stop();
  const ExecutionGate& execution() const { return execution_; }

 private:
  void read_wanted();
  bool fapolicyd_runs() const;
  void follow_signatures();
  void follow_release();
  void tell();

  const Setup setup_;
  ExecutionGate execution_;
  RemovableWatch removable_;
  std::string wanted_text_;
  device_policy::Software wanted_;  // All off until the agent says otherwise.
  std::string hook_trouble_;
  bool fapolicyd_ = false;
  Duration look_at_{0};   // For fapolicyd.
  pid_t installer_ = -1;  // A process that installs signatures.
  Duration signatures_at_{0};
  Duration release_at_{0};
  Duration told_at_{0};
  std::string told_;
};

}  // namespace luy::agent
