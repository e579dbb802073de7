// Goal: the inventory holds what devices said, once, in order, across restarts, and is not hurt by what it cannot read.
// Method: feed facts to an inventory on a real database, look, open it again, look again.
#include "inventory/inventory.h"

#include <gtest/gtest.h>

#include "inventory/fixture.h"

namespace luy::inventory {
namespace {

using namespace std::chrono_literals;

class InventoryTest : public testing::Test {
 protected:
  InventoryTest() { w.open(); }
  StatePointer state(const DeviceId& device) { return w.inventory->state(device); }
  World w;
};

fact::Antivirus clamav(bool running) {
  fact::Antivirus out;
  out.products.push_back({"ClamAV", "1.0.7", running, std::nullopt, std::nullopt, std::nullopt});
  return out;
}

TEST_F(InventoryTest, TheSameMachineEnrolsAgainUnderItsOldId) {
  const DeviceId first = w.enrol("may-chu-1", w.ward);
  const DeviceId second = w.enrol("may-chu-1", w.ward);
  EXPECT_EQ(first, second);
  EXPECT_NE(w.enrol("may-chu-2", w.ward), first);
  EXPECT_EQ(w.inventory->states().size(), 2U);
  w.open();
  EXPECT_EQ(w.enrol("may-chu-1", w.ward), first);
}

TEST_F(InventoryTest, AMachineOfAnotherAgencyIsRefused) {
  w.enrol("may-chu-1", w.ward);
  fact::Identity identity;
  identity.key = w.inventory->states()[0]->device.identity_key;
  const auto again = w.inventory->enrol(w.other_ward, identity, {}, {});
  ASSERT_FALSE(again);
  EXPECT_TRUE(again.error().is(device_in_other_agency));
}

TEST_F(InventoryTest, ARetiredMachineStartsANewLife) {
  const DeviceId first = w.enrol("may-chu-1", w.ward);
  ASSERT_TRUE(w.inventory->retire(first));
  const DeviceId second = w.enrol("may-chu-1", w.other_ward);
  EXPECT_NE(first, second);
  EXPECT_EQ(w.inventory->states().size(), 1U);
  EXPECT_TRUE(state(first)->device.retired_at.has_value());
  EXPECT_TRUE(w.report(first, clamav(true)).empty());
}

TEST_F(InventoryTest, AnIdentityWithoutAProperKeyIsRefused) {
  for (const char* key : {"", "abc", "zz00000000000000000000000000000000000000000000000000000000000000"}) {
    fact::Identity identity;
    identity.key = key;
    const auto enrolled = w.inventory->enrol(w.ward, identity, {}, {});
    ASSERT_FALSE(enrolled) << key;
    EXPECT_TRUE(enrolled.error().is(fact::malformed)) << key;
  }
}

TEST_F(InventoryTest, TheClassIsGuessedUntilAPersonSaysBetter) {
  const struct {
    const char* chassis;
    const char* os;
    bool battery;
    DeviceClass want;
  } table[] = {
      {"server", "debian", false, DeviceClass::server},        {"desktop", "debian", false, DeviceClass::workstation},
      {"laptop", "windows", true, DeviceClass::mobile},        {"virtual", "debian", false, DeviceClass::server},
      {"virtual", "windows", false, DeviceClass::workstation}, {"unknown", "", false, DeviceClass::other},
      {"other", "debian", true, DeviceClass::mobile},
  };
  for (const auto& [chassis, os_id, battery, want] : table) {
    fact::Os os;
    os.id = os_id;
    fact::Hardware hardware;
    hardware.chassis = chassis;
    hardware.battery = battery;
    EXPECT_EQ(guess_class(os, hardware), want) << chassis << ' ' << os_id;
  }
  const DeviceId device = w.enrol("may-1", w.ward, "desktop");
  EXPECT_EQ(state(device)->device.device_class, DeviceClass::workstation);
  fact::Hardware hardware;
  hardware.chassis = "server";
  EXPECT_TRUE(w.report(device, hardware).devices.at(0).topics.has(Topic::row));
  EXPECT_EQ(state(device)->device.device_class, DeviceClass::server);
  const PersonId person = PersonId::make(w.clock.now(), w.random);
  ASSERT_TRUE(w.inventory->edit(device, {DeviceClass::storage, "Phòng máy", "Nguyễn Văn A", person}));
  hardware.chassis = "laptop";
  w.report(device, hardware);
  w.open();
  EXPECT_EQ(state(device)->device.device_class, DeviceClass::storage);
  EXPECT_EQ(state(device)->device.place, "Phòng máy");
  EXPECT_EQ(state(device)->device.person_in_charge, "Nguyễn Văn A");
  EXPECT_EQ(state(device)->device.person, person);
  ASSERT_TRUE(w.inventory->hand_over(device, w.other_ward));
  w.open();
  EXPECT_FALSE(state(device)->device.person) << "who had it gave it back";
  EXPECT_EQ(state(device)->device.person_in_charge, "Nguyễn Văn A");
  DeviceEdit nobody;
  nobody.person = std::optional(std::optional<PersonId>(person));
  ASSERT_TRUE(w.inventory->edit(device, nobody));
  *nobody.person = std::nullopt;
  ASSERT_TRUE(w.inventory->edit(device, nobody));
  w.open();
  EXPECT_FALSE(state(device)->device.person);
}

TEST_F(InventoryTest, AFactIsHeldWithWhereItComesFromAcrossARestart) {
  const DeviceId device = w.enrol("may-1", w.ward);
  const Change change = w.report(device, clamav(true));
  ASSERT_EQ(change.devices.size(), 1U);
  EXPECT_TRUE(change.devices[0].content.has(fact::Kind::antivirus));
  for (int restart = 0; restart < 2; ++restart) {
    const auto& antivirus = state(device)->antivirus;
    ASSERT_TRUE(antivirus);
    EXPECT_EQ(antivirus->value, clamav(true));
    EXPECT_EQ(antivirus->seq, 100U);
    EXPECT_EQ(antivirus->collected_at, test_start());
    EXPECT_EQ(antivirus->method, "test");
    EXPECT_EQ(w.inventory->next_seq(), 101U);
    w.open();
  }
}

TEST_F(InventoryTest, AnOlderFactIsIgnoredAndAReplayChangesNothing) {
  const DeviceId device = w.enrol("may-1", w.ward);
  w.report(device, clamav(true));
  EXPECT_TRUE(w.report_at(device, clamav(false), w.clock.now() - 1s).empty());
  EXPECT_TRUE(state(device)->antivirus->value.products[0].running);
  const std::string json = fact::to_json({w.clock.now() + 1h, "test", clamav(false)});
  const ReceivedFact again{device, 100, w.clock.now(), json};
  EXPECT_TRUE(w.inventory->apply({&again, 1}, 101)->empty());
  EXPECT_TRUE(state(device)->antivirus->value.products[0].running);
  EXPECT_EQ(w.inventory->next_seq(), 102U);
}

TEST_F(InventoryTest, AClockThatRunsAheadDoesNotBlockLaterFacts) {
  const DeviceId device = w.enrol("may-1", w.ward);
  w.report_at(device, clamav(false), w.clock.now() + days(400));
  EXPECT_EQ(state(device)->antivirus->collected_at, w.clock.now());
  w.clock.advance(1s);
  w.report(device, clamav(true));
  EXPECT_TRUE(state(device)->antivirus->value.products[0].running);
}

TEST_F(InventoryTest, TheSameContentIsFresherButNotChanged) {
  const DeviceId device = w.enrol("may-1", w.ward);
  w.report(device, clamav(true));
  w.clock.advance(24h);
  const Change change = w.report(device, clamav(true));
  EXPECT_TRUE(change.devices.at(0).topics.has(fact::Kind::antivirus));
  EXPECT_TRUE(change.devices.at(0).content.empty());
  const auto facts = *w.inventory->facts(device);
  ASSERT_EQ(facts.size(), 1U);
  EXPECT_EQ(facts[0].collected_at, test_start() + 24h);
  EXPECT_EQ(facts[0].changed_at, test_start());
  EXPECT_EQ(w.inventory->history(device, 10)->size(), 1U);
}

TEST_F(InventoryTest, MovingNumbersAreNoEventOfTheTimeline) {
  const DeviceId device = w.enrol("may-1", w.ward);
  fact::Disks disks;
  disks.volumes.push_back({"/", "/dev/vda1", "ext4", 100, 50, false, false});
  w.report(device, disks);
  disks.volumes[0].free_bytes = 49;
  w.clock.advance(1min);
  EXPECT_TRUE(w.report(device, disks).devices.at(0).content.has(fact::Kind::disks));
  EXPECT_EQ(w.inventory->history(device, 10)->size(), 1U);
  disks.volumes[0].encrypted = true;
  w.clock.advance(1min);
  w.report(device, disks);
  const auto history = *w.inventory->history(device, 10);
  ASSERT_EQ(history.size(), 2U);
  EXPECT_FALSE(history[0].first);
  EXPECT_EQ(history[0].at, test_start() + 2min);
  EXPECT_TRUE(history[1].first);
}

TEST_F(InventoryTest, AMalformedFactIsCountedAndTheOthersOfTheBatchAreKept) {
  const DeviceId device = w.enrol("may-1", w.ward);
  const DeviceId stranger = DeviceId::make(w.clock.now(), w.random);
  const std::string good = fact::to_json({w.clock.now(), "test", clamav(true)});
  const std::string nul = R"({"fact":"domain","version":1,"collected_at":"2026-11-23T03:00:00Z","method":"a\u0000b",)"
                          R"("body":{"kind":"none","name":""}})";
  const std::vector<ReceivedFact> facts = {{device, 100, w.clock.now(), "not json"},
                                           {device, 101, w.clock.now(), nul},
                                           {stranger, 102, w.clock.now(), good},
                                           {device, 103, w.clock.now(), good}};
  ASSERT_TRUE(w.inventory->apply(facts, 104));
  for (int restart = 0; restart < 2; ++restart) {
    EXPECT_TRUE(state(device)->antivirus);
    EXPECT_EQ(state(stranger), nullptr);
    const Rejected rejected = w.inventory->rejected(device);
    EXPECT_EQ(rejected.count, 2U);
    EXPECT_EQ(rejected.last_seq, 101U);
    EXPECT_FALSE(rejected.last_error.empty());
    w.open();
  }
}

TEST_F(InventoryTest, WhenItWasLastSeenIsKeptInMemoryAndWrittenAtMostEveryHalfMinute) {
  const DeviceId device = w.enrol("may-1", w.ward);
  w.clock.advance(5s);
  w.inventory->seen(device, w.clock.now(), 7);
  ASSERT_TRUE(w.inventory->apply({}, 8));
  EXPECT_EQ(state(device)->device.last_seen, test_start() + 5s);
  ASSERT_TRUE(w.inventory->flush());
  w.open();
  EXPECT_EQ(state(device)->device.last_seen, std::nullopt);
  EXPECT_EQ(w.inventory->next_seq(), 0U);

  w.inventory->seen(device, w.clock.now(), 7);
  ASSERT_TRUE(w.inventory->apply({}, 8));
  w.clock.advance(Inventory::flush_period);
  ASSERT_TRUE(w.inventory->flush());
  w.open();
  EXPECT_EQ(state(device)->device.last_seen, test_start() + 5s);
  EXPECT_EQ(state(device)->device.last_seq, 7U);
  EXPECT_EQ(w.inventory->next_seq(), 8U);
}

TEST_F(InventoryTest, WhatADeviceSaysOfItselfDoesNotChangeWhoItIs) {
  const DeviceId device = w.enrol("may-1", w.ward);
  const std::string own = state(device)->device.identity_key;
  const DeviceId neighbour = w.enrol("may-2", w.ward);
  const DeviceId elsewhere = w.enrol("may-3", w.other_ward);
  fact::Identity identity;
  identity.hostname = "may-1-moi";
  const std::string coming = std::string(64, 'a');
  for (const std::string& key :
       {coming, state(neighbour)->device.identity_key, state(elsewhere)->device.identity_key}) {
    identity.key = key;
    w.clock.advance(1s);
    w.report(device, identity);
    EXPECT_EQ(state(device)->device.identity_key, own);
    ASSERT_FALSE(w.claims.empty());
    EXPECT_EQ(w.claims.back().device, device);
    EXPECT_EQ(w.claims.back().claimed_key, key);
    EXPECT_EQ(w.claims.back().seq, w.next_seq - 1);
  }
  w.clock.advance(1s);
  w.report(device, identity);
  EXPECT_EQ(w.claims.size(), 3U) << "told once for each claim";
  EXPECT_EQ(state(device)->device.name, "may-1-moi") << "its name it may change";
}

TEST_F(InventoryTest, AKeyClaimedBeforeItsMachineCameMakesNoDifference) {
  const DeviceId thief = w.enrol("may-1", w.ward);
  for (const auto& [letter, agency] : {std::pair{'a', w.ward}, std::pair{'b', w.other_ward}}) {
    fact::Identity identity;
    identity.hostname = "nan-nhan";
    identity.key = std::string(64, letter);
    w.clock.advance(1s);
    w.report(thief, identity);
    const auto victim = w.inventory->enrol(agency, identity, {}, {});
    ASSERT_TRUE(victim) << victim.error().text();
    EXPECT_FALSE(victim->existed);
    EXPECT_NE(victim->device, thief);
  }
}

TEST_F(InventoryTest, ANetworkIsListedWhileADeviceIsConnectedOrAPersonRegisteredIt) {
  const DeviceId device = w.enrol("may-1", w.ward, "laptop");
  fact::Wifi wifi;
  wifi.hardware_present = true;
  wifi.networks.push_back({"UBND", "wlan0", "wpa2", true, "f1", std::nullopt});
  wifi.networks.push_back({"Hàng xóm", "wlan0", "open", false, std::nullopt, std::nullopt});
  EXPECT_EQ(w.report(device, wifi).wifi_agencies, std::vector<AgencyId>{w.ward});
  auto list = w.inventory->wifi();
  ASSERT_EQ(list.size(), 1U);
  EXPECT_EQ(list[0].ssid, "UBND");
  EXPECT_FALSE(list[0].registered);
  EXPECT_EQ(list[0].seen_on, std::vector<DeviceId>{device});

  ASSERT_TRUE(w.inventory->record_wifi({w.ward, "UBND", "wpa3", day_from_iso("2026-11-01"), "Tầng 2"}));
  w.open();
  list = w.inventory->wifi();
  ASSERT_EQ(list.size(), 1U);
  EXPECT_TRUE(list[0].registered);
  EXPECT_EQ(list[0].security, "wpa2");  // What a device sees outweighs what somebody wrote.
  EXPECT_EQ(list[0].key_changed_at, day_begin(*day_from_iso("2026-11-01")));

  w.clock.advance(wifi_seen_days + 1s);
  EXPECT_EQ(w.inventory->wifi().at(0).security, "wpa3");
  EXPECT_TRUE(w.inventory->wifi().at(0).seen_on.empty());
  for (const WifiEdit& bad : {WifiEdit{w.ward, "a", "wpa2", std::nullopt, "", "", "", {"02:00:00:00:00:0A"}},
                              WifiEdit{w.ward, "a", "wpa2", std::nullopt, "", "", "", {"02:00"}}}) {
    EXPECT_TRUE(w.inventory->record_wifi(bad).error().is(wifi_invalid));
  }
  for (const WifiEdit& bad :
       {WifiEdit{w.ward, "", "wpa2", std::nullopt, ""}, WifiEdit{w.ward, "a", "wpa9", std::nullopt, ""},
        WifiEdit{w.ward, "a", "wpa2", day_from_iso("2030-01-01"), ""}}) {
    const auto recorded = w.inventory->record_wifi(bad);
    ASSERT_FALSE(recorded);
    EXPECT_TRUE(recorded.error().is(wifi_invalid));
  }
}

}  // namespace
}  // namespace luy::inventory
