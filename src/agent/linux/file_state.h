// What a guarded file is: its kind, content and owner, and how a set of them is kept on disk.
#pragma once

#include <sys/stat.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/hash.h"
#include "base/result.h"

namespace luy::agent {

// Of a larger file only so much from its front is hashed, which the record says.
inline constexpr std::int64_t hashed_bytes_max = 64 << 20;

struct FileState {
  char type = 'f';  // f file, l symbolic link, d folder in a file's place, o anything else.
  std::int64_t size = 0;
  std::int64_t modified_ns = 0;
  std::int64_t changed_ns = 0;  // By the kernel's clock: cannot be set back.
  std::uint32_t mode = 0;       // Permission bits.
  std::uint32_t uid = 0;
  std::uint32_t gid = 0;
  Hash hash{};  // Of the content; of a link's target.
  bool operator==(const FileState&) const = default;

  bool same_content(const FileState& other) const {
    return type == other.type && size == other.size && hash == other.hash;
  }
  bool same_rights(const FileState& other) const { return mode == other.mode && uid == other.uid && gid == other.gid; }
};

// Without the hash; nullopt when nothing is there. Does not follow a link.
std::optional<FileState> look_at_file(const std::string& path);

struct Digests {
  Hash sha256{};
  std::string md5;          // Hexadecimal: what dpkg knows.
  std::string link_target;  // Of a link.
  std::int64_t bytes = 0;   // Read.
};
// Opens without following a link and without waiting. Errors: those of base/file.h.
Result<Digests> digest_file(const std::string& path, const FileState& state);

using FileStates = std::map<std::string, FileState>;  // By path.
std::string encode_states(const FileStates& states);
// nullopt for anything but what encode_states() wrote.
std::optional<FileStates> decode_states(std::string_view text);

}  // namespace luy::agent
