// An evidence package of whole days: the closed day files themselves, and the proof that they are part of the newest
// tree that was signed. docs/format/package.md describes it file by file.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/hash.h"
#include "base/result.h"
#include "evidence/package.h"

namespace luy::evidence {

inline constexpr ErrorKind day_not_closed{
    "evidence.day_not_closed", ErrorClass::conflict,
    "Ngày {} không có trong kho hoặc chưa được khóa, nên chưa thể đưa vào gói.",
    "The day {} is not in the store or not closed yet, so that it cannot go into a package."};

struct DayPackage {
  Day first;  // Both must be there; between them days without a file had no records.
  Day last;
  NoteSigner& signer;  // Of the store's key; called once.
  Time made;
};

// Writes into `folder`, which must not exist or be empty. Errors: day_not_closed, store_empty (no checkpoint),
// key_invalid (another store's signer), query_invalid (last before first), file errors; after an error the folder holds
// no manifest.
Result<PackageSummary> write_day_package(const Archive& archive, const DayPackage& wanted,
                                         const std::filesystem::path& folder);

bool is_day_package(const std::filesystem::path& folder);

// "old N", its root, "new N", its root, then the path (RFC 9162 2.1.4.1), hashes in base 64, each on a line.
struct ConsistencyProof {
  std::uint64_t old_size = 0;
  Hash old_root{};
  std::uint64_t new_size = 0;
  Hash new_root{};
  std::vector<Hash> path;
};
std::string format_consistency(const ConsistencyProof& proof);
Result<ConsistencyProof> parse_consistency(std::string_view text);  // Errors: note_malformed.

std::string_view day_package_script();  // verify.sh
std::string_view day_script();          // verify-day.sh, as in docs/format.

}  // namespace luy::evidence
