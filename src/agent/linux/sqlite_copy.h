// Copies of SQLite databases that somebody may be writing to, and whether a copy is sound. In luy-agent-backup alone:
// the agent itself does without the library.
#pragma once

#include <functional>
#include <string>

#include "base/result.h"

namespace luy::agent {

// By the online backup API (sqlite.org/backup.html): what is copied is what was committed at one moment. Replaces `to`.
// Errors: backup_stopped: "dump_failed", "scratch_full", "interrupted".
Result<void> copy_sqlite(const std::string& from, const std::string& to, const std::function<bool()>& go_on);

// PRAGMA integrity_check; the first thing it finds, empty for nothing. Errors: dump_failed: it cannot be opened.
Result<std::string> check_sqlite(const std::string& path);

}  // namespace luy::agent
