// Goal: what came from whom is remembered over restarts, ages, and cannot be made to grow without end. Method: a book
// over a real database and a clock that is moved.
#include "finding/source_book.h"

#include <gtest/gtest.h>

#include "finding/fixture.h"

namespace luy::finding {
namespace {

using namespace std::chrono_literals;

struct SourceBookTest : ::testing::Test {
  SourceBookTest() : clock(test_start()), random(7) {
    agency = AgencyId::make(clock.now(), random);
    device = DeviceId::make(clock.now(), random);
    open();
  }
  void open() {
    book.reset();
    records.open();
    book = std::move(*SourceBook::open(*records.database, clock));
  }
  bool saw(const detect::LogSource& label, std::uint64_t seq = 1) {
    return book->saw(agency, device, {&label, 1}, clock.now(), seq);
  }

  FakeClock clock;
  SeededRandom random;
  AgencyId agency;
  DeviceId device;
  TestRecords records;
  std::unique_ptr<SourceBook> book;
};

const detect::LogSource sshd{"", "linux", "sshd"};
const detect::LogSource any_linux{"", "linux", ""};
const detect::LogSource windows{"", "windows", ""};

TEST_F(SourceBookTest, WhatCameIsKnownOverARestartAndForgottenAfterThirtyDays) {
  EXPECT_FALSE(book->seen(sshd));
  EXPECT_TRUE(saw(sshd, 5)) << "news";
  EXPECT_FALSE(saw(sshd, 6));
  EXPECT_TRUE(book->seen(sshd));
  EXPECT_TRUE(book->seen(any_linux)) << "a rule for all of Linux is fed by it";
  EXPECT_FALSE(book->seen(windows));
  ASSERT_TRUE(book->flush());
  open();
  EXPECT_TRUE(book->seen(sshd));
  ASSERT_EQ(book->of(device).size(), 1U);
  EXPECT_EQ(book->of(device).front().label, sshd);
  EXPECT_EQ(book->of(device).front().seq, 5U);
  clock.advance(source_days + 1h);
  EXPECT_FALSE(book->seen(sshd));
  EXPECT_TRUE(book->of(device).empty());
  EXPECT_TRUE(saw(sshd, 9)) << "it came again";
  EXPECT_TRUE(book->seen(sshd));
}

TEST_F(SourceBookTest, EachDayIsWrittenOnce) {
  saw(sshd, 1);
  ASSERT_TRUE(book->flush());
  clock.advance(24h);
  saw(sshd, 100);
  ASSERT_TRUE(book->flush());
  open();
  EXPECT_EQ(book->of(device).front().seq, 100U);
  EXPECT_EQ(book->of(device).front().last, clock.now());
}

TEST_F(SourceBookTest, WhoInventsNamesFillsOnlyWhatIsTheirOwn) {
  for (std::size_t i = 0; i < source_labels_max + 450; ++i) saw({"", "made-up-" + std::to_string(i), ""});
  EXPECT_EQ(book->of(device).size(), source_labels_max);
  EXPECT_FALSE(book->seen({"", "made-up-" + std::to_string(source_labels_max + 1), ""}));
  EXPECT_FALSE(saw(sshd)) << "there is no room among its own";
  const DeviceId honest = DeviceId::make(clock.now(), random);
  EXPECT_TRUE(book->saw(agency, honest, {&sshd, 1}, clock.now(), 7));
  EXPECT_TRUE(book->saw(agency, std::nullopt, {&windows, 1}, clock.now(), 8));
  EXPECT_TRUE(book->seen(sshd));
  EXPECT_TRUE(book->seen(windows));
  EXPECT_EQ(book->of(honest).size(), 1U);
  ASSERT_TRUE(book->flush());
  open();
  EXPECT_FALSE(saw({"", "one-more", ""})) << "a restart makes no room";
}

TEST_F(SourceBookTest, WhatIsForgottenMakesRoomWithoutARestart) {
  const DeviceId late = DeviceId::make(clock.now(), random);
  for (std::size_t i = 0; i < source_labels_max; ++i) saw({"", "made-up-" + std::to_string(i), ""});
  ASSERT_TRUE(book->flush());
  clock.advance(24h);
  EXPECT_TRUE(book->saw(agency, late, {&windows, 1}, clock.now(), 7));
  ASSERT_TRUE(book->flush());
  EXPECT_FALSE(saw(sshd)) << "they are not old yet";
  clock.advance(source_days - 1h);
  ASSERT_TRUE(book->flush());
  EXPECT_TRUE(saw(sshd, 9));
  EXPECT_TRUE(book->seen(sshd));
  EXPECT_TRUE(book->seen(windows)) << "younger ones stay";
  ASSERT_TRUE(book->flush());
  open();
  EXPECT_EQ(book->of(device).size(), 1U);
  EXPECT_EQ(book->of(late).size(), 1U);
}

}  // namespace
}  // namespace luy::finding
