// One folder of plain files, as the spool needs it: append, sync, read back, cut, remove. An interface, because each
// platform has its own calls and because tests fail the n-th of them. Not thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace luy::agent {

class DiskFile {
 public:
  virtual ~DiskFile() = default;
  // After an error the file may hold a part of `bytes`: truncate() to the size before.
  virtual Result<void> append(std::string_view bytes) = 0;
  // Content is durable afterwards; the name is only after Disk::sync().
  virtual Result<void> sync() = 0;
  // The bytes at `offset`; fewer than asked for only at the end of the file.
  virtual Result<std::size_t> read(std::uint64_t offset, std::span<char> into) = 0;
  virtual Result<void> truncate(std::uint64_t size) = 0;
  virtual Result<std::uint64_t> size() = 0;
};

class Disk {
 public:
  virtual ~Disk() = default;
  // Names of the regular files, sorted.
  virtual Result<std::vector<std::string>> list() = 0;
  // Opens for reading and appending; made when missing, readable by the owner only.
  virtual Result<std::unique_ptr<DiskFile>> open(const std::string& name) = 0;
  // A file that is not there is no error.
  virtual Result<void> remove(const std::string& name) = 0;
  // Created and removed names are durable afterwards.
  virtual Result<void> sync() = 0;
};

}  // namespace luy::agent
