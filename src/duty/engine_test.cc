// Goal: verdicts follow facts, records and the clock at once, and survive a restart.
// Method: a real inventory and database in a small town; one kind of change per test.
#include "duty/engine.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <set>
#include <thread>

#include "duty/api.h"
#include "duty/engine_fixture.h"
#include "duty/reason.h"

namespace luy::duty {
namespace {

TEST_F(EngineTest, AnAgencyWithoutAnythingOwesEveryDutyAndKnowsNothingYet) {
  const auto cells = engine_->cells({});
  std::set<std::string> of_the_town;
  for (const Cell& cell : cells) {
    EXPECT_EQ(cell.counts.total(), 1) << cell.obligation;
    EXPECT_EQ(cell.counts[State::kept] + cell.counts[State::due] + cell.counts[State::violated], 0) << cell.obligation;
    if (cell.agency == w.town) of_the_town.insert(cell.obligation);
  }
  EXPECT_EQ(of_the_town.size(), pack_.obligations.size());
  // What the town as a whole owes, its wards do not.
  EXPECT_FALSE(engine_->find("12.5-six-month-report", w.ward.text()).has_value());
  EXPECT_EQ(engine_->find("11.2-internal-rules", w.ward.text())->reason.code, "record.none");
}

TEST_F(EngineTest, AFactTurnsItsVerdictsAndLeavesAHistory) {
  const DeviceId device = enrol("may-1", w.ward);
  EXPECT_EQ(state("5.3-antivirus", device.text()), State::unknown);
  EXPECT_FALSE(engine_->find("5.3-antivirus", w.ward.text()).has_value());
  w.clock.advance(1min);
  told_.clear();
  report(device, fact::Antivirus{});
  std::set<std::string> turned;
  for (const VerdictChange& change : told_) turned.insert(change.verdict.obligation);
  EXPECT_EQ(turned, (std::set<std::string>{"5.3-antivirus", "5.4-weekly-scan"}));
  w.clock.advance(1min);
  report(device, antivirus(true, w.clock.now()));
  const Verdict verdict = *engine_->find("5.3-antivirus", device.text());
  EXPECT_EQ(verdict.state, State::kept);
  EXPECT_EQ(verdict.since, inventory::test_start() + 2min);
  ASSERT_EQ(verdict.proof.size(), 1U);
  EXPECT_EQ(verdict.proof[0].seq, 101U);
  EXPECT_EQ(verdict.proof[0].kind, "antivirus");
  const auto history = *engine_->history("5.3-antivirus", device.text(), 10);
  ASSERT_EQ(history.size(), 3U);
  EXPECT_EQ(history[0].state, State::kept);
  EXPECT_EQ(history[1].state, State::violated);
  EXPECT_EQ(history[1].proof.at(0).seq, 100U);
  EXPECT_EQ(history[2].state, State::unknown);
  EXPECT_GE(engine_->device_history(device, 100)->size(), 4U);
}

TEST_F(EngineTest, TheSameFactAgainIsNewProofButNoChange) {
  const DeviceId device = enrol("may-1", w.ward);
  report(device, antivirus(true, w.clock.now()));
  told_.clear();
  w.clock.advance(1h);
  report(device, antivirus(true, w.clock.now() - 1h));
  EXPECT_TRUE(told_.empty());
  EXPECT_EQ(engine_->find("5.3-antivirus", device.text())->proof.at(0).seq, 101U);
  EXPECT_EQ(engine_->history("5.3-antivirus", device.text(), 10)->size(), 2U);
}

TEST_F(EngineTest, AReplayOfTheEvidenceChangesNothing) {
  const DeviceId device = enrol("may-1", w.ward);
  const std::string first = fact::to_json({w.clock.now(), "test", antivirus(false, w.clock.now())});
  const std::string second = fact::to_json({w.clock.now(), "test", antivirus(true, w.clock.now())});
  const std::vector<inventory::ReceivedFact> facts = {{device, 100, w.clock.now(), first},
                                                      {device, 101, w.clock.now(), second}};
  ASSERT_TRUE(w.inventory->apply(facts, 102));
  deliver();
  const auto before = all();
  told_.clear();
  ASSERT_TRUE(w.inventory->apply(facts, 102));
  deliver();
  EXPECT_TRUE(told_.empty());
  EXPECT_EQ(all().size(), before.size());
  EXPECT_EQ(state("5.3-antivirus", device.text()), State::kept);
  EXPECT_EQ(engine_->history("5.3-antivirus", device.text(), 10)->size(), 2U);
}

TEST_F(EngineTest, ReadersOfOtherThreadsSeeWholeVerdictsWhileFactsArrive) {
  const DeviceId device = enrol("may-1", w.ward);
  std::atomic<bool> done{false};
  std::atomic<std::size_t> read{0};
  std::thread reader([&] {
    while (!done) {
      Filter filter;
      filter.obligation = "5.3-antivirus";
      filter.agency = w.ward;
      const Page page = engine_->list(filter);
      EXPECT_EQ(page.total, 1U);
      for (const Verdict& verdict : page.verdicts) {
        const bool running = verdict.reason.code == "antivirus.kept";
        EXPECT_EQ(running, verdict.state == State::kept);
      }
      for (const Cell& cell : engine_->cells({})) EXPECT_GT(cell.counts.total(), 0) << cell.obligation;
      EXPECT_EQ(w.inventory->states().size(), 1U);
      EXPECT_LE(w.inventory->products([](const auto&) { return true; }).size(), 2U);
      (void)w.inventory->software(device);
      ++read;
    }
  });
  for (int i = 0; i < 30 || read < 3; ++i) {
    w.clock.advance(1s);
    report(device, antivirus(i % 2 == 0, w.clock.now()));
    report(device, World::packages({{i % 2 == 0 ? "bash" : "zsh", std::to_string(i)}, {"vim", "9"}}));
    seen(device);
  }
  done = true;
  reader.join();
}

TEST_F(EngineTest, TheClockAloneTurnsVerdictsAtTheirMoment) {
  const DeviceId device = enrol("may-1", w.ward);
  report(device, antivirus(true, w.clock.now()));
  seen(device);
  const Time start = w.clock.now();
  EXPECT_EQ(engine_->next_change(), start + 12min);
  w.clock.set(start + 12min - 1ms);
  ASSERT_TRUE(engine_->on_clock());
  EXPECT_EQ(state("9.1-monitoring", device.text()), State::kept);
  w.clock.set(start + 12min);
  ASSERT_TRUE(engine_->on_clock());
  EXPECT_EQ(state("9.1-monitoring", device.text()), State::due);
  // The hub slept: the violation is as old as its deadline.
  w.clock.set(start + 5h);
  ASSERT_TRUE(engine_->on_clock());
  EXPECT_EQ(state("9.1-monitoring", device.text()), State::violated);
  EXPECT_EQ(engine_->find("9.1-monitoring", device.text())->since, start + 15min);
  seen(device);
  EXPECT_EQ(state("9.1-monitoring", device.text()), State::kept);
  EXPECT_EQ(engine_->find("9.1-monitoring", device.text())->since, start + 5h);
}

TEST_F(EngineTest, AnIdleEngineIsAskedAgainWhenTheDayBegins) {
  EXPECT_EQ(engine_->next_change(), *from_rfc3339("2026-11-24T00:00:00+07:00"));
  w.clock.advance(24h);
  ASSERT_TRUE(engine_->on_clock());
  EXPECT_EQ(engine_->next_change(), *from_rfc3339("2026-11-25T00:00:00+07:00"));
}

TEST_F(EngineTest, AnApprovalTurnsTheSoftwareVerdict) {
  const DeviceId device = enrol("may-1", w.ward);
  report(device, World::packages({{"bash", "5.2"}, {"vim", "9"}}));
  EXPECT_EQ(state("5.1-software-approval", device.text()), State::violated);
  const auto approvals = *w.inventory->approve({w.town, {{"bash", "*"}, {"vim", "*"}}, {}, std::nullopt, "", "B"});
  deliver();
  EXPECT_EQ(state("5.1-software-approval", device.text()), State::kept);
  ASSERT_TRUE(w.inventory->withdraw(approvals[0].id));
  deliver();
  EXPECT_EQ(state("5.1-software-approval", device.text()), State::violated);
  EXPECT_EQ(engine_->find("5.1-software-approval", device.text())->reason.args.at(2), "bash");
}

TEST_F(EngineTest, AccountsComeAndGo) {
  const DeviceId device = enrol("may-1", w.ward);
  fact::Accounts accounts;
  accounts.shadow_readable = true;
  report(device, accounts);
  EXPECT_EQ(state("10.2-account-control", device.text()), State::kept);
  fact::Account lan;
  lan.name = "lan";
  lan.can_log_in = true;
  lan.password = "set";
  lan.login_keys = 0;
  lan.must_change_password = true;
  fact::Account odd = lan;
  odd.name = "../x y";
  odd.must_change_password = false;
  accounts.accounts = {lan, odd};
  w.clock.advance(1s);
  report(device, accounts);
  const std::string subject = device.text() + ":account:lan";
  EXPECT_FALSE(engine_->find("10.2-account-control", device.text()).has_value());
  EXPECT_EQ(state("10.2-account-control", subject), State::violated) << "nobody answers for it";
  EXPECT_EQ(state("7.1-first-password", subject), State::kept);
  EXPECT_EQ(engine_->counts(device)[State::violated], 2);  // Both accounts.
  owners_[{device, "lan"}] = {"Nguyễn Văn A", true, false, w.clock.now()};
  judge_row(device);
  EXPECT_EQ(state("10.2-account-control", subject), State::kept);
  w.clock.advance(24h);
  ASSERT_TRUE(engine_->on_clock());
  EXPECT_EQ(state("7.1-first-password", subject), State::violated);
  accounts.accounts.clear();
  report(device, accounts);
  EXPECT_FALSE(engine_->find("7.1-first-password", subject).has_value());
  EXPECT_EQ(state("10.2-account-control", device.text()), State::kept);
  EXPECT_EQ(engine_->history("7.1-first-password", subject, 10)->size(), 2U);
}

TEST_F(EngineTest, AnAgentThatMayNotReadShadowSaysNothingAboutAccounts) {
  const DeviceId device = enrol("may-1", w.ward);
  EXPECT_EQ(state("7.1-first-password", w.ward.text()), State::unknown);
  fact::Account root;
  root.name = "root";
  root.can_log_in = true;
  root.password = "unknown";
  fact::Accounts accounts;
  accounts.accounts = {root};
  report(device, accounts);
  EXPECT_EQ(state("10.2-account-control", device.text()), State::unknown);
  EXPECT_FALSE(engine_->find("10.2-account-control", device.text() + ":account:root").has_value());
  EXPECT_EQ(state("6.7-passwords", device.text()), State::unknown);
  EXPECT_EQ(state("7.1-first-password", w.ward.text()), State::unknown);

  root.password = "locked";
  root.can_log_in = false;
  root.login_keys = 0;
  accounts = {true, {root}};
  w.clock.advance(1s);
  report(device, accounts);
  EXPECT_EQ(state("10.2-account-control", device.text()), State::kept);
  EXPECT_EQ(state("7.1-first-password", w.ward.text()), State::not_applicable);
  fact::Account backup = root;
  backup.name = "sao-luu";
  backup.login_keys.reset();
  fact::Account lan = root;
  lan.name = "lan";
  lan.can_log_in = true;
  lan.login_keys = 1;
  accounts.accounts = {root, backup, lan};
  w.clock.advance(1s);
  report(device, accounts);
  EXPECT_EQ(engine_->find("10.2-account-control", device.text())->reason.code, "account.keys_unknown");
  EXPECT_EQ(engine_->find("10.2-account-control", device.text())->reason.args.at(1), "sao-luu");
  EXPECT_EQ(state("10.2-account-control", device.text() + ":account:lan"), State::violated) << "a key is a way in";
}

TEST_F(EngineTest, TheProductsOwnAccountsAreSubjectsToo) {
  ProductAccount admin;
  admin.id = AccountId::make(w.clock.now(), w.random);
  admin.agency = w.town;
  admin.username = "quantri";
  admin.has_owner = true;
  admin.must_change_password = true;
  admin.issued_at = w.clock.now();
  accounts_ = {admin};
  ASSERT_TRUE(engine_->on_accounts(accounts_));
  EXPECT_EQ(state("7.1-first-password", admin.id.text()), State::kept);
  w.clock.advance(24h);
  ASSERT_TRUE(engine_->on_clock());
  EXPECT_EQ(state("7.1-first-password", admin.id.text()), State::violated);
  accounts_[0].must_change_password = false;
  accounts_[0].password_changed_at = w.clock.now();
  ASSERT_TRUE(engine_->on_accounts(accounts_));
  EXPECT_EQ(state("7.1-first-password", admin.id.text()), State::kept);
  accounts_.clear();
  ASSERT_TRUE(engine_->on_accounts(accounts_));
  EXPECT_FALSE(engine_->find("7.1-first-password", admin.id.text()).has_value());
  EXPECT_EQ(state("7.1-first-password", w.town.text()), State::not_applicable);
}

TEST_F(EngineTest, NetworksAreSubjectsWhileTheyAreSeenOrRegistered) {
  const DeviceId device = enrol("may-1", w.ward, "laptop");
  EXPECT_EQ(state("6.8-wifi-rotation", w.ward.text()), State::unknown);
  fact::Wifi wifi;
  report(device, wifi);
  EXPECT_EQ(state("6.8-wifi-rotation", w.ward.text()), State::not_applicable);
  wifi.networks.push_back({"UBND", "wlan0", "wpa2", true, std::nullopt, std::nullopt});
  w.clock.advance(1s);
  report(device, wifi);
  EXPECT_FALSE(engine_->find("6.8-wifi-rotation", w.ward.text()).has_value());
  Filter filter;
  filter.obligation = "6.8-wifi-rotation";
  filter.agency = w.ward;
  ASSERT_EQ(engine_->list(filter).total, 1U);
  EXPECT_EQ(engine_->list(filter).verdicts[0].reason.code, "wifi.unregistered");
  ASSERT_TRUE(w.inventory->record_wifi({w.ward, "UBND", "wpa2", day_of(w.clock.now()), ""}));
  deliver();
  EXPECT_EQ(engine_->list(filter).verdicts[0].state, State::kept);
}

TEST_F(EngineTest, DaysOfLogsAreCountedFromEnrolment) {
  const DeviceId device = enrol("may-1", w.ward);
  EXPECT_EQ(state("9.2-log-30-days", device.text()), State::unknown);
  seen(device);
  EXPECT_EQ(engine_->find("9.2-log-30-days", device.text())->reason.args.at(0), "1");
  for (int day = 0; day < 3; ++day) {
    w.clock.advance(24h);
    ASSERT_TRUE(engine_->on_clock());
    seen(device);
  }
  EXPECT_EQ(engine_->find("9.2-log-30-days", device.text())->reason.args.at(0), "4");
  w.clock.advance(48h);
  ASSERT_TRUE(engine_->on_clock());
  EXPECT_EQ(engine_->find("9.2-log-30-days", device.text())->reason.code, "logs.missing");
  w.clock.advance(30 * 24h);
  for (int day = 0; day < 30; ++day)
    coverage_[{device, day_of(w.clock.now()) - days(day)}] = {.records = 5, .logs = true};
  ASSERT_TRUE(engine_->on_clock());
  EXPECT_EQ(state("9.2-log-30-days", device.text()), State::kept);
  seen(device, 1);
  EXPECT_EQ(engine_->find("9.2-log-30-days", device.text())->reason.code, "logs.gap");
}

TEST_F(EngineTest, TheTrendLooksAWeekBack) {
  const DeviceId device = enrol("may-1", w.ward);
  report(device, fact::Antivirus{});
  const auto then = [&] {
    for (const Cell& cell : engine_->cells({})) {
      if (cell.agency == w.ward && cell.obligation == "5.3-antivirus") return cell.violated_week_ago;
    }
    return std::optional<std::int64_t>(-1);
  };
  for (int day = 0; day < 7; ++day) {
    EXPECT_EQ(then(), std::nullopt);
    w.clock.advance(24h);
    ASSERT_TRUE(engine_->on_clock());
  }
  EXPECT_EQ(then(), 0);  // A week ago, when the engine began, the device was not there yet.
  w.clock.advance(24h);
  ASSERT_TRUE(engine_->on_clock());
  EXPECT_EQ(then(), 1);
  open();
  EXPECT_EQ(then(), 1);
}

TEST_F(EngineTest, ARestartGivesTheSameVerdictsWithTheirAge) {
  const DeviceId device = enrol("may-1", w.ward);
  report(device, antivirus(true, w.clock.now()));
  report(device, World::packages({{"bash", "5.2"}}));
  seen(device);
  ASSERT_TRUE(w.inventory->flush(true));
  w.clock.advance(1min);
  const auto before = all();
  open();
  const auto after = all();
  ASSERT_EQ(before.size(), after.size());
  for (std::size_t i = 0; i < before.size(); ++i) {
    EXPECT_EQ(before[i].obligation, after[i].obligation);
    EXPECT_EQ(before[i].subject, after[i].subject);
    EXPECT_EQ(before[i].state, after[i].state) << before[i].obligation;
    EXPECT_EQ(before[i].reason, after[i].reason) << before[i].obligation;
    EXPECT_EQ(before[i].since, after[i].since) << before[i].obligation;
    EXPECT_EQ(before[i].proof, after[i].proof) << before[i].obligation;
    EXPECT_EQ(before[i].changes_at, after[i].changes_at) << before[i].obligation;
  }
  EXPECT_TRUE(told_.empty());
  EXPECT_EQ(engine_->history("5.3-antivirus", device.text(), 10)->size(), 2U);
}

TEST_F(EngineTest, WhatTurnedWhileTheHubWasDownTurnedAtItsDeadline) {
  const DeviceId device = enrol("may-1", w.ward);
  report(device, antivirus(true, w.clock.now()));
  const Time signatures = w.clock.now();
  w.clock.advance(days(6));
  open();
  const Verdict verdict = *engine_->find("5.3-antivirus", device.text());
  EXPECT_EQ(verdict.state, State::due);
  EXPECT_EQ(verdict.since, signatures + 7 * 24h - 33h - 36min);
}

TEST_F(EngineTest, ARetiredDeviceLeavesNothingButItsHistory) {
  const DeviceId device = enrol("may-1", w.ward);
  report(device, fact::Antivirus{});
  told_.clear();
  ASSERT_TRUE(w.inventory->retire(device));
  deliver();
  EXPECT_FALSE(engine_->find("5.3-antivirus", device.text()).has_value());
  EXPECT_EQ(state("5.3-antivirus", w.ward.text()), State::unknown);
  EXPECT_TRUE(std::any_of(told_.begin(), told_.end(), [](const auto& change) { return change.gone; }));
  EXPECT_EQ(engine_->history("5.3-antivirus", device.text(), 10)->size(), 2U);
  open();
  EXPECT_FALSE(engine_->find("5.3-antivirus", device.text()).has_value());
}

TEST_F(EngineTest, PagesMeetWithoutOverlap) {
  for (int i = 0; i < 5; ++i) enrol("may-" + std::to_string(i), w.ward);
  Filter filter;
  filter.limit = 7;
  std::set<std::pair<std::string, std::string>> met;
  for (;;) {
    const Page page = engine_->list(filter);
    EXPECT_EQ(page.total, engine_->size());
    for (const Verdict& verdict : page.verdicts) {
      EXPECT_TRUE(met.emplace(verdict.obligation, verdict.subject.id).second);
    }
    if (!page.next) break;
    filter.after = *page.next;
  }
  EXPECT_EQ(met.size(), engine_->size());
  Filter narrow;
  narrow.article = "5";
  narrow.visible = [&](const AgencyId& agency) { return agency == w.ward; };
  for (const Verdict& verdict : engine_->list(narrow).verdicts) {
    EXPECT_EQ(verdict.agency, w.ward);
    EXPECT_EQ(verdict.obligation.substr(0, 2), "5.");
  }
}

TEST_F(EngineTest, APackWithoutACheckOfOursDoesNotStart) {
  regulation::Pack pack = pack_;
  for (regulation::Obligation& obligation : pack.obligations) {
    if (obligation.check == regulation::Check::antivirus) obligation.parameters = regulation::Parameters();
  }
  Dependencies deps{
      *w.database,
      w.clock,
      *w.inventory,
      pack,
      Calendar(),
      [](const DeviceId&, Day) -> Result<std::optional<DayCoverage>> { return std::optional<DayCoverage>(); },
      {}};
  const auto opened = Engine::open(std::move(deps), agencies_, {});
  ASSERT_FALSE(opened);
  EXPECT_TRUE(opened.error().is(regulation::no_parameter));
}

TEST_F(EngineTest, OneServerInAContainerGetsItsThirteenMeasuredDuties) {
  const DeviceId device = enrol("debian", w.town, "virtual");
  ProductAccount admin;
  admin.id = AccountId::make(w.clock.now(), w.random);
  admin.agency = w.town;
  admin.username = "quantri";
  admin.has_owner = true;
  admin.must_change_password = true;
  admin.issued_at = w.clock.now();
  ASSERT_TRUE(engine_->on_accounts({admin}));
  fact::Agent agent;
  agent.version = "0.1.0";
  agent.cpu_percent = 0.3;
  agent.rss_bytes = 12 << 20;
  agent.period_seconds = 60;
  report(device, agent);
  report(device, World::packages({{"bash", "5.2"}}));
  fact::Updates updates;
  updates.lists_present = true;
  updates.lists_date = w.clock.now() - 10h;
  report(device, updates);
  report(device, fact::Antivirus{});
  report(device, fact::Accounts{true, {}});
  report(device, fact::Hardening{"", {{"password-length", "wrong"}}});
  report(device, fact::Domain{"none", ""});
  report(device, fact::Shares{});
  fact::Interfaces network;
  network.interfaces = {{"eth0", "virtual", "", true, {"172.17.0.2/16"}}};
  network.routes = {{"0.0.0.0/0", "172.17.0.1", "eth0"}};
  report(device, network);
  fact::Disks disks;
  disks.volumes = {{"/", "overlay", "overlay", 100, 50, false, false}};
  report(device, disks);
  report(device, fact::Wifi{});
  seen(device);
  std::set<std::string> measured;
  for (const Verdict& verdict : all()) {
    if (!is_measured(verdict.state)) continue;
    measured.insert(verdict.obligation.substr(0, verdict.obligation.find('-')));
    EXPECT_FALSE(verdict.proof.empty()) << verdict.obligation;
  }
  EXPECT_EQ(measured, (std::set<std::string>{"4.3", "5.1", "5.2", "5.3", "5.4", "6.6", "6.7", "6.11", "7.1", "8.1",
                                             "9.1", "9.2", "10.2"}));
  for (const auto& value : check_report(*engine_)) {
    EXPECT_FALSE(value.at("reason").as_string().empty());
    EXPECT_FALSE(value.at("reason_vi").as_string().empty());
  }
}

}  // namespace
}  // namespace luy::duty
