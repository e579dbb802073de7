// The pipelines of rules/pipelines/ and the lists of rules/lists/, built in, so that the program needs no files beside
// it.
#pragma once

#include <span>
#include <string_view>

#include "detect/pipeline.h"

namespace luy::detect {

struct BuiltinPipeline {
  std::string_view file;
  std::string_view text;
};
std::span<const BuiltinPipeline> builtin_pipelines();

// All of them together; a broken one is a bug of this repository and aborts.
Routing builtin_routing();

}  // namespace luy::detect
