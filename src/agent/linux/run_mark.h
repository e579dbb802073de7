// Remembers across restarts that the agent runs, and as which program: an agent that was killed, or whose file is
// another one under the same version, says so when it starts again. A file "running" in the data folder.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "agent/source.h"
#include "base/clock.h"
#include "base/result.h"

namespace luy::agent {

class RunMark {
 public:
  struct Self {
    std::string version;
    std::string sha256;   // Of the program's file; empty where it cannot be read.
    std::string boot_id;  // Of the kernel: /proc/sys/kernel/random/boot_id; empty where it cannot be read.
  };

  RunMark(std::filesystem::path data, Self self) : path_(std::move(data) / "running"), self_(std::move(self)) {}

  // Sets the mark, durably. What the one before it says, as notes:
  //   agent_died       it was not ended in order: {"same_start":1} the machine has been running since, so it was killed
  //                    or crashed; 0: the machine went down under it
  //   program_changed  {"version","was","is"}
  // A mark that cannot be read counts as none. Errors: those of files.
  Result<std::vector<Item>> begin(Time now);
  // Ended in order.
  Result<void> end();

 private:
  Result<void> write(bool running);

  std::filesystem::path path_;
  Self self_;
};

}  // namespace luy::agent
