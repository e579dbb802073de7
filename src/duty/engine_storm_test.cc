// Goal: whatever happens in whatever order, counts are right, nothing that matters is missed, a restart changes
// nothing. Method: a seeded storm of everything that can happen to a small town; after each part of it the kept
// verdicts are compared with a recount, with those judged from scratch and with those of a freshly opened engine.
#include <gtest/gtest.h>

#include "duty/engine_fixture.h"

namespace luy::duty {
namespace {

class StormTest : public EngineTest, public testing::WithParamInterface<std::uint64_t> {
 protected:
  StormTest() : dice_(GetParam()) {}
  std::uint64_t roll(std::uint64_t sides) { return dice_.next() % sides; }
  bool coin() { return roll(2) == 0; }

  void something_happens() {
    if (devices_.empty() || roll(12) == 0) {
      const char* chassis[] = {"server", "desktop", "laptop"};
      devices_.push_back(
          enrol("may-" + std::to_string(devices_.size()), coin() ? w.ward : w.other_ward, chassis[roll(3)]));
      return;
    }
    const DeviceId device = devices_[roll(devices_.size())];
    switch (roll(11)) {
      case 0:
        return report(device, coin() ? antivirus(coin(), w.clock.now() - days(roll(10))) : fact::Antivirus{});
      case 1:
        return report(device, World::packages({{coin() ? "bash" : "zsh", "1"}, {coin() ? "vim" : "nano", "2"}}));
      case 2:
        return report(device, some_accounts());
      case 3: {
        ASSERT_TRUE(w.inventory->approve(
            {coin() ? w.town : w.ward, {{coin() ? "bash" : "vim", "*"}}, {}, std::nullopt, "", "B"}));
        return deliver();
      }
      case 4: {
        const auto approvals = w.inventory->approvals();
        if (approvals.empty()) return;
        ASSERT_TRUE(w.inventory->withdraw(approvals[roll(approvals.size())].id));
        return deliver();
      }
      case 5: {
        fact::Wifi wifi;
        if (coin()) wifi.networks.push_back({coin() ? "UBND" : "KHACH", "w0", coin() ? "wpa2" : "open", true, {}, {}});
        return report(device, wifi);
      }
      case 6: {
        const auto device_class = static_cast<inventory::DeviceClass>(roll(inventory::device_class_count));
        (void)w.inventory->edit(device, {device_class, std::nullopt, coin() ? "A" : ""});
        return deliver();
      }
      case 7:
        if (roll(4) == 0) (void)w.inventory->retire(device);
        return deliver();
      case 8:
        return seen(device, roll(20) == 0 ? 1 : 0);
      case 9:
        return report(device, fact::Domain{coin() ? "none" : "ldap", "ubnd"});
      default:
        w.clock.advance(std::chrono::minutes(roll(3 * 24 * 60)));
        ASSERT_TRUE(engine_->on_clock());
    }
  }
  fact::Accounts some_accounts() {
    fact::Accounts out;
    out.shadow_readable = roll(5) != 0;
    for (std::uint64_t i = 0; i < roll(4); ++i) {
      fact::Account account;
      account.name = "u" + std::to_string(i);
      account.can_log_in = coin();
      account.password = coin() ? "set" : "none";
      account.must_change_password = coin();
      if (account.name == "u2") account.password = "locked";
      if (coin()) account.login_keys = 0;
      out.accounts.push_back(account);
    }
    return out;
  }

  void expect_counts_equal_a_recount() {
    // By agency, obligation and state, so that a difference is named.
    std::map<std::string, std::int64_t> recount;
    std::map<std::string, std::int64_t> kept;
    const auto key = [](const AgencyId& agency, const std::string& obligation, State state) {
      return agency.text() + " " + obligation + " " + std::string(name_of(state));
    };
    for (const Verdict& verdict : all()) ++recount[key(verdict.agency, verdict.obligation, verdict.state)];
    for (const Cell& cell : engine_->cells({})) {
      for (std::size_t i = 0; i < state_count; ++i) {
        if (cell.counts.of[i] != 0) kept[key(cell.agency, cell.obligation, static_cast<State>(i))] = cell.counts.of[i];
      }
    }
    for (const auto& [cell, count] : recount) EXPECT_EQ(kept[cell], count) << cell;
    for (const auto& [cell, count] : kept) EXPECT_EQ(recount[cell], count) << cell;
  }

  SeededRandom dice_;
  std::vector<DeviceId> devices_;
};

TEST_P(StormTest, CountsEqualARecountAndARestartChangesNothing) {
  for (int round = 0; round < 6; ++round) {
    for (int i = 0; i < 25; ++i) something_happens();
    expect_counts_equal_a_recount();
    ASSERT_TRUE(engine_->on_clock());
    const auto before = all();
    // Judged from scratch, the same comes out: nothing that matters was missed.
    ASSERT_TRUE(engine_->judge_all());
    const auto again = all();
    ASSERT_TRUE(w.inventory->flush(true));
    open();
    const auto after = all();
    ASSERT_EQ(before.size(), again.size());
    ASSERT_EQ(before.size(), after.size());
    for (std::size_t i = 0; i < before.size(); ++i) {
      SCOPED_TRACE(before[i].obligation + " " + before[i].subject.id);
      EXPECT_EQ(before[i].state, again[i].state);
      EXPECT_EQ(before[i].reason, again[i].reason);
      EXPECT_EQ(before[i].since, again[i].since);
      EXPECT_EQ(before[i].state, after[i].state);
      EXPECT_EQ(before[i].since, after[i].since);
    }
    if (HasFailure()) return;
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, StormTest, testing::Range<std::uint64_t>(1, 9));

}  // namespace
}  // namespace luy::duty
