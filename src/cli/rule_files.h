// Rules, pipelines and events from the disk, for `luy detect` and `luy rules`.
#pragma once

#include <zlib.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "detect/compiled.h"
#include "detect/pipeline.h"

namespace luy::cli {

// The rule files below each folder, in the order of their names; packages (.tgz, .tar) and single files as they are.
// Errors: of base/file.h, and detect's over_limit.
Result<std::vector<detect::RuleSource>> read_sources(const std::vector<std::filesystem::path>& paths);

// The built-in pipelines and those of the files.
Result<detect::Routing> read_routing(const std::vector<std::filesystem::path>& pipelines);

// Lines of a file, plain or gzip, "-" for standard input. One buffer, reused: a line is valid until the next call.
class LineReader {
 public:
  struct Line {
    std::string_view text;
    std::size_t capacity;  // Bytes that may be read from its beginning on.
  };

  static Result<LineReader> open(const std::filesystem::path& path);
  ~LineReader();
  LineReader(LineReader&& other) noexcept;

  // nullopt at the end. Errors: file_failed; over_limit for a line no event may be as long as.
  Result<std::optional<Line>> next();

 private:
  LineReader(gzFile file, std::string name);
  Result<bool> fill();

  gzFile file_;
  std::string name_;
  std::string buffer_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  bool at_end_ = false;
};

}  // namespace luy::cli
