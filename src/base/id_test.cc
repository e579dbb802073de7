// Goal: ids sort by birth, are strict about their text, and differ by type.
#include "base/id.h"

#include <gtest/gtest.h>

#include <type_traits>

namespace luy {

TEST(Id, SortsByBirthAndParsesBack) {
  SeededRandom random(1);
  const auto early = DeviceId::make(from_millis(1'000), random);
  const auto late = DeviceId::make(from_millis(1'001), random);
  EXPECT_LT(early, late);
  EXPECT_EQ(DeviceId::parse(early.text()), early);
  EXPECT_NE(DeviceId::make(from_millis(1'000), random), early) << "the same millisecond, other random bits";
}

TEST(Id, EncodesTimeFirstThenRandomBits) {
  class Zeros final : public Random {
    void fill(std::span<std::uint8_t> out) override { std::fill(out.begin(), out.end(), std::uint8_t{0}); }
  } zeros;
  // 1469918176385 ms is the ULID specification's own example, 01ARYZ6S41….
  EXPECT_EQ(make_id_text(from_millis(1'469'918'176'385), zeros), "01aryz6s410000000000000000");
}

TEST(Id, RefusesForeignText) {
  for (const char* text : {"", "01aryz6s41", "81aryz6s410000000000000000", "01aryz6s41000000000000000i",
                           "01ARYZ6S410000000000000000", "../../etc/passwd0000000000"}) {
    EXPECT_FALSE(is_id_text(text)) << text;
  }
}

TEST(Id, TypesDoNotMix) {
  static_assert(!std::is_convertible_v<DeviceId, AgencyId>);
  static_assert(!std::is_constructible_v<DeviceId, AgencyId>);
}

}  // namespace luy
