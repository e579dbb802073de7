// `luy-agent run`: wires everything together and runs until a signal ends it.
#pragma once

#include <filesystem>
#include <string>

#include "agent/linux/integrity_policy.h"
#include "agent/linux/log_files.h"
#include "agent/linux/update_files.h"
#include "agent/spool.h"
#include "base/result.h"

namespace luy::agent {

inline constexpr ErrorKind already_running{"agent.already_running", ErrorClass::conflict,
                                           "Một luy-agent khác đang chạy với thư mục {}. Hãy dừng nó trước.",
                                           "Another luy-agent is running on the folder {}. Stop it first."};

struct RunOptions {
  std::filesystem::path data;
  std::filesystem::path root = "/";  // What is looked at; another folder only in tests.
  std::string apt_program;
  std::string clamd;        // Path of its socket; empty: where clamd.conf says.
  std::string databases{};  // clamd's DatabaseDirectory; empty: where clamd.conf says.
  std::string check_program{};
  std::string backup_program{};  // Path of luy-agent-backup.
  std::string restic = "/usr/bin/restic";
  std::filesystem::path update_own = std::filesystem::path(update_folder);
  SpoolOptions spool;
  LogFilesOptions logs;
  bool journal = true;
  bool integrity = true;  // Guard files, by DIR/integrity.conf or what is built in.
};

// Returns after SIGTERM or SIGINT, with everything durable. Errors: already_running, not_enrolled, and what ended the
// agent for good.
Result<void> run_agent(const RunOptions& options);

// The administrator's DIR/integrity.conf, else what is built in. Errors: integrity_policy_invalid, those of
// base/file.h.
Result<IntegrityPolicy> integrity_policy(const std::filesystem::path& data);

// What `luy-agent status` prints, as JSON. Errors: not_enrolled, those of base/file.h.
Result<std::string> agent_status(const std::filesystem::path& data);

// 32 random bytes that stay on this device, DIR/secret; made when there are none.
Result<std::string> device_secret(const std::filesystem::path& data);

}  // namespace luy::agent
