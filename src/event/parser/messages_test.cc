// Goal: the messages of the programs that decide who gets in and what changes are understood, and what the other side
// chose (names of users above all) cannot make them say something else.
#include "event/parser/expect.h"

namespace luy::event {
namespace {

// Each message as that program's syslog line.
void expect_messages(const std::string& program, const std::vector<Case>& cases) {
  for (const auto& [message, wants] : cases) {
    const std::string line = "Nov 22 10:04:05 may-01 " + program + "[42]: " + std::string(message);
    const Event event = parse(Transport::file, "/var/log/auth.log", line, test_context());
    expect_event(event, wants, line);
    EXPECT_EQ(event.text(Field::event_dataset), "system.auth");
    EXPECT_EQ(event.text(Field::message), message);
  }
}

TEST(Sshd, MessagesAreUnderstood) {
  expect_messages(
      "sshd",
      {
          {"Accepted publickey for an from 192.0.2.7 port 4711 ssh2: ED25519 SHA256:abc",
           {{"event.action", "ssh_login"},
            {"event.outcome", "success"},
            {"event.category", "authentication"},
            {"user.name", "an"},
            {"source.ip", "192.0.2.7"},
            {"source.port", "4711"},
            {"network.protocol", "ssh"},
            {"labels.auth_method", "publickey"}}},
          {"Failed password for root from 2001:db8::7 port 4711 ssh2",
           {{"event.action", "ssh_login_failed"},
            {"user.name", "root"},
            {"source.ip", "2001:db8::7"},
            {"labels.user.unknown", ""}}},
          {"Failed password for invalid user admin from 192.0.2.7 port 4711 ssh2",
           {{"event.outcome", "failure"}, {"user.name", "admin"}, {"labels.user.unknown", "true"}}},
          {"Failed publickey for an from 192.0.2.7 port 4711 ssh2: RSA SHA256:x",
           {{"event.action", "ssh_login_failed"}, {"user.name", "an"}, {"labels.auth_method", "publickey"}}},
          {"Invalid user  from 192.0.2.7 port 4711",
           {{"event.action", "ssh_invalid_user"}, {"user.name", ""}, {"source.ip", "192.0.2.7"}}},
          {"Invalid user admin from 192.0.2.7 port 4711", {{"user.name", "admin"}}},
          {"error: maximum authentication attempts exceeded for root from 192.0.2.7 port 4711 ssh2 [preauth]",
           {{"event.action", "ssh_too_many_attempts"}, {"user.name", "root"}, {"source.port", "4711"}}},
          {"Connection closed by authenticating user an 192.0.2.7 port 4711 [preauth]",
           {{"event.action", "ssh_connection_closed"}, {"user.name", "an"}}},
          {"Connection closed by 192.0.2.7 port 4711 [preauth]", {{"user.name", ""}, {"source.ip", "192.0.2.7"}}},
          {"Connection reset by invalid user x 192.0.2.7 port 4711 [preauth]", {{"user.name", "x"}}},
          {"Disconnected from user an 192.0.2.7 port 4711",
           {{"event.action", "ssh_disconnected"}, {"user.name", "an"}}},
          {"Received disconnect from 192.0.2.7 port 4711:11: disconnected by user from 198.51.100.1 port 1",
           {{"event.action", "ssh_disconnected"}, {"source.ip", "192.0.2.7"}, {"source.port", "4711"}}},
          {"Connection from 192.0.2.7 port 4711 on 192.0.2.1 port 22 rdomain \"\"",
           {{"event.action", "ssh_connection"}, {"source.ip", "192.0.2.7"}, {"source.port", "4711"}}},
          {"User an from 192.0.2.7 not allowed because not listed in AllowUsers",
           {{"event.action", "ssh_login_denied"}, {"user.name", "an"}, {"event.reason", "not listed in AllowUsers"}}},
          {"banner exchange: Connection from 192.0.2.7 port 4711: invalid format",
           {{"event.action", "ssh_probe"}, {"source.port", "4711"}}},
          {"Server listening on :: port 22.", {{"event.action", "ssh_server_started"}}},
          {"Received signal 15; terminating.", {{"event.action", "ssh_server_stopped"}}},
          {"Accepted", {{"event.action", ""}}},
          {"Failed", {{"event.action", ""}}},
          {"something new", {{"event.action", ""}, {"event.kind", "event"}}},
      });
}

TEST(Sshd, TheOtherSidesTextCannotForgeTheAddress) {
  expect_messages(
      "sshd",
      {
          {"Failed password for invalid user root from 198.51.100.1 port 1 ssh2 from 192.0.2.7 port 4711 ssh2",
           {{"source.ip", "192.0.2.7"}, {"user.name", "root from 198.51.100.1 port 1 ssh2"}}},
          {"Invalid user a from 198.51.100.1 port 1 from 192.0.2.7 port 4711",
           {{"source.ip", "192.0.2.7"}, {"source.port", "4711"}}},
          {"Connection closed by invalid user a 198.51.100.1 port 1 192.0.2.7 port 4711 [preauth]",
           {{"source.ip", "192.0.2.7"}}},
          {"Accepted publickey for an from 192.0.2.7 port 4711 ssh2: RSA-CERT ID x from 198.51.100.1 port 1 ssh2",
           {{"source.ip", "192.0.2.7"}, {"user.name", "an"}}},
          {"User a from 198.51.100.1 not allowed because x from 192.0.2.7 not allowed because not listed in AllowUsers",
           {{"source.ip", "192.0.2.7"}}},
      });
}

TEST(Sudo, MessagesAreUnderstood) {
  expect_messages(
      "sudo", {
                  {"       an : TTY=pts/0 ; PWD=/home/an ; USER=root ; COMMAND=/usr/bin/sh -c 'a ; USER=x ; b'",
                   {{"event.action", "sudo_command"},
                    {"event.outcome", "success"},
                    {"user.name", "an"},
                    {"user.effective.name", "root"},
                    {"process.working_directory", "/home/an"},
                    {"process.command_line", "/usr/bin/sh -c 'a ; USER=x ; b'"},
                    {"labels.tty", "pts/0"}}},
                  {"an : user NOT in sudoers ; TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/bin/ls",
                   {{"event.action", "sudo_denied"},
                    {"event.outcome", "failure"},
                    {"event.reason", "user NOT in sudoers"},
                    {"process.command_line", "/bin/ls"}}},
                  {"an : 3 incorrect password attempts ; TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/bin/ls",
                   {{"event.action", "sudo_denied"}, {"event.reason", "3 incorrect password attempts"}}},
                  {"pam_unix(sudo:auth): authentication failure; logname=an uid=1000 euid=0 tty=/dev/pts/0 ruser=an "
                   "rhost=  user=an",
                   {{"event.action", "authentication_failed"}, {"user.name", "an"}, {"labels.pam.service", "sudo"}}},
                  {"unable to resolve host may-01", {{"event.action", ""}}},
              });
}

TEST(Su, MessagesAreUnderstood) {
  expect_messages(
      "su",
      {
          {"(to root) an on pts/0",
           {{"event.action", "su"}, {"user.name", "an"}, {"user.effective.name", "root"}, {"labels.tty", "pts/0"}}},
          {"FAILED SU (to root) an on pts/0", {{"event.action", "su_failed"}, {"event.outcome", "failure"}}},
          {"Successful su for root by an", {{"event.action", "su"}, {"user.effective.name", "root"}}},
          {"FAILED su for root by an", {{"event.action", "su_failed"}}},
          {"+ /dev/pts/0 an:root", {{"user.name", "an"}, {"user.effective.name", "root"}}},
          {"bad", {{"event.action", ""}}},
      });
}

TEST(Cron, MessagesAreUnderstood) {
  expect_messages("CRON",
                  {
                      {"(root) CMD (   cd / && run-parts --report /etc/cron.hourly)",
                       {{"event.action", "cron_command"},
                        {"user.name", "root"},
                        {"process.command_line", "   cd / && run-parts --report /etc/cron.hourly"}}},
                      {"(an) REPLACE (an)", {{"event.action", "crontab_replaced"}, {"user.name", "an"}}},
                      {"(*system*) RELOAD (/etc/crontab)", {{"event.action", "crontab_reloaded"}, {"user.name", ""}}},
                      {"(an) AUTH (crontab command not allowed)", {{"event.outcome", "failure"}}},
                      {"(an) NEW (x)", {{"event.action", ""}}},
                  });
}

TEST(Pam, MessagesOfAnyProgramAreUnderstood) {
  expect_messages(
      "gdm-password",
      {
          {"pam_unix(gdm-password:session): session opened for user an(uid=1000) by (uid=0)",
           {{"event.action", "session_opened"},
            {"user.name", "an"},
            {"user.id", "1000"},
            {"labels.pam.module", "pam_unix"},
            {"labels.pam.service", "gdm-password"}}},
          {"pam_unix(sudo:session): session opened for user root(uid=0) by an(uid=1000)", {{"labels.opened_by", "an"}}},
          {"pam_unix(x:session): session opened for user an by (uid=0)", {{"user.name", "an"}, {"user.id", ""}}},
          {"pam_unix(x:session): session closed for user an",
           {{"event.action", "session_closed"}, {"event.type", "end"}}},
          {"pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=192.0.2.7  user=an",
           {{"event.action", "authentication_failed"}, {"source.ip", "192.0.2.7"}, {"user.name", "an"}}},
          {"pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=h.example",
           {{"source.domain", "h.example"}, {"user.name", ""}}},
          {"pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=192.0.2.7  "
           "user=x rhost=198.51.100.1",
           {{"source.ip", "192.0.2.7"}, {"user.name", "x rhost=198.51.100.1"}}},
          {"PAM 2 more authentication failures; logname= uid=0 euid=0 tty=ssh ruser= rhost=192.0.2.7  user=root",
           {{"event.action", "authentication_failed"}, {"user.name", "root"}}},
          {"pam_unix(passwd:chauthtok): password changed for an",
           {{"event.action", "password_changed"}, {"user.target.name", "an"}, {"event.category", "iam"}}},
          {"pam_unix(sshd:auth): check pass; user unknown", {{"event.action", "user_unknown"}}},
          {"pam_faillock(sshd:auth): Consecutive login failures for user an account temporarily locked",
           {{"event.action", "account_locked"}, {"user.target.name", "an"}}},
          {"pam_unix(sshd:account): account an has expired (account expired)", {{"event.action", "account_expired"}}},
          {"pam_env(x:session): deprecated", {{"event.action", ""}, {"labels.pam.module", "pam_env"}}},
      });
}

TEST(AccountTools, MessagesAreUnderstood) {
  expect_messages(
      "useradd",
      {
          {"new user: name=binh, UID=1001, GID=1001, home=/home/binh, shell=/bin/bash, from=/dev/pts/0",
           {{"event.action", "user_added"},
            {"event.category", "iam"},
            {"user.target.name", "binh"},
            {"user.target.id", "1001"},
            {"labels.shell", "/bin/bash"}}},
          {"new group: name=binh, GID=1001",
           {{"event.action", "group_added"}, {"group.name", "binh"}, {"group.id", "1001"}}},
          {"failed adding user 'binh', exit code: 9", {{"event.action", "user_added"}, {"event.outcome", "failure"}}},
          {"add 'binh' to group 'sudo'",
           {{"event.action", "group_member_added"}, {"user.target.name", "binh"}, {"group.name", "sudo"}}},
          {"delete 'binh' from group 'sudo'", {{"event.action", "group_member_removed"}}},
          {"delete user 'binh'", {{"event.action", "user_deleted"}}},
          {"removed group 'binh' owned by 'binh'", {{"event.action", "group_deleted"}, {"group.name", "binh"}}},
          {"group 'binh' removed from /etc/group", {{"event.action", "group_deleted"}}},
          {"lock user 'binh' password", {{"event.action", "account_locked"}}},
          {"change user 'binh' password", {{"event.action", "password_changed"}}},
          {"change user 'binh' shell from '/bin/sh' to '/bin/bash'", {{"event.action", "user_changed"}}},
          {"password for 'binh' changed by 'root'",
           {{"event.action", "password_changed"}, {"user.target.name", "binh"}, {"user.name", "root"}}},
          {"user binh added by root to group sudo",
           {{"event.action", "group_member_added"}, {"user.name", "root"}, {"group.name", "sudo"}}},
          {"changed password expiry for binh", {{"event.action", "password_expiry_changed"}}},
          {"add 'binh", {{"event.action", ""}}},
      });
}

TEST(Systemd, MessagesAreUnderstood) {
  expect_messages(
      "systemd",
      {
          {"Started ssh.service - OpenBSD Secure Shell server.",
           {{"event.action", "service_started"}, {"service.name", "ssh.service"}, {"event.outcome", "success"}}},
          {"Started OpenBSD Secure Shell server.", {{"service.name", ""}, {"event.action", "service_started"}}},
          {"Failed to start clamav-daemon.service - Clam AntiVirus.",
           {{"event.outcome", "failure"}, {"service.name", "clamav-daemon.service"}}},
          {"ssh.service: Main process exited, code=exited, status=255/EXCEPTION",
           {{"event.action", "service_process_exited"}, {"process.exit_code", "255"}}},
          {"ssh.service: Failed with result 'exit-code'.",
           {{"event.action", "service_failed"}, {"event.reason", "exit-code"}}},
          {"ssh.service: Deactivated successfully.", {{"event.action", "service_stopped"}}},
          {"Reached target basic.target - Basic System.", {{"event.action", ""}}},
      });
  expect_messages("systemd-logind",
                  {
                      {"New session 5 of user an.", {{"event.action", "session_opened"}, {"user.name", "an"}}},
                      {"Removed session 5.", {{"event.action", "session_closed"}, {"labels.session", "5"}}},
                      {"System is powering down.", {{"event.action", "host_stopping"}}},
                  });
}

TEST(Kernel, MessagesAreUnderstood) {
  expect_messages(
      "kernel",
      {
          {"[   12.345678] [UFW BLOCK] IN=eth0 OUT= MAC=02:00:00:00:00:01:02:00:00:00:00:07:08:00 SRC=192.0.2.7 "
           "DST=192.0.2.1 "
           "LEN=60 TOS=0x00 TTL=64 ID=1 DF PROTO=TCP SPT=4711 DPT=22 WINDOW=64240 RES=0x00 SYN URGP=0",
           {{"event.action", "firewall_denied"},
            {"event.outcome", "failure"},
            {"source.ip", "192.0.2.7"},
            {"source.port", "4711"},
            {"source.mac", "02:00:00:00:00:07"},
            {"destination.ip", "192.0.2.1"},
            {"destination.port", "22"},
            {"network.transport", "tcp"},
            {"network.direction", "ingress"}}},
          {"nhatky IN= OUT=eth0 SRC=192.0.2.1 DST=192.0.2.7 PROTO=ICMP",
           {{"event.action", "firewall_logged"}, {"network.direction", "egress"}, {"network.transport", "icmp"}}},
          {"[    0.000000] Linux version 6.1.0-27-amd64", {{"event.action", "host_started"}}},
          {"usb 1-2: New USB device found, idVendor=0781, idProduct=5567, bcdDevice= 1.26",
           {{"event.action", "usb_connected"}, {"labels.idVendor", "0781"}, {"labels.usb.port", "1-2"}}},
          {"usb 1-2: USB disconnect, device number 5", {{"event.action", "usb_disconnected"}}},
          {"[  odd", {{"event.action", ""}}},
      });
}

TEST(Clamav, MessagesAreUnderstood) {
  expect_messages("clamd", {
                               {"/home/an/a: b.com: Eicar-Test-Signature FOUND",
                                {{"event.action", "malware_found"},
                                 {"file.path", "/home/an/a: b.com"},
                                 {"labels.malware", "Eicar-Test-Signature"}}},
                               {"SelfCheck: Database status OK.", {{"event.action", ""}}},
                           });
  expect_messages("freshclam",
                  {{"daily.cld updated (version: 27462, sigs: 2066123, f-level: 90, builder: x)",
                    {{"event.action", "antivirus_signatures_updated"}, {"labels.signatures_version", "27462"}}}});
}

}  // namespace
}  // namespace luy::event
