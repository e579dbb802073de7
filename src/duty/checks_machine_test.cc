// Goal: the checks of what runs on a machine: agent, software, updates, antivirus, disks judge as the obligation's text
// says, in every state they can reach, and turn at the exact moment. Method: one table per check; boundaries one
// microsecond before and at the moment.
#include <gtest/gtest.h>

#include "duty/check_fixture.h"

namespace luy::duty {
namespace {

fact::Agent agent(double cpu, std::int64_t mebibytes, std::int64_t period = 600) {
  fact::Agent out;
  out.cpu_percent = cpu;
  out.rss_bytes = mebibytes << 20;
  out.period_seconds = period;
  return out;
}

TEST_F(CheckTest, TheAgentKeepsItsBudget) {
  const auto name = regulation::Check::agent_budget;
  EXPECT_EQ(judge(name, t0).code, Code::not_reported);
  const struct {
    fact::Agent agent;
    State state;
    Code code;
  } table[] = {
      {agent(0.2, 12), State::kept, Code::budget_kept},
      {agent(1.0, 25), State::kept, Code::budget_kept},
      {agent(1.1, 12), State::violated, Code::budget_cpu},
      {agent(0.2, 26), State::violated, Code::budget_memory},
      {agent(9.0, 12, 59), State::unknown, Code::budget_short},
      {agent(9.0, 12, 60), State::violated, Code::budget_cpu},
      {agent(0.5, 12, 5), State::kept, Code::budget_kept},
      {agent(9.0, 26, 5), State::violated, Code::budget_memory},
  };
  for (const auto& [fact, state, code] : table) {
    device_.agent = learnt(fact);
    EXPECT_EQ(judge(name, t0).state, state) << fact.cpu_percent << ' ' << fact.rss_bytes;
    EXPECT_EQ(judge(name, t0).code, code) << fact.cpu_percent << ' ' << fact.rss_bytes;
  }
}

TEST_F(CheckTest, AKeptDutyBecomesUnknownWhenItsFactIsOldButAViolationStays) {
  const auto name = regulation::Check::agent_budget;
  device_.agent = learnt(agent(0.2, 12));
  EXPECT_EQ(judge(name, t0).changes_at, t0 + pack_.fact_fresh());
  EXPECT_EQ(judge(name, t0 + pack_.fact_fresh() - 1us).state, State::kept);
  EXPECT_EQ(judge(name, t0 + pack_.fact_fresh()).state, State::unknown);
  EXPECT_EQ(judge(name, t0 + pack_.fact_fresh()).code, Code::stale);
  device_.agent = learnt(agent(5, 12));
  EXPECT_EQ(judge(name, t0 + days(100)).state, State::violated);
}

TEST_F(CheckTest, SoftwareNeedsAnApproval) {
  const auto name = regulation::Check::software_approved;
  EXPECT_EQ(judge(name, t0).code, Code::not_reported);
  inventory::SoftwareSummary software;
  software.total = 3;
  device_.software = learnt(software);
  EXPECT_EQ(judge(name, t0).state, State::kept);
  software.unapproved = 2;
  software.examples = {"netcat", "vim"};
  device_.software = learnt(software);
  const Judgement found = judge(name, t0);
  EXPECT_EQ(found.state, State::violated);
  EXPECT_EQ(Arguments::unpack(found.arguments.packed()), (std::vector<std::string>{"2", "3", "netcat, vim"}));
  for (const auto device_class : {DeviceClass::network, DeviceClass::storage, DeviceClass::other}) {
    device_.device.device_class = device_class;
    EXPECT_EQ(judge(name, t0).state, State::not_applicable);
  }
  device_.device.device_class = DeviceClass::mobile;
  software.unapproved = 0;
  software.first_ending = {"vim", t0 - 1h, t0 + 4h};
  device_.software = learnt(software);
  expect_period(name, t0, t0 + 3h, t0 + 4h);
}

TEST_F(CheckTest, SecurityUpdatesHaveATimeLimit) {
  const auto name = regulation::Check::patches;
  EXPECT_EQ(judge(name, t0).code, Code::not_reported);
  inventory::PatchSummary updates;
  device_.updates = learnt(updates);
  EXPECT_EQ(judge(name, t0).code, Code::lists_absent);
  EXPECT_EQ(judge(name, t0).state, State::unknown);
  updates.lists_present = true;
  device_.updates = learnt(updates);
  EXPECT_EQ(judge(name, t0).code, Code::lists_undated);
  updates.lists_date = t0;
  device_.updates = learnt(updates);
  EXPECT_EQ(judge(name, t0).code, Code::patches_none);
  // The list itself ages: seven days, of which the last fifth is due.
  expect_period(name, t0, t0 + 7 * 24h - 33h - 36min, t0 + days(7));

  updates.unknown_because = "luy-agent-apt: no answer within 60 s";
  device_.updates = learnt(updates);
  EXPECT_EQ(judge(name, t0).state, State::unknown);
  EXPECT_EQ(judge(name, t0).code, Code::patches_not_known);
  EXPECT_EQ(judge(name, t0 + days(7)).code, Code::lists_stale) << "that much is known";
  updates.unknown_because.clear();

  updates.security_count = 2;
  updates.oldest_package = "openssl";
  const auto offered = [&](Duration ago) {
    updates.lists_date = t0;
    updates.oldest_offered = t0 - ago;
    device_.updates = learnt(updates);
    return judge(name, t0);
  };
  EXPECT_EQ(offered(days(7) - 1us).code, Code::patches_pending);
  EXPECT_EQ(offered(days(7) - 1us).state, State::kept);
  EXPECT_EQ(offered(days(7) - 1us).changes_at, t0 + 1us);
  EXPECT_EQ(offered(days(7)).code, Code::patches_maybe_critical);
  EXPECT_EQ(offered(days(7)).state, State::due);
  EXPECT_EQ(offered(days(24) - 1us).code, Code::patches_maybe_critical);
  EXPECT_EQ(offered(days(24)).code, Code::patches_due);
  EXPECT_EQ(offered(days(30) - 1us).state, State::due);
  EXPECT_EQ(offered(days(30)).state, State::violated);
  EXPECT_EQ(offered(days(30)).code, Code::patches_overdue);
}

fact::AntivirusProduct product(bool running, std::optional<Time> signatures, std::optional<Time> scan = std::nullopt) {
  return {"ClamAV", "1.0", running, signatures, scan, std::nullopt};
}

TEST_F(CheckTest, AntivirusIsActiveWithFreshSignatures) {
  const auto name = regulation::Check::antivirus;
  EXPECT_EQ(judge(name, t0).code, Code::not_reported);
  const struct {
    std::vector<fact::AntivirusProduct> products;
    State state;
    Code code;
  } table[] = {
      {{}, State::violated, Code::antivirus_none},
      {{product(false, t0)}, State::violated, Code::antivirus_stopped},
      {{product(true, std::nullopt)}, State::unknown, Code::antivirus_undated},
      {{product(true, t0)}, State::kept, Code::antivirus_kept},
      {{product(true, t0 - days(6))}, State::due, Code::antivirus_due},
      {{product(true, t0 - days(7))}, State::violated, Code::antivirus_stale},
      {{product(false, t0), product(true, t0 - 1h)}, State::kept, Code::antivirus_kept},
      {{product(true, t0 - days(6)), product(true, std::nullopt)}, State::unknown, Code::antivirus_undated},
  };
  for (const auto& [products, state, code] : table) {
    device_.antivirus = learnt(fact::Antivirus{products});
    EXPECT_EQ(judge(name, t0).state, state) << name_of(code);
    EXPECT_EQ(judge(name, t0).code, code) << name_of(code);
    EXPECT_EQ(judge(name, t0).basis.size(), 1U);
  }
  device_.antivirus = learnt(fact::Antivirus{{product(true, t0)}});
  expect_period(name, t0, t0 + 7 * 24h - 33h - 36min, t0 + days(7) - 1us + 1us);
}

TEST_F(CheckTest, AFullScanEveryWeek) {
  const auto name = regulation::Check::weekly_scan;
  EXPECT_EQ(judge(name, t0).code, Code::not_reported);
  device_.antivirus = learnt(fact::Antivirus{});
  EXPECT_EQ(judge(name, t0).code, Code::scan_no_antivirus);
  device_.antivirus = learnt(fact::Antivirus{{product(true, t0)}});
  EXPECT_EQ(judge(name, t0).code, Code::scan_never);
  fact::AntivirusProduct unread = product(true, t0);
  unread.scans_readable = false;
  device_.antivirus = learnt(fact::Antivirus{{unread}});
  EXPECT_EQ(judge(name, t0).code, Code::scan_unreadable);
  unread.last_full_scan = t0 - days(9);
  device_.antivirus = learnt(fact::Antivirus{{unread}});
  EXPECT_EQ(judge(name, t0).state, State::unknown) << "a later one may stand in the log";
  unread.last_full_scan = t0 - 1h;
  device_.antivirus = learnt(fact::Antivirus{{unread}});
  EXPECT_EQ(judge(name, t0).code, Code::scan_kept);
  device_.antivirus = learnt(fact::Antivirus{{product(true, t0)}});
  EXPECT_EQ(judge(name, t0).state, State::violated);
  device_.antivirus = learnt(fact::Antivirus{{product(true, t0, t0), product(true, t0, t0 - days(9))}});
  expect_period(name, t0, t0 + 7 * 24h - 33h - 36min, t0 + days(7));
  // A scan "next year" ended no later than the fact that told of it.
  device_.antivirus = learnt(fact::Antivirus{{product(true, t0, t0 + days(365))}});
  EXPECT_EQ(judge(name, t0 + days(7)).state, State::violated);
}

TEST_F(CheckTest, VolumesWithDataAreEncrypted) {
  const auto name = regulation::Check::disk_encryption;
  EXPECT_EQ(judge(name, t0).code, Code::not_reported);
  const fact::Volume root{"/", "/dev/mapper/root", "ext4", 100, 50, true, false};
  const fact::Volume boot{"/boot", "/dev/sda1", "ext4", 10, 5, false, false};
  const fact::Volume data{"/srv", "/dev/sdb1", "xfs", 1000, 500, false, false};
  const fact::Volume stick{"/media/usb", "/dev/sdc1", "vfat", 8, 4, false, true};
  const struct {
    std::vector<fact::Volume> volumes;
    State state;
    Code code;
  } table[] = {
      {{}, State::unknown, Code::disk_none},
      {{boot, stick}, State::unknown, Code::disk_none},
      {{root, boot, stick}, State::unknown, Code::disk_encrypted},
      {{root, boot, data}, State::violated, Code::disk_plain},
  };
  for (const auto& [volumes, state, code] : table) {
    device_.disks = learnt(fact::Disks{volumes});
    EXPECT_EQ(judge(name, t0).state, state) << name_of(code);
    EXPECT_EQ(judge(name, t0).code, code) << name_of(code);
  }
}

}  // namespace
}  // namespace luy::duty
