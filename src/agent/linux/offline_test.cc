// Goal: what the offline collector tells of a machine is what stands on it, what it cannot read it calls unknown, and
// the six lines of the page are what the hub reads; nothing on the machine is written.
#include "agent/linux/offline.h"

#include <gtest/gtest.h>

#include "agent/linux/fake_machine.h"

namespace luy::agent {
namespace {

constexpr fact::OfflineCode code{9, 8, 7, 6, 5, 4, 3, 2, 1, 0};

TEST(OfflineLook, TellsWhatStandsOnTheMachine) {
  FakeMachine office("office");
  office.folder.write("sys/class/dmi/id/product_serial", "PF3ABCDE\n");
  std::map<std::string, std::filesystem::file_time_type> before;
  for (const auto& one : std::filesystem::recursive_directory_iterator(office.folder.path())) {
    if (one.is_regular_file()) before[one.path()] = one.last_write_time();
  }
  const fact::OfflineSummary seen = look_offline(office.machine);
  EXPECT_EQ(seen.day, day_of(office.clock.now()));
  EXPECT_EQ(seen.serial, fact::serial_mark("PF3ABCDE"));
  EXPECT_TRUE(seen.network_up);
  EXPECT_TRUE(seen.wireless);
  EXPECT_GT(seen.volumes, 0);
  std::map<std::string, std::filesystem::file_time_type> after;
  for (const auto& one : std::filesystem::recursive_directory_iterator(office.folder.path())) {
    if (one.is_regular_file()) after[one.path()] = one.last_write_time();
  }
  EXPECT_EQ(after, before);
  const std::string lines = fact::report_text(seen, code);
  EXPECT_EQ(*fact::parse_report(lines, code), seen);
  const std::string page = offline_page(seen, lines, "");
  EXPECT_NE(page.find(lines), std::string::npos);
  EXPECT_NE(page.find("22/11/2026"), std::string::npos);
}

TEST(OfflineLook, CallsUnknownWhatItCannotRead) {
  FakeMachine empty;
  const fact::OfflineSummary seen = look_offline(empty.machine);
  EXPECT_TRUE(seen.accounts_unknown);
  EXPECT_EQ(seen.signature_days, 255);
  EXPECT_FALSE(seen.antivirus_running);
  EXPECT_EQ(seen.serial, (std::array<std::uint8_t, 3>{}));
}

TEST(OfflineLook, DrawsACodeThatHasAQuietZone) {
  const std::string blocks = qr_blocks("0000001\n0000002");
  if (blocks.empty()) GTEST_SKIP() << "libqrencode is not there";
  EXPECT_EQ(blocks.find_first_not_of(' '), blocks.find('\n')) << "the first row is white";
  EXPECT_NE(blocks.find("█"), std::string::npos);
}

}  // namespace
}  // namespace luy::agent
