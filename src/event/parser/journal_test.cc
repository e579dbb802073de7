// Goal: entries of the journal's export format are read in both forms of a field; damage leaves the record unparsed.
#include "event/parser/expect.h"

namespace luy::event {
namespace {

using namespace std::string_literals;

TEST(Journal, EntriesAreRead) {
  expect_all(
      Transport::journal, "journal",
      {
          {"__CURSOR=s=1;i=2\n__REALTIME_TIMESTAMP=1795316645678901\n_BOOT_ID=ab\nPRIORITY=6\nSYSLOG_FACILITY=10\n"
           "SYSLOG_IDENTIFIER=sshd\nSYSLOG_PID=42\n_PID=42\n_UID=0\n_COMM=sshd\n_EXE=/usr/sbin/sshd\n"
           "_SYSTEMD_UNIT=ssh.service\n_HOSTNAME=may-01\n_TRANSPORT=syslog\n"
           "_SOURCE_REALTIME_TIMESTAMP=1795316645000001\n"
           "MESSAGE=Accepted password for an from 192.0.2.7 port 4711 ssh2\n",
           {{"@timestamp", "2026-11-22T03:04:05.000001Z"},
            {"host.name", "may-01"},
            {"process.pid", "42"},
            {"process.executable", "/usr/sbin/sshd"},
            {"service.name", "ssh.service"},
            {"log.level", "informational"},
            {"log.syslog.facility.name", "authpriv"},
            {"event.action", "ssh_login"},
            {"user.name", "an"},
            {"user.id", ""},
            {"source.ip", "192.0.2.7"},
            {"labels._UID", "0"},
            {"labels._BOOT_ID", ""},
            {"event.dataset", "systemd.journal"}}},
          // Without its own time: the journal's. systemd names the unit it speaks of in UNIT=.
          {"__REALTIME_TIMESTAMP=1795316645678901\nSYSLOG_IDENTIFIER=systemd\n_SYSTEMD_UNIT=init.scope\n"
           "UNIT=cron.service\nMESSAGE=Started cron.service - Regular background program processing daemon.",
           {{"@timestamp", "2026-11-22T03:04:05.678901Z"},
            {"service.name", "cron.service"},
            {"event.action", "service_started"},
            {"process.name", "systemd"}}},
          {"_TRANSPORT=audit\n_AUDIT_TYPE_NAME=USER_LOGIN\nMESSAGE=USER_LOGIN pid=1 uid=0 msg='op=login acct=\"an\" "
           "exe=\"/usr/sbin/sshd\" hostname=? addr=192.0.2.7 terminal=ssh res=failed'",
           {{"event.action", "user_login"},
            {"event.outcome", "failure"},
            {"user.name", "an"},
            {"source.ip", "192.0.2.7"}}},
          {"MESSAGE=", {{"message", "MESSAGE="}, {"event.kind", "event"}}},
          {"PRIORITY=99999999999999999999\n__REALTIME_TIMESTAMP=-1\nMESSAGE=m",
           {{"log.level", ""}, {"@timestamp", "2026-11-22T05:00:00.000000Z"}}},
      });
}

TEST(Journal, BinaryFieldsAreRead) {
  const std::string entry = "_HOSTNAME=may-01\nMESSAGE\n\x09\0\0\0\0\0\0\0line1\nl=2\nPRIORITY=3\n"s;
  const Event event = parse(Transport::journal, "journal", entry, test_context());
  EXPECT_EQ(event.text(Field::message), "line1\nl=2");
  EXPECT_EQ(event.text(Field::log_level), "error");
  EXPECT_EQ(event.text(Field::host_name), "may-01");
}

TEST(Journal, DamageLeavesTheRecordUnparsed) {
  for (const std::string& entry : {
           ""s,
           "no field\n"s,
           "lower=x\n"s,
           "=x\n"s,
           "MESSAGE\n\x05\0\0\0"s,
           "MESSAGE\n\x05\0\0\0\0\0\0\0four"s,
           "MESSAGE\n\x04\0\0\0\0\0\0\0fourX=1\n"s,
           "MESSAGE\n\xff\xff\xff\xff\xff\xff\xff\xff m"s,
           std::string(65, 'K') + "=x\n",
       }) {
    const Event event = parse(Transport::journal, "journal", entry, test_context());
    EXPECT_EQ(event.text(Field::event_kind), "pipeline_error") << entry;
  }
}

}  // namespace
}  // namespace luy::event
