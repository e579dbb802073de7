// Playbooks: what is to be done for a kind of incident, in order, by whom and by when, as data
// (regulation/<pack>/playbooks/*.yaml, docs/format/incident.md). Pure, but for load_playbooks().
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "incident/process.h"

namespace luy::incident {

inline constexpr std::size_t playbook_tasks_max = 60;

struct PlaybookTask {
  std::string id;     // Unique in its playbook.
  std::string state;  // ProcessState::id in which it is due.
  Text title;
  Text detail;
  std::string role;  // Who does it.
  Limit within;      // Since the state was entered.
  bool operator==(const PlaybookTask&) const = default;
};

struct Playbook {
  std::string kind;  // Process::kinds; "common" for what every incident takes.
  unsigned version = 1;
  Text title;
  std::vector<PlaybookTask> tasks;  // In order.
  bool operator==(const Playbook&) const = default;
};

// The playbooks of a pack by kind, the common tasks of each state put before its own ones.
using Playbooks = std::map<std::string, Playbook>;

// Errors: those of regulation/load.h.
Result<Playbook> parse_playbook(std::string_view file, std::string_view bytes, const Process& process);

// Every kind of the process must have its file <pack folder>/playbooks/<kind>.yaml beside common.yaml, whose tasks are
// marked by ids that begin with "common_". Errors: those of parse_playbook() and of read_file().
Result<Playbooks> load_playbooks(const std::filesystem::path& pack_folder, const Process& process);

// The tasks of one state, in order.
std::vector<PlaybookTask> tasks_of(const Playbook& playbook, std::string_view state);

}  // namespace luy::incident
