// Goal: times are written and read exactly, and the regulation's days are Vietnam's.
#include "base/clock.h"

#include <gtest/gtest.h>

namespace luy {

using namespace std::chrono;

TEST(Rfc3339, ReadsWhatItWrites) {
  for (const std::int64_t micros : {0LL, 1LL, 1'790'000'000'123'456LL, -1LL, 253'402'300'799'999'999LL}) {
    const Time time = from_micros(micros);
    EXPECT_EQ(from_rfc3339(to_rfc3339(time)), time) << to_rfc3339(time);
  }
  EXPECT_EQ(to_rfc3339(from_micros(1'000'000)), "1970-01-01T00:00:01.000000Z");
}

TEST(Rfc3339, AcceptsOffsetsAndFractions) {
  const Time noon = Time{sys_days{2026y / 11 / 22}} + 12h;
  for (const char* text :
       {"2026-11-22T12:00:00Z", "2026-11-22t12:00:00z", "2026-11-22 12:00:00Z", "2026-11-22T19:00:00+07:00",
        "2026-11-22T12:00:00.000Z", "2026-11-22T12:00:00.000000999Z", "2026-11-22T08:30:00-03:30"}) {
    EXPECT_EQ(from_rfc3339(text), noon) << text;
  }
}

TEST(Rfc3339, RefusesEverythingElse) {
  for (const char* text :
       {"", "2026-11-22", "2026-11-22T12:00:00", "2026-13-22T12:00:00Z", "2026-02-30T12:00:00Z", "2026-11-22T24:00:00Z",
        "2026-11-22T12:60:00Z", "2026-11-22T12:00:00.Z", "2026-11-22T12:00:00Zx", "2026-11-22T12:00:00+7:00",
        "+026-11-22T12:00:00Z", "2026-11-22T12:00:00.1234567890Z"}) {
    EXPECT_EQ(from_rfc3339(text), std::nullopt) << text;
  }
}

TEST(Day, TurnsAtMidnightInVietnam) {
  const Day day = 2026y / 11 / 22;
  EXPECT_EQ(day_begin(day), Time{sys_days{2026y / 11 / 21}} + 17h);
  EXPECT_EQ(day_of(day_begin(day)), day);
  EXPECT_EQ(day_of(day_begin(day) - 1us), day - days{1});
  EXPECT_EQ(to_iso(day), "2026-11-22");
  EXPECT_EQ(to_vietnamese(day), "22/11/2026");
  EXPECT_EQ(day_from_iso("2026-11-22"), day);
  EXPECT_EQ(day_from_iso("2026-11-22x"), std::nullopt);
}

TEST(FakeClock, MovesOnlyWhenTold) {
  FakeClock clock(from_millis(5));
  clock.advance(3ms);
  EXPECT_EQ(to_millis(clock.now()), 8);
  EXPECT_EQ(clock.monotonic(), 3ms);
  clock.set(from_millis(1));
  EXPECT_EQ(to_millis(clock.now()), 1);
  EXPECT_EQ(clock.monotonic(), 3ms) << "a wrong hand does not move monotonic time";
}

}  // namespace luy
