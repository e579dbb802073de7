// Goal: RFC 5424 records are read by the grammar of section 6; what breaks it is not taken for one.
#include "event/parser/expect.h"

namespace luy::event {
namespace {

TEST(Rfc5424, RecordsAreRead) {
  expect_all(
      Transport::syslog, "syslog/192.0.2.1",
      {
          // Section 6.5, examples 1 to 4.
          {"<34>1 2003-10-11T22:14:15.003Z mymachine.example.com su - ID47 - \xEF\xBB\xBF'su root' failed for lonvick",
           {{"@timestamp", "2003-10-11T22:14:15.003000Z"},
            {"host.name", "mymachine.example.com"},
            {"log.syslog.appname", "su"},
            {"log.syslog.procid", ""},
            {"log.syslog.msgid", "ID47"},
            {"log.syslog.structured_data", ""},
            {"message", "'su root' failed for lonvick"}}},
          {"<165>1 2003-08-24T05:14:15.000003-07:00 192.0.2.1 myproc 8710 - - %% It's time to make the do-nuts.",
           {{"@timestamp", "2003-08-24T12:14:15.000003Z"},
            {"process.pid", "8710"},
            {"log.syslog.facility.name", "local4"}}},
          {"<165>1 2003-10-11T22:14:15.003Z m evntslog - ID47 [exampleSDID@32473 iut=\"3\" eventSource=\"App "
           "\\\"A\\\"\"] x",
           {{"labels.exampleSDID@32473.iut", "3"},
            {"labels.exampleSDID@32473.eventSource", "App \"A\""},
            {"message", "x"}}},
          {"<165>1 2003-10-11T22:14:15.003Z m evntslog - ID47 [a@1 i=\"3\"][b@1 c=\"\\]\\\\\"]",
           {{"log.syslog.structured_data", "[a@1 i=\"3\"][b@1 c=\"\\]\\\\\"]"}, {"labels.b@1.c", "]\\"}}},
          {"<13>1 - - - - - -", {{"host.name", ""}, {"event.kind", "event"}, {"message", "<13>1 - - - - - -"}}},
          {"<86>1 2026-11-22T10:04:05+07:00 may-01 sshd 42 - - Failed password for root from 192.0.2.7 port 4711 ssh2",
           {{"event.action", "ssh_login_failed"}, {"process.pid", "42"}, {"source.ip", "192.0.2.7"}}},
      });
}

TEST(Rfc5424, BrokenRecordsAreNotTakenForIt) {
  for (const std::string_view line : {
           "<13>1 yesterday h p - - - m",
           "<13>1 - h p - - [a@1 m",
           "<13>1 - h p - - [a@1 b=c] m",
           "<13>1 - h p - - [a@1 b=\"c] m",
           "<13>1 - h p - - [] m",
           "<13>1 - h p - - [a@1 b=\"c\"]m",
           "<13>1 - h p - - m",
       }) {
    // The old syslog's rule for records without a header takes them, whole.
    EXPECT_EQ(parse(Transport::syslog, "s", line, test_context()).text(Field::message), line.substr(4)) << line;
  }
}

TEST(Rfc5424, ManyLongParametersStayBounded) {
  std::string line = "<13>1 - h p - - [" + std::string(1000, 'i');
  for (int i = 0; i < 10'000; ++i) line += " n=\"v\"";
  line += "] m";
  const Event event = parse(Transport::syslog, "s", line, test_context());
  EXPECT_EQ(event.text(Field::message), "m");
  EXPECT_TRUE(event.labels().empty());
}

}  // namespace
}  // namespace luy::event
