// Goal: duty 9.2 follows what becomes known of days that are over: their verification, and for how long they are kept.
// Method: an engine on a real database, in a town with two wards.
#include "duty/engine_fixture.h"
#include "duty/reason.h"

namespace luy::duty {
namespace {

TEST_F(EngineTest, ADayThatFailsVerificationTurnsItsDutyAndIsNamedInTheProof) {
  const DeviceId device = enrol("may-chu", w.ward);
  w.clock.advance(days(3));
  const Day today = day_of(w.clock.now());
  for (int day = 0; day <= 3; ++day) coverage_[{device, today - days(day)}] = {.records = 5, .logs = true};
  seen(device);
  ASSERT_EQ(state("9.2-log-30-days", device.text()), State::kept);
  told_.clear();
  const Day bad = today - days(2);
  DayCoverage& coverage = coverage_[{device, bad}];
  coverage.damaged = true;
  coverage.damage = {"Khối 7 bị sửa.", "Block 7 was altered."};
  coverage.verified = {w.clock.now(), 4711, to_iso(bad) + ".sqlite"};
  ASSERT_TRUE(engine_->on_day(today - days(40))) << "too old to matter";
  EXPECT_TRUE(told_.empty());
  ASSERT_TRUE(engine_->on_day(bad));
  const Verdict verdict = *engine_->find("9.2-log-30-days", device.text());
  EXPECT_EQ(verdict.state, State::violated);
  EXPECT_NE(to_text(verdict.reason).en.find(to_iso(bad)), std::string::npos) << to_text(verdict.reason).en;
  EXPECT_NE(to_text(verdict.reason).vi.find("Khối 7 bị sửa."), std::string::npos) << to_text(verdict.reason).vi;
  const auto proof = std::find_if(verdict.proof.begin(), verdict.proof.end(),
                                  [&](const Proof& one) { return one.method == to_iso(bad) + ".sqlite"; });
  ASSERT_NE(proof, verdict.proof.end());
  EXPECT_EQ(proof->seq, 4711U);
  EXPECT_EQ(told_.size(), 1U);
  coverage.damaged = false;
  ASSERT_TRUE(engine_->on_day(bad));
  EXPECT_EQ(state("9.2-log-30-days", device.text()), State::kept);
  open();
  EXPECT_EQ(state("9.2-log-30-days", device.text()), State::kept);
}

TEST_F(EngineTest, ALongerTermIsJudgedWhenItIsSetAndAfterARestart) {
  const DeviceId device = enrol("may-chu", w.ward);
  const DeviceId other = enrol("may-chu-khac", w.other_ward);
  w.clock.advance(days(60));
  const Day today = day_of(w.clock.now());
  for (const DeviceId& one : {device, other}) {
    for (int day = 0; day < 40; ++day) coverage_[{one, today - days(day)}] = {.records = 5, .logs = true};
    seen(one);
  }
  ASSERT_EQ(state("9.2-log-30-days", device.text()), State::kept);
  told_.clear();
  ASSERT_TRUE(engine_->on_log_terms());
  EXPECT_TRUE(told_.empty()) << "nothing is different";
  log_terms_[w.ward] = {50, today - days(100)};
  ASSERT_TRUE(engine_->on_log_terms());
  EXPECT_EQ(state("9.2-log-30-days", device.text()), State::violated);
  EXPECT_EQ(engine_->find("9.2-log-30-days", device.text())->reason.args.at(0), "10");
  EXPECT_EQ(state("9.2-log-30-days", other.text()), State::kept) << "another agency";
  open();
  EXPECT_EQ(state("9.2-log-30-days", device.text()), State::violated);
  log_terms_[w.ward].known_from = today - days(39);
  ASSERT_TRUE(engine_->on_log_terms());
  EXPECT_EQ(engine_->find("9.2-log-30-days", device.text())->reason.code, "logs.kept_so_far");
  log_terms_.clear();
  ASSERT_TRUE(engine_->on_log_terms());
  EXPECT_EQ(engine_->find("9.2-log-30-days", device.text())->reason.code, "logs.kept");
}

}  // namespace
}  // namespace luy::duty
