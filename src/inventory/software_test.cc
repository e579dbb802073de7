// Goal: a device's software stands against the approvals exactly as the catalogue says, and a change touches only whom
// it concerns. Method: tables for the rules; then approve, withdraw, expire and watch summaries, lists and told
// changes.
#include <gtest/gtest.h>

#include "inventory/fixture.h"

namespace luy::inventory {
namespace {

using namespace std::chrono_literals;

class SoftwareTest : public testing::Test {
 protected:
  SoftwareTest() { w.open(); }
  const SoftwareSummary& summary(const DeviceId& device) { return w.inventory->state(device)->software->value; }
  NewApproval approval(const AgencyId& agency, const std::string& product, const std::string& versions = "*") {
    return {agency, {{product, versions}}, {}, std::nullopt, "", "Trần Thị B"};
  }
  World w;
};

TEST(Approval, VersionsMatchAsWritten) {
  const struct {
    const char* versions;
    const char* version;
    bool pattern;
    bool match;
  } table[] = {
      {"*", "1.2.3-4", true, true},   {"1.2.*", "1.2.3", true, true}, {"1.2.*", "1.20.3", true, false},
      {"1.2.*", "1.2", true, false},  {"1.2.3", "1.2.3", true, true}, {"1.2.3", "1.2.3-4", true, false},
      {"1.2.3", "1.2.", true, false}, {"", "", false, true},          {"1*", "1*", false, true},
      {".*", ".", false, true},       {"*.1", "2.1", false, false},   {"1.*.*", "1.*.2", false, true},
  };
  for (const auto& [versions, version, pattern, match] : table) {
    EXPECT_EQ(is_version_pattern(versions), pattern) << versions;
    EXPECT_EQ(version_matches(versions, version), match) << versions << ' ' << version;
  }
}

TEST(Approval, ItCoversUntilTheEndOfItsLastDayInVietnam) {
  Approval approval;
  approval.versions = "*";
  approval.classes = {DeviceClass::server};
  approval.expires_on = day_from_iso("2026-11-30");
  const Time end = *from_rfc3339("2026-12-01T00:00:00+07:00");
  EXPECT_TRUE(covers(approval, "1", DeviceClass::server, end - 1us));
  EXPECT_FALSE(covers(approval, "1", DeviceClass::server, end));
  EXPECT_FALSE(covers(approval, "1", DeviceClass::mobile, end - 1us));
}

TEST_F(SoftwareTest, SourcesOfPackagesAreKeptOnceAnAgentTellsThem) {
  const DeviceId device = w.enrol("may-1", w.ward);
  fact::Packages packages = World::packages({{"libc6", "2.36-9"}, {"libgcc-s1", "12.2.0-14+b1"}, {"zsh", "5.9-4"}});
  w.report(device, packages);
  const auto untold = *w.inventory->software(device);
  for (const auto& one : untold) EXPECT_FALSE(one.source) << one.name;
  packages.packages[0].source = "glibc";
  packages.packages[1].source = "gcc-12";
  packages.packages[1].source_version = "12.2.0-14";
  w.clock.advance(1h);
  w.report(device, packages);
  for (const bool again : {false, true}) {
    if (again) w.open();
    const auto list = *w.inventory->software(device);
    ASSERT_EQ(list.size(), 3U);
    EXPECT_EQ(list[0].source, "glibc");
    EXPECT_EQ(list[0].source_version, "2.36-9");
    EXPECT_EQ(list[1].source, "gcc-12");
    EXPECT_EQ(list[1].source_version, "12.2.0-14");
    EXPECT_EQ(list[2].source, "zsh") << "called as its package is";
    EXPECT_EQ(list[2].source_version, "5.9-4");
  }
}

TEST_F(SoftwareTest, ApprovalsOfTheAgencyAndItsSuperiorsCover) {
  const DeviceId device = w.enrol("may-1", w.ward);
  w.report(device, World::packages({{"nginx", "1.22.1-9"}, {"bash", "5.2"}, {"vim", "9.0"}}));
  EXPECT_EQ(summary(device).total, 3U);
  EXPECT_EQ(summary(device).unapproved, 3U);
  EXPECT_EQ(summary(device).examples, (std::vector<std::string>{"bash", "nginx", "vim"}));
  ASSERT_TRUE(w.inventory->approve(approval(w.town, "bash")));
  ASSERT_TRUE(w.inventory->approve(approval(w.ward, "nginx", "1.22.*")));
  ASSERT_TRUE(w.inventory->approve(approval(w.other_ward, "vim")));
  EXPECT_EQ(summary(device).examples, (std::vector<std::string>{"vim"}));
  w.open();
  EXPECT_EQ(summary(device).unapproved, 1U);
  const auto list = *w.inventory->software(device);
  ASSERT_EQ(list.size(), 3U);
  EXPECT_TRUE(list[0].approval && list[1].approval && !list[2].approval);
}

TEST_F(SoftwareTest, AnApprovalTouchesOnlyDevicesThatStandDifferentlyThroughIt) {
  const DeviceId has_it = w.enrol("may-1", w.ward);
  const DeviceId lacks_it = w.enrol("may-2", w.ward);
  const DeviceId elsewhere = w.enrol("may-3", w.other_ward);
  w.report(has_it, World::packages({{"nginx", "1.22"}}));
  w.report(lacks_it, World::packages({{"bash", "5.2"}}));
  w.report(elsewhere, World::packages({{"nginx", "1.22"}}));
  w.changes.clear();
  const auto added = *w.inventory->approve(approval(w.ward, "nginx"));
  ASSERT_EQ(w.changes.size(), 1U);
  ASSERT_EQ(w.changes[0].devices.size(), 1U);
  EXPECT_EQ(w.changes[0].devices[0].device, has_it);
  EXPECT_TRUE(w.changes[0].devices[0].topics.has(Topic::software));
  w.changes.clear();
  ASSERT_TRUE(w.inventory->approve(approval(w.ward, "nginx", "1.22")));
  EXPECT_TRUE(w.changes.empty());  // It was covered already.
  ASSERT_TRUE(w.inventory->withdraw(added[0].id));
  EXPECT_TRUE(w.changes.empty());  // And still is.
  EXPECT_TRUE(w.inventory->approval(added[0].id)->withdrawn_at.has_value());
  const auto again = w.inventory->withdraw(added[0].id);
  ASSERT_FALSE(again);
  EXPECT_TRUE(again.error().is(approval_unknown));
}

TEST_F(SoftwareTest, TheTermOfAnApprovalEndsByTheClockAlone) {
  const DeviceId device = w.enrol("may-1", w.ward);
  w.report(device, World::packages({{"nginx", "1.22"}}));
  NewApproval wanted = approval(w.ward, "nginx");
  wanted.expires_on = day_from_iso("2026-11-24");
  ASSERT_TRUE(w.inventory->approve(wanted));
  ASSERT_TRUE(summary(device).first_ending.has_value());
  const Time end = *from_rfc3339("2026-11-25T00:00:00+07:00");
  EXPECT_EQ(summary(device).first_ending->ends, end);
  w.clock.set(end - 1s);
  EXPECT_TRUE(w.inventory->expire()->empty());
  w.clock.set(end);
  EXPECT_EQ(w.inventory->expire()->devices.at(0).device, device);
  EXPECT_EQ(summary(device).unapproved, 1U);
  EXPECT_TRUE(w.inventory->expire()->empty());
}

TEST_F(SoftwareTest, AnApprovalForAClassFollowsTheDevicesClass) {
  const DeviceId device = w.enrol("may-1", w.ward);
  w.report(device, World::packages({{"nginx", "1.22"}}));
  NewApproval wanted = approval(w.ward, "nginx");
  wanted.classes = {DeviceClass::server};
  ASSERT_TRUE(w.inventory->approve(wanted));
  EXPECT_EQ(summary(device).unapproved, 0U);
  w.changes.clear();
  ASSERT_TRUE(w.inventory->edit(device, {DeviceClass::workstation, std::nullopt, std::nullopt}));
  EXPECT_EQ(summary(device).unapproved, 1U);
  EXPECT_TRUE(w.changes.at(0).devices.at(0).topics.has(Topic::software));
}

TEST_F(SoftwareTest, ABaselineApprovesWhatIsThereAndOutlivesUpdates) {
  const DeviceId device = w.enrol("may-1", w.ward);
  const auto too_early = w.inventory->approve_baseline(device, "", std::nullopt, "B");
  ASSERT_FALSE(too_early);
  EXPECT_TRUE(too_early.error().is(nothing_installed));
  w.report(device, World::packages({{"nginx", "1.22"}, {"bash", "5.2"}}));
  EXPECT_EQ(w.inventory->approve_baseline(device, "Đã rà soát", std::nullopt, "B")->size(), 2U);
  EXPECT_EQ(w.inventory->approve_baseline(device, "Đã rà soát", std::nullopt, "B")->size(), 0U);
  w.clock.advance(1h);
  w.report(device, World::packages({{"nginx", "1.23"}, {"bash", "5.2"}, {"netcat", "1"}}));
  EXPECT_EQ(summary(device).examples, (std::vector<std::string>{"netcat"}));
}

TEST_F(SoftwareTest, ABadApprovalIsRefusedWhole) {
  for (const char* versions : {"", "1*", "*.*", "a\nb*"}) {
    NewApproval wanted = approval(w.ward, "nginx", versions);
    wanted.items.push_back({"bash", "*"});
    const auto added = w.inventory->approve(wanted);
    ASSERT_FALSE(added) << versions;
    EXPECT_TRUE(added.error().is(approval_invalid)) << versions;
  }
  NewApproval ended = approval(w.ward, "nginx");
  ended.expires_on = day_from_iso("2026-11-22");
  EXPECT_FALSE(w.inventory->approve(ended));
  EXPECT_TRUE(w.inventory->approvals().empty());
}

TEST_F(SoftwareTest, TheTimelineTellsWhatCameAndWent) {
  const DeviceId device = w.enrol("may-1", w.ward);
  w.report(device, World::packages({{"a", "1"}, {"b", "1"}, {"c", "1"}}));
  w.clock.advance(1h);
  w.report(device, World::packages({{"b", "2"}, {"c", "1"}, {"d", "1"}, {"e", "1"}}));
  const auto history = *w.inventory->history(device, 10);
  ASSERT_EQ(history.size(), 2U);
  EXPECT_EQ(history[0].added, 2);
  EXPECT_EQ(history[0].removed, 1);
  EXPECT_EQ(history[0].updated, 1);
}

TEST_F(SoftwareTest, PendingUpdatesStandBesideThePackage) {
  const DeviceId device = w.enrol("may-1", w.ward);
  w.report(device, World::packages({{"openssl", "3.0.1"}, {"bash", "5.2"}}));
  fact::Updates updates;
  updates.lists_present = true;
  updates.security.push_back({"openssl", "3.0.1", "3.0.2", "bookworm-security", w.clock.now() - 48h});
  updates.security.push_back({"libc6", "2.36", "2.37", "bookworm-security", w.clock.now() - 72h});
  w.report(device, updates);
  const auto list = *w.inventory->software(device);
  EXPECT_EQ(list[1].offered, "3.0.2");
  EXPECT_TRUE(list[1].security);
  EXPECT_EQ(list[0].offered, std::nullopt);
  const auto& patches = w.inventory->state(device)->updates->value;
  EXPECT_EQ(patches.security_count, 2U);
  EXPECT_EQ(patches.oldest_package, "libc6");
  EXPECT_EQ(patches.oldest_offered, w.clock.now() - 72h);
}

TEST_F(SoftwareTest, ProductsAreCountedOncePerDevice) {
  const DeviceId one = w.enrol("may-1", w.ward);
  const DeviceId two = w.enrol("may-2", w.other_ward);
  fact::Packages both = World::packages({{"libc6", "2.36"}});
  both.packages.push_back({"libc6", "2.36", "i386", std::nullopt});
  w.report(one, both);
  w.report(two, World::packages({{"libc6", "2.37"}, {"vim", "9"}}));
  ASSERT_TRUE(w.inventory->approve(approval(w.town, "libc6", "2.37")));
  const auto all = w.inventory->products([](const Device&) { return true; });
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].name, "libc6");
  EXPECT_EQ(all[0].versions, (std::vector<std::string>{"2.36", "2.37"}));
  EXPECT_EQ(all[0].devices, 2U);
  EXPECT_EQ(all[0].approved_devices, 1U);
  const auto seen = w.inventory->products([&](const Device& device) { return device.agency == w.ward; });
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_EQ(seen[0].devices, 1U);
}

TEST_F(SoftwareTest, TwentyThousandPackagesAreOneFactLikeAnyOther) {
  const DeviceId device = w.enrol("may-1", w.ward);
  fact::Packages packages;
  // As many as a fact may list; short names, so that they fit the document's limit of bytes, too.
  for (std::size_t i = 0; i < fact::items_max; ++i) {
    packages.packages.push_back({std::to_string(i), "1", "a", std::nullopt});
  }
  w.report(device, packages);
  ASSERT_TRUE(w.inventory->state(device)->software);
  EXPECT_EQ(summary(device).total, fact::items_max);
  EXPECT_EQ(w.inventory->approve_baseline(device, "tất cả", std::nullopt, "B")->size(), fact::items_max);
  EXPECT_EQ(summary(device).unapproved, 0U);
  w.open();
  EXPECT_EQ(summary(device).unapproved, 0U);
}

}  // namespace
}  // namespace luy::inventory
