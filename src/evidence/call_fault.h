// For tests: system calls on the files below a folder fail from the n-th on, whoever makes them: this program or SQLite
// in it. Linked into a program it stands in place of the C library's functions.
#pragma once

#include <cstdint>
#include <filesystem>

namespace luy::evidence {

enum class Call { open, write, sync, rename, unlink, mode };

// Those of one sort, from number `nth` (from 1) on, once or until let_calls_be(); also in children. One at a time.
void fail_calls(const std::filesystem::path& folder, Call call, std::uint64_t nth, bool once);
void let_calls_be();
bool calls_failed();  // Since fail_calls().

// Every fsync of a folder, wherever it is.
void fail_syncs_of_folders(bool fail);

}  // namespace luy::evidence
