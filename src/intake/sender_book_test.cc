// Goal: a sender waits until somebody decides; its first lines are kept, bounded and in order; what is decided holds
// after a restart, and a race between a decision and a line loses nothing silently.
// Method: the real database in a folder of its own, a clock by hand.
#include "intake/sender_book.h"

#include <gtest/gtest.h>

#include "inventory/fixture.h"

namespace luy::intake {
namespace {

struct SenderBookTest : ::testing::Test {
  SenderBookTest() { open(); }
  void open() {
    book.reset();
    database.reset();
    database = std::move(*records::open_sqlite(folder.path() / "records.db", migrations()));
    book = std::move(*SenderBook::open(*database, clock, random));
  }
  template <class Act>
  auto act(const SenderId& sender, Act&& with) {
    auto result = database->write([&](records::Connection& c) { return with(c); });
    EXPECT_TRUE(book->refresh(sender));
    return result;
  }
  void hold(const SenderId& sender, std::vector<std::string> lines) {
    batch.clear();
    for (std::string& line : lines) batch[sender].push_back({clock.now(), 4, "syslog/udp", std::move(line)});
    ASSERT_TRUE(book->hold(batch));
  }

  inventory::TestFolder folder;
  FakeClock clock{inventory::test_start()};
  SeededRandom random{7};
  std::unique_ptr<records::Database> database;
  std::unique_ptr<SenderBook> book;
  std::map<SenderId, std::vector<HeldLine>> batch;
  DeviceId device = DeviceId::make(clock.now(), random);
};

TEST_F(SenderBookTest, ASenderWaitsAndItsLinesAreKeptUntilItIsApproved) {
  const Sender met = book->meet(SenderKind::address, "10.0.0.9", "").value();
  EXPECT_EQ(met.state, SenderState::waiting);
  EXPECT_EQ(book->meet(SenderKind::address, "10.0.0.9", "")->id, met.id);
  EXPECT_NE(book->meet(SenderKind::certificate, "10.0.0.9", "")->id, met.id);
  hold(met.id, {"one", std::string("t\0wo", 4)});
  hold(met.id, {"three"});
  EXPECT_TRUE(batch.empty());
  open();
  EXPECT_EQ(book->find(SenderKind::address, "10.0.0.9")->id, met.id);
  EXPECT_EQ(book->samples(met.id).value(), (std::vector<std::string>{"three", "t wo", "one"}));
  ASSERT_TRUE(act(met.id, [&](auto& c) { return book->approve_in(c, met.id, device, "quantri"); }));
  EXPECT_EQ(book->find(met.id)->state, SenderState::approved);
  EXPECT_EQ(book->find(met.id)->device, device);
  // The hub ends here: what was held is found again.
  open();
  EXPECT_EQ(book->unreleased().value(), std::vector<SenderId>{met.id});
  const Held held = book->held(met.id).value();
  ASSERT_EQ(held.lines.size(), 3U);
  EXPECT_EQ(held.lines[1].raw, std::string("t\0wo", 4));
  EXPECT_EQ(held.dropped, 0U);
  // A line that was on its way to the held ones is handed back.
  hold(met.id, {"four"});
  EXPECT_EQ(batch.at(met.id).size(), 1U);
  ASSERT_TRUE(book->release(met.id));
  EXPECT_TRUE(book->unreleased()->empty());
}

TEST_F(SenderBookTest, WhatIsHeldIsBoundedAndTheRestIsCounted) {
  const SenderId many = book->meet(SenderKind::address, "10.0.0.1", "")->id;
  hold(many, std::vector<std::string>(held_lines_max + 5, "x"));
  EXPECT_EQ(book->held(many)->lines.size(), held_lines_max);
  EXPECT_EQ(book->held(many)->dropped, 5U);
  const SenderId large = book->meet(SenderKind::address, "10.0.0.2", "")->id;
  hold(large, {std::string(held_bytes_max, 'x'), "y"});
  hold(large, {"z"});
  EXPECT_EQ(book->held(large)->lines.size(), 1U);
  EXPECT_EQ(book->held(large)->dropped, 2U);
  EXPECT_EQ(book->find(large)->records, 3U);
  EXPECT_EQ(book->find(large)->dropped, 2U);
}

TEST_F(SenderBookTest, ARefusalDropsWhatIsHeldAndIsNotDecidedTwice) {
  const SenderId id = book->meet(SenderKind::address, "10.0.0.1", "")->id;
  hold(id, {"a", "b"});
  EXPECT_EQ(act(id, [&](auto& c) { return book->refuse_in(c, id, "quantri"); }).value(), 2U);
  EXPECT_EQ(book->find(id)->state, SenderState::refused);
  EXPECT_TRUE(book->held(id)->lines.empty());
  const auto again = act(id, [&](auto& c) { return book->approve_in(c, id, device, "quantri"); });
  ASSERT_FALSE(again);
  EXPECT_TRUE(again.error().is(sender_decided));
  EXPECT_EQ(act(id, [&](auto& c) { return book->remove_in(c, id); }).value(), 0U);
  EXPECT_FALSE(book->find(SenderKind::address, "10.0.0.1"));
  EXPECT_TRUE(act(id, [&](auto& c) { return book->remove_in(c, id); }).error().is(sender_unknown));
}

TEST_F(SenderBookTest, OnlySoManyMayWaitAndTheForgottenMakeRoom) {
  for (std::size_t i = 0; i < senders_waiting_max; ++i) {
    ASSERT_TRUE(book->meet(SenderKind::address, "10.1.0." + std::to_string(i), ""));
  }
  const auto refused = book->meet(SenderKind::address, "10.2.0.1", "");
  ASSERT_FALSE(refused);
  EXPECT_TRUE(refused.error().is(senders_full));
  clock.advance(SenderBook::forgotten_after);
  EXPECT_TRUE(book->meet(SenderKind::address, "10.2.0.1", ""));
  EXPECT_FALSE(book->meet(SenderKind::address, "10.1.0.0", "").has_value() &&
               book->meet(SenderKind::address, "10.2.0.2", "").has_value() && book->all().size() > senders_waiting_max);
  EXPECT_EQ(book->all().size(), senders_waiting_max);
}

TEST_F(SenderBookTest, OfATokenOnlyItsHashIsKept) {
  SenderBook::Issued issued;
  const auto issue = [&](records::Connection& c) {
    return book->issue_token_in(c, device,
                                "Vector\x01"
                                " on web-1",
                                "q");
  };
  issued = database->write(issue).value();
  ASSERT_TRUE(book->refresh(issued.sender));
  const auto found = book->find(SenderKind::token, token_key(issued.token));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->about, "Vector  on web-1");
  EXPECT_EQ(found->state, SenderState::approved);
  EXPECT_FALSE(book->find(SenderKind::token, issued.token));
}

TEST_F(SenderBookTest, CountsSurviveARestart) {
  const SenderId id = book->meet(SenderKind::address, "10.0.0.1", "")->id;
  book->count(id, 5, 1);
  ASSERT_TRUE(book->flush());
  open();
  EXPECT_EQ(book->find(id)->records, 5U);
  EXPECT_EQ(book->find(id)->dropped, 1U);
  EXPECT_EQ(book->find(id)->last_seen, clock.now());
}

}  // namespace
}  // namespace luy::intake
