// Goal: a recorded change of a wireless network's key counts as soon as a client shows another key, or when no client
// can say anything; while clients hold the key of before and none another it does not. Across restarts.
#include <gtest/gtest.h>

#include <chrono>

#include "inventory/fixture.h"

namespace luy::inventory {
namespace {

using namespace std::chrono_literals;

class WifiTest : public testing::Test {
 protected:
  WifiTest() { w.open(); }
  void connect(const DeviceId& device, const std::string& fingerprint, std::optional<Time> changed_at = {}) {
    fact::Wifi wifi;
    wifi.hardware_present = true;
    wifi.networks.push_back({"UBND", "wlan0", "wpa2", true, fingerprint, changed_at});
    w.report(device, wifi);
  }
  void record(Day day) {
    ASSERT_TRUE(w.inventory->record_wifi({w.ward, "UBND", "wpa2", day, "", "Tầng 2", "An", {"02:00:00:00:00:0a"}}));
  }
  WifiNetwork network() const { return w.inventory->wifi().at(0); }
  Day today() const { return day_of(w.clock.now()); }

  World w;
};

TEST_F(WifiTest, CountsARecordedChangeThatNobodyCanContradict) {
  record(today());
  EXPECT_EQ(network().key_proof, KeyProof::recorded);
  EXPECT_EQ(network().key_changed_at, day_begin(today()));
  // A machine that comes later never knew the key of before.
  w.clock.advance(48h);
  connect(w.enrol("pc-1", w.ward, "laptop"), "f1");
  EXPECT_EQ(network().key_proof, KeyProof::recorded);
  w.open();
  EXPECT_EQ(network().place, "Tầng 2");
  EXPECT_EQ(network().owner, "An");
  EXPECT_EQ(network().bssids, std::vector<std::string>{"02:00:00:00:00:0a"});
}

TEST_F(WifiTest, WaitsForTheFirstClientThatShowsAnotherKey) {
  const Day first = today();
  record(first);
  const DeviceId one = w.enrol("pc-1", w.ward, "laptop");
  const DeviceId other = w.enrol("pc-2", w.ward, "laptop");
  connect(one, "f1");
  connect(other, "g1");
  w.clock.advance(80 * 24h);
  record(today());
  EXPECT_EQ(network().key_proof, KeyProof::unproved);
  EXPECT_EQ(network().clients_behind, 2U);
  EXPECT_EQ(network().key_changed_at, day_begin(first)) << "what was known before counts on";
  w.open();
  EXPECT_EQ(network().key_proof, KeyProof::unproved);
  EXPECT_EQ(network().key_changed_at, day_begin(first));
  connect(one, "f1");
  EXPECT_EQ(network().key_proof, KeyProof::unproved) << "it connects with the key of before";
  w.clock.advance(1h);
  connect(one, "f2", w.clock.now());
  EXPECT_EQ(network().key_proof, KeyProof::proved);
  EXPECT_EQ(network().clients_changed, 1U);
  EXPECT_EQ(network().clients_behind, 1U);
  EXPECT_EQ(network().key_changed_at, w.clock.now());
  w.open();
  EXPECT_EQ(network().key_proof, KeyProof::proved);
}

TEST_F(WifiTest, KeepsWhatWasKnownWhenTheSameDayIsRecordedAgain) {
  const Day first = today();
  record(first);
  connect(w.enrol("pc-1", w.ward, "laptop"), "f1");
  w.clock.advance(80 * 24h);
  record(today());
  record(today());
  EXPECT_EQ(network().key_changed_at, day_begin(first));
}

}  // namespace
}  // namespace luy::inventory
