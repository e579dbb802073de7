// Goal: of the kernel's tables of neighbours only machines that answered are told, each once per address, to the hour.
#include <gtest/gtest.h>

#include "agent/linux/collectors.h"
#include "agent/linux/fake_machine.h"

namespace luy::agent {
namespace {

TEST(Neighbours, TellsMachinesThatAnswered) {
  FakeMachine made;
  made.folder.write("proc/net/arp",
                    "IP address       HW type     Flags       HW address            Mask     Device\n"
                    "192.0.2.9        0x1         0x2         02:00:00:00:00:0A     *        eth0\n"
                    "192.0.2.10       0x1         0x0         00:00:00:00:00:00     *        eth0\n"
                    "192.0.2.11       0x1         0x2         01:00:5e:00:00:01     *        eth0\n"
                    "192.0.2.12       0x1         0x6         02:00:00:00:00:0c     *        eth1\n"
                    "hỏng\n");
  made.folder.write("usr/sbin/ip", "");
  made.kernel.outputs["ip"] =
      "fe80::1 dev eth0 lladdr 02:00:00:00:00:01 router REACHABLE\n"
      "2001:db8::9 dev eth0 lladdr 02:00:00:00:00:0a STALE\n"
      "2001:db8::10 dev eth0 FAILED\n"
      "2001:db8::11 dev eth0 INCOMPLETE\n";
  made.clock.advance(std::chrono::minutes(25));
  const auto found = collect_neighbours(made.machine);
  ASSERT_TRUE(found) << found.error().text();
  const Time hour = *from_rfc3339("2026-11-22T03:00:00Z");
  const std::vector<fact::Neighbour> want{
      {"fe80::1", "02:00:00:00:00:01", "", "ndp", "eth0", "router", hour},
      {"192.0.2.9", "02:00:00:00:00:0a", "", "arp", "eth0", "", hour},
      {"2001:db8::9", "02:00:00:00:00:0a", "", "ndp", "eth0", "", hour},
      {"192.0.2.12", "02:00:00:00:00:0c", "", "arp", "eth1", "", hour},
  };
  EXPECT_EQ(std::get<fact::Neighbours>(found->body).neighbours, want);
}

TEST(Neighbours, TellsNobodyWhereTheKernelKnowsNobody) {
  FakeMachine made;
  const auto found = collect_neighbours(made.machine);
  ASSERT_TRUE(found);
  EXPECT_TRUE(std::get<fact::Neighbours>(found->body).neighbours.empty());
}

}  // namespace
}  // namespace luy::agent
