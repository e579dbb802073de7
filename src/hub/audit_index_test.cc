// Goal: the index knows every entry that the hub wrote and nothing else, finds it by each of its marks, page by page,
// and is the same after a restart, after records that came twice, and when it is made later than the trail.
// Method: entries made by hand, a store that is a list, a real database.
#include "hub/audit_index.h"

#include <gtest/gtest.h>

#include "base/random.h"
#include "event/batch.h"
#include "hub/core.h"
#include "hub/memory_store.h"
#include "hub/test_client.h"

namespace luy::hub {
namespace {

using directory::Outcome;
using event::Transport;

struct AuditIndexTest : ::testing::Test {
  AuditIndexTest() {
    const auto tables = all_migrations();
    database = std::move(records::open_sqlite(folder.path() / "records.db", tables).value());
    open(0);
  }
  void open(std::uint64_t applied) {
    index = std::move(AuditIndex::open(store, *database, std::vector{agency, other}, applied).value());
  }
  struct Entry {
    std::string act = "account_manage";
    std::string name = "lan";
    std::string object{};
    std::string outcome = "success";
    std::string more{};
  };
  std::uint64_t take(const Entry& entry, const AgencyId& where, Transport transport = Transport::hub) {
    const std::string who = entry.name == "lan"
                                ? R"(,"user.id":")" + lan.text() + R"(","user.name":"lan")"
                                : R"(,"user.id":")" + binh.text() + R"(","user.name":")" + entry.name + '"';
    const std::string raw = R"({"event.dataset":"luy.audit","event.action":")" + entry.act + R"(","event.outcome":")" +
                            entry.outcome + '"' + who +
                            (entry.object.empty() ? "" : R"(,"luy.object":")" + entry.object + '"') + entry.more + "}";
    index->take({seq, clock.now(), where.text() + "/hub/audit", static_cast<std::uint8_t>(transport), raw});
    clock.advance(std::chrono::seconds(1));
    return seq++;
  }
  std::vector<std::uint64_t> found(const AuditFilter& filter, std::uint64_t before = INT64_MAX) const {
    std::vector<std::uint64_t> out;
    const auto places = index->find(filter, before).value();
    for (const AuditPlace& place : places) {
      EXPECT_TRUE(matches(filter, place)) << "the index and the filter agree on " << place.seq;
      out.push_back(place.seq);
    }
    return out;
  }

  TempFolder folder;
  FakeClock clock{*from_rfc3339("2026-11-20T03:00:00Z")};
  SeededRandom random{5};
  AgencyId agency = AgencyId::make(clock.now(), random);
  AgencyId other = AgencyId::make(clock.now(), random);
  AccountId lan = AccountId::make(clock.now(), random);
  AccountId binh = AccountId::make(clock.now(), random);
  MemoryStore store;
  std::unique_ptr<records::Database> database;
  std::unique_ptr<AuditIndex> index;
  std::uint64_t seq = 0;
};

using Seqs = std::vector<std::uint64_t>;

TEST_F(AuditIndexTest, FindsByEachMarkNewestFirst) {
  const Time begin = clock.now();
  const std::string of_binh = "account:" + binh.text();
  take({.object = of_binh}, agency);                                                            // 0
  take({.act = "sign_in", .name = "binh", .object = of_binh}, agency);                          // 1
  take({.act = "wifi_manage", .object = "wifi:1"}, other);                                      // 2
  take({.outcome = "failure", .more = R"(,"luy.refused":true)"}, agency);                       // 3
  take({.act = "sign_in", .name = "binh", .outcome = "failure"}, other);                        // 4
  take({.act = "break_glass_use", .name = "khan", .more = R"(,"event.kind":"alert")"}, other);  // 5
  take({.act = "evidence_search"}, agency);                                                     // 6
  ASSERT_TRUE(index->store(seq));
  EXPECT_EQ(index->next_seq(), 7U);
  EXPECT_EQ(found({}), (Seqs{5, 4, 3, 2, 1, 0}));
  EXPECT_EQ(found({.searches = true}), (Seqs{6, 5, 4, 3, 2, 1, 0}));
  EXPECT_EQ(found({.act = "evidence_search"}), (Seqs{6}));
  EXPECT_EQ(found({.person = "lan"}), (Seqs{3, 2, 0}));
  EXPECT_EQ(found({.person = binh.text()}), (Seqs{5, 4, 1})) << "by the account, whatever it is called";
  EXPECT_EQ(found({.object = of_binh}), (Seqs{1, 0}));
  EXPECT_EQ(found({.object_type = "account"}), (Seqs{1, 0}));
  EXPECT_EQ(found({.object_type = "acc"}), Seqs{});
  EXPECT_EQ(found({.act = "sign_in"}), (Seqs{4, 1}));
  EXPECT_EQ(found({.outcome = "refused"}), (Seqs{3}));
  EXPECT_EQ(found({.outcome = "failed"}), (Seqs{4}));
  EXPECT_EQ(found({.outcome = "not_done"}), (Seqs{4, 3}));
  EXPECT_EQ(found({.outcome = "done"}), (Seqs{5, 2, 1, 0}));
  EXPECT_EQ(found({.agency = other}), (Seqs{5, 4, 2}));
  EXPECT_EQ(found({.alarm = true}), (Seqs{5}));
  EXPECT_EQ(found({.from = begin + std::chrono::seconds(1), .until = begin + std::chrono::seconds(3)}), (Seqs{2, 1}));
  EXPECT_EQ(found({.about = binh}), (Seqs{5, 4, 1, 0})) << "by them, and about them";
  EXPECT_EQ(found({.person = "lan", .object = of_binh, .act = "account_manage"}), (Seqs{0}));
  EXPECT_EQ(found({}, 3), (Seqs{2, 1, 0})) << "the next page";
}

TEST_F(AuditIndexTest, OnlyWhatTheHubWroteIsAnEntry) {
  take({}, agency, Transport::file);
  index->take({seq++, clock.now(), agency.text() + "/" + lan.text() + "/hub/audit",
               static_cast<std::uint8_t>(Transport::hub), R"({"event.dataset":"luy.audit","event.action":"x"})"});
  index->take({seq++, clock.now(), agency.text() + "/hub/audit", static_cast<std::uint8_t>(Transport::hub), "no json"});
  index->take({seq++, clock.now(), agency.text() + "/hub/audit", static_cast<std::uint8_t>(Transport::hub),
               R"({"event.dataset":"other","event.action":"x"})"});
  ASSERT_TRUE(index->store(seq));
  EXPECT_EQ(found({.searches = true}), Seqs{});
  EXPECT_EQ(index->next_seq(), 4U);
}

TEST_F(AuditIndexTest, KindsAreWhatThereIs) {
  take({.act = "wifi_manage", .object = "wifi:1"}, agency);
  take({.act = "account_manage", .object = "account:" + binh.text()}, agency);
  take({.act = "account_manage"}, agency);
  take({.act = "sign_in", .name = "binh"}, agency);
  ASSERT_TRUE(index->store(seq));
  const auto all = index->kinds({}).value();
  EXPECT_EQ(all.acts, (std::vector<std::string>{"account_manage", "sign_in", "wifi_manage"}));
  EXPECT_EQ(all.object_types, (std::vector<std::string>{"account", "wifi"}));
  const auto own = index->kinds(binh).value();
  EXPECT_EQ(own.acts, (std::vector<std::string>{"account_manage", "sign_in"}));
  EXPECT_EQ(own.object_types, (std::vector<std::string>{"account"}));
}

TEST_F(AuditIndexTest, AfterARestartWhatWasNotAppliedIsTakenAgain) {
  for (int i = 0; i < 4; ++i) take({}, agency);
  ASSERT_TRUE(index->store(seq));
  open(2);  // The pipeline had not come further.
  EXPECT_EQ(index->next_seq(), 2U);
  EXPECT_EQ(found({}), (Seqs{1, 0}));
  seq = 2;
  take({}, agency);
  take({.act = "later"}, agency);
  seq = 3;
  take({.act = "again"}, agency);  // The one before could not be written.
  ASSERT_TRUE(index->store(seq));
  EXPECT_EQ(found({}), (Seqs{3, 2, 1, 0}));
  EXPECT_EQ(found({.act = "again"}), (Seqs{3}));
  EXPECT_EQ(found({.act = "later"}), Seqs{});
}

TEST_F(AuditIndexTest, APageIsNoLongerThanItsStep) {
  for (std::size_t i = 0; i < audit_rows_at_once + 3; ++i) take({.object = "wifi:1"}, agency);
  ASSERT_TRUE(index->store(seq));
  const Seqs page = found({.object = "wifi:1"});
  ASSERT_EQ(page.size(), audit_rows_at_once);
  EXPECT_EQ(found({.object = "wifi:1"}, page.back()), (Seqs{2, 1, 0}));
}

}  // namespace
}  // namespace luy::hub
