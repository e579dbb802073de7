// A compiled rule set as bytes, so that a program starts in a tenth of the time: parsed rules, refusals, the program
// and Vectorscan's databases. Only ever a copy of what the rules' files say: a cache that is damaged, of other rules,
// or of another version is refused and the rules are compiled anew. Pure: the caller reads and writes the file.
//
// The bytes hold a checksum against accidents. Vectorscan trusts its databases, so whoever can write the file can make
// the engine do anything: keep it where only the program's own user writes.
//
//   at   field     meaning
//    0   magic     "luyrules"
//    8   key       SHA-256 of rules, pipelines, the program's build and the platform (compile_key)
//   40   checksum  SHA-256 of everything after this field
//   72   body      engine/describe.h
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/hash.h"
#include "base/result.h"
#include "detect/engine.h"
#include "detect/pipeline.h"
#include "detect/rule_set.h"

namespace luy::detect {

inline constexpr std::size_t compiled_bytes_max = 512 << 20;  // SigmaHQ's set has 15 MB.

// A source of rules: a YAML file, or a package whole (.tar, .tar.gz), told apart by the name (is_rule_file).
using RuleSource = RuleFile;

// What a compile depends on: sources, pipelines, Vectorscan and its platform, and this build of the program, since any
// change of code may change what a rule is compiled into.
Hash compile_key(const std::vector<RuleSource>& sources, const Routing& routing);

std::string encode_compiled(const Engine& engine, const Hash& key);
// `routing` is the one the key was made with. Error: bad_cache.
Result<std::shared_ptr<const Engine>> decode_compiled(std::string_view bytes, const Hash& key, Routing routing);

struct LoadedEngine {
  std::shared_ptr<const Engine> engine;
  std::optional<Error> cache_refused;  // Why `cached` was not used; nullopt when it was, or was empty.
  std::string to_keep;                 // What to write in its place; empty when `cached` was used.
};

// The engine for the rules, from `cached` where that is theirs, else compiled. `cached` is empty when there is none.
// Errors: bad_package, over_limit (of packages), bad_regex.
Result<LoadedEngine> load_engine(const std::vector<RuleSource>& sources, Routing routing, std::string_view cached);

// The files of the sources, packages unpacked. Errors: bad_package, over_limit.
Result<std::vector<RuleFile>> files_of(const std::vector<RuleSource>& sources);

}  // namespace luy::detect
