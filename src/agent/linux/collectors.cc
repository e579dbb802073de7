#include "agent/linux/collectors.h"

namespace luy::agent {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {

using Plain = Result<Finding> (*)(const Machine&);

Collector plain(const Machine& machine, fact::Kind kind, Duration period, Plain collect) {
  return {kind, period, {}, {}, [&machine, collect](const std::string&) { return collect(machine); }};
}

// Whose settings the hardening checks judge. A change of one is looked at in minutes; what changes unseen (the kernel's
// parameters, a file below a folder that is written in place) is found by the daily look.
std::vector<std::string> checked_files(const Machine& machine) {
  std::vector<std::string> out;
  for (const char* name : {"etc/ssh/sshd_config",
                           "etc/ssh/sshd_config.d",
                           "etc/login.defs",
                           "etc/pam.d",
                           "etc/pam.d/common-auth",
                           "etc/pam.d/common-password",
                           "etc/pam.d/su",
                           "etc/security/pwquality.conf",
                           "etc/security/pwquality.conf.d",
                           "etc/security/faillock.conf",
                           "etc/passwd",
                           "etc/shadow",
                           "etc/group",
                           "etc/sudoers",
                           "etc/sudoers.d",
                           "etc/sysctl.d",
                           "etc/sysctl.conf",
                           "etc/modprobe.d",
                           "etc/fstab",
                           "etc/apt/apt.conf.d",
                           "etc/systemd/journald.conf",
                           "etc/systemd/journald.conf.d",
                           "etc/nginx/nginx.conf",
                           "etc/nginx/conf.d",
                           "etc/nginx/sites-enabled",
                           "etc/apache2/conf-enabled",
                           "etc/mysql/mariadb.conf.d",
                           "etc/redis/redis.conf",
                           "etc/samba/smb.conf",
                           "etc/postfix/main.cf",
                           "var/lib/dpkg/status"}) {
    out.push_back(machine.path(name));
  }
  for (const std::string& version : machine.list("etc/postgresql")) {
    for (const std::string& cluster : machine.list("etc/postgresql/" + version)) {
      const std::string folder = "etc/postgresql/" + version + "/" + cluster;
      out.push_back(machine.path(folder + "/postgresql.conf"));
      out.push_back(machine.path(folder + "/pg_hba.conf"));
    }
  }
  return out;
}

}  // namespace

// Cheap and telling ones first: the first round is collected in this order.
std::vector<Collector> linux_collectors(const Machine& machine) {
  using fact::Kind;
  std::vector<Collector> all;
  all.push_back(plain(machine, Kind::identity, hours(1), collect_identity));
  all.push_back(plain(machine, Kind::os, minutes(10), collect_os));
  all.push_back(plain(machine, Kind::hardware, hours(6), collect_hardware));
  all.push_back(plain(machine, Kind::accounts, seconds(60), collect_accounts));
  all.push_back(plain(machine, Kind::interfaces, seconds(60), collect_interfaces));
  all.push_back(plain(machine, Kind::listening, seconds(60), collect_listening));
  all.push_back(plain(machine, Kind::disks, minutes(5), collect_disks));
  all.push_back(plain(machine, Kind::domain, minutes(10), collect_domain));
  all.push_back(plain(machine, Kind::shares, minutes(5), collect_shares));
  all.push_back(plain(machine, Kind::time_sync, minutes(5), collect_time_sync));
  all.push_back(plain(machine, Kind::antivirus, minutes(5), collect_antivirus));
  if (machine.backups) {
    all.push_back(
        {Kind::backup, minutes(5), {machine.backups_sign}, {}, [&machine](const std::string&) -> Result<Finding> {
           return Finding{"restic", machine.backups(), {}};
         }});
  }
  all.push_back(plain(machine, Kind::firewall, minutes(5), collect_firewall));
  all.push_back(
      {Kind::wifi, minutes(5), {}, {}, [&machine](const std::string& m) { return collect_wifi(machine, m); }});
  all.push_back(plain(machine, Kind::neighbours, minutes(5), collect_neighbours));
  all.push_back(
      {Kind::packages, hours(1), {}, {}, [&machine](const std::string& m) { return collect_packages(machine, m); }});
  all.push_back({Kind::updates, hours(1), {}, minutes(2), [&machine](const std::string& m) {
                   return collect_updates(machine, m);
                 }});
  all.push_back({Kind::hardening, hours(24), checked_files(machine), minutes(5),
                 [&machine](const std::string&) { return collect_hardening(machine); }});
  all.push_back(plain(machine, Kind::software_gate, minutes(5), collect_software_gate));
  all.push_back(plain(machine, Kind::removable, minutes(5), collect_removable));
  const std::string status = machine.path("var/lib/dpkg/status");
  const std::string lists = machine.path("var/lib/apt/lists");
  for (Collector& collector : all) {
    if (collector.kind == Kind::packages) {
      collector.triggers = {status};
      collector.pause = seconds(30);
    }
    if (collector.kind == Kind::antivirus) collector.triggers = machine.own_signs;
    const bool of_gate = collector.kind == Kind::software_gate || collector.kind == Kind::removable;
    if (of_gate) collector.triggers = machine.gate_signs;
    if (collector.kind == Kind::updates) collector.triggers = {status, lists};
    if (collector.kind == Kind::accounts) {
      collector.triggers = {machine.path("etc/passwd"), machine.path("etc/shadow"), machine.path("etc/group")};
    }
  }
  return all;
}

}  // namespace luy::agent
