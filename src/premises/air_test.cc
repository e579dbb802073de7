// Goal: each network in the air is told from the register as what it is; strangers, weak ones and impostors are told of
// once, keys that are due in 14, 7 and 1 days each once; what was marked is no stranger.
#include "premises/air.h"

#include <algorithm>

#include "premises/fixture.h"
#include "premises/text.h"

namespace luy::premises {
namespace {

namespace json = boost::json;
using api::Method;

class AirTest : public PremisesApiTest {
 protected:
  AirTest() {
    device = w.enrol("pc-1", w.ward, "laptop");
    EXPECT_TRUE(w.inventory->record_wifi(
        {w.ward, "UBND", "wpa2", today(), "", "Tầng 2", "An", {"02:00:00:00:00:0a", "02:00:00:00:00:0f"}}));
  }
  void see(std::vector<fact::SeenNetwork> networks) {
    fact::Wifi wifi;
    wifi.hardware_present = true;
    wifi.seen = std::move(networks);
    w.report(device, wifi);
  }
  std::map<std::string, AirStanding> standings() const {
    std::map<std::string, AirStanding> out;
    for (const AirNetwork& one :
         networks_in_air(w.inventory->states(), w.inventory->wifi(), air->marks(), w.clock.now())) {
      out[one.key.bssid] = one.standing;
    }
    return out;
  }
  Conditions now() const {
    const auto registered = w.inventory->wifi();
    return conditions_of(networks_in_air(w.inventory->states(), registered, air->marks(), w.clock.now()), registered,
                         days(90), w.clock.now());
  }
  DeviceId device;
};

TEST_F(AirTest, TellsEachNetworkFromTheRegister) {
  see({{"UBND", "02:00:00:00:00:0A", "wpa2", -40},
       {"UBND", "02:00:00:00:00:0b", "wpa2", -50},
       {"UBND", "02:00:00:00:00:0f", "open", -60},
       {"", "02:00:00:00:00:0f", "wpa2", -60},
       {"Quán", "02:00:00:00:00:0c", "wpa2", -70}});
  auto all = standings();
  EXPECT_EQ(all["02:00:00:00:00:0a"], AirStanding::registered);
  EXPECT_EQ(all["02:00:00:00:00:0b"], AirStanding::impostor);
  EXPECT_EQ(all["02:00:00:00:00:0c"], AirStanding::unknown);
  const Conditions told = now();
  ASSERT_EQ(told.size(), 3U);
  EXPECT_TRUE(std::any_of(told.begin(), told.end(),
                          [](const auto& one) { return one.second.severity == finding::Severity::high; }));
  ASSERT_TRUE(air->mark(caller, {w.ward, "Quán", "02-00-00-00-00-0C"}, AirMark{"Quán phở bên cạnh", "An", {}}));
  EXPECT_EQ(standings()["02:00:00:00:00:0c"], AirStanding::known);
  EXPECT_EQ(now().size(), 2U);
  reopen();
  EXPECT_EQ(standings()["02:00:00:00:00:0c"], AirStanding::known);
  ASSERT_TRUE(air->mark(caller, {w.ward, "Quán", "02:00:00:00:00:0c"}, std::nullopt));
  EXPECT_EQ(standings()["02:00:00:00:00:0c"], AirStanding::unknown);
  EXPECT_TRUE(air->mark(caller, {w.ward, "Quán", "02:00"}, AirMark{}).error().is(air_invalid));
  EXPECT_TRUE(
      air->mark(caller, {w.ward, "Quán", "02:00:00:00:00:0c"}, AirMark{"mk: 1", "An", {}}).error().is(holds_secret));
  w.clock.advance(air_fresh + std::chrono::seconds(1));
  EXPECT_TRUE(standings().empty());
}

TEST_F(AirTest, RemindsFourteenSevenAndOneDayBeforeAKeyIsDue) {
  std::map<int, std::string> begins;  // Of the day after the change, what is told anew.
  std::string before;
  for (int day = 0; day <= 91; ++day) {
    const Conditions told = now();
    const std::string key = told.empty() ? "" : told.begin()->first;
    if (key != before) begins[day] = key.empty() ? "" : key.substr(key.rfind('|') + 1);
    before = key;
    w.clock.advance(days(1));
  }
  EXPECT_EQ(begins, (std::map<int, std::string>{{76, "14"}, {83, "7"}, {89, "1"}, {90, ""}}));
}

TEST_F(AirTest, IsShownToWhoSeesTheDevicesAndMarkedByWhoKeepsTheRegister) {
  see({{"Quán", "02:00:00:00:00:0c", "open", -70}});
  const auto standing = [&] {
    const json::object list = done(Method::get, "/api/v1/wifi/seen");
    const json::array& networks = list.at("networks").as_array();
    return networks.empty() ? std::string() : std::string(networks[0].at("standing").as_string());
  };
  EXPECT_EQ(standing(), "unknown");
  const json::object mark{{"agency", w.ward.text()},
                          {"ssid", "Quán"},
                          {"bssid", "02:00:00:00:00:0c"},
                          {"known", true},
                          {"note", "Quán phở"}};
  EXPECT_EQ(call(Method::post, "/api/v1/wifi/seen", mark).status, 204);
  EXPECT_EQ(standing(), "known");
  grant(directory::Role::security_officer, w.other_ward);
  EXPECT_EQ(standing(), "");
  EXPECT_EQ(refused(Method::post, "/api/v1/wifi/seen", mark), "directory.not_allowed");
}

}  // namespace
}  // namespace luy::premises
