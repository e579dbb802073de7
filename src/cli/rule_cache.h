// Compiled rules kept in a folder between runs (detect/compiled.h). A cache that cannot be used costs time and never an
// answer.
#pragma once

#include <filesystem>
#include <memory>
#include <ostream>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "detect/engine.h"
#include "detect/pipeline.h"

namespace luy::cli {

enum class CacheUse { none, used, written, refused };
std::string_view name_of(CacheUse use);

struct LoadedRules {
  std::shared_ptr<const detect::Engine> engine;
  CacheUse cache = CacheUse::none;  // refused: the folder or the file could not be used; `notes` says why.
};

inline constexpr std::size_t cache_files_max = 8;  // The oldest beyond them are removed.

// The engine for the rules of these paths. `folder` is where compiles are kept, made where it is missing; empty:
// nowhere. It must belong to the caller (or root) and be writable by nobody else, since Vectorscan trusts what lies
// there. Errors: as read_rules() and detect::load_engine().
Result<LoadedRules> load_rules(const std::vector<std::filesystem::path>& paths, detect::Routing routing,
                               const std::filesystem::path& folder, std::ostream& notes);

}  // namespace luy::cli
