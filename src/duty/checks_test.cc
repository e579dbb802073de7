// Goal: each check judges as the obligation's text says, in every state it can reach, and turns at the exact second.
// Method: the limits of the pack we ship; one table per check; boundaries one microsecond before and at the moment.
#include "duty/checks/check.h"

#include <gtest/gtest.h>

#include "regulation/load.h"

namespace luy::duty {
namespace {

using namespace std::chrono_literals;
using inventory::DeviceClass;
using inventory::DeviceState;

// Monday, 10:00 in Vietnam.
const Time t0 = *from_rfc3339("2026-11-23T03:00:00Z");

class CheckTest : public testing::Test {
 protected:
  CheckTest() : pack_(*regulation::load_pack(LUY_SOURCE_DIR "/regulation/4448-2017")) {
    device_.device.enrolled_at = t0 - days(200);
    device_.device.device_class = DeviceClass::server;
    device_.device.person_in_charge = "Nguyễn Văn A";
  }

  Judgement judge(regulation::Check name, Time now) {
    for (const regulation::Obligation& obligation : pack_.obligations) {
      if (obligation.check != name) continue;
      const Limits limits(obligation.parameters, pack_.due_share());
      Input in{now, limits, calendar_};
      in.device = &device_;
      in.account = account_ ? &*account_ : nullptr;
      in.product_account = product_account_ ? &*product_account_ : nullptr;
      in.network = network_ ? &*network_ : nullptr;
      in.log_days = &log_days_;
      in.known_since = known_since_;
      return evaluate(*find_check(name), in);
    }
    LUY_CHECK_MSG(false, "the pack uses every check");
    return {};
  }

  // Kept until `due`, due until `late`, violated from then on; and each says when it turns.
  void expect_period(regulation::Check name, Time start, Time due, Time late) {
    EXPECT_EQ(judge(name, start).state, State::kept);
    EXPECT_EQ(judge(name, start).changes_at, due);
    EXPECT_EQ(judge(name, due - 1us).state, State::kept);
    EXPECT_EQ(judge(name, due).state, State::due);
    EXPECT_EQ(judge(name, due).changes_at, late);
    EXPECT_EQ(judge(name, late - 1us).state, State::due);
    EXPECT_EQ(judge(name, late).state, State::violated);
  }

  template <class T>
  DeviceState::Part<T> learnt(T value, Time at = t0) {
    return std::make_shared<const inventory::Learnt<T>>(inventory::Learnt<T>{std::move(value), at, at, 42, "test"});
  }

  regulation::Pack pack_;
  Calendar calendar_;
  DeviceState device_;
  std::optional<fact::Account> account_;
  std::optional<ProductAccount> product_account_;
  std::optional<inventory::WifiNetwork> network_;
  LogDays log_days_;
  Time known_since_ = t0;
};

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
  EXPECT_EQ(judge(name, t0).changes_at, t0 + fact_fresh_days);
  EXPECT_EQ(judge(name, t0 + fact_fresh_days - 1us).state, State::kept);
  EXPECT_EQ(judge(name, t0 + fact_fresh_days).state, State::unknown);
  EXPECT_EQ(judge(name, t0 + fact_fresh_days).code, Code::stale);
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
  EXPECT_EQ(judge(name, t0).state, State::violated);
  device_.antivirus = learnt(fact::Antivirus{{product(true, t0, t0), product(true, t0, t0 - days(9))}});
  expect_period(name, t0, t0 + 7 * 24h - 33h - 36min, t0 + days(7));
  // A scan "next year" ended no later than the fact that told of it.
  device_.antivirus = learnt(fact::Antivirus{{product(true, t0, t0 + days(365))}});
  EXPECT_EQ(judge(name, t0 + days(7)).state, State::violated);
}

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

fact::Account account(const std::string& name, const std::string& password, const std::string& method = "yescrypt") {
  fact::Account out;
  out.name = name;
  out.can_log_in = true;
  out.password = password;
  out.hash_method = method;
  return out;
}

TEST_F(CheckTest, PasswordsAreSound) {
  const auto name = regulation::Check::passwords;
  EXPECT_EQ(judge(name, t0).code, Code::not_reported);
  const auto with = [&](std::vector<fact::Account> accounts, bool readable = true) {
    device_.accounts = learnt(inventory::AccountSummary{readable, 30, std::move(accounts)});
    return judge(name, t0);
  };
  fact::Account young = account("lan", "set");
  young.password_changed_at = t0;
  fact::Account old = young;
  old.password_changed_at = t0 - days(91);
  fact::Account no_shell = account("www", "none");
  no_shell.can_log_in = false;
  const struct {
    std::vector<fact::Account> accounts;
    bool readable;
    State state;
    Code code;
  } table[] = {
      {{young}, false, State::unknown, Code::password_unreadable},
      {{}, true, State::kept, Code::password_no_login},
      {{no_shell}, true, State::kept, Code::password_no_login},
      {{young}, true, State::kept, Code::password_kept},
      {{account("lan", "none")}, true, State::violated, Code::password_empty},
      {{account("lan", "set", "md5")}, true, State::violated, Code::password_weak},
      {{account("lan", "set", "")}, true, State::kept, Code::password_kept},
      {{young, old}, true, State::violated, Code::password_overdue},
  };
  for (const auto& [accounts, readable, state, code] : table) {
    EXPECT_EQ(with(accounts, readable).state, state) << name_of(code);
    EXPECT_EQ(with(accounts, readable).code, code) << name_of(code);
  }
  // The fact itself is told anew every day; here it is as fresh as the moment of judging.
  const Time late = t0 + days(90);
  const auto at = [&](Time now) {
    device_.accounts = learnt(inventory::AccountSummary{true, 1, {young}}, now);
    return judge(name, now);
  };
  EXPECT_EQ(at(t0 + days(72) - 1us).state, State::kept);
  EXPECT_EQ(at(t0 + days(72)).code, Code::password_due);
  EXPECT_EQ(at(late - 1us).state, State::due);
  EXPECT_EQ(at(late).state, State::violated);
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
      {"two ways out", {eth0, eth1}, {out0, out1}, {}, State::violated, Code::network_two_ways},
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

TEST_F(CheckTest, AnIssuedPasswordIsChangedWithinADay) {
  const auto name = regulation::Check::first_password;
  ProductAccount admin;
  admin.username = "quantri";
  admin.issued_at = t0;
  admin.must_change_password = true;
  product_account_ = admin;
  expect_period(name, t0, t0 + 24h - 288min, t0 + 24h);
  product_account_->must_change_password = false;
  product_account_->password_changed_at = t0 + 1h;
  EXPECT_EQ(judge(name, t0 + days(400)).state, State::kept);
  EXPECT_EQ(judge(name, t0 + days(400)).code, Code::issued_changed);
  product_account_.reset();

  account_ = account("lan", "set");
  account_->must_change_password = true;
  account_->last_login = t0 - days(3);
  device_.accounts = learnt(inventory::AccountSummary{true, 1, {*account_}});
  expect_period(name, t0, t0 + 24h - 288min, t0 + 24h);
  account_->last_login = t0 + 1s;
  EXPECT_EQ(judge(name, t0 + 2s).code, Code::issued_used);
  EXPECT_EQ(judge(name, t0 + 2s).state, State::violated);
  EXPECT_EQ(first_password_when_empty({pack_.obligations.front(), pack_}).state, State::not_applicable);
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
      {{root, boot, stick}, State::kept, Code::disk_kept},
      {{root, boot, data}, State::violated, Code::disk_plain},
  };
  for (const auto& [volumes, state, code] : table) {
    device_.disks = learnt(fact::Disks{volumes});
    EXPECT_EQ(judge(name, t0).state, state) << name_of(code);
    EXPECT_EQ(judge(name, t0).code, code) << name_of(code);
  }
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
  const auto fill = [&](int first_ago, int last_ago) {
    log_days_.clear();
    for (int ago = first_ago; ago >= last_ago; --ago) log_days_[today - days(ago)] = {10, 0, false};
  };
  fill(40, 0);
  EXPECT_EQ(judge(name, t0).code, Code::log_kept);
  EXPECT_EQ(Arguments::unpack(judge(name, t0).arguments.packed()), (std::vector<std::string>{"30", "30"}));
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
  log_days_[today - days(3)].missing_batches = 2;
  EXPECT_EQ(judge(name, t0).code, Code::log_gap);
  log_days_[today - days(4)].damaged = true;
  EXPECT_EQ(judge(name, t0).code, Code::log_damaged);

  device_.device.enrolled_at = t0 - days(4);
  fill(3, 0);
  EXPECT_EQ(judge(name, t0).code, Code::log_kept);
  EXPECT_EQ(Arguments::unpack(judge(name, t0).arguments.packed()), (std::vector<std::string>{"4", "30"}));
  fill(2, 0);
  EXPECT_EQ(judge(name, t0).code, Code::log_missing);
  device_.device.enrolled_at = t0;
  log_days_.clear();
  EXPECT_EQ(judge(name, t0).state, State::unknown);
  device_.device.device_class = DeviceClass::workstation;
  EXPECT_EQ(judge(name, t0).state, State::not_applicable);
}

TEST_F(CheckTest, AccountsHaveAnOwnerAndAreUsed) {
  const auto name = regulation::Check::account_control;
  EXPECT_EQ(judge(name, t0).code, Code::not_reported);
  device_.accounts = learnt(inventory::AccountSummary{false, 30, {}});
  EXPECT_EQ(judge(name, t0).state, State::unknown);
  device_.accounts = learnt(inventory::AccountSummary{true, 30, {}});
  EXPECT_EQ(judge(name, t0).code, Code::account_none);
  EXPECT_EQ(judge(name, t0).state, State::kept);

  account_ = account("lan", "set");
  account_->last_login = t0;
  const auto at = [&](Time now) {
    device_.accounts = learnt(inventory::AccountSummary{true, 1, {*account_}}, now);
    return judge(name, now);
  };
  EXPECT_EQ(at(t0 + days(72) - 1us).state, State::kept);
  EXPECT_EQ(at(t0 + days(72)).state, State::due);
  EXPECT_EQ(at(t0 + days(90) - 1us).state, State::due);
  EXPECT_EQ(at(t0 + days(90)).code, Code::account_dormant);
  account_->last_login.reset();
  account_->password_changed_at = t0 - days(400);
  device_.device.enrolled_at = t0 - days(10);
  EXPECT_EQ(at(t0).state, State::kept);  // Nobody watched before it was enrolled.
  device_.device.person_in_charge.clear();
  EXPECT_EQ(at(t0).code, Code::account_no_owner);
  EXPECT_EQ(at(t0).state, State::violated);

  ProductAccount admin;
  admin.username = "quantri";
  admin.issued_at = t0;
  admin.has_owner = true;
  product_account_ = admin;
  expect_period(name, t0, t0 + days(72), t0 + days(90));
  product_account_->has_owner = false;
  EXPECT_EQ(judge(name, t0).code, Code::account_no_owner);
  product_account_->enabled = false;
  EXPECT_EQ(judge(name, t0 + days(400)).code, Code::account_locked);
}

TEST(Calendar, BadLinesAreNamed) {
  for (const char* text : {"2026-13-01", "ngày nghỉ", "2026-01-01\n2026-02-30 x"}) {
    const auto calendar = Calendar::parse(text);
    ASSERT_FALSE(calendar) << text;
    EXPECT_TRUE(calendar.error().is(calendar_invalid)) << text;
  }
  EXPECT_TRUE(Calendar::parse(""));
}

}  // namespace
}  // namespace luy::duty
