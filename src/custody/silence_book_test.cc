// Goal: each silence is noted once when it begins and once when it ends, also over a restart, and never without its
// record in the evidence.
// Method: a real database; the evidence is a list.
#include "custody/silence_book.h"

#include "custody/fixture.h"

namespace luy::custody {
namespace {

struct SilenceBookTest : CustodyTest {
  SilenceBookTest() {
    open();
    for (DeviceId* one : {&first, &second}) *one = DeviceId::make(clock.now(), random);
    agency = AgencyId::make(clock.now(), random);
  }
  void open() {
    auto opened = SilenceBook::open(
        {*database, clock, [this](const AgencyId&, const DeviceId&, const json::object& note) -> Result<std::uint64_t> {
           if (failing) return Error(disk_full, "evidence");
           notes.push_back(note);
           return 100 + notes.size();
         }});
    ASSERT_TRUE(opened);
    book = std::move(*opened);
  }
  Result<void> update(bool first_silent, bool second_silent) {
    return book->update({{first, agency, heard, first_silent}, {second, agency, heard, second_silent}});
  }
  std::vector<std::string> said() const {
    std::vector<std::string> out;
    for (const json::object& note : notes) out.emplace_back(note.at("note").as_string());
    return out;
  }
  std::vector<json::object> notes;
  bool failing = false;
  DeviceId first, second;
  AgencyId agency;
  Time heard = clock.now();
  std::unique_ptr<SilenceBook> book;
};

TEST_F(SilenceBookTest, EachBeginAndEndIsNotedOnce) {
  ASSERT_TRUE(update(false, false));
  EXPECT_TRUE(notes.empty());
  clock.advance(20min);
  ASSERT_TRUE(update(true, false));
  ASSERT_TRUE(update(true, false));
  EXPECT_EQ(book->silent_since(first), heard);
  EXPECT_EQ(book->silent_since(second), std::nullopt);
  open();
  ASSERT_TRUE(update(true, false));
  EXPECT_EQ(said(), (std::vector<std::string>{"silence_begun"})) << "also over a restart";
  const Time before = heard;
  heard = clock.now();
  ASSERT_TRUE(update(false, false));
  ASSERT_TRUE(update(false, false));
  EXPECT_EQ(said(), (std::vector<std::string>{"silence_begun", "silence_ended"}));
  const Silence one = book->list()->front();
  EXPECT_EQ(one.began_at, before);
  EXPECT_EQ(one.ended_at, heard);
  EXPECT_EQ(one.began_seq, 101U);
  EXPECT_EQ(one.ended_seq, 102U);
  EXPECT_EQ(book->silent_since(first), std::nullopt);
}

TEST_F(SilenceBookTest, WhatTheEvidenceDoesNotHoldIsTriedAgain) {
  failing = true;
  EXPECT_TRUE(update(true, true).error().is(disk_full));
  EXPECT_TRUE(book->list()->empty());
  failing = false;
  ASSERT_TRUE(update(true, true));
  EXPECT_EQ(book->list()->size(), 2U);
}

TEST_F(SilenceBookTest, ARetiredDeviceIsSilentNoMore) {
  ASSERT_TRUE(update(true, true));
  ASSERT_TRUE(book->update({{second, agency, heard, true}}));
  EXPECT_EQ(book->silent_since(first), std::nullopt);
  EXPECT_EQ(book->silent_since(second), heard);
}

}  // namespace
}  // namespace luy::custody
