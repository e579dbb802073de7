// zstd as the blocks use it: one frame with checksum.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

struct ZSTD_CCtx_s;
struct ZSTD_DCtx_s;

namespace luy::evidence {

// Bounds what a damaged file can make a reader allocate.
inline constexpr std::size_t plain_bytes_max = 24 << 20;
inline constexpr std::size_t plain_slack = 64;

enum class Level : int { tail = 1, block = 3 };  // Of zstd.

// Reusable zstd contexts. Not thread-safe.
class Compressor {
 public:
  Compressor();
  // Valid until the next call.
  std::string_view compress(std::string_view plain, Level level);
  // The same frame format; bytes from each of `cuts` on (ascending) are coded with statistics of their own.
  std::string_view compress(std::string_view plain, const std::vector<std::size_t>& cuts, Level level);

 private:
  struct Free {
    void operator()(ZSTD_CCtx_s* context) const;
  };
  std::unique_ptr<ZSTD_CCtx_s, Free> context_;
  std::vector<char> buffer_;  // Kept: asking the system for megabytes each time costs more than the copy.
};
class Decompressor {
 public:
  Decompressor();
  // `out` keeps its memory and has plain_slack readable bytes behind its end. Errors: store_corrupt unless the frame is
  // whole and gives exactly `plain_bytes`.
  Result<void> decompress(std::string_view frame, std::size_t plain_bytes, std::string& out);

 private:
  struct Free {
    void operator()(ZSTD_DCtx_s* context) const;
  };
  std::unique_ptr<ZSTD_DCtx_s, Free> context_;
};

}  // namespace luy::evidence
