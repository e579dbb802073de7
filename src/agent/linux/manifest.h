// What a backup set held when it was backed up: every file with its size, its times and the SHA-256 of its content,
// read by the agent itself and not by restic. It is backed up with the set, and a drill compares with it.
//
// Lines: "luy-manifest 1"; "<f|c> <sha256> <bytes> <modified, ns> <hexadecimal path>", by path; "end <lines>".
// f: the file did not change between its hashing and the end of the backup, so that what was backed up has this hash.
// c: it did change; what was backed up is what restic read. Links are restic's alone.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace luy::agent {

inline constexpr std::string_view manifest_name = "luy-manifest";
inline constexpr std::size_t manifest_bytes_max = 512 << 20;  // About two million files.

struct ManifestEntry {
  char kind = 'f';
  std::string sha256;  // Hexadecimal.
  std::int64_t bytes = 0;
  std::int64_t modified_ns = 0;
  std::int64_t changed_ns = 0;  // By the kernel's clock; not written down.
  bool operator==(const ManifestEntry&) const = default;
};
using Manifest = std::map<std::string, ManifestEntry>;  // By path, bytes as they are.

struct ManifestWork {
  std::vector<std::string> paths;
  std::vector<std::string> excludes;
  std::function<bool()> go_on;  // Asked before each file; false ends it.
};
struct MadeManifest {
  Manifest manifest;
  std::vector<std::string> unread;   // At most 100.
  std::vector<std::string> missing;  // Paths of the set that are not there.
  bool whole = true;                 // It went through to its end.
};
MadeManifest make_manifest(const ManifestWork& work);

// Marks what is not now as it was when it was hashed. Answers how many.
std::int64_t mark_changed(Manifest& manifest);

std::string to_text(const Manifest& manifest);
// Errors: backup_stopped, "damaged".
Result<Manifest> read_manifest(std::string_view text);

// What lies below `folder` compared with the manifest; `folder` + path is where a file ought to be.
struct ManifestComparison {
  std::int64_t files = 0;  // That are there,
  std::int64_t bytes = 0;
  std::int64_t differing = 0;  // and of these not as they were backed up.
  std::int64_t missing = 0;
  std::int64_t changed = 0;  // While they were backed up: they are as restic read them.
  std::string report;  // A line for each file: "<same|changed|differs|missing> <sha256> <bytes> <hexadecimal path>".
  bool whole = true;
};
ManifestComparison compare(const Manifest& manifest, const std::string& folder, const std::function<bool()>& go_on);

// SHA-256 of a file, read to its end without following a link. Errors: those of base/file.h.
Result<std::string> sha256_of_file(const std::string& path);

}  // namespace luy::agent
