// For tests: a folder of its own, a clock moved by hand, and some agencies.
#pragma once

#include <stdlib.h>

#include <filesystem>
#include <string>

#include "base/clock.h"
#include "base/id.h"
#include "base/random.h"

namespace luy::watch {

class TestFolder {
 public:
  TestFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "luy-test-XXXXXX").string();
    LUY_CHECK(::mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  ~TestFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TestFolder(const TestFolder&) = delete;
  TestFolder& operator=(const TestFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

struct World {
  TestFolder folder;
  FakeClock clock{*from_rfc3339("2026-11-23T03:00:00Z")};
  SeededRandom random{7};
  AgencyId town = AgencyId::make(clock.now(), random);
  AgencyId ward = AgencyId::make(clock.now(), random);
  AgencyId other_ward = AgencyId::make(clock.now(), random);
};

}  // namespace luy::watch
