// Goal: a code takes luy-agent off its own machine, once, for a day, and guessing ends it.
#include "release/removal.h"

#include <gtest/gtest.h>

#include "directory/fixture.h"
#include "inventory/fixture.h"
#include "release/book.h"

namespace luy::release {
namespace {

struct RemovalTest : testing::Test {
  RemovalTest() {
    for (const auto part : {directory::migrations(), inventory::migrations(), migrations()}) {
      tables.insert(tables.end(), part.begin(), part.end());
    }
    w.open(tables);
    audit = std::make_unique<directory::AuditTrail>(*w.database, sink, w.clock);
    book = std::make_unique<RemovalBook>(RemovalBook::Dependencies{*w.database, *audit, w.clock, w.random});
    device = w.enrol("may-01", w.ward);
  }
  std::string issue() { return book->issue(caller, device, w.ward, "Thanh lý máy", "An").value().code; }
  bool refused(const std::string& code) {
    const auto used = book->use(device, w.ward, code);
    return !used && used.error().is(removal_code_wrong);
  }

  inventory::World w;
  std::vector<records::Migration> tables;
  directory::KeptAudit sink;
  std::unique_ptr<directory::AuditTrail> audit;
  std::unique_ptr<RemovalBook> book;
  directory::Caller caller = directory::server_operator();
  DeviceId device;
};

TEST_F(RemovalTest, ACodeIsUsedOnceOnItsOwnMachine) {
  const std::string code = issue();
  EXPECT_EQ(code.size(), removal_code_letters + 1);
  const DeviceId other = w.enrol("may-02", w.ward);
  EXPECT_TRUE(book->use(other, w.ward, code).error().is(removal_code_wrong));
  std::string typed;
  for (const char c : code) typed += c == '-' ? ' ' : c == '0' ? 'o' : static_cast<char>(std::tolower(c));
  EXPECT_TRUE(book->use(device, w.ward, typed)) << typed;
  EXPECT_TRUE(refused(code));
  EXPECT_TRUE(book->state(device).value()->used_at);
  EXPECT_EQ(sink.acts(),
            (std::vector<std::string>{"agent_removal_code", "agent_removal_allowed release.removal_code_wrong",
                                      "agent_removal_allowed", "agent_removal_allowed release.removal_code_wrong"}));
  for (const auto& record : sink.records) EXPECT_EQ(record.json.find(code), std::string::npos) << "never a secret";
}

TEST_F(RemovalTest, ACodeEndsAfterADayOrWithTheNext) {
  const std::string first = issue();
  const std::string second = issue();
  EXPECT_TRUE(refused(first));
  w.clock.advance(removal_code_lifetime);
  EXPECT_TRUE(refused(second));
}

TEST_F(RemovalTest, GuessingEndsACode) {
  const std::string code = issue();
  for (int i = 0; i < removal_failures_max; ++i) EXPECT_TRUE(refused("AAAAA-AAAAA"));
  EXPECT_TRUE(refused(code));
  EXPECT_TRUE(book->use(device, w.ward, issue()));
}

TEST_F(RemovalTest, AReasonIsAskedForAndForceRings) {
  EXPECT_TRUE(book->issue(caller, device, w.ward, "", "An").error().is(removal_reason_missing));
  ASSERT_TRUE(book->forced(device, w.ward, "an\nninh"));
  EXPECT_EQ(sink.acts().back(), "agent_removed_without_code");
  EXPECT_NE(sink.records.back().json.find("an ninh"), std::string::npos);
}

}  // namespace
}  // namespace luy::release
