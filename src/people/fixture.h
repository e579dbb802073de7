// For tests: a database with the tables of the directory, the inventory and this module, a clock that stands still, and
// people of two agencies.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "directory/fixture.h"
#include "inventory/fixture.h"
#include "people/migrations.h"
#include "people/person.h"

namespace luy::people {

namespace json = boost::json;
using namespace std::chrono_literals;

inline std::vector<records::Migration> all_migrations() {
  std::vector<records::Migration> out;
  for (const auto part : {directory::migrations(), inventory::migrations(), migrations()}) {
    out.insert(out.end(), part.begin(), part.end());
  }
  return out;
}

struct PeopleTest : testing::Test {
  PeopleTest() : database(*records::open_sqlite(folder.path() / "records.db", all_migrations())) {
    lan = add("Nguyễn Thị Lan", {"quantri"});
    an = add("Trần Văn An", {});
    who = {AccountId::make(clock.now(), random), lan, "Nguyễn Thị Lan"};
  }
  PersonId add(const std::string& name, std::vector<std::string> usernames) {
    const PersonId id = PersonId::make(clock.now(), random);
    persons[id] = {id, name, "", agency, false, false, std::move(usernames)};
    return id;
  }
  Result<void> permitted(const AgencyId& where) const {
    if (where == agency) return {};
    return Error(directory::not_allowed, "cơ quan khác");
  }
  std::vector<json::object> entries() const {
    std::vector<json::object> out;
    for (const directory::AuditRecord& record : sink.records) out.push_back(json::parse(record.json).as_object());
    return out;
  }

  inventory::TestFolder folder;
  FakeClock clock{inventory::test_start()};
  SeededRandom random{7};
  directory::KeptAudit sink;
  std::unique_ptr<records::Database> database;
  directory::AuditTrail audit{*database, sink, clock};
  directory::Caller caller = directory::server_operator();
  AgencyId agency = AgencyId::make(clock.now(), random);
  AgencyId other = AgencyId::make(clock.now(), random);
  Persons persons;
  PersonId lan, an;
  Who who;
};

}  // namespace luy::people
