// Goal: the book names the record that proves, never one that only looks like it, also after a restart.
// Method: records made by hand, a store that is a list, a real database.
#include "hub/proof_book.h"

#include <gtest/gtest.h>

#include "base/random.h"
#include "event/batch.h"
#include "hub/memory_store.h"
#include "hub/migrations.h"
#include "hub/test_client.h"

namespace luy::hub {
namespace {

using event::Transport;

struct ProofBookTest : ::testing::Test {
  ProofBookTest() {
    database = std::move(records::open_sqlite(folder.path() / "records.db", migrations()).value());
    open();
  }
  void open(std::chrono::days kept = proof_days_kept) {
    book = std::move(ProofBook::open(store, *database, clock, kept).value());
  }
  std::uint64_t take(Transport transport, const std::string& source, const std::string& raw) {
    book->take({++seq, clock.now(), source, static_cast<std::uint8_t>(transport), raw});
    return seq;
  }
  std::uint64_t from_device(Transport transport, const std::string& stream, const std::string& raw) {
    return take(transport, agency.text() + "/" + device.text() + "/" + stream, raw);
  }
  std::uint64_t act(const std::string& name, const std::string& outcome, const std::string& after = "{}") {
    return take(Transport::hub, agency.text() + "/hub/audit",
                R"({"@timestamp":"2026-11-20T03:00:00.000000Z","event.action":")" + name + R"(","event.outcome":")" +
                    outcome + R"(","luy.object":"account:)" + account.text() + R"(","luy.after":)" + after + "}");
  }
  std::optional<std::uint64_t> logs(Day day) const { return book->seq(day_key(DayProof::logs, device, day)); }

  TempFolder folder;
  FakeClock clock{*from_rfc3339("2026-11-20T03:00:00Z")};
  SeededRandom random{5};
  AgencyId agency = AgencyId::make(clock.now(), random);
  DeviceId device = DeviceId::make(clock.now(), random);
  AccountId account = AccountId::make(clock.now(), random);
  Day today = day_of(clock.now());
  MemoryStore store;
  std::unique_ptr<records::Database> database;
  std::unique_ptr<ProofBook> book;
  std::uint64_t seq = 0;
};

TEST_F(ProofBookTest, OnlyLogRecordsMakeADayOfLogs) {
  from_device(Transport::fact, "fact/os", "{}");
  from_device(Transport::agent, "agent", R"({"note":"start"})");
  EXPECT_FALSE(logs(today));
  EXPECT_TRUE(book->news().empty());
  const std::uint64_t first = from_device(Transport::file, "/var/log/syslog", "line");
  from_device(Transport::syslog, "syslog", "line");
  EXPECT_EQ(logs(today), first);
  const ProofBook::News news = book->news();
  EXPECT_EQ(news.days, (std::set<std::pair<DeviceId, Day>>{{device, today}}));
  from_device(Transport::file, "/var/log/syslog", "line");
  EXPECT_TRUE(book->news().empty()) << "one record proves the day";
}

TEST_F(ProofBookTest, AnEntryOfAJournalIsOfTheDayItBears) {
  const auto entry = [](Time at) {
    return "__CURSOR=x\n__REALTIME_TIMESTAMP=" + std::to_string(to_micros(at)) + "\nMESSAGE=m\n";
  };
  from_device(Transport::journal, "journal", entry(clock.now() - days(2)));
  EXPECT_TRUE(logs(today - days(2))) << "from the spool, after two days without a network";
  EXPECT_FALSE(logs(today));
  from_device(Transport::journal, "journal", entry(clock.now() + days(2)));
  EXPECT_FALSE(logs(today + days(2))) << "no machine logs tomorrow";
  EXPECT_TRUE(logs(today));
  clock.advance(days(1));
  from_device(Transport::journal, "journal", entry(clock.now() - days(300)));
  EXPECT_FALSE(logs(day_of(clock.now() - days(300))));
  EXPECT_TRUE(logs(today + days(1)));
  clock.advance(days(1));
  from_device(Transport::journal, "journal", "MESSAGE=x__REALTIME_TIMESTAMP=1\n");
  EXPECT_TRUE(logs(today + days(2)));
}

TEST_F(ProofBookTest, GapsAndLossesAreProvedByTheirNewestNotes) {
  from_device(Transport::file, "/var/log/x", R"({"note":"gap"})");
  EXPECT_FALSE(book->seq(day_key(DayProof::gap, device, today))) << "a line of a log can say what it likes";
  const std::string hub = agency.text() + "/" + device.text() + "/hub";
  take(Transport::hub, hub, R"({"note":"gap","first_missing":3,"last_missing":4})");
  const std::uint64_t gap = take(Transport::hub, hub, R"({"note":"gap","first_missing":7,"last_missing":7})");
  const std::uint64_t dropped = take(Transport::hub, hub, R"({"note":"dropped","records":5})");
  take(Transport::hub, hub, "not JSON");
  EXPECT_EQ(book->seq(day_key(DayProof::gap, device, today)), gap);
  EXPECT_EQ(book->seq(day_key(DayProof::dropped, device, today)), dropped);
}

TEST_F(ProofBookTest, ARefusedSignInOfAnOutsiderProvesNothing) {
  const std::uint64_t issued = act("password_issue", "success");
  const std::uint64_t changed = act("password_change", "success");
  const std::uint64_t signed_in = act("sign_in", "success");
  act("sign_in", "failure");
  act("password_change", "failure");
  EXPECT_EQ(book->seq(act_key("password_issue", account)), issued);
  EXPECT_EQ(book->seq(act_key("password_change", account)), changed);
  EXPECT_EQ(book->seq(act_key("sign_in", account)), signed_in);
  EXPECT_TRUE(book->news().accounts);
  from_device(Transport::file, "hub/audit", R"({"event.outcome":"success"})");
  EXPECT_FALSE(book->news().accounts) << "a device cannot speak as the hub";
}

TEST_F(ProofBookTest, ActsOfTheInventoryAndSignInsFromTwoPlacesAreFound) {
  const std::uint64_t approved = act("software.approved", "success", R"({"proof_of":"approval:x:1"})");
  EXPECT_EQ(book->seq("of:approval:x:1"), approved);
  EXPECT_EQ(book->news().acts, std::set<std::string>{"approval:x:1"});
  act(std::string(two_places_act), "success", R"({"address":"192.0.2.7"})");
  const auto found = book->find(act_key(two_places_act, account));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->detail, R"({"address":"192.0.2.7"})");
  EXPECT_EQ(found->at, clock.now());
}

TEST_F(ProofBookTest, ARestartForgetsNothingThatWasStored) {
  const std::uint64_t first = from_device(Transport::file, "/var/log/syslog", "line");
  ASSERT_TRUE(book->store());
  open();
  EXPECT_EQ(logs(today), first);
  EXPECT_TRUE(book->news().empty());
  clock.advance(days(proof_days_kept.count() + 1));
  open();
  EXPECT_FALSE(logs(today));
}

}  // namespace
}  // namespace luy::hub
