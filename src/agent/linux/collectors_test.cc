// Goal: each collector says of a made-up machine what is true of it, and of an empty one nothing that is not.
// Method: the tree testdata/office with a kernel that answers what the test likes; what a file system of other kinds
// cannot hold (names with colons) is added here.
#include "agent/linux/collectors.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <utmp.h>

#include <algorithm>
#include <cstring>
#include <thread>

#include "agent/linux/fake_machine.h"
#include "agent/linux/linux_kernel.h"
#include "base/file.h"

namespace luy::agent {
namespace {

template <class Body>
Body body_of(Result<Finding> finding) {
  return std::get<Body>(finding.value().body);
}

Time at(const char* text) {
  return *from_rfc3339(text);
}

class CollectorsTest : public testing::Test {
 protected:
  FakeMachine office_{"office"};
  FakeMachine empty_;
  const Machine& machine_ = office_.machine;
};

TEST_F(CollectorsTest, IdentityIsStableAndDependsOnEveryNumber) {
  const auto identity = body_of<fact::Identity>(collect_identity(machine_));
  EXPECT_EQ(identity.key.size(), 64U);
  EXPECT_EQ(identity.hostname, "pc-017");
  EXPECT_EQ(identity.fqdn, "pc-017.bimson.example");
  EXPECT_EQ(body_of<fact::Identity>(collect_identity(machine_)).key, identity.key);
  office_.folder.write("sys/class/dmi/id/product_uuid", "4C4C4544-0044-3510-8052-B4C04F4D4E33\n");
  const auto clone = body_of<fact::Identity>(collect_identity(machine_));
  EXPECT_NE(clone.key, identity.key) << "a cloned disk in another machine is another device";
  office_.folder.write("sys/class/dmi/id/product_uuid", "00000000-0000-0000-0000-000000000000\n");
  office_.folder.write("sys/class/dmi/id/board_serial", "Default string\n");
  EXPECT_EQ(collect_identity(machine_).value().method, "/etc/machine-id") << "firmware filler says nothing";
}

TEST_F(CollectorsTest, AMachineWithoutAnyNumberIsAnErrorAndNotASharedIdentity) {
  const auto finding = collect_identity(empty_.machine);
  ASSERT_FALSE(finding);
  EXPECT_TRUE(finding.error().is(collector_failed));
  empty_.folder.write("sys/class/net/eth0/address", "02:00:00:00:00:09\n");
  empty_.folder.write("sys/class/net/eth0/device/x", "");
  EXPECT_TRUE(collect_identity(empty_.machine));
}

TEST_F(CollectorsTest, Os) {
  const auto os = body_of<fact::Os>(collect_os(machine_));
  EXPECT_EQ(os.id, "debian");
  EXPECT_EQ(os.version_id, "12");
  EXPECT_EQ(os.pretty_name, "Debian GNU/Linux 12 (bookworm)");
  EXPECT_EQ(os.kernel, "6.1.0-28-amd64");
  EXPECT_EQ(os.booted_at, Time{std::chrono::seconds(1795312800)});
  const auto bare = body_of<fact::Os>(collect_os(empty_.machine));
  EXPECT_EQ(bare.id, "linux");
  EXPECT_FALSE(bare.booted_at);
}

TEST_F(CollectorsTest, Hardware) {
  const auto hardware = body_of<fact::Hardware>(collect_hardware(machine_));
  EXPECT_EQ(hardware.vendor, "Dell Inc.");
  EXPECT_EQ(hardware.chassis, "laptop");
  EXPECT_EQ(hardware.cpus, 4);
  EXPECT_EQ(hardware.memory_bytes, 16093628LL * 1024);
  EXPECT_TRUE(hardware.battery);
  std::filesystem::remove_all(office_.folder.at("sys/class/power_supply/BAT0"));
  EXPECT_FALSE(body_of<fact::Hardware>(collect_hardware(machine_)).battery) << "a mouse's battery does not count";
}

TEST_F(CollectorsTest, AVirtualMachineIsKnownByItsProcessorOrItsVendor) {
  office_.folder.write("proc/cpuinfo", "processor : 0\nflags : fpu hypervisor\n");
  EXPECT_EQ(body_of<fact::Hardware>(collect_hardware(machine_)).chassis, "virtual");
  office_.folder.write("proc/cpuinfo", "processor : 0\n");
  office_.folder.write("sys/class/dmi/id/sys_vendor", "VMware, Inc.\n");
  EXPECT_EQ(body_of<fact::Hardware>(collect_hardware(machine_)).chassis, "virtual");
  EXPECT_EQ(body_of<fact::Hardware>(collect_hardware(empty_.machine)).chassis, "unknown");
}

TEST_F(CollectorsTest, PackagesAreThoseInstalledWithTheTimeOfTheirFiles) {
  office_.folder.write("var/lib/dpkg/info/libssl3:amd64.list", "/.\n");
  const auto packages = body_of<fact::Packages>(collect_packages(machine_, "")).packages;
  ASSERT_EQ(packages.size(), 4U);
  EXPECT_EQ(packages[0].name, "adduser");
  EXPECT_EQ(packages[2].name, "held");
  EXPECT_EQ(packages[2].version, "2:1.0-1");
  EXPECT_TRUE(packages[0].installed_at);
  EXPECT_FALSE(packages[1].installed_at) << "no list of files, no time";
  EXPECT_TRUE(packages[3].installed_at) << "Multi-Arch: same";
  EXPECT_FALSE(collect_packages(empty_.machine, "")) << "no dpkg is not an empty list";
}

constexpr const char* pending = R"({"security":[
  {"package":"zlib1g","installed":"1","offered":"2","archive":"bookworm-security"},
  {"package":"bash","installed":"5.2-1","offered":"5.2-2","archive":"bookworm-security"}],"other_count":3})";

TEST_F(CollectorsTest, UpdatesRememberSinceWhenEachWasOffered) {
  office_.kernel.outputs["luy-agent-apt"] = pending;
  const auto first = collect_updates(machine_, "").value();
  const auto updates = std::get<fact::Updates>(first.body);
  EXPECT_TRUE(updates.lists_present);
  EXPECT_TRUE(updates.restart_required);
  EXPECT_EQ(updates.lists_date, at("2026-11-20T00:12:41Z")) << "of the security archive, not of the other";
  EXPECT_EQ(updates.lists_valid_until, at("2026-11-27T00:12:41Z"));
  EXPECT_EQ(updates.other_count, 3);
  ASSERT_EQ(updates.security.size(), 2U);
  EXPECT_EQ(updates.security[0].package, "bash");
  const Time then = *updates.lists_date;
  EXPECT_EQ(updates.security[0].first_offered, then) << "the list held it before this agent looked";
  office_.clock.advance(std::chrono::hours(48));
  const auto second = collect_updates(machine_, first.memory).value();
  EXPECT_EQ(std::get<fact::Updates>(second.body).security[0].first_offered, then);
  const Time before = then - std::chrono::hours(72);
  const std::string memory = "bash " + std::to_string(to_micros(before)) + '\n';
  EXPECT_EQ(body_of<fact::Updates>(collect_updates(machine_, memory)).security[0].first_offered, before)
      << "a newer list does not make it younger";
  office_.kernel.outputs["luy-agent-apt"] = R"({"security":[],"other_count":0})";
  const auto third = collect_updates(machine_, second.memory).value();
  EXPECT_EQ(third.memory, "") << "installed: forgotten";
}

TEST_F(CollectorsTest, WithoutPackageListsNothingIsSaidToBeUpToDate) {
  const auto updates = body_of<fact::Updates>(collect_updates(empty_.machine, ""));
  EXPECT_FALSE(updates.lists_present);
  EXPECT_FALSE(updates.lists_date);
  EXPECT_TRUE(empty_.kernel.ran.empty());
}

TEST_F(CollectorsTest, UpdatesThatCannotBeAskedForAreSaidToBeUnknown) {
  const auto expect_unknown = [&](const char* why) {
    const auto found = collect_updates(machine_, "bash 5\n").value();
    const auto updates = std::get<fact::Updates>(found.body);
    ASSERT_TRUE(updates.unknown_because) << why;
    EXPECT_NE(updates.unknown_because->find(why), std::string::npos) << *updates.unknown_because;
    EXPECT_TRUE(updates.security.empty());
    EXPECT_TRUE(updates.lists_date) << "the age of the lists is known all the same";
    EXPECT_EQ(found.memory, "bash 5\n") << "since when an update waits is not forgotten";
    EXPECT_FALSE(found.trouble.empty());
  };
  expect_unknown("");
  for (const char* output : {"", "[]", "{}", R"({"security":5,"other_count":1})", R"({"security":[]})"}) {
    office_.kernel.outputs["luy-agent-apt"] = output;
    expect_unknown("unexpected output");
  }
  office_.kernel.outputs["luy-agent-apt"] = R"({"error":"the package lists cannot be read"})";
  expect_unknown("the package lists cannot be read");
}

TEST_F(CollectorsTest, AntivirusThatIsInstalledButDoesNotAnswer) {
  ::setenv("TZ", "UTC", 1);
  ::tzset();
  const auto products = body_of<fact::Antivirus>(collect_antivirus(machine_)).products;
  ASSERT_EQ(products.size(), 1U);
  EXPECT_FALSE(products[0].running);
  EXPECT_EQ(products[0].version, "1.0.7+dfsg-1~deb12u1");
  EXPECT_EQ(products[0].signatures_date, at("2026-11-20T08:15:00Z")) << "the newer of cld and cvd";
  EXPECT_EQ(products[0].last_full_scan, at("2026-11-15T03:00:00Z")) << "neither the small nor the unfinished one";
  EXPECT_EQ(products[0].last_scan_infected, 2);
  EXPECT_TRUE(body_of<fact::Antivirus>(collect_antivirus(empty_.machine)).products.empty());
}

TEST_F(CollectorsTest, OtherAntivirusProductsAreKnownByPackagesAndProcesses) {
  const auto entry = [](const std::string& name, const std::string& version) {
    return "Package: " + name + "\nStatus: install ok installed\nArchitecture: amd64\nVersion: " + version + "\n\n";
  };
  empty_.folder.write("var/lib/dpkg/status", entry("kesl-gui", "12.0.0-1") + entry("kesl", "12.1.0-1508") +
                                                 entry("keslic", "9") + entry("mdatp", "101.24"));
  empty_.folder.write("proc/77/comm", "kesl\n");
  empty_.folder.write("proc/78/comm", "BkavService\n");
  const auto products = body_of<fact::Antivirus>(collect_antivirus(empty_.machine)).products;
  ASSERT_EQ(products.size(), 3U);
  EXPECT_EQ(products[0].name, "Kaspersky Endpoint Security");
  EXPECT_EQ(products[0].version, "12.1.0-1508") << "of the product, not of its window";
  EXPECT_TRUE(products[0].running);
  EXPECT_FALSE(products[0].signatures_date) << "unknown, not up to date";
  EXPECT_EQ(products[1].name, "Microsoft Defender");
  EXPECT_FALSE(products[1].running);
  EXPECT_EQ(products[2].name, "Bkav");
  EXPECT_TRUE(products[2].running);
  EXPECT_EQ(products[2].version, "");
}

// A clamd that answers PING and VERSION, one question per connection.
class FakeClamd {
 public:
  explicit FakeClamd(const std::string& path) : fd_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
    bound_ = ::bind(fd_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
             ::listen(fd_.get(), 4) == 0;
    thread_ = std::thread([this] { serve(); });
  }
  ~FakeClamd() {
    ::shutdown(fd_.get(), SHUT_RDWR);
    thread_.join();
  }
  bool bound() const { return bound_; }

 private:
  void serve() const {
    for (;;) {
      const UniqueFd client(::accept(fd_.get(), nullptr, nullptr));
      if (!client) return;
      std::string question(64, '\0');
      const ssize_t n = ::read(client.get(), question.data(), question.size());
      question.resize(n > 0 ? static_cast<std::size_t>(n) : 0);
      const std::string answer =
          question == std::string("zPING\0", 6) ? "PONG" : "ClamAV 1.0.7/27826/Fri Nov 20 08:15:00 2026";
      [[maybe_unused]] const ssize_t written = ::write(client.get(), answer.c_str(), answer.size() + 1);
    }
  }
  UniqueFd fd_;
  bool bound_ = false;
  std::thread thread_;
};

TEST_F(CollectorsTest, AntivirusThatAnswers) {
  const FakeClamd clamd(office_.folder.at("run/clamd.ctl"));
  ASSERT_TRUE(clamd.bound());
  const auto products = body_of<fact::Antivirus>(collect_antivirus(machine_)).products;
  ASSERT_EQ(products.size(), 1U);
  EXPECT_TRUE(products[0].running);
  EXPECT_EQ(products[0].version, "1.0.7");
}

void write_logins(const FakeMachine& machine) {
  lastlog last{};
  last.ll_time = 1795000000;
  std::string bytes(1001 * sizeof last, '\0');
  std::memcpy(bytes.data() + 1000 * sizeof last, &last, sizeof last);
  machine.folder.write("var/log/lastlog", bytes);
  utmp login{};
  login.ut_type = USER_PROCESS;
  std::strncpy(login.ut_user, "minh", sizeof login.ut_user);
  login.ut_tv.tv_sec = 1795100000;
  utmp logout{};
  logout.ut_type = DEAD_PROCESS;
  std::strncpy(logout.ut_user, "old", sizeof logout.ut_user);
  logout.ut_tv.tv_sec = 1795100000;
  machine.folder.write("var/log/wtmp", std::string(reinterpret_cast<const char*>(&login), sizeof login) +
                                           std::string(reinterpret_cast<const char*>(&logout), sizeof logout) + "torn");
}

TEST_F(CollectorsTest, AccountsWithTheirStateAndWithoutTheirHashes) {
  write_logins(office_);
  const auto finding = collect_accounts(machine_).value();
  const auto accounts = std::get<fact::Accounts>(finding.body);
  EXPECT_TRUE(accounts.shadow_readable);
  const struct {
    const char* name;
    std::int64_t uid;
    bool can_log_in;
    const char* password;
    const char* method;
    bool administrator;
    bool must_change;
  } table[] = {
      {"root", 0, true, "set", "yescrypt", true, false},
      {"daemon", 1, false, "locked", "", false, false},
      {"sync", 4, false, "locked", "", false, false},
      {"lan", 1000, true, "set", "sha512", true, false},
      {"minh", 1001, false, "locked", "sha512", false, false},
      {"old", 1002, false, "set", "sha256", false, false},
      {"toor", 0, true, "set", "md5", true, true},
      {"guest", 1003, true, "none", "", false, false},
      {"legacy", 1004, true, "set", "md5", true, false},
  };
  ASSERT_EQ(accounts.accounts.size(), std::size(table));
  for (std::size_t i = 0; i < std::size(table); ++i) {
    const fact::Account& account = accounts.accounts[i];
    EXPECT_EQ(account.name, table[i].name);
    EXPECT_EQ(account.uid, table[i].uid) << account.name;
    EXPECT_EQ(account.can_log_in, table[i].can_log_in) << account.name;
    EXPECT_EQ(account.password, table[i].password) << account.name;
    EXPECT_EQ(account.hash_method, table[i].method) << account.name;
    EXPECT_EQ(account.administrator, table[i].administrator) << account.name;
    EXPECT_EQ(account.must_change_password, table[i].must_change) << account.name;
  }
  EXPECT_EQ(accounts.accounts[3].password_days_max, 90);
  EXPECT_EQ(accounts.accounts[3].password_changed_at, at("2026-02-16T00:00:00Z"));
  EXPECT_FALSE(accounts.accounts[0].password_days_max) << "99999 is never";
  EXPECT_EQ(accounts.accounts[3].last_login, Time{std::chrono::seconds(1795000000)});
  EXPECT_EQ(accounts.accounts[4].last_login, Time{std::chrono::seconds(1795100000)});
  EXPECT_FALSE(accounts.accounts[5].last_login) << "a logout is no login";
  const std::string json = fact::body_to_json(finding.body);
  for (const char* secret : {"F5Jx5fExrKuPp53xLKQ", "salt", "hash\"", "abcdefgh"}) {
    EXPECT_EQ(json.find(std::string("$") + secret), std::string::npos) << secret;
  }
}

TEST_F(CollectorsTest, AccountsWithoutTheRightToReadShadow) {
  std::filesystem::remove(office_.folder.at("etc/shadow"));
  const auto accounts = body_of<fact::Accounts>(collect_accounts(machine_));
  EXPECT_FALSE(accounts.shadow_readable);
  EXPECT_EQ(accounts.accounts[3].password, "unknown");
}

TEST_F(CollectorsTest, ListeningSocketsWithTheirOwners) {
  const auto sockets = body_of<fact::Listening>(collect_listening(machine_)).sockets;
  const std::vector<fact::Socket> want{{"tcp", "0.0.0.0", 22, "sshd"},
                                       {"tcp", "127.0.0.1", 631, "cupsd"},
                                       {"tcp6", "::", 22, "sshd"},
                                       {"tcp6", "::1", 631, ""},
                                       {"udp", "0.0.0.0", 5353, ""}};
  EXPECT_EQ(sockets, want);
  EXPECT_FALSE(collect_listening(empty_.machine)) << "no /proc is not an empty list";
}

TEST_F(CollectorsTest, DisksWithWhatLiesBelowThem) {
  for (const auto& [number, device] : std::map<std::string, std::string>{{"253:0", "virtual/block/dm-0"},
                                                                         {"253:1", "virtual/block/dm-1"},
                                                                         {"8:1", "pci0/ata1/block/sda/sda1"},
                                                                         {"8:17", "pci0/usb1/1-1/block/sdb/sdb1"},
                                                                         {"7:1", "virtual/block/loop1"}}) {
    office_.link("../../devices/" + device, "sys/dev/block/" + number);
  }
  const auto volumes = body_of<fact::Disks>(collect_disks(machine_)).volumes;
  ASSERT_EQ(volumes.size(), 4U);
  const struct {
    const char* mount;
    const char* file_system;
    bool encrypted;
    bool removable;
  } table[] = {{"/", "ext4", true, false},
               {"/boot", "ext4", false, false},
               {"/media/lan/USB STICK", "vfat", false, true},
               {"/home", "btrfs", true, false}};
  for (std::size_t i = 0; i < volumes.size(); ++i) {
    EXPECT_EQ(volumes[i].mount, table[i].mount);
    EXPECT_EQ(volumes[i].file_system, table[i].file_system);
    EXPECT_EQ(volumes[i].encrypted, table[i].encrypted) << volumes[i].mount;
    EXPECT_EQ(volumes[i].removable, table[i].removable) << volumes[i].mount;
    EXPECT_EQ(volumes[i].size_bytes, 1'000'000);
  }
}

TEST_F(CollectorsTest, InterfacesAndRoutes) {
  office_.kernel.interface_addresses = {{"eno1", "192.0.2.10/24"}, {"eno1", "2001:db8::10/64"}, {"lo", "127.0.0.1/8"}};
  const auto out = body_of<fact::Interfaces>(collect_interfaces(machine_));
  std::map<std::string, std::string> kinds;
  std::map<std::string, bool> up;
  for (const auto& interface : out.interfaces) {
    kinds[interface.name] = interface.kind;
    up[interface.name] = interface.up;
  }
  EXPECT_EQ(
      kinds,
      (std::map<std::string, std::string>{
          {"lo", "loopback"}, {"eno1", "ethernet"}, {"wlp1s0", "wifi"}, {"docker0", "virtual"}, {"tun0", "virtual"}}));
  EXPECT_TRUE(up["lo"] && up["eno1"] && up["tun0"]);
  EXPECT_FALSE(up["docker0"]);
  const std::vector<fact::Route> want{{"0.0.0.0/0", "192.0.2.1", "eno1"},
                                      {"0.0.0.0/0", "198.51.100.1", "wlp1s0"},
                                      {"192.0.2.0/24", "", "eno1"},
                                      {"2001:db8::/64", "", "eno1"},
                                      {"::/0", "fe80::1", "eno1"}};
  EXPECT_EQ(out.routes, want);
}

TEST_F(CollectorsTest, WifiKeysAreSeenToChangeAndNeverTold) {
  office_.kernel.ssids["wlp1s0"] = "UBND Bim Son";
  const auto first = collect_wifi(machine_, "").value();
  const auto wifi = std::get<fact::Wifi>(first.body);
  EXPECT_TRUE(wifi.hardware_present);
  std::map<std::string, fact::WifiNetwork> by_name;
  for (const auto& network : wifi.networks) by_name[network.ssid] = network;
  ASSERT_EQ(by_name.size(), 4U);
  EXPECT_EQ(by_name["UBND Bim Son"].security, "wpa2");
  EXPECT_TRUE(by_name["UBND Bim Son"].connected);
  EXPECT_EQ(by_name["Quan ca phe"].security, "open");
  EXPECT_FALSE(by_name["Quan ca phe"].key_fingerprint);
  EXPECT_EQ(by_name["Cu ky"].security, "wep");
  EXPECT_EQ(by_name["Nhà riêng"].security, "wpa3");
  EXPECT_FALSE(by_name["UBND Bim Son"].key_changed_at) << "never seen to change";
  const std::string told = fact::body_to_json(first.body) + first.memory;
  for (const char* secret : {"mat khau", "another secret", "0123456789\""}) {
    EXPECT_EQ(told.find(secret), std::string::npos) << secret;
  }
  office_.clock.advance(std::chrono::hours(1));
  auto text = office_.machine.text("etc/wpa_supplicant/wpa_supplicant-wlp1s0.conf");
  text.replace(text.find("rat dai"), 7, "moi roi");
  office_.folder.write("etc/wpa_supplicant/wpa_supplicant-wlp1s0.conf", text);
  const auto second = collect_wifi(machine_, first.memory).value();
  for (const auto& network : std::get<fact::Wifi>(second.body).networks) {
    const bool changed = network.ssid == "UBND Bim Son";
    EXPECT_EQ(network.key_changed_at, changed ? std::optional(office_.clock.now()) : std::nullopt) << network.ssid;
  }
  EXPECT_EQ(collect_wifi(machine_, second.memory).value().memory, second.memory);
  office_.machine.secret = std::string(32, 't');
  EXPECT_NE(collect_wifi(machine_, "").value().memory, first.memory) << "another device, another fingerprint";
}

TEST_F(CollectorsTest, AConnectedNetworkWithoutAProfileIsStillSeen) {
  empty_.folder.write("sys/class/net/wlan0/wireless/x", "");
  empty_.kernel.ssids["wlan0"] = "Lạ";
  const auto wifi = body_of<fact::Wifi>(collect_wifi(empty_.machine, ""));
  ASSERT_EQ(wifi.networks.size(), 1U);
  EXPECT_EQ(wifi.networks[0].security, "unknown");
  EXPECT_TRUE(wifi.networks[0].connected);
}

TEST_F(CollectorsTest, Domain) {
  EXPECT_EQ(body_of<fact::Domain>(collect_domain(machine_)), (fact::Domain{"active-directory", "bimson.example"}));
  EXPECT_EQ(body_of<fact::Domain>(collect_domain(empty_.machine)), (fact::Domain{"none", ""}));
  empty_.folder.write("etc/samba/smb.conf", "[global]\nsecurity = ADS\nrealm = BIMSON.EXAMPLE\n");
  EXPECT_EQ(body_of<fact::Domain>(collect_domain(empty_.machine)),
            (fact::Domain{"active-directory", "bimson.example"}));
  empty_.folder.write("etc/sssd/sssd.conf", "[domain/x]\nid_provider=ipa\nipa_domain=ipa.example\n");
  EXPECT_EQ(body_of<fact::Domain>(collect_domain(empty_.machine)), (fact::Domain{"freeipa", "ipa.example"}));
}

TEST_F(CollectorsTest, Shares) {
  const auto shares = body_of<fact::Shares>(collect_shares(machine_));
  EXPECT_TRUE(shares.server_running);
  const std::vector<fact::Share> want{
      {"samba", "chung", "/srv/chung", true, true},      {"samba", "homes", "", false, false},
      {"samba", "van ban", "/srv/vanban", false, false}, {"samba", "anh", "/home/lan/anh", false, true},
      {"nfs", "/srv/nfs", "/srv/nfs", true, false},      {"nfs", "/srv/pub", "/srv/pub", false, true}};
  EXPECT_EQ(shares.shares, want);
  EXPECT_FALSE(body_of<fact::Shares>(collect_shares(empty_.machine)).server_running);
}

TEST_F(CollectorsTest, TimeSync) {
  EXPECT_EQ(body_of<fact::TimeSync>(collect_time_sync(machine_)), (fact::TimeSync{true, "systemd-timesyncd"}));
  office_.folder.write("proc/500/comm", "chronyd\n");
  office_.kernel.synchronised = false;
  EXPECT_EQ(body_of<fact::TimeSync>(collect_time_sync(machine_)), (fact::TimeSync{false, "chrony"}));
}

TEST_F(CollectorsTest, FirewallIsAskedOfItsToolsAndUnknownWithoutThem) {
  empty_.folder.write("proc/modules", "nf_tables 1 0 - Live 0x0\n");
  EXPECT_EQ(body_of<fact::Firewall>(collect_firewall(empty_.machine)).backend, "unknown");
  empty_.folder.write("proc/modules", "ext4 1 0 - Live 0x0\n");
  EXPECT_EQ(body_of<fact::Firewall>(collect_firewall(empty_.machine)).backend, "none");
  empty_.folder.write("usr/sbin/nft", "");
  empty_.kernel.outputs["nft"] = R"({"nftables":[{"chain":{"family":"inet","table":"f","name":"input","hook":"input",
    "type":"filter","prio":0,"policy":"drop"}}]})";
  EXPECT_EQ(body_of<fact::Firewall>(collect_firewall(empty_.machine)), (fact::Firewall{"nftables", true, 0}));
  empty_.kernel.outputs["nft"] = R"({"nftables":[]})";
  empty_.folder.write("usr/sbin/iptables-save", "");
  empty_.kernel.outputs["iptables-save"] = "*filter\n:INPUT DROP [0:0]\nCOMMIT\n";
  EXPECT_EQ(body_of<fact::Firewall>(collect_firewall(empty_.machine)), (fact::Firewall{"iptables", true, 0}));
}

// Every kind on the machine the test runs on: whatever it is, what comes out is a fact that the hub accepts.
TEST(CollectorsSmoke, TheRealMachineGivesFactsThatReadBack) {
  LinuxKernel kernel;
  const SystemClock clock;
  const Machine machine{"/", kernel, clock, std::string(32, 's'), "/nowhere/luy-agent-apt"};
  std::size_t good = 0;
  for (const Collector& collector : linux_collectors(machine)) {
    const auto finding = collector.collect("");
    if (!finding) continue;  // No dpkg, no numbers, no helper: not on every machine.
    EXPECT_EQ(static_cast<fact::Kind>(finding->body.index()), collector.kind);
    const fact::Fact fact{clock.now(), finding->method, finding->body};
    const auto again = fact::from_json(fact::to_json(fact));
    ASSERT_TRUE(again) << fact::name_of(collector.kind) << ": " << again.error().text();
    EXPECT_EQ(*again, fact);
    ++good;
  }
  EXPECT_GE(good, 10U);
}

}  // namespace
}  // namespace luy::agent
