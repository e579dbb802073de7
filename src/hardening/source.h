// The machine as checks see it: files by absolute path, their modes, and where links point. What cannot be read is an
// error and never "not there": a check must not take the one for the other.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"

namespace luy::hardening {

inline constexpr ErrorKind unreadable{"hardening.unreadable", ErrorClass::unavailable, "Không đọc được {}.",
                                      "Cannot read {}."};

struct FileState {
  std::uint32_t mode = 0;  // The lower twelve bits of st_mode.
  std::uint32_t uid = 0;
  std::uint32_t gid = 0;
  bool folder = false;
};

// Called from one thread. Paths begin with '/'. Errors of all: unreadable, naming the path.
class Source {
 public:
  virtual ~Source() = default;
  // The whole file, links followed; nullopt when it is not there. What is no ordinary file reads as empty.
  virtual Result<std::optional<std::string>> file(const std::string& path) const = 0;
  // Names in the folder, sorted; nullopt when it is not there.
  virtual Result<std::optional<std::vector<std::string>>> folder(const std::string& path) const = 0;
  // Links followed; nullopt when it is not there.
  virtual Result<std::optional<FileState>> state(const std::string& path) const = 0;
  // Where a symbolic link points; nullopt when there is none of that name.
  virtual Result<std::optional<std::string>> link(const std::string& path) const = 0;
};

}  // namespace luy::hardening
