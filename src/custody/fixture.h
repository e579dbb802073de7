// For tests: a database with the tables of the directory and this module, a clock that stands still.
#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/file.h"
#include "custody/medium_book.h"
#include "directory/fixture.h"

namespace luy::custody {

namespace json = boost::json;
using namespace std::chrono_literals;

class TestFolder {
 public:
  TestFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "luy-custody-XXXXXX").string();
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

struct CustodyTest : testing::Test {
  static std::vector<records::Migration> tables() {
    std::vector<records::Migration> out;
    for (const auto part : {directory::migrations(), migrations()}) out.insert(out.end(), part.begin(), part.end());
    return out;
  }
  CustodyTest() : database(*records::open_sqlite(folder.path() / "records.db", tables())) {}

  // From now on acts are carried out with the consent of `name`, whose account is `username`.
  void agreed_by(const std::string& username, const std::string& name) {
    SeededRandom of_people{11};  // Ids of rules stay what they are without.
    directory::Options options;
    options.passwords = directory::password_cost_of_tests;
    const auto people = *directory::Directory::open(*database, sink, clock, of_people, options);
    directory::FirstSetup first;
    first.agency_code = "UBND";
    first.agency_name = "Ủy ban nhân dân phường Bỉm Sơn";
    first.person_name = name;
    first.username = username;
    LUY_CHECK(people->set_up(first).has_value());
    caller.agreed_by = username;
  }

  TestFolder folder;
  FakeClock clock{*from_rfc3339("2026-11-23T03:00:00Z")};
  SeededRandom random{7};
  directory::KeptAudit sink;
  std::unique_ptr<records::Database> database;
  directory::AuditTrail audit{*database, sink, clock};
  directory::Caller caller = directory::server_operator();
};

}  // namespace luy::custody
