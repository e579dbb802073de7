// Goal: saved searches survive a restart, are changed only by who saw their newest version, and count what is watched
// exactly. Method: a real database; the window against tables of times.
#include "finding/search_book.h"

#include <gtest/gtest.h>

#include "evidence/question.h"
#include "finding/fixture.h"
#include "finding/search_window.h"

namespace luy::finding {
namespace {

using namespace std::chrono_literals;

struct SearchBookTest : ::testing::Test {
  SearchBookTest() { open(); }
  void open() { book = std::move(*SearchBook::open({*records.database, clock, random})); }
  SavedSearch wanted(const std::string& name) {
    SavedSearch out;
    out.name = name;
    out.query = "sshd \"failed password\"";
    out.owner = owner;
    out.owner_name = "Lan";
    return out;
  }
  FakeClock clock{test_start()};
  SeededRandom random{5};
  TestRecords records;
  AccountId owner = AccountId::make(test_start(), random);
  std::unique_ptr<SearchBook> book;
};

TEST_F(SearchBookTest, ASearchIsThereAfterARestartWithItsAlert) {
  SavedSearch one = wanted("đoán mật khẩu");
  one.agency = AgencyId::make(clock.now(), random);
  one.shared = true;
  one.alert = SearchAlert{20, 5min, "source.ip", Severity::high};
  const SearchPointer added = *book->add(one);
  ASSERT_TRUE(book->note_alert(added->id, clock.now()));
  records.open();
  open();
  const SearchPointer found = book->find(added->id);
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->name, one.name);
  EXPECT_EQ(found->query, one.query);
  EXPECT_EQ(found->agency, one.agency);
  EXPECT_EQ(found->alert, one.alert);
  EXPECT_EQ(found->last_alert_at, clock.now());
  EXPECT_TRUE(found->shared);
  ASSERT_TRUE(book->remove(added->id));
  EXPECT_TRUE(book->all().empty());
}

TEST_F(SearchBookTest, AChangeOfAnOlderVersionIsRefused) {
  SavedSearch one = *(*book->add(wanted("a")));
  const std::uint64_t before = book->revision();
  one.name = "b";
  const SearchPointer after = *book->change(one);
  EXPECT_EQ(after->version, 2);
  EXPECT_GT(book->revision(), before);
  EXPECT_TRUE(book->change(one).error().is(search_changed));
  EXPECT_EQ(book->find(one.id)->name, "b");
}

TEST_F(SearchBookTest, WhatCannotBeAskedOrWatchedIsRefused) {
  SavedSearch one = wanted("");
  EXPECT_TRUE(book->add(one).error().is(bad_search));
  one = wanted("a");
  one.query = "sshd AND (root";
  EXPECT_TRUE(book->add(one).error().is(evidence::question_invalid));
  one = wanted("a");
  one.alert = SearchAlert{1, 59s};
  EXPECT_TRUE(book->add(one).error().is(bad_search));
  one.alert = SearchAlert{alert_over_max + 1, 60s};
  EXPECT_TRUE(book->add(one).error().is(bad_search));
  one.alert = SearchAlert{1, 60s};
  for (std::size_t i = 0; i < search_alerts_max; ++i) ASSERT_TRUE(book->add(one));
  EXPECT_TRUE(book->add(one).error().is(too_many_searches));
  one.alert.reset();
  EXPECT_TRUE(book->add(one));
  EXPECT_EQ(book->all().size(), search_alerts_max + 1);
}

TEST_F(SearchBookTest, NothingIsKeptWhoseEntryCannotBeWritten) {
  const auto refused = book->add(
      wanted("a"), [](records::Connection&, const SavedSearch&) -> Result<void> { return Error(bad_search, "x"); });
  EXPECT_TRUE(refused.error().is(bad_search));
  EXPECT_TRUE(book->all().empty());
  open();
  EXPECT_TRUE(book->all().empty());
}

TEST(SearchWindow, CrossesWithOneMoreThanIsAllowedWithinTheTimeAndThenBeginsAnew) {
  SearchWindow window(2, 60s);
  const Time begin = test_start();
  EXPECT_FALSE(window.add("a", begin, 1));
  EXPECT_FALSE(window.add("a", begin + 10s, 2));
  EXPECT_FALSE(window.add("b", begin + 10s, 3)) << "another group counts for itself";
  EXPECT_FALSE(window.add("a", begin + 60s, 4)) << "the first one is out of the window by then";
  const auto crossed = window.add("a", begin + 61s, 5);
  ASSERT_TRUE(crossed);
  EXPECT_EQ(crossed->seqs, (std::vector<std::uint64_t>{2, 4, 5}));
  EXPECT_EQ(crossed->count, 3U);
  EXPECT_EQ(crossed->first, begin + 10s);
  EXPECT_EQ(crossed->last, begin + 61s);
  EXPECT_FALSE(window.add("a", begin + 62s, 6));
  EXPECT_FALSE(window.add("a", begin + 62s, 7));
  EXPECT_TRUE(window.add("a", begin + 62s, 8));
}

TEST(SearchWindow, NamesTheNewestAndForgetsTheQuietestGroupRatherThanGrow) {
  SearchWindow many(100, 60s);
  std::optional<SearchWindow::Crossed> crossed;
  for (std::uint64_t seq = 0; seq <= 100; ++seq) crossed = many.add("a", test_start(), seq);
  ASSERT_TRUE(crossed);
  EXPECT_EQ(crossed->count, 101U);
  EXPECT_EQ(crossed->seqs.size(), SearchWindow::seqs_max);
  EXPECT_EQ(crossed->seqs.front(), 51U);

  SearchWindow full(1, 60s);
  std::uint64_t seq = 0;
  for (std::size_t i = 0; i <= SearchWindow::answers_max; ++i) {
    EXPECT_FALSE(full.add("group " + std::to_string(i), test_start(), seq++));
  }
  EXPECT_FALSE(full.add("group 0", test_start(), seq++)) << "it was the quietest and is forgotten";
  EXPECT_TRUE(full.add("group 100", test_start(), seq++));
}

TEST(SearchWindow, NoneAllowedMeansThatTheFirstAnswerCrosses) {
  SearchWindow window(0, 60s);
  EXPECT_TRUE(window.add("a", test_start(), 7));
}

}  // namespace
}  // namespace luy::finding
