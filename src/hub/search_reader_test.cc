// Goal: a watched search is a finding once it has too many answers within its window, in the right agency, once, and
// also when the hub was started anew in the middle. Method: a real store, a real book.
#include "hub/search_reader.h"

#include <gtest/gtest.h>

#include "evidence/test_store.h"
#include "finding/sign_text.h"
#include "hub/test_client.h"

namespace luy::hub {
namespace {

using namespace std::chrono_literals;

struct SearchReaderTest : ::testing::Test {
  SearchReaderTest() {
    evidence.open();
    database = std::move(*records::open_sqlite(folder.path() / "records.db", finding::migrations()));
    book = std::move(*finding::SearchBook::open({*database, clock, random}));
    agency = AgencyId::make(clock.now(), random);
    other = AgencyId::make(clock.now() + 1ms, random);
    device = DeviceId::make(clock.now(), random);
    scope = {agency};
    begin(0);
  }
  void begin(std::optional<std::uint64_t> from) {
    reader = std::make_unique<SearchReader>(SearchReader::Dependencies{
        *evidence.store, clock, *book, [this](const finding::SavedSearch&) { return scope; },
        [this](std::span<const finding::Report> reports, finding::Progress progress) -> Result<void> {
          if (broken) return Error(records::database_failed, "x");
          told.insert(told.end(), reports.begin(), reports.end());
          next = progress.next_seq;
          return {};
        },
        from});
  }
  void watch(std::uint64_t over, std::chrono::seconds window, const std::string& by = "") {
    finding::SavedSearch wanted;
    wanted.name = "đoán mật khẩu";
    wanted.query = "\"failed password\"";
    wanted.alert = finding::SearchAlert{over, window, by, finding::Severity::high};
    ASSERT_TRUE(book->add(wanted));
  }
  void add(const AgencyId& where, const std::string& address = "203.0.113.9") {
    const std::string line =
        "MESSAGE=Failed password for root from " + address + " port 1 ssh2\nSYSLOG_IDENTIFIER=sshd\n";
    ASSERT_TRUE(evidence.add({line}, std::nullopt, where.text() + "/" + device.text() + "/journal"));
  }

  TempFolder folder;
  evidence::TestStore evidence;
  FakeClock& clock = evidence.clock;
  SeededRandom random{3};
  std::unique_ptr<records::Database> database;
  std::unique_ptr<finding::SearchBook> book;
  AgencyId agency;
  AgencyId other;
  DeviceId device;
  std::set<AgencyId> scope;
  bool broken = false;
  std::vector<finding::Report> told;
  std::uint64_t next = 0;
  std::unique_ptr<SearchReader> reader;
};

TEST_F(SearchReaderTest, TooManyAnswersAreAFindingWithTheirNumbers) {
  watch(2, 60s);
  for (int i = 0; i < 3; ++i) add(agency);
  for (int i = 0; i < 9; ++i) add(other);
  reader->read();
  ASSERT_EQ(told.size(), 1U) << "in the other agency its owner may not search";
  EXPECT_EQ(told[0].kind, finding::Kind::saved_search);
  EXPECT_EQ(told[0].agency, agency);
  EXPECT_EQ(told[0].severity, finding::Severity::high);
  EXPECT_EQ(told[0].seqs, (std::vector<std::uint64_t>{0, 1, 2}));
  EXPECT_NE(told[0].title.vi.find("đoán mật khẩu"), std::string::npos);
  finding::Finding found;
  found.kind = told[0].kind;
  found.group_key = told[0].group_key;
  EXPECT_EQ(finding::sign_of(found, false), "saved_search");
  EXPECT_EQ(next, 12U);
  EXPECT_EQ(book->all().front()->last_alert_at, clock.now());
  reader->read();
  EXPECT_EQ(told.size(), 1U);
}

TEST_F(SearchReaderTest, EachValueOfAFieldCountsForItself) {
  watch(1, 60s, "source.ip");
  add(agency, "203.0.113.1");
  add(agency, "203.0.113.2");
  reader->read();
  EXPECT_TRUE(told.empty());
  add(agency, "203.0.113.2");
  reader->read();
  ASSERT_EQ(told.size(), 1U);
  EXPECT_NE(told[0].story.en.find("203.0.113.2"), std::string::npos);
}

TEST_F(SearchReaderTest, WhatWasCountedBeforeARestartStillCounts) {
  watch(2, 60s);
  add(agency);
  clock.advance(30s);
  add(agency);
  reader->read();
  begin(2);  // As the records say that an earlier process came to.
  clock.advance(29s);
  add(agency);
  reader->read();
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].seqs, (std::vector<std::uint64_t>{0, 1, 2}));
  begin(3);
  reader->read();
  EXPECT_EQ(told.size(), 1U) << "what crossed before is not told again";
}

TEST_F(SearchReaderTest, WhatCouldNotBeToldIsCountedAgain) {
  watch(1, 60s);
  add(agency);
  add(agency);
  broken = true;
  reader->read();
  EXPECT_EQ(reader->next_seq(), 0U);
  broken = false;
  reader->read();
  EXPECT_EQ(told.size(), 1U);
  EXPECT_EQ(told.front().further, 0U);
}

TEST_F(SearchReaderTest, WithoutAnythingToWatchItGoesOnWithoutReading) {
  for (int i = 0; i < 5; ++i) add(agency);
  reader->read();
  EXPECT_EQ(reader->next_seq(), 5U);
  watch(0, 60s);
  reader->read();
  EXPECT_TRUE(told.empty()) << "only what comes from now on counts";
  add(agency);
  reader->read();
  EXPECT_EQ(told.size(), 1U);
}

TEST_F(SearchReaderTest, TheFirstRecordOfATimeIsFound) {
  const Time start = clock.now();
  for (int i = 0; i < 10; ++i) {
    add(agency);
    clock.advance(1s);
  }
  EXPECT_EQ(first_seq_since(*evidence.store, start - 1h), 0U);
  EXPECT_EQ(first_seq_since(*evidence.store, start + 4s), 4U);
  EXPECT_EQ(first_seq_since(*evidence.store, start + 3500ms), 4U);
  EXPECT_EQ(first_seq_since(*evidence.store, start + 1h), 10U);
}

}  // namespace
}  // namespace luy::hub
