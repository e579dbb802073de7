#include "software/watch.h"

#include "software/fixture.h"

namespace luy::software {
namespace {

struct WatchTest : SoftwareTest {
  std::vector<std::string> looked() {
    reports.clear();
    EXPECT_TRUE(watch->look());
    std::vector<std::string> out;
    for (const finding::Report& one : reports) out.push_back(one.group_key);
    return out;
  }
  std::string key(const std::string& kind, const std::string& name = "") const {
    return "software|" + kind + "|" + device.text() + (name.empty() ? "" : "|" + name);
  }
};

TEST_F(WatchTest, WhatIsWrongIsToldOnce) {
  allow(w.ward, "vim");
  install(device, {{"vim", "9", ""}, {"anydesk", "6.3", "lan"}, {"vlmcsd", "1", ""}});
  EXPECT_EQ(looked(),
            (std::vector<std::string>{key("pirated", "vlmcsd"), key("remote_control", "anydesk"), key("unapproved")}));
  EXPECT_NE(reports[1].story.vi.find("người cài: lan"), std::string::npos) << reports[1].story.vi;
  EXPECT_NE(reports[2].story.vi.find("anydesk"), std::string::npos);
  EXPECT_EQ(reports[0].severity, finding::Severity::high);
  EXPECT_TRUE(looked().empty());
  reopen();
  EXPECT_TRUE(looked().empty()) << "a restart tells nothing twice";
  install(device, {{"vim", "9", ""}, {"anydesk", "6.3", "lan"}, {"vlmcsd", "1", ""}, {"game", "1", "an"}});
  EXPECT_EQ(looked(), std::vector<std::string>{key("unapproved")});
  EXPECT_NE(reports[0].story.vi.find("game"), std::string::npos);
  EXPECT_EQ(reports[0].story.vi.find("anydesk"), std::string::npos) << "it was told before";
}

TEST_F(WatchTest, WhatWasRightMeanwhileIsToldAnew) {
  install(device, {{"anydesk", "6.3", "lan"}});
  EXPECT_EQ(looked().size(), 2U);
  const auto approved = allow(w.ward, "anydesk");
  EXPECT_TRUE(looked().empty());
  ASSERT_TRUE(w.inventory->withdraw(approved.front().id));
  EXPECT_EQ(looked(), (std::vector<std::string>{key("remote_control", "anydesk"), key("unapproved")}));
}

TEST_F(WatchTest, AnEndedApprovalIsTold) {
  allow(w.ward, "vim", day_of(w.clock.now()) + days(1));
  install(device, {{"vim", "9", ""}});
  EXPECT_TRUE(looked().empty());
  w.clock.advance(std::chrono::hours(72));
  ASSERT_TRUE(w.inventory->expire());
  EXPECT_EQ(looked(), std::vector<std::string>{key("unapproved")});
  EXPECT_NE(reports[0].story.vi.find("phê duyệt đã hết hạn"), std::string::npos);
}

TEST_F(WatchTest, WhatCouldNotBeToldIsToldLater) {
  install(device, {{"anydesk", "6.3", "lan"}});
  refuse = true;
  EXPECT_FALSE(watch->look());
  refuse = false;
  EXPECT_EQ(looked().size(), 2U);
}

TEST_F(WatchTest, WhatAGateMetIsTold) {
  w.clock.advance(std::chrono::seconds(1));
  fact::SoftwareGate gate{"watch", "off", {}, 0, {{"install", "hello", "2.10", "", "lan", false, 1, w.clock.now()}}};
  w.report(device, gate);
  EXPECT_EQ(looked(), std::vector<std::string>{key("gate")});
  EXPECT_EQ(reports[0].severity, finding::Severity::low);
  EXPECT_NE(reports[0].story.vi.find("cài hello 2.10 (lan): chỉ ghi nhận"), std::string::npos) << reports[0].story.vi;
  w.clock.advance(std::chrono::seconds(1));
  gate.refused.push_back({"execute", "/tmp/x", "", "ab", "an", true, 3, w.clock.now()});
  w.report(device, gate);
  EXPECT_EQ(looked(), std::vector<std::string>{key("gate")});
  EXPECT_EQ(reports[0].severity, finding::Severity::medium);
  EXPECT_EQ(reports[0].story.vi.find("hello"), std::string::npos);
  EXPECT_TRUE(looked().empty());
}

}  // namespace
}  // namespace luy::software
