// Leaf data of many records in one file: of each a big-endian u32 with its length and its bytes, in zstd frames one
// after another, so that `zstd -dc` gives them too.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "base/file.h"
#include "base/result.h"
#include "evidence/compression.h"

namespace luy::evidence {

class LeafWriter {
 public:
  // Errors: file errors, also when the file is there already.
  static Result<LeafWriter> create(const std::filesystem::path& file);
  Result<void> add(std::string_view leaf_data);
  Result<void> finish();  // Durable when it returns.

 private:
  LeafWriter(std::filesystem::path file, UniqueFd fd) : file_(std::move(file)), fd_(std::move(fd)) {}
  Result<void> flush();

  std::filesystem::path file_;
  UniqueFd fd_;
  Compressor compressor_;
  std::string plain_;
};

// Until `visit` answers false. Errors: store_corrupt, file errors.
Result<void> read_leaves(const std::filesystem::path& file, const std::function<Result<bool>(std::string_view)>& visit);

}  // namespace luy::evidence
