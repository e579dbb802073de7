// Goal: days are split over discs in their order and fit; an image holds them as they are and is known by its label and
// time; whatever is changed, cut off or missing on a disc is found. Method: real images by xorriso, small days.
#include "cli/disc_image.h"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <sstream>

#include "base/encoding.h"
#include "base/file.h"
#include "base/hash.h"
#include "cli/command.h"
#include "cli/disc_tool.h"

namespace luy::cli {
namespace {

namespace fs = std::filesystem;

const Day first_day = *day_from_iso("2026-10-01");

WantedCopy of_size(int number, std::uint64_t bytes) {
  return {first_day + days(number), std::string(64, 'a'), bytes};
}

TEST(DiscSplit, KeepsTheOrderAndTheCapacity) {
  const std::uint64_t disc = disc_kind("cd")->bytes;
  EXPECT_TRUE(split_over_discs({}, disc)->empty());
  const std::uint64_t third = (disc - disc_reserve_bytes) / 3 - beside_reserve_bytes - sector_bytes;
  std::vector<WantedCopy> wanted;
  for (const int number : {3, 1, 0, 2}) wanted.push_back(of_size(number, third));
  const auto found = split_over_discs(wanted, disc);
  ASSERT_TRUE(found);
  ASSERT_EQ(found->size(), 2U);
  ASSERT_EQ((*found)[0].size(), 3U);
  EXPECT_EQ((*found)[0][0].day, first_day);
  EXPECT_EQ((*found)[1][0].day, first_day + days(3));
  EXPECT_TRUE(split_over_discs({of_size(0, disc)}, disc).error().is(disc_too_small));
  EXPECT_TRUE(split_over_discs({of_size(0, disc)}, disc_kind("dvd")->bytes));
  EXPECT_EQ(disc_kind("floppy"), nullptr);
}

struct DiscTest : testing::Test {
  DiscTest() {
    std::string name = (fs::temp_directory_path() / "luy-disc-test-XXXXXX").string();
    EXPECT_NE(::mkdtemp(name.data()), nullptr);
    root = name;
    for (int i = 0; i < 3; ++i)
      add(i, std::string(static_cast<std::size_t>(i) * 100'001 + 7, static_cast<char>('p' + i)));
    plan.label = "LUY_20261001_20261003_1";
    plan.origin = "luy/0123456789abcdef";
    plan.made = from_micros(1'795'000'000'000'000);
    plan.readme = "Đọc trước\n";
  }
  ~DiscTest() override {
    std::error_code ignored;
    fs::remove_all(root, ignored);
  }
  void SetUp() override {
    if (!fs::exists(disc_tool_path)) GTEST_SKIP() << "xorriso is not installed";
  }
  void add(int number, const std::string& content) {
    const Day day = first_day + days(number);
    fs::create_directories(root / "evidence");
    ASSERT_TRUE(write_file_durably(root / "evidence" / (to_iso(day) + ".sqlite"), content, 0644));
    plan.days.push_back({day, to_hex(sha256(content)), content.size()});
    contents.push_back(content);
  }
  Result<MadeImage> make() { return make_image(root / "evidence", plan, image(), {}); }
  fs::path image() const { return root / "disc.iso"; }
  // Every place of `from` in the image becomes `to`, which is as long.
  void replace_in_image(const std::string& from, const std::string& to) const {
    std::string bytes = *read_file(image(), 1U << 28U);
    std::size_t count = 0;
    for (std::size_t at = bytes.find(from); at != std::string::npos; at = bytes.find(from, at + to.size()), ++count) {
      bytes.replace(at, from.size(), to);
    }
    ASSERT_GT(count, 0U);
    std::ofstream(root / "changed.iso", std::ios::binary) << bytes;
  }
  std::vector<std::string> names() const {
    std::vector<std::string> out;
    for (const auto& entry : fs::directory_iterator(root)) out.push_back(entry.path().filename().string());
    std::sort(out.begin(), out.end());
    return out;
  }
  fs::path root;
  DiscPlan plan;
  std::vector<std::string> contents;
};

TEST_F(DiscTest, AnImageHoldsTheDaysAndIsKnownByItsLabelAndTime) {
  const auto made = make();
  ASSERT_TRUE(made) << made.error().text();
  EXPECT_EQ(made->volume.label, plan.label);
  EXPECT_EQ(made->volume.uuid.substr(0, 10), to_rfc3339(plan.made).substr(0, 10));
  EXPECT_EQ(made->sha256, to_hex(sha256(*read_file(image(), 1U << 28U))));
  EXPECT_EQ(read_file(image().string() + ".sha256", 1000)->substr(0, 64), made->sha256);
  ASSERT_EQ(made->days.size(), 3U);
  EXPECT_EQ(names(), (std::vector<std::string>{"disc.iso", "disc.iso.sha256", "evidence"})) << "nothing else is left";
  const auto again = read_disc(image(), {});
  ASSERT_TRUE(again) << again.error().text();
  EXPECT_EQ(again->faults, std::vector<std::string>());
  ASSERT_EQ(again->copies.size(), 3U);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(again->copies[i].sha256, plan.days[i].sha256);
  EXPECT_TRUE(make().error().is(image_exists)) << "an image that is there stays";
}

TEST_F(DiscTest, ABurntDiscThatIsLongerHasTheDigestOfItsImage) {
  const auto made = make();
  ASSERT_TRUE(made);
  fs::copy_file(image(), root / "burnt.iso");
  fs::permissions(root / "burnt.iso", fs::perms::owner_all);
  fs::resize_file(root / "burnt.iso", made->bytes + 150 * sector_bytes);
  EXPECT_EQ(read_disc(root / "burnt.iso", {})->sha256, made->sha256);
}

TEST_F(DiscTest, WhatIsChangedOrCutOffIsFound) {
  ASSERT_TRUE(make());
  replace_in_image(contents[1].substr(0, 3000), contents[1].substr(0, 2999) + "X");
  const auto changed = read_disc(root / "changed.iso", {});
  ASSERT_TRUE(changed) << changed.error().text();
  EXPECT_FALSE(changed->faults.empty());
  EXPECT_TRUE(changed->copies[0].sound());
  EXPECT_FALSE(changed->copies[1].sound());
  replace_in_image("verify-day.sh", "verify-day.xx");
  EXPECT_FALSE(read_disc(root / "changed.iso", {})->faults.empty()) << "a name that is not in the list, or not there";
  fs::permissions(image(), fs::perms::owner_all);
  fs::resize_file(image(), 100'000);
  EXPECT_TRUE(read_disc(image(), {}).error().is(disc_unreadable));
  EXPECT_TRUE(look_at_disc(root / "evidence/2026-10-01.sqlite").error().is(disc_unreadable));
  EXPECT_TRUE(look_at_disc(root / "nowhere").error().is(file_not_found));
  std::ostringstream out, err;
  const SystemClock clock;
  EXPECT_EQ(run({"custody", "disc", (root / "changed.iso").string()}, out, err, clock), ExitCode::corrupt);
}

TEST_F(DiscTest, ADayThatIsAnotherByNowLeavesNoImage) {
  ASSERT_TRUE(write_file_durably(root / "evidence/2026-10-02.sqlite", "erased meanwhile", 0644));
  EXPECT_TRUE(make().error().is(copy_differs));
  EXPECT_EQ(names(), (std::vector<std::string>{"evidence"}));
}

}  // namespace
}  // namespace luy::cli
