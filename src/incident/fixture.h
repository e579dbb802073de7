// For tests: the pack we ship.
#pragma once

#include <stdlib.h>

#include <filesystem>
#include <string>

#include "base/check.h"
#include "base/source_dir.h"
#include "incident/process.h"
#include "regulation/load.h"

namespace luy::incident {

inline std::filesystem::path pack_folder() {
  return std::filesystem::path(source_dir()) / "regulation/4448-2017";
}

inline const regulation::Pack& test_pack() {
  static const regulation::Pack pack = *regulation::load_pack(pack_folder());
  return pack;
}

inline const Process& test_process() {
  static const Process process = *load_process(pack_folder(), test_pack());
  return process;
}

inline Time at(const char* rfc3339) {
  return *from_rfc3339(rfc3339);
}

// A folder of its own, removed at the end.
struct TestFolder {
  TestFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "luy-incident-XXXXXX").string();
    LUY_CHECK(mkdtemp(name.data()) != nullptr);
    path = name;
  }
  ~TestFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  }
  TestFolder(const TestFolder&) = delete;
  TestFolder& operator=(const TestFolder&) = delete;
  std::filesystem::path path;
};

}  // namespace luy::incident
