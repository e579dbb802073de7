// For tests: a database in a folder of its own.
#pragma once

#include <stdlib.h>

#include <filesystem>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/random.h"
#include "finding/book.h"
#include "records/database.h"

namespace luy::finding {

class TestRecords {
 public:
  TestRecords() {
    std::string name = (std::filesystem::temp_directory_path() / "luy-test-XXXXXX").string();
    LUY_CHECK(mkdtemp(name.data()) != nullptr);
    folder = name;
    open();
  }
  ~TestRecords() {
    database.reset();
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
  }
  TestRecords(const TestRecords&) = delete;
  TestRecords& operator=(const TestRecords&) = delete;

  // Again: a restart.
  void open() {
    database.reset();
    database = std::move(*records::open_sqlite(folder / "records.db", migrations()));
  }

  std::filesystem::path folder;
  std::unique_ptr<records::Database> database;
};

inline Time test_start() {
  return *from_rfc3339("2026-11-23T03:00:00Z");  // A Monday, 10 o'clock in Vietnam.
}

}  // namespace luy::finding
