// Goal: what is detected on a device and not dealt with in the pack's time violates the duty, on that device alone;
// what nothing watches is not known. Method: the engine with detections made by hand and a clock that is moved.
#include <gtest/gtest.h>

#include "duty/engine_fixture.h"

namespace luy::duty {
namespace {

class DetectionsTest : public EngineTest {
 protected:
  std::string obligation_of(const std::string& record) const {
    for (const regulation::Obligation& one : pack_.obligations) {
      if (one.record == record) return one.id;
    }
    return {};
  }
  DetectionState watched() const {
    DetectionState out;
    out.rules = 7;
    out.days = 30;
    out.last_log = w.clock.now();
    out.last_log_seq = 40;
    out.watched_until = w.clock.now() + std::chrono::days(30);
    return out;
  }
  DetectionState found() const {
    DetectionState out = watched();
    out.waiting = 1;
    out.urgent = {"Dò quét", "A scan"};
    out.opened_at = w.clock.now();
    out.urgent_seq = 41;
    return out;
  }
  Verdict verdict(const std::string& record, const DeviceId& device) {
    const auto found = engine_->find(obligation_of(record), device.text());
    EXPECT_TRUE(found.has_value()) << record;
    return found.value_or(Verdict());
  }
};

TEST_F(DetectionsTest, OpenedIsDueThenViolatedAndKeptOnceDealtWith) {
  const DeviceId device = enrol("may-1", w.ward);
  const DeviceId other = enrol("may-2", w.ward);
  for (const DeviceId& one : {device, other}) detections_[one]["outbound_detection"] = watched();
  ASSERT_TRUE(engine_->on_findings(w.ward));
  EXPECT_EQ(verdict("outbound_detection", device).state, State::kept);
  EXPECT_EQ(verdict("outbound_detection", device).proof.front().seq, 40U);
  EXPECT_EQ(verdict("lan_detection", device).state, State::unknown) << "nothing that the device sends is read";
  EXPECT_EQ(verdict("traffic_observation", device).state, State::unknown);

  detections_[device]["outbound_detection"] = found();
  ASSERT_TRUE(engine_->on_findings(w.ward));
  EXPECT_EQ(verdict("outbound_detection", device).state, State::due);
  EXPECT_EQ(verdict("outbound_detection", device).proof.front().seq, 41U);
  EXPECT_EQ(verdict("outbound_detection", other).state, State::kept) << "it is the other machine's";
  w.clock.advance(23h);
  ASSERT_TRUE(engine_->on_clock());
  EXPECT_EQ(verdict("outbound_detection", device).state, State::due);
  w.clock.advance(2h);
  ASSERT_TRUE(engine_->on_clock());
  EXPECT_EQ(verdict("outbound_detection", device).state, State::violated) << "the pack says 24 hours";

  DetectionState handled = watched();
  handled.handled = 1;
  handled.newest = w.clock.now();
  handled.newest_seq = 50;
  detections_[device]["outbound_detection"] = handled;
  ASSERT_TRUE(engine_->on_findings(w.ward));
  EXPECT_EQ(verdict("outbound_detection", device).state, State::kept);
  EXPECT_EQ(verdict("outbound_detection", device).proof.front().seq, 50U);
}

TEST_F(DetectionsTest, TheTimeIsThePacksForEachDuty) {
  const DeviceId device = enrol("may-1", w.ward);
  for (const char* record : {"outbound_detection", "lan_detection", "traffic_observation"}) {
    detections_[device][record] = found();
  }
  ASSERT_TRUE(engine_->on_findings(w.ward));
  w.clock.advance(25h);
  ASSERT_TRUE(engine_->on_clock());
  EXPECT_EQ(verdict("outbound_detection", device).state, State::violated);
  EXPECT_EQ(verdict("lan_detection", device).state, State::violated);
  EXPECT_EQ(verdict("traffic_observation", device).state, State::due);
  w.clock.advance(48h);
  ASSERT_TRUE(engine_->on_clock());
  EXPECT_EQ(verdict("traffic_observation", device).state, State::violated);
}

TEST_F(DetectionsTest, ASourceThatFallsSilentMakesItUnknownByTimeAlone) {
  const DeviceId device = enrol("may-1", w.ward);
  detections_[device]["lan_detection"] = watched();
  ASSERT_TRUE(engine_->on_findings(w.ward));
  EXPECT_EQ(verdict("lan_detection", device).state, State::kept);
  w.clock.advance(std::chrono::days(31));
  ASSERT_TRUE(engine_->on_clock());
  EXPECT_EQ(verdict("lan_detection", device).state, State::unknown);
}

TEST_F(DetectionsTest, OverARestartTheVerdictsAreTheSame) {
  const DeviceId device = enrol("may-1", w.ward);
  detections_[device]["lan_detection"] = found();
  ASSERT_TRUE(engine_->on_findings(w.ward));
  open();
  EXPECT_EQ(verdict("lan_detection", device).state, State::due);
  EXPECT_TRUE(told_.empty());
}

}  // namespace
}  // namespace luy::duty
