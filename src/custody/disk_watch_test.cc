// Goal: each level is told once on the way up; nothing is taken from outside while only the reserve is left, and again
// as soon as there is room; what was measured survives a restart; a full disk does not stop the looking.
#include "custody/disk_watch.h"

#include "custody/fixture.h"

namespace luy::custody {
namespace {

constexpr std::uint64_t gib = std::uint64_t{1} << 30;

struct DiskWatchTest : CustodyTest {
  DiskWatchTest() { open(); }
  void open() {
    auto opened = DiskWatch::open({*database, clock,
                                   [this]() -> Result<DiskSpace> {
                                     if (gone) return Error(file_failed, "evidence");
                                     return space;
                                   },
                                   [this](bool refuse) { refusing.push_back(refuse); }});
    ASSERT_TRUE(opened);
    watch = std::move(*opened);
  }
  DiskNews look(double used_share) {
    space.free = static_cast<std::uint64_t>(static_cast<double>(space.total) * (1 - used_share));
    const auto news = watch->look();
    EXPECT_TRUE(news);
    return news ? *news : DiskNews();
  }
  DiskSpace space{100 * gib, 100 * gib};
  bool gone = false;
  std::vector<bool> refusing;
  std::unique_ptr<DiskWatch> watch;
};

TEST_F(DiskWatchTest, EachLevelIsToldOnceOnTheWayUp) {
  EXPECT_EQ(look(0.5).reached, std::nullopt);
  EXPECT_EQ(look(0.71).reached, DiskLevel::watch);
  EXPECT_EQ(look(0.75).reached, std::nullopt);
  EXPECT_EQ(look(0.96).reached, DiskLevel::critical);
  EXPECT_EQ(look(0.80).reached, std::nullopt);
  EXPECT_EQ(look(0.86).reached, DiskLevel::warning) << "it was below meanwhile";
  EXPECT_EQ(watch->state()->level, DiskLevel::warning);
}

TEST_F(DiskWatchTest, TheReserveIsKeptForPeopleAndTheHubItself) {
  EXPECT_EQ(reserve_of({100 * gib, 0}), reserve_bytes_max);
  EXPECT_EQ(reserve_of({gib / 10, 0}), gib / 10 / reserve_share);
  space.total = gib;  // A reserve of 51 MiB.
  look(0.94);
  EXPECT_FALSE(refusing.back());
  look(0.951);
  EXPECT_TRUE(refusing.back());
  look(0.945);
  EXPECT_TRUE(refusing.back()) << "a little room is none yet";
  look(0.93);
  EXPECT_FALSE(refusing.back());
  EXPECT_FALSE(watch->state()->refusing);
}

TEST_F(DiskWatchTest, AFullDiskIsToldAMonthAheadAndOnce) {
  space.total = 1000 * gib;
  for (int day = 0; day < 10; ++day) {
    EXPECT_EQ(look(0.10 + 0.005 * day).full_in_days, std::nullopt);
    clock.advance(24h);
  }
  open();
  EXPECT_EQ(watch->state(), std::nullopt);
  look(0.15);
  EXPECT_EQ(watch->state()->forecast.days, 11) << "kept over the restart";
  std::optional<std::int64_t> told;
  int times = 0;
  for (int day = 11; day < 40; ++day) {
    clock.advance(24h);
    if (const auto left = look(0.10 + 0.02 * day).full_in_days) {
      told = left;
      ++times;
    }
  }
  EXPECT_EQ(times, 1);
  ASSERT_TRUE(told);
  EXPECT_LE(*told, forecast_days);
}

TEST_F(DiskWatchTest, WhatCannotBeMeasuredChangesNothing) {
  look(0.96);
  gone = true;
  EXPECT_TRUE(watch->look().error().is(file_failed));
  EXPECT_EQ(watch->state()->level, DiskLevel::critical);
  EXPECT_EQ(refusing.size(), 1U);
}

TEST(DiskSpace, IsThatOfTheFileSystem) {
  const auto here = space_of("/");
  ASSERT_TRUE(here);
  EXPECT_GT(here->total, 0U);
  EXPECT_LE(here->free, here->total);
  EXPECT_TRUE(space_of("/no/such/folder").error().is(file_not_found));
}

}  // namespace
}  // namespace luy::custody
