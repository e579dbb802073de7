// Reads frames out of one segment file, and finds the next sound one after damage.
#pragma once

#include <cstdint>
#include <string>

#include "agent/disk.h"
#include "agent/spool_frame.h"
#include "base/result.h"

namespace luy::agent {

struct FrameStep {
  enum class What { frame, end, damage };
  What what = What::end;
  FrameHeader header;   // Of a frame.
  std::string payload;  // Of a frame.
  // Where to read on. After damage: the next sound frame, or `size` when there is none (a torn tail).
  std::uint64_t next = 0;
};

// The step at `offset` of a file of `size` bytes. Errors are those of the disk.
Result<FrameStep> read_frame(DiskFile& file, std::uint64_t offset, std::uint64_t size);

}  // namespace luy::agent
