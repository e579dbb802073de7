// For tests: an SQLite file system layer whose n-th write or fsync fails, as a full or dying disk does.
#pragma once

#include <cstdint>

namespace luy::evidence {

enum class Fault { write_full, write_error, sync_error };

// While it lives, it is SQLite's default file system of this process. One at a time; not thread-safe.
class FaultVfs {
 public:
  FaultVfs();
  ~FaultVfs();
  FaultVfs(const FaultVfs&) = delete;
  FaultVfs& operator=(const FaultVfs&) = delete;

  // Operation number `nth` (from 1, of the fault's sort) fails, and so do all later ones until disarm().
  void arm(Fault fault, std::uint64_t nth);
  void disarm();
  bool struck() const;  // Whether it failed anything since arm().
};

}  // namespace luy::evidence
