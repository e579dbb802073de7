// Goal: migrations are applied once each, in order, and a database that does not match the program is refused.
// Method: open the same place with growing, shrinking and altered lists.
#include "records/conformance.h"

namespace luy::records {
namespace {

class MigrationConformance : public DatabaseConformance {};
class MigrationConformanceDeathTest : public DatabaseConformance {};

const Migration one{"test", 1, "CREATE TABLE first (value BIGINT); INSERT INTO first (value) VALUES (10)"};
const Migration two{"test", 2, "INSERT INTO first (value) SELECT value + 1 FROM first"};
const Migration other{"other", 1, "CREATE TABLE second (value BIGINT); INSERT INTO second SELECT value FROM first"};
const Migration broken{"test", 3, "INSERT INTO first (value) VALUES (99); INSERT INTO missing (value) VALUES (1)"};

std::int64_t sum(const Database& database) {
  std::int64_t out = 0;
  database
      .read([&](Connection& c) {
        return c.query("SELECT value FROM first", {}, [&](const Row& row) { out += row.integer(0); });
      })
      .value();
  return out;
}

using List = std::vector<Migration>;

}  // namespace

INSTANTIATE_TEST_SUITE_P(Engines, MigrationConformance, testing::ValuesIn(engines()),
                         [](const auto& engine) { return engine.param.name; });
INSTANTIATE_TEST_SUITE_P(Engines, MigrationConformanceDeathTest, testing::ValuesIn(engines()),
                         [](const auto& engine) { return engine.param.name; });

TEST_P(MigrationConformance, AppliesEachOnceAndInOrder) {
  EXPECT_EQ(sum(*open(List{one})), 10);
  EXPECT_EQ(sum(*open(List{one})), 10);
  EXPECT_EQ(sum(*open(List{one, two, other})), 21);
  EXPECT_EQ(sum(*open(List{one, two, other})), 21);
}

TEST_P(MigrationConformance, RefusesADatabaseOfANewerProgram) {
  open(List{one, two, other});
  EXPECT_TRUE(place_->open(List{one, other}).error().is(database_newer));
  EXPECT_TRUE(place_->open(List{one, two}).error().is(database_newer));
  EXPECT_EQ(sum(*open(List{one, two, other})), 21);
}

TEST_P(MigrationConformance, RefusesADatabaseWhoseMigrationWasAnother) {
  open(List{one});
  const Migration altered{"test", 1, "CREATE TABLE first (value TEXT)"};
  EXPECT_TRUE(place_->open(List{altered}).error().is(migration_changed));
}

TEST_P(MigrationConformance, LeavesNothingOfAMigrationThatFails) {
  open(List{one, two});
  const auto result = place_->open(List{one, two, broken});
  ASSERT_FALSE(result);
  EXPECT_TRUE(result.error().is(database_failed)) << result.error().text();
  EXPECT_EQ(sum(*open(List{one, two})), 21);
}

TEST_P(MigrationConformanceDeathTest, AbortsOnAListWithAHole) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH((void)place_->open(List{two}), "without holes");
  EXPECT_DEATH((void)place_->open(List{two, one}), "without holes");
  EXPECT_DEATH((void)place_->open(List{one, one}), "without holes");
}

}  // namespace luy::records
