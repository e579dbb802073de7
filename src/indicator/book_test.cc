// Goal: lists come and go whole, over restarts; each indicator knows its list.
#include "indicator/book.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>

namespace luy::indicator {
namespace {

class BookTest : public ::testing::Test {
 protected:
  BookTest() {
    std::string name = (std::filesystem::temp_directory_path() / "luy-test-XXXXXX").string();
    LUY_CHECK(::mkdtemp(name.data()) != nullptr);
    folder = name;
    town = AgencyId::make(clock.now(), random);
    ward = AgencyId::make(clock.now(), random);
    open();
  }
  ~BookTest() override {
    book.reset();
    database.reset();
    std::filesystem::remove_all(folder);
  }
  void open() {
    book.reset();
    database.reset();
    database = std::move(*records::open_sqlite(folder / "records.db", migrations()));
    book = std::move(*Book::open({*database, clock, random}));
  }
  Result<List> import(const std::string& content, const std::string& source = "upload", bool replaces = false) {
    Book::NewList list;
    list.name = "C2";
    list.format = Format::csv;
    list.content = content;
    list.source = source;
    list.replaces = replaces;
    list.expires_at = expires;
    return book->import(list);
  }
  std::size_t hits(const std::string& text) { return book->matching()->matcher.match(text, clock.now()).size(); }

  std::filesystem::path folder;
  FakeClock clock{*from_rfc3339("2026-11-23T01:00:00Z")};
  SeededRandom random{3};
  AgencyId town;
  AgencyId ward;
  std::optional<Time> expires;
  std::unique_ptr<records::Database> database;
  std::unique_ptr<Book> book;
};

TEST_F(BookTest, KeepsListsOverRestarts) {
  const auto list = import("value\nevil.example\n198.51.100.0/24\nnonsense\n");
  ASSERT_TRUE(list);
  EXPECT_EQ(list->count, 2U);
  EXPECT_EQ(list->refused_count, 1U);
  const auto before = book->matching();
  open();
  EXPECT_EQ(hits("evil.example 198.51.100.9"), 2U);
  ASSERT_EQ(book->lists().size(), 1U);
  EXPECT_EQ(book->lists()[0].refused.size(), 1U);
  EXPECT_EQ(book->matching()->list_of(0).name, "C2");
  ASSERT_TRUE(book->remove(list->id));
  EXPECT_EQ(hits("evil.example"), 0U);
  EXPECT_EQ(before->matcher.match("evil.example", clock.now()).size(), 1U) << "whoever holds it may go on";
  EXPECT_TRUE(book->remove(list->id).error().is(list_unknown));
}

TEST_F(BookTest, AFileThatWasWrittenAnewReplacesItsList) {
  ASSERT_TRUE(import("value\nevil.example\n", "folder:a.csv", true));
  ASSERT_TRUE(import("value\nother.example\n", "folder:a.csv", true));
  EXPECT_EQ(book->lists().size(), 1U);
  EXPECT_EQ(hits("evil.example"), 0U);
  EXPECT_EQ(hits("other.example"), 1U);
  EXPECT_TRUE(import("", "folder:a.csv", true).error().is(list_malformed));
  EXPECT_EQ(hits("other.example"), 1U) << "a broken file replaces nothing";
}

TEST_F(BookTest, AListExpiresAsAWhole) {
  expires = clock.now() + days(1);
  ASSERT_TRUE(import("value,valid_until\nevil.example,2030-01-01\n"));
  EXPECT_EQ(hits("evil.example"), 1U);
  clock.advance(days(2));
  EXPECT_EQ(hits("evil.example"), 0U);
}

}  // namespace
}  // namespace luy::indicator
