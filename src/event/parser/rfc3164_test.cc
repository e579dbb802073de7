// Goal: syslog headers of the old kind are read in every form that devices and log files use, and nothing else is.
#include "event/parser/expect.h"

namespace luy::event {
namespace {

TEST(Rfc3164, HeadersOfTheNetworkAreRead) {
  expect_all(Transport::syslog, "syslog/192.0.2.1",
             {
                 // Section 5.4, examples 1 and 2.
                 {"<34>Oct 11 22:14:15 mymachine su: 'su root' failed for lonvick on /dev/pts/8",
                  {{"@timestamp", "2026-10-11T15:14:15.000000Z"},
                   {"host.name", "mymachine"},
                   {"process.name", "su"},
                   {"log.syslog.priority", "34"},
                   {"log.syslog.facility.name", "auth"},
                   {"log.syslog.severity.name", "critical"},
                   {"event.severity", "2"},
                   {"event.dataset", "syslog"},
                   {"event.kind", "event"},
                   {"message", "'su root' failed for lonvick on /dev/pts/8"}}},
                 {"<13>Feb  5 17:32:18 10.0.0.99 Use the BFG!",
                  {{"host.name", "10.0.0.99"}, {"process.name", ""}, {"message", "Use the BFG!"}}},
                 {"<189>Jan 6 02:28:49 dist-sw03 %AAA-5-USER_LOGGED: User backup-svc executed: show ip route",
                  {{"@timestamp", "2026-01-05T19:28:49.000000Z"},
                   {"host.name", "dist-sw03"},
                   {"event.code", "AAA-5-USER_LOGGED"},
                   {"event.provider", "AAA"},
                   {"log.level", "notice"},
                   {"message", "%AAA-5-USER_LOGGED: User backup-svc executed: show ip route"}}},
                 {"<166>Nov 22 2025 10:04:05: %ASA-6-302013: Built inbound TCP connection",
                  {{"@timestamp", "2025-11-22T03:04:05.000000Z"}, {"event.code", "ASA-6-302013"}, {"host.name", ""}}},
                 {"<166>Nov 22 2025 10:04:05 fw1 : %ASA-6-302013: Built",
                  {{"host.name", "fw1"}, {"event.code", "ASA-6-302013"}, {"message", "%ASA-6-302013: Built"}}},
                 {"<187>*Nov 22 10:04:05.678: %LINK-3-UPDOWN: Interface down",
                  {{"@timestamp", "2026-11-22T03:04:05.678000Z"}, {"log.level", "error"}}},
                 // Section 4.3.3: no header behind the priority.
                 {"<0>Server is on fire", {{"message", "Server is on fire"}, {"log.level", "emergency"}}},
                 {"<13>kernel: hello\n", {{"process.name", "kernel"}, {"message", "hello"}}},
             });
}

TEST(Rfc3164, LinesOfFilesAreRead) {
  expect_all(
      Transport::file, "/var/log/syslog",
      {
          {"Nov 22 10:04:05 may-01 sshd[123]: Server listening on 0.0.0.0 port 22.",
           {{"@timestamp", "2026-11-22T03:04:05.000000Z"},
            {"host.name", "may-01"},
            {"process.name", "sshd"},
            {"process.pid", "123"},
            {"log.file.path", "/var/log/syslog"},
            {"event.dataset", "system.syslog"},
            {"event.action", "ssh_server_started"}}},
          // rsyslog of Debian 12.
          {"2026-11-22T10:04:05.678901+07:00 may-01 CRON[7]: (root) CMD (true)",
           {{"@timestamp", "2026-11-22T03:04:05.678901Z"}, {"process.name", "CRON"}, {"event.action", "cron_command"}}},
          {"Nov 22 10:04:05 sshd[123]: no host here", {{"host.name", ""}, {"process.name", "sshd"}}},
          {"Nov 22 10:04:05 may-01 (systemd)[9]: pam_unix(systemd-user:session): session opened for user an by (uid=0)",
           {{"process.name", "(systemd)"}, {"event.action", "session_opened"}}},
          {"Nov 22 10:04:05 may-01 postfix/smtpd[55]: connect from unknown",
           {{"process.name", "postfix/smtpd"}, {"process.pid", "55"}}},
          {"Nov 22 10:04:05 may-01 last message repeated 2 times",
           {{"host.name", ""}, {"message", "may-01 last message repeated 2 times"}}},
      });
}

TEST(Rfc3164, OtherLinesAreNotTakenForSyslog) {
  for (const std::string_view line : {"", "<192>Nov 22 10:04:05 h p: m", "<>x", "<1x>y", "<0000>x",
                                      "Nov 32 10:04:05 h p: m", "Nov 22 24:04:05 h p: m", "Nov 22 10:04 h p: m",
                                      "Nob 22 10:04:05 h p: m", "ovD 22 10:04:05 h p: m", "plain text"}) {
    const Event event = parse(Transport::file, "/var/log/x", line, test_context());
    EXPECT_EQ(event.text(Field::event_kind), "pipeline_error") << line;
    EXPECT_EQ(event.text(Field::message), line);
  }
}

TEST(Rfc3164, TheYearIsTheNewestThatFits) {
  const struct {
    std::string_view received;
    std::string_view line;
    std::string_view time;
  } table[] = {
      {"2026-11-22T05:00:00Z", "Nov 22 11:59:59 h p: m", "2026-11-22T04:59:59.000000Z"},
      {"2026-11-22T05:00:00Z", "Nov 23 11:00:00 h p: m", "2026-11-23T04:00:00.000000Z"},  // A clock ahead by hours.
      {"2026-11-22T05:00:00Z", "Nov 24 11:00:00 h p: m", "2025-11-24T04:00:00.000000Z"},
      {"2026-11-22T05:00:00Z", "Mar  1 00:00:00 h p: m", "2026-02-28T17:00:00.000000Z"},
      {"2026-12-31T17:00:01Z", "Dec 31 23:59:59 h p: m", "2026-12-31T16:59:59.000000Z"},  // New Year in Vietnam.
      {"2026-12-31T16:59:50Z", "Jan  1 00:00:05 h p: m", "2026-12-31T17:00:05.000000Z"},
      {"2027-06-01T00:00:00Z", "Feb 29 00:00:00 h p: m", "2024-02-28T17:00:00.000000Z"},
      {"2100-06-01T00:00:00Z", "Feb 29 00:00:00 h p: m", "2096-02-28T17:00:00.000000Z"},
  };
  for (const auto& [received, line, time] : table) {
    const ParseContext context{.received = from_rfc3339(received).value()};
    EXPECT_EQ(parse(Transport::file, "/var/log/syslog", line, context).get("@timestamp"), time) << line;
  }
}

TEST(Rfc3164, TheZoneIsTheContexts) {
  const ParseContext utc{.received = test_context().received, .offset = std::chrono::minutes{0}};
  EXPECT_EQ(parse(Transport::file, "/var/log/syslog", "Nov 22 04:04:05 h p: m", utc).get("@timestamp"),
            "2026-11-22T04:04:05.000000Z");
}

}  // namespace
}  // namespace luy::event
