// What every engine behind `Database` must do is written once, in *conformance_test.cc, against this factory. A new
// engine is a new line in engines().
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <ostream>
#include <span>
#include <string>
#include <vector>

#include "records/database.h"

namespace luy::records {

// Where one test's database lives: empty at first, the same database at every open(), gone at the end.
class Place {
 public:
  virtual ~Place() = default;
  virtual Result<std::unique_ptr<Database>> open(std::span<const Migration> migrations) = 0;
};

struct Engine {
  std::string name;
  std::function<std::unique_ptr<Place>()> make_place;
};

// What GoogleTest prints for the parameter of a test.
void PrintTo(const Engine& engine, std::ostream* out);

std::vector<Engine> engines();

// A folder of its own for one test, removed at the end.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

class DatabaseConformance : public testing::TestWithParam<Engine> {
 protected:
  DatabaseConformance() : place_(GetParam().make_place()) {}
  std::unique_ptr<Database> open(std::span<const Migration> migrations) { return *place_->open(migrations); }

  std::unique_ptr<Place> place_;
};

}  // namespace luy::records
