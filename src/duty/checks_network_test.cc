// Goal: the checks of networks and reporting: LAN, wireless, dedicated network, silence, days of logs judge as the
// obligation's text says, in every state they can reach, and turn at the exact moment. Method: one table per check;
// boundaries one microsecond before and at the moment.
#include <gtest/gtest.h>

#include "duty/check_fixture.h"

namespace luy::duty {
namespace {

TEST_F(CheckTest, TheLanIsManaged) {
  const auto name = regulation::Check::managed_lan;
  const fact::Share open{"samba", "chung", "/srv", true, true};
  const fact::Share closed{"samba", "ke-toan", "/srv/kt", true, false};
  const struct {
    const char* what;
    DeviceClass device_class;
    std::optional<std::string> domain;
    std::optional<std::vector<fact::Share>> shares;
    State state;
    Code code;
  } table[] = {
      {"workstation, nothing known", DeviceClass::workstation, {}, {}, State::unknown, Code::not_reported},
      {"joined", DeviceClass::workstation, "active-directory", {{}}, State::kept, Code::lan_joined},
      {"joined, shares unknown", DeviceClass::workstation, "ldap", {}, State::unknown, Code::not_reported},
      {"not joined", DeviceClass::workstation, "none", {{}}, State::violated, Code::lan_not_joined},
      {"not joined, shares unknown", DeviceClass::mobile, "none", {}, State::violated, Code::lan_not_joined},
      {"shares", DeviceClass::mobile, "freeipa", {{closed}}, State::violated, Code::lan_shares},
      {"server shares", DeviceClass::server, "none", {{closed}}, State::kept, Code::lan_server},
      {"server shares with anybody",
       DeviceClass::server,
       "ldap",
       {{closed, open}},
       State::violated,
       Code::lan_server_guest},
      {"storage", DeviceClass::storage, "none", {{closed}}, State::kept, Code::lan_server},
      {"server, nothing known", DeviceClass::server, {}, {}, State::unknown, Code::not_reported},
      {"configuration unreadable", DeviceClass::workstation, "unknown", {{}}, State::unknown, Code::lan_unclear},
      {"unreadable, shares", DeviceClass::workstation, "unknown", {{closed}}, State::violated, Code::lan_shares},
      {"switch", DeviceClass::network, "none", {{}}, State::not_applicable, Code::class_exempt},
      {"other", DeviceClass::other, "none", {{}}, State::not_applicable, Code::class_exempt},
  };
  for (const auto& [what, device_class, domain, shares, state, code] : table) {
    device_.device.device_class = device_class;
    device_.domain = domain ? learnt(fact::Domain{*domain, "ubnd.local"}) : nullptr;
    device_.shares = shares ? learnt(fact::Shares{true, *shares}) : nullptr;
    EXPECT_EQ(judge(name, t0).state, state) << what;
    EXPECT_EQ(judge(name, t0).code, code) << what;
  }
}

TEST_F(CheckTest, WirelessNetworksAreRegisteredEncryptedAndGetNewKeys) {
  const auto name = regulation::Check::wifi;
  inventory::WifiNetwork good;
  good.ssid = "UBND";
  good.registered = true;
  good.registered_at = t0;
  good.security = "wpa2";
  good.key_changed_at = t0;
  const auto with = [&](const std::function<void(inventory::WifiNetwork&)>& change) {
    network_ = good;
    change(*network_);
    return judge(name, t0);
  };
  EXPECT_EQ(with([](auto& n) { n.registered = false; }).code, Code::wifi_unregistered);
  EXPECT_EQ(with([](auto& n) { n.registered = false; }).state, State::violated);
  for (const char* weak : {"open", "wep", "wpa"}) {
    EXPECT_EQ(with([&](auto& n) { n.security = weak; }).state, State::violated) << weak;
    EXPECT_EQ(with([&](auto& n) { n.security = weak; }).code, Code::wifi_weak) << weak;
  }
  EXPECT_EQ(with([](auto& n) { n.security = "unknown"; }).code, Code::wifi_unclear);
  const auto contradicted = [](auto& n) {
    n.recorded_on = day_of(t0);
    n.key_proof = inventory::KeyProof::unproved;
    n.clients_behind = 2;
  };
  EXPECT_EQ(with(contradicted).code, Code::wifi_key_unproved);
  EXPECT_EQ(with(contradicted).state, State::due);
  EXPECT_EQ(with([](auto& n) { n.key_changed_at.reset(); }).state, State::unknown);
  EXPECT_EQ(with([](auto& n) { n.key_changed_at.reset(); }).changes_at, t0 + days(90));
  with([](auto& n) { n.key_changed_at.reset(); });
  EXPECT_EQ(judge(name, t0 + days(90) - 1us).state, State::unknown);
  EXPECT_EQ(judge(name, t0 + days(90)).code, Code::wifi_key_overdue);
  with([](auto&) {});
  expect_period(name, t0, t0 + days(72), t0 + days(90));

  EmptyInput empty{pack_.obligations.front(), pack_};
  EXPECT_EQ(wifi_when_empty(empty).code, Code::no_device);
  empty.devices = 2;
  EXPECT_EQ(wifi_when_empty(empty).state, State::unknown);
  empty.wifi_reporting = 1;
  EXPECT_EQ(wifi_when_empty(empty).state, State::not_applicable);
}

fact::Interface port(const std::string& name, const std::string& kind, const std::string& address, bool up = true) {
  return {name, kind, "", up, {address}};
}

TEST_F(CheckTest, AHostOnTheDedicatedNetworkHasNoOtherWayOut) {
  const auto name = regulation::Check::single_homed;
  EXPECT_EQ(judge(name, t0).code, Code::not_reported);
  const fact::Route out0{"0.0.0.0/0", "192.168.1.1", "eth0"};
  const fact::Route out1{"0.0.0.0/0", "10.0.0.1", "eth1"};
  const auto lo = port("lo", "loopback", "127.0.0.1/8");
  const auto eth0 = port("eth0", "ethernet", "192.168.1.9/24");
  const auto eth1 = port("eth1", "ethernet", "10.1.2.3/24");
  const auto wlan0 = port("wlan0", "wifi", "192.168.1.77/24");
  const fact::Route wifi_out{"0.0.0.0/0", "192.168.1.1", "wlan0"};
  const fact::Route other_router{"0.0.0.0/0", "192.168.1.254", "wlan0"};
  const auto six0 = port("eth0", "ethernet", "2001:db8::10/64");
  const auto six1 = port("wlan0", "wifi", "2001:db8::11/64");
  const auto docker = port("docker0", "virtual", "172.17.0.1/16");
  const auto inside = port("eth0", "virtual", "172.17.0.2/16");
  const struct {
    const char* what;
    std::vector<fact::Interface> interfaces;
    std::vector<fact::Route> routes;
    std::vector<std::string> dedicated;
    State state;
    Code code;
  } table[] = {
      {"no network", {lo}, {}, {}, State::kept, Code::network_none},
      {"one network", {lo, eth0, docker}, {out0}, {}, State::kept, Code::network_single},
      {"in a container", {lo, inside}, {out0}, {}, State::kept, Code::network_single},
      {"second one down",
       {eth0, port("eth1", "ethernet", "10.1.2.3/24", false)},
       {out0},
       {},
       State::kept,
       Code::network_single},
      {"two ways out", {eth0, eth1}, {out0, out1}, {}, State::unknown, Code::network_ways_unclear},
      {"cable and radio in the same LAN", {eth0, wlan0}, {out0, wifi_out}, {}, State::kept, Code::network_single},
      {"the same LAN, two routers",
       {eth0, wlan0},
       {out0, other_router},
       {},
       State::unknown,
       Code::network_ways_unclear},
      {"the same LAN over IPv6",
       {six0, six1},
       {{"::/0", "fe80::1", "eth0"}, {"::/0", "fe80::1", "wlan0"}},
       {},
       State::kept,
       Code::network_single},
      {"one LAN, one more network",
       {eth0, wlan0, eth1},
       {out0, wifi_out},
       {},
       State::unknown,
       Code::network_undeclared},
      {"cable and radio of the dedicated network and another way",
       {eth0, wlan0, eth1},
       {out0, wifi_out, out1},
       {"192.168.1.0/24"},
       State::violated,
       Code::network_bridge},
      {"two networks, ranges unknown", {eth0, eth1}, {out0}, {}, State::unknown, Code::network_undeclared},
      {"dedicated and Internet", {eth0, eth1}, {out0}, {"10.0.0.0/8"}, State::violated, Code::network_bridge},
      {"dedicated only", {eth0, eth1}, {out1}, {"10.0.0.0/8"}, State::kept, Code::network_dedicated_only},
      {"not on it", {eth0, eth1}, {out0, out1}, {"10.9.0.0/16"}, State::kept, Code::network_outside},
      {"link-local is no network",
       {eth0, port("eth1", "ethernet", "fe80::1/64")},
       {out0},
       {},
       State::kept,
       Code::network_single},
  };
  for (const auto& [what, interfaces, routes, dedicated, state, code] : table) {
    device_.interfaces = learnt(fact::Interfaces{interfaces, routes});
    for (regulation::Obligation& obligation : pack_.obligations) {
      if (obligation.check != name) continue;
      std::vector<regulation::Parameter> parameters = obligation.parameters.all();
      parameters.at(0).value = dedicated;
      obligation.parameters = regulation::Parameters(parameters);
    }
    EXPECT_EQ(judge(name, t0).state, state) << what;
    EXPECT_EQ(judge(name, t0).code, code) << what;
  }
}

TEST_F(CheckTest, TheAgencysPlanSaysWhichRangesAreDedicated) {
  const auto name = regulation::Check::single_homed;
  const auto port = [](const char* card, const char* address) {
    fact::Interface one;
    one.name = card;
    one.kind = "ethernet";
    one.up = true;
    one.addresses = {address};
    return one;
  };
  device_.interfaces = learnt(fact::Interfaces{{port("eth0", "192.168.1.7/24"), port("eth1", "10.1.2.3/24")},
                                               {{"0.0.0.0/0", "192.168.1.1", "eth0"}}});
  EXPECT_EQ(judge(name, t0).code, Code::network_undeclared);
  network_terms_.dedicated = {"10.1.0.0/16"};
  EXPECT_EQ(judge(name, t0).code, Code::network_bridge);
  device_.interfaces = learnt(fact::Interfaces{{port("eth1", "10.1.2.3/24")}, {{"0.0.0.0/0", "10.1.2.1", "eth1"}}});
  EXPECT_EQ(judge(name, t0).state, State::kept);
  network_terms_.terms_missing = true;
  EXPECT_EQ(judge(name, t0).state, State::violated);
  EXPECT_EQ(judge(name, t0).code, Code::network_terms_missing);
  network_terms_.dedicated = {"10.9.0.0/16"};
  EXPECT_EQ(judge(name, t0).state, State::kept) << "the machine is not on that network";
}

TEST_F(CheckTest, AServerIsNeverSilentForAQuarterOfAnHour) {
  const auto name = regulation::Check::monitoring;
  device_.device.last_seen = t0;
  for (const auto device_class : {DeviceClass::server, DeviceClass::network, DeviceClass::storage}) {
    device_.device.device_class = device_class;
    expect_period(name, t0, t0 + 12min, t0 + 15min);
  }
  EXPECT_EQ(judge(name, t0 + 15min).code, Code::monitoring_silent);
  device_.device.last_seen.reset();
  device_.device.enrolled_at = t0;
  EXPECT_EQ(judge(name, t0 + 15min).code, Code::monitoring_never);
}

TEST_F(CheckTest, ALastSignFromTheFutureProvesNothing) {
  const auto name = regulation::Check::monitoring;
  for (const auto device_class : {DeviceClass::server, DeviceClass::workstation}) {
    device_.device.device_class = device_class;
    device_.device.last_seen = t0 + 4s;
    EXPECT_EQ(judge(name, t0).state, State::kept) << "receipts never run backwards, the clock may a little";
    device_.device.last_seen = t0 + days(300);
    EXPECT_EQ(judge(name, t0).state, State::unknown);
    EXPECT_EQ(judge(name, t0).code, Code::monitoring_clock);
    EXPECT_EQ(judge(name, t0).basis.size(), 1U);
    EXPECT_EQ(judge(name, *judge(name, t0).changes_at).state, State::kept);
  }
}

TEST_F(CheckTest, AWorkstationMayRestAtTheWeekendAndOnHolidays) {
  const auto name = regulation::Check::monitoring;
  device_.device.device_class = DeviceClass::workstation;
  const struct {
    const char* what;
    const char* seen;
    const char* due;  // After 2.4 working days.
    const char* late;
  } table[] = {
      {"from Monday morning", "2026-11-23T10:00:00+07:00", "2026-11-25T19:36:00+07:00", "2026-11-26T10:00:00+07:00"},
      {"over a weekend", "2026-11-27T16:00:00+07:00", "2026-12-02T01:36:00+07:00", "2026-12-02T16:00:00+07:00"},
      {"from Saturday", "2026-11-28T09:00:00+07:00", "2026-12-02T09:36:00+07:00", "2026-12-03T00:00:00+07:00"},
      {"over New Year", "2026-12-31T12:00:00+07:00", "2027-01-05T21:36:00+07:00", "2027-01-06T12:00:00+07:00"},
  };
  calendar_ = *Calendar::parse("# Tết dương lịch\n2027-01-01  Tết Dương lịch\n\n");
  for (const auto& [what, seen, due, late] : table) {
    SCOPED_TRACE(what);
    device_.device.last_seen = from_rfc3339(seen);
    expect_period(name, *from_rfc3339(seen), *from_rfc3339(due), *from_rfc3339(late));
  }
}

TEST_F(CheckTest, EveryDayOfAServersLastThirtyIsThere) {
  const auto name = regulation::Check::log_days;
  const Day today = day_of(t0);
  DayCoverage held;
  held.records = 10;
  held.logs = true;
  const auto fill = [&](int first_ago, int last_ago) {
    log_days_.clear();
    for (int ago = first_ago; ago >= last_ago; --ago) log_days_[today - days(ago)] = held;
  };
  fill(40, 0);
  EXPECT_EQ(judge(name, t0).code, Code::log_kept);
  EXPECT_EQ(Arguments::unpack(judge(name, t0).arguments.packed()), (std::vector<std::string>{"30", "30", "0"}));
  EXPECT_EQ(judge(name, t0).changes_at, day_begin(today + days(1)));
  fill(40, 1);
  EXPECT_EQ(judge(name, t0).code, Code::log_kept);  // Today is not over.
  fill(40, 2);
  EXPECT_EQ(judge(name, t0).code, Code::log_missing);
  EXPECT_EQ(judge(name, t0).state, State::violated);
  fill(29, 0);
  log_days_.erase(today - days(29));
  EXPECT_EQ(judge(name, t0).code, Code::log_missing);
  fill(28, 0);
  EXPECT_EQ(judge(name, day_begin(today + days(1))).code, Code::log_kept);  // The missing day has left the window.
  fill(40, 0);
  log_days_[today - days(5)].logs = false;
  EXPECT_EQ(judge(name, t0).code, Code::log_missing) << "facts and the agent's own notes are no log";
  fill(40, 0);
  log_days_[today].dropped_records = 7;
  log_days_[today].dropped_seq = 91;
  EXPECT_EQ(judge(name, t0).code, Code::log_dropped);
  EXPECT_EQ(Arguments::unpack(judge(name, t0).arguments.packed())[1], "7");
  EXPECT_EQ(judge(name, t0).basis.back().seq, 91U) << "the note that says so";
  fill(40, 0);
  log_days_[today - days(3)].missing_batches = 2;
  log_days_[today - days(3)].gap_seq = 92;
  EXPECT_EQ(judge(name, t0).code, Code::log_gap);
  EXPECT_EQ(judge(name, t0).basis.back().seq, 92U);
  for (const int ago : {9, 2, 1})
    log_days_[today - days(ago)].verified = {t0, 7, to_iso(today - days(ago)) + ".sqlite"};
  log_days_[today - days(2)].damaged = true;
  log_days_[today - days(2)].damage = {"Khối 3 bị sửa.", "Block 3 was altered."};
  const Judgement damaged = judge(name, t0);
  EXPECT_EQ(damaged.code, Code::log_damaged) << "before the gap, which is older";
  EXPECT_EQ(Arguments::unpack(damaged.arguments.packed())[2], "Block 3 was altered");
  ASSERT_EQ(damaged.basis.size(), 3U) << "and the note of the gap";
  EXPECT_EQ(damaged.basis[0].method, to_iso(today - days(2)) + ".sqlite");
  EXPECT_EQ(damaged.basis[1].method, to_iso(today - days(1)) + ".sqlite");
  fill(40, 0);
  log_days_[today - days(1)].verified = {t0, 7, "x"};
  EXPECT_EQ(Arguments::unpack(judge(name, t0).arguments.packed()), (std::vector<std::string>{"30", "30", "1"}));
  log_days_.erase(today - days(2));
  log_days_[today - days(2)].damaged = true;
  EXPECT_EQ(judge(name, t0).code, Code::log_damaged) << "not told as missing: nothing of it can be read";

  fill(40, 0);
  for (int ago = 12; ago >= 4; --ago) {
    log_days_[today - days(ago)] = {};
    log_days_[today - days(ago)].hub_off = true;
  }
  const Judgement holiday = judge(name, t0);
  EXPECT_EQ(holiday.code, Code::log_kept_hub_off);
  EXPECT_EQ(holiday.state, State::kept);
  EXPECT_EQ(Arguments::unpack(holiday.arguments.packed())[3], "9");
  log_days_[today - days(3)].dropped_records = 5;
  EXPECT_EQ(judge(name, t0).code, Code::log_dropped) << "more than the device could keep meanwhile";

  device_.device.enrolled_at = t0 - days(4);
  fill(3, 0);
  const Judgement young = judge(name, t0);
  EXPECT_EQ(young.code, Code::log_kept_so_far);
  EXPECT_EQ(young.state, State::kept);
  EXPECT_EQ(Arguments::unpack(young.arguments.packed()),
            (std::vector<std::string>{"4", "30", "0", std::to_string(to_micros(day_begin(today - days(4))))}));
  fill(2, 0);
  EXPECT_EQ(judge(name, t0).code, Code::log_missing);
  device_.device.enrolled_at = t0;
  log_days_.clear();
  EXPECT_EQ(judge(name, t0).state, State::unknown);
  device_.device.device_class = DeviceClass::workstation;
  EXPECT_EQ(judge(name, t0).state, State::not_applicable);
}

TEST_F(CheckTest, ALongerTermAsksForMoreDaysThanThePack) {
  const auto name = regulation::Check::log_days;
  const Day today = day_of(t0);
  DayCoverage held;
  held.logs = true;
  for (int ago = 119; ago >= 0; --ago) log_days_[today - days(ago)] = held;
  log_term_ = {90, today - days(300)};
  EXPECT_EQ(Arguments::unpack(judge(name, t0).arguments.packed()), (std::vector<std::string>{"90", "90", "0"}));
  EXPECT_EQ(judge(name, t0).code, Code::log_kept);
  log_days_.erase(today - days(89));
  EXPECT_EQ(judge(name, t0).code, Code::log_missing) << "the first of the ninety";
  EXPECT_EQ(judge(name, t0).state, State::violated);
  log_term_.days = 89;
  EXPECT_EQ(judge(name, t0).code, Code::log_kept);
  log_term_.days = 7;
  EXPECT_EQ(Arguments::unpack(judge(name, t0).arguments.packed())[1], "30") << "never less than the pack";

  log_term_ = {90, today - days(60)};
  const Judgement so_far = judge(name, t0);
  EXPECT_EQ(so_far.code, Code::log_kept_so_far) << "what had gone before the term was set is not missed";
  EXPECT_EQ(Arguments::unpack(so_far.arguments.packed()),
            (std::vector<std::string>{"61", "90", "0", std::to_string(to_micros(day_begin(today - days(60))))}));
  log_days_.erase(today - days(60));
  EXPECT_EQ(judge(name, t0).code, Code::log_missing);
  log_term_.known_from = today - days(3);
  log_days_.erase(today - days(29));
  EXPECT_EQ(judge(name, t0).code, Code::log_missing) << "the pack's own days are asked for whatever is known";
  log_days_[today - days(29)] = held;
  EXPECT_EQ(judge(name, t0).code, Code::log_kept_so_far);
}

TEST(Calendar, BadLinesAreNamed) {
  for (const char* text : {"2026-13-01", "ngày nghỉ", "2026-01-01\n2026-02-30 x"}) {
    const auto calendar = Calendar::parse(text);
    ASSERT_FALSE(calendar) << text;
    EXPECT_TRUE(calendar.error().is(regulation::calendar_invalid)) << text;
  }
  EXPECT_TRUE(Calendar::parse(""));
}

TEST(Calendar, KnowsUntilTheEndOfTheLastYearItNames) {
  EXPECT_FALSE(Calendar::parse("# chưa có\n")->known_until());
  EXPECT_EQ(Calendar::parse("2027-01-01  Tết\n2026-09-02\n")->known_until(), *day_from_iso("2027-12-31"));
}

}  // namespace
}  // namespace luy::duty
