// For tests only: the rule set and recorded events kept outside the repository (their licence forbids a copy here),
// found beside it under ../shared, or where LUY_SHARED points. Tests that need them skip, saying so, where they are
// absent.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

#include "base/source_dir.h"
#include "detect/package.h"
#include "detect/pipeline.h"

namespace luy::detect {

inline std::optional<std::string> read_whole(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  return std::string(std::istreambuf_iterator<char>(file), {});
}

// A file of the shared Sigma data, unpacked where it is compressed; nullopt when absent.
inline std::optional<std::string> shared_sigma(const std::string& name) {
  const char* moved = std::getenv("LUY_SHARED");
  const std::filesystem::path folder = moved != nullptr ? moved : source_dir() + "/../shared";
  auto bytes = read_whole(folder / "sigma" / name);
  if (bytes && is_gzip(*bytes) && name.ends_with(".gz")) return gunzip(*bytes).value();
  return bytes;
}

inline std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    if (end > at) out.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

// The pipelines this repository ships, those named.
inline Routing shipped_routing(const std::vector<std::string>& names) {
  Routing out;
  for (const std::string& name : names) {
    const std::string file = source_dir() + "/rules/pipelines/" + name + ".yml";
    add_pipeline(file, read_whole(file).value(), out).value();
  }
  return out;
}

inline constexpr const char* no_shared_data = "../shared/sigma is not beside this repository: no rules to test with";

}  // namespace luy::detect
