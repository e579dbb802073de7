// Goal: each reader says what its program would take as the value, and where it stands. The texts are in the forms the
// programs' manuals describe.
#include <gtest/gtest.h>

#include "hardening/made_machine.h"
#include "hardening/readers/reading.h"

namespace luy::hardening {
namespace {

const Time now = *from_rfc3339("2026-11-22T03:00:00Z");

using Function = Result<Answer> (*)(const Reading&, Machine&);

// "value@file:line" of each value.
std::vector<std::string> read(Function function, const MadeMachine& made, const Reading& reading) {
  Machine machine(made, now);
  const auto answer = function(reading, machine);
  if (!answer) return {"unreadable " + answer.error().detail()};
  if (!answer->reason.empty()) return {"(" + answer->reason + ")"};
  std::vector<std::string> out;
  for (const Value& value : answer->values) {
    std::string one = value.text;
    if (!value.file.empty()) one += "@" + value.file;
    if (value.line > 0) one += ":" + std::to_string(value.line);
    out.push_back(one);
  }
  return out;
}

using Words = std::vector<std::string>;

Reading key(std::string name) {
  Reading out;
  out.key = std::move(name);
  return out;
}

TEST(SshdReader, TakesTheFirstValueAndIncludesWhereTheyStand) {
  MadeMachine m;
  m.files["/etc/ssh/sshd_config"] = "Include /etc/ssh/sshd_config.d/*.conf\nport 22\nPort 2222\n";
  m.files["/etc/ssh/sshd_config.d/20.conf"] = "Port 1020\n";
  m.files["/etc/ssh/sshd_config.d/10.conf"] = "PORT=1010 # first\n";
  m.files["/etc/ssh/sshd_config.d/05.conf.old"] = "Port 1\n";
  EXPECT_EQ(read(read_sshd, m, key("Port")), Words{"1010@/etc/ssh/sshd_config.d/10.conf:1"});
}

TEST(SshdReader, JudgesWhatStandsBelowMatchBesideTheRest) {
  MadeMachine m;
  m.files["/etc/ssh/sshd_config"] = "Match User backup\n  PermitRootLogin yes\nMatch all\nPermitRootLogin \"no\"\n";
  EXPECT_EQ(read(read_sshd, m, key("PermitRootLogin")),
            (Words{"no@/etc/ssh/sshd_config:4", "yes@/etc/ssh/sshd_config:2"}));
}

TEST(SshdReader, AMatchWithinAnIncludedFileEndsWithIt) {
  MadeMachine m;
  m.files["/etc/ssh/sshd_config"] = "Include sshd_config.d/*.conf\nUsePAM yes\n";
  m.files["/etc/ssh/sshd_config.d/a.conf"] = "Match User x\nX11Forwarding yes\n";
  EXPECT_EQ(read(read_sshd, m, key("UsePAM")), Words{"yes@/etc/ssh/sshd_config:2"});
}

TEST(SshdReader, SaysNothingWrongWhereAnIncludedFileCannotBeRead) {
  MadeMachine m;
  m.files["/etc/ssh/sshd_config"] = "Include /etc/ssh/sshd_config.d/*.conf\nUsePAM yes\n";
  m.files["/etc/ssh/sshd_config.d/a.conf"] = "";
  m.closed = {"/etc/ssh/sshd_config.d/a.conf"};
  EXPECT_EQ(read(read_sshd, m, key("UsePAM")), Words{"unreadable /etc/ssh/sshd_config.d/a.conf"});
  m.files["/etc/ssh/sshd_config"] = "Include /etc/ssh/sshd_config\n";
  EXPECT_EQ(read(read_sshd, m, key("UsePAM")), Words{"unreadable /etc/ssh/sshd_config"});
}

TEST(PamReader, FollowsIncludesAndBrackets) {
  MadeMachine m;
  m.files["/etc/pam.d/login"] = "@include common-auth\n-auth optional pam_gnome_keyring.so\n";
  m.files["/etc/pam.d/common-auth"] =
      "auth [success=2 default=ignore] /lib/security/pam_unix.so nullok # as shipped\nauth include other\n";
  m.files["/etc/pam.d/other"] = "auth\trequired\tpam_wheel.so group=x\npassword required pam_wheel.so group=y\n";
  Reading unix;
  unix.service = "login";
  unix.type = "auth";
  unix.module = "pam_unix.so";
  EXPECT_EQ(read(read_pam, m, unix), Words{"[success=2 default=ignore] nullok@/etc/pam.d/common-auth:1"});
  Reading wheel = unix;
  wheel.module = "pam_wheel.so";
  wheel.key = "group";
  EXPECT_EQ(read(read_pam, m, wheel), Words{"x@/etc/pam.d/other:1"});
  wheel.key = "trust";
  EXPECT_EQ(read(read_pam, m, wheel), Words{});
}

TEST(PwqualityReader, CountsOnlyWhatAModuleInTheStackWouldRead) {
  MadeMachine m;
  m.files["/etc/security/pwquality.conf"] = "minlen = 12\n";
  m.files["/etc/pam.d/common-password"] = "password required pam_unix.so\n";
  EXPECT_EQ(read(read_pwquality, m, key("minlen")), Words{});
  m.files["/etc/pam.d/common-password"] = "password requisite pam_pwquality.so retry=3\n";
  m.files["/etc/security/pwquality.conf.d/10.conf"] = "minlen = 6\nminclass=2\nenforce_for_root\n";
  EXPECT_EQ(read(read_pwquality, m, key("minlen")), Words{"12@/etc/security/pwquality.conf:1"});
  EXPECT_EQ(read(read_pwquality, m, key("enforce_for_root")), Words{"yes@/etc/security/pwquality.conf.d/10.conf:3"});
  EXPECT_EQ(read(read_pwquality, m, key("classes")), Words{"2@/etc/security/pwquality.conf.d/10.conf:2"});
  m.files["/etc/pam.d/common-password"] =
      "password requisite pam_pwquality.so minlen=8 ucredit=-1 dcredit=-1 lcredit=-1\n";
  EXPECT_EQ(read(read_pwquality, m, key("minlen")), Words{"8@/etc/pam.d/common-password:1"});
  EXPECT_EQ(read(read_pwquality, m, key("classes")), Words{"3@/etc/pam.d/common-password:1"});
}

TEST(FaillockReader, WantsBothHalvesInTheStack) {
  MadeMachine m;
  m.files["/etc/security/faillock.conf"] = "deny = 4\n";
  m.files["/etc/pam.d/common-auth"] = "auth required pam_faillock.so preauth\n";
  EXPECT_EQ(read(read_faillock, m, key("deny")), Words{});
  m.files["/etc/pam.d/common-auth"] += "auth [default=die] pam_faillock.so authfail\n";
  EXPECT_EQ(read(read_faillock, m, key("deny")), Words{"4@/etc/security/faillock.conf:1"});
}

TEST(SysctlReader, ReadsTheKernelAsItIs) {
  MadeMachine m;
  EXPECT_EQ(read(read_sysctl, m, key("net.ipv4.ip_forward")), Words{"(no_sysctl)"});
  m.sysctl("kernel.osrelease", "6.1");
  EXPECT_EQ(read(read_sysctl, m, key("net.ipv4.ip_forward")), Words{});
  EXPECT_EQ(read(read_sysctl, m, key("net.ipv6.conf.all.forwarding")), Words{"(no_ipv6)"});
  m.sysctl("net.ipv4.ip_forward", "1");
  EXPECT_EQ(read(read_sysctl, m, key("net.ipv4.ip_forward")), Words{"1@/proc/sys/net/ipv4/ip_forward"});
}

TEST(MountReader, TakesTheLastMountOverAPlace) {
  MadeMachine m;
  m.files["/proc/1/mounts"] =
      "/dev/sda1 /my\\040disk ext4 rw 0 0\ntmpfs /tmp tmpfs rw 0 0\ntmpfs /tmp tmpfs rw,nodev 0 0\n";
  EXPECT_EQ(read(read_mount, m, key("/tmp")), Words{"rw,nodev@/proc/1/mounts:3"});
  EXPECT_EQ(read(read_mount, m, key("/my disk")), Words{"rw@/proc/1/mounts:1"});
  m.closed = {"/proc/1/mounts"};
  m.files["/proc/self/mounts"] = "tmpfs /tmp tmpfs ro 0 0\n";
  EXPECT_EQ(read(read_mount, m, key("/tmp")), Words{"ro@/proc/self/mounts:1"});
}

TEST(FileReader, NamesModeOwnerAndGroupOfEveryFileThatFits) {
  MadeMachine m;
  m.files["/etc/passwd"] = "root:x:0:0::/:/bin/sh\n";
  m.files["/etc/group"] = "shadow:x:42:\n";
  m.mode("/etc/ssh/ssh_host_rsa_key", "0600 0 42");
  m.mode("/etc/ssh/ssh_host_dsa_key", "4755 7 9");
  EXPECT_EQ(read(read_file, m, key("/etc/ssh/ssh_host_*_key")),
            (Words{"4755 7 9@/etc/ssh/ssh_host_dsa_key", "0600 root shadow@/etc/ssh/ssh_host_rsa_key"}));
  EXPECT_EQ(read(read_file, m, key("/etc/none")), Words{});
}

TEST(UnitReader, TellsRunningEnabledStoppedAndMaskedApart) {
  MadeMachine m;
  m.mode("/usr/lib/systemd/system/a.service", "0644 0 0");
  EXPECT_EQ(read(read_unit, m, key("a.service")), Words{"(no_systemd)"});
  m.mode("/run/systemd/system", "0755 0 0");
  EXPECT_EQ(read(read_unit, m, key("a.service")), Words{"stopped@/usr/lib/systemd/system/a.service"});
  m.links["/etc/systemd/system/multi-user.target.wants/a.service"] = "/usr/lib/systemd/system/a.service";
  EXPECT_EQ(read(read_unit, m, key("a.service")), Words{"enabled@/usr/lib/systemd/system/a.service"});
  m.links["/run/systemd/units/invocation:a.service"] = "0";
  EXPECT_EQ(read(read_unit, m, key("a.service")), Words{"running@/usr/lib/systemd/system/a.service"});
  m.links["/etc/systemd/system/a.service"] = "/dev/null";
  EXPECT_EQ(read(read_unit, m, key("a.service")), Words{});
  Reading either = key("none.service");
  either.also = {"b.service"};
  m.mode("/etc/systemd/system/b.service", "0644 0 0");
  EXPECT_EQ(read(read_unit, m, either), Words{"stopped@/etc/systemd/system/b.service"});
}

TEST(ModuleReader, KnowsABlacklistFromAnInstallLine) {
  MadeMachine m;
  EXPECT_EQ(read(read_module, m, key("usb-storage")), Words{"(no_modules)"});
  m.sysctl("kernel.osrelease", "6.1");
  m.files["/lib/modules/6.1/modules.dep"] = "kernel/drivers/usb/storage/usb-storage.ko.xz:\n";
  EXPECT_EQ(read(read_module, m, key("usb-storage")), Words{"available@/lib/modules/6.1/modules.dep"});
  EXPECT_EQ(read(read_module, m, key("dccp")), Words{"absent@/lib/modules/6.1/modules.dep"});
  m.files["/etc/modprobe.d/a.conf"] = "blacklist usb_storage\n";
  EXPECT_EQ(read(read_module, m, key("usb-storage")), Words{"blacklisted@/etc/modprobe.d/a.conf:1"});
  m.files["/etc/modprobe.d/b.conf"] = "install usb-storage /usr/bin/true\n";
  EXPECT_EQ(read(read_module, m, key("usb-storage")), Words{"disabled@/etc/modprobe.d/b.conf:1"});
  m.files["/proc/modules"] = "usb_storage 1 0 - Live 0x0\n";
  EXPECT_EQ(read(read_module, m, key("usb-storage")), Words{"loaded@/proc/modules:1"});
}

TEST(AptReader, ReadsScopesCommentsAndOrder) {
  MadeMachine m;
  m.files["/etc/apt/apt.conf.d/10a"] = "/* A::B \"0\";\n */ A { B \"1\"; C:: \"x\"; };\n// A::B \"2\";\n";
  m.files["/etc/apt/apt.conf.d/20b.dpkg-old"] = "A::B \"3\";\n";
  EXPECT_EQ(read(read_apt, m, key("a::b")), Words{"1@/etc/apt/apt.conf.d/10a:2"});
  m.files["/etc/apt/apt.conf"] = "A::B \"4\";";
  EXPECT_EQ(read(read_apt, m, key("A::B")), Words{"4@/etc/apt/apt.conf:1"});
}

TEST(SudoersReader, ReadsDefaultsAndRulesWithoutAPassword) {
  MadeMachine m;
  m.files["/etc/sudoers"] =
      "Defaults env_reset, timestamp_timeout = 5\nDefaults:root !authenticate\n#includedir /etc/sudoers.d\n";
  m.files["/etc/sudoers.d/x"] = "# a NOPASSWD: b\n%admins ALL=(ALL) NOPASSWD: ALL\n";
  m.files["/etc/sudoers.d/x.bak"] = "y ALL = NOPASSWD: ALL\n";
  EXPECT_EQ(read(read_sudoers, m, key("timestamp_timeout")), Words{"5@/etc/sudoers:1"});
  EXPECT_EQ(read(read_sudoers, m, key("authenticate")), Words{});
  EXPECT_EQ(read(read_sudoers, m, key("NOPASSWD")), Words{"%admins@/etc/sudoers.d/x:2"});
}

TEST(SystemdConfReader, LetsDropInsWinByNameAndFolder) {
  MadeMachine m;
  Reading reading = key("Storage");
  reading.file = "/etc/systemd/journald.conf";
  reading.sections = {"Journal"};
  reading.fallback = "auto";
  m.files["/etc/systemd/journald.conf"] = "[Journal]\nStorage=none\n[Other]\nStorage=x\n";
  EXPECT_EQ(read(read_systemd_conf, m, reading), Words{"none@/etc/systemd/journald.conf:2"});
  m.files["/usr/lib/systemd/journald.conf.d/a.conf"] = "[Journal]\nStorage=volatile\n";
  EXPECT_EQ(read(read_systemd_conf, m, reading), Words{"volatile@/usr/lib/systemd/journald.conf.d/a.conf:2"});
  m.files["/etc/systemd/journald.conf.d/a.conf"] = "[Journal]\nStorage=\n";
  EXPECT_EQ(read(read_systemd_conf, m, reading), Words{"auto"});
}

TEST(NginxReader, SaysWhatHoldsInEveryServer) {
  MadeMachine m;
  m.files["/etc/nginx/nginx.conf"] =
      "events { }\nhttp {\n  autoindex off;\n  include sites/*;\n  server {\n    location / { autoindex on; }\n  "
      "}\n}\n";
  m.files["/etc/nginx/sites/a"] = "server { autoindex \"on\"; root /srv/${host}/x; }\n";
  EXPECT_EQ(read(read_nginx, m, key("autoindex")),
            (Words{"on@/etc/nginx/sites/a:1", "off@/etc/nginx/nginx.conf:3", "on@/etc/nginx/nginx.conf:6"}));
}

TEST(NginxReader, AServerWithAHeaderOfItsOwnInheritsNone) {
  MadeMachine m;
  m.files["/etc/nginx/nginx.conf"] =
      "http { add_header X-Frame-Options DENY;\n server { }\n server { add_header X-Other 1; }\n}\n";
  EXPECT_EQ(read(read_nginx, m, key("add_header X-Frame-Options")), Words{});
  m.files["/etc/nginx/nginx.conf"] = "http { add_header X-Frame-Options DENY;\n server { }\n}\n";
  EXPECT_EQ(read(read_nginx, m, key("add_header X-Frame-Options")), Words{"DENY@/etc/nginx/nginx.conf:1"});
}

TEST(PostgresReader, LetsLaterSettingsWinAndAutoConfLast) {
  MadeMachine m;
  m.files["/etc/postgresql/15/main/postgresql.conf"] =
      "ssl = off\nSSL 'on'\ninclude_dir = 'conf.d'\ndata_directory='/data'\n";
  EXPECT_EQ(read(read_postgres, m, key("ssl")), Words{"on@/etc/postgresql/15/main/postgresql.conf:2"});
  m.files["/etc/postgresql/15/main/conf.d/a.conf"] = "ssl = 'it''s' # x\n";
  EXPECT_EQ(read(read_postgres, m, key("ssl")), Words{"it's@/etc/postgresql/15/main/conf.d/a.conf:1"});
  m.files["/data/postgresql.auto.conf"] = "ssl = 'off'\n";
  EXPECT_EQ(read(read_postgres, m, key("ssl")), Words{"off@/data/postgresql.auto.conf:1"});
  EXPECT_EQ(read(read_postgres, MadeMachine(), key("ssl")), Words{"(no_cluster)"});
}

TEST(PgHbaReader, ReadsMasksOfTheirOwnAndLeavesRefusalsOut) {
  MadeMachine m;
  m.files["/etc/postgresql/15/main/postgresql.conf"] = "";
  m.files["/etc/postgresql/15/main/pg_hba.conf"] =
      "local all all peer\nhost all all 192.0.2.0 255.255.255.0 md5\nhost all all all reject\nhost all all ::/0 trust "
      "# x\n";
  EXPECT_EQ(read(read_pg_hba, m, key("method")),
            (Words{"peer@/etc/postgresql/15/main/pg_hba.conf:1", "md5@/etc/postgresql/15/main/pg_hba.conf:2",
                   "trust@/etc/postgresql/15/main/pg_hba.conf:4"}));
  EXPECT_EQ(read(read_pg_hba, m, key("address"))[1], "192.0.2.0/255.255.255.0@/etc/postgresql/15/main/pg_hba.conf:2");
  m.files.erase("/etc/postgresql/15/main/pg_hba.conf");
  EXPECT_EQ(read(read_pg_hba, m, key("method")), Words{"unreadable /etc/postgresql/15/main/pg_hba.conf"});
}

TEST(SambaReader, FoldsNamesJoinsLinesAndReadsIncludes) {
  MadeMachine m;
  m.files["/etc/samba/smb.conf"] = "[Global]\n Map To  Guest = \\\n  Bad User\ninclude = /etc/samba/more.conf\n";
  m.files["/etc/samba/more.conf"] = "; x\n[share]\npublic = yes\n[other]\n";
  EXPECT_EQ(read(read_samba, m, key("map to guest")), Words{"Bad User@/etc/samba/smb.conf:2"});
  Reading guest = key("guest ok");
  guest.also = {"public"};
  guest.fallback = "no";
  EXPECT_EQ(read(read_samba_shares, m, guest), (Words{"no@/etc/samba/smb.conf", "yes@/etc/samba/more.conf:3"}));
  m.files["/etc/samba/smb.conf"] += "include = /etc/samba/%U.conf\n";
  EXPECT_EQ(read(read_samba, m, key("map to guest")), Words{"unreadable /etc/samba/%U.conf"});
}

TEST(IniReader, TakesDashesForUnderscoresAndReadsIncludedFolders) {
  MadeMachine m;
  Reading reading = key("bind_address");
  reading.file = "/etc/mysql/my.cnf";
  reading.sections = {"mysqld"};
  m.files["/etc/mysql/my.cnf"] = "!includedir /etc/mysql/conf.d/\n[client]\nbind-address=1\n";
  m.files["/etc/mysql/conf.d/a.cnf"] = "[mysqld]\nbind-address = 127.0.0.1\n";
  EXPECT_EQ(read(read_ini, m, reading), Words{"127.0.0.1@/etc/mysql/conf.d/a.cnf:2"});
}

TEST(AccountsReader, TellsNamesAndNoHashes) {
  MadeMachine m;
  m.files["/etc/passwd"] = "root:x:0:0::/root:/bin/sh\nx:x:0:0::/:/bin/sh\ny:x:0:0::/:/bin/sh\n";
  m.files["/etc/shadow"] = "root:$1$a$b:20000:0:99999:7:::\nx::20000::::::\ny:!:::::::\n";
  EXPECT_EQ(read(read_accounts, m, key("uid_zero")), Words{"x, y@/etc/passwd:2"});
  EXPECT_EQ(read(read_accounts, m, key("weak_hash")), Words{"root@/etc/shadow:1"});
  EXPECT_EQ(read(read_accounts, m, key("empty_password")), Words{"x@/etc/shadow:2"});
  Reading old = key("old_password");
  old.limit = 90;
  EXPECT_EQ(read(read_accounts, m, old), Words{"root@/etc/shadow:1"});
  m.closed = {"/etc/shadow"};
  EXPECT_EQ(read(read_accounts, m, key("weak_hash")), Words{"unreadable /etc/shadow"});
}

TEST(TextOfFiles, NumbersTimesAndPatterns) {
  EXPECT_EQ(seconds_of("2m"), 120);
  EXPECT_EQ(seconds_of("1h30m"), 5400);
  EXPECT_EQ(seconds_of("90"), 90);
  EXPECT_EQ(seconds_of("m"), std::nullopt);
  EXPECT_EQ(seconds_of("99999999999999999999"), std::nullopt);
  EXPECT_EQ(number_of("-1"), -1);
  EXPECT_EQ(number_of("1x"), std::nullopt);
  EXPECT_TRUE(fits("*.conf", "a.conf"));
  EXPECT_FALSE(fits("*.conf", ".conf"));
  EXPECT_FALSE(fits("*.conf", "a.conf~"));
  EXPECT_TRUE(fits("a?c*", "abc"));
}

}  // namespace
}  // namespace luy::hardening
