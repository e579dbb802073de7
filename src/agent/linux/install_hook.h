// What apt and dpkg run before they unpack (luy-agent-gate apt, luy-agent-gate dpkg), and the files that make them do
// so. Answers 0 to go on and hook_refuses to stop; whatever else goes wrong, the files let the packages through.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "agent/linux/install_gate.h"
#include "base/clock.h"
#include "base/result.h"

namespace luy::agent {

// Not an exit code of a shell, a signal or a program that could not be run.
inline constexpr int hook_refuses = 10;

struct HookSetup {
  std::filesystem::path data;        // Of the agent: what install_gate.h says lies in data/software.
  std::filesystem::path root = "/";  // dpkg's database is below; another folder only in tests.
  const Clock& clock;
};

// `input` is what apt writes. Writes what a person is told to standard error.
int apt_hook(const HookSetup& setup, std::string_view input);
// For packages that dpkg was given directly; `process` is a process below dpkg: dpkg is looked for among its parents.
int dpkg_hook(const HookSetup& setup, int process);

// Where the gate finds and leaves what it shares with the agent.
std::filesystem::path software_folder(const std::filesystem::path& data);

// Makes apt and dpkg of the machine below `root` ask `program` (a path) about `data`; or, with an empty program, ask no
// more. Nothing is written where that is so already. Errors: those of base/file.h.
Result<void> install_hooks(const std::filesystem::path& root, const std::string& program,
                           const std::filesystem::path& data);
// Whether they are as install_hooks() left them.
bool hooks_stand(const std::filesystem::path& root, const std::string& program, const std::filesystem::path& data);

}  // namespace luy::agent
