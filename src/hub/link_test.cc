// Goal: of every kind of log that tells of a connection, the particulars that tracing an origin needs are found, and
// what a log does not tell stays empty. Method: real lines of each kind.
#include "hub/link.h"

#include <gtest/gtest.h>

#include "base/random.h"
#include "event/batch.h"

namespace luy::hub {
namespace {

using event::Transport;

struct LinkTest : ::testing::Test {
  LinkTest() : random(3) {
    received = *from_rfc3339("2026-11-22T03:10:00Z");
    agency = AgencyId::make(received, random);
    device = DeviceId::make(received, random);
  }
  std::optional<Link> link(Transport transport, const std::string& stream, const std::string& raw, bool agent = true) {
    evidence::Record record;
    record.received = received;
    record.transport = static_cast<std::uint8_t>(transport);
    record.source = agency.text() + "/" + (agent ? device.text() : "sender") + "/" + stream;
    record.raw = raw;
    return link_of(record, agent ? std::optional(device) : std::nullopt);
  }
  SeededRandom random;
  Time received;
  AgencyId agency;
  DeviceId device;
};

// Everything in one line: "source:port > destination:port | method | object | packet".
std::string told(const std::optional<Link>& link, const DeviceId& device) {
  if (!link) return "nothing";
  const auto or_dash = [](const std::optional<std::string>& text) { return text.value_or("-"); };
  const auto end = [&](const LinkEnd& one) { return one.value == device.text() ? std::string("device") : one.value; };
  return end(link->source) + ":" + or_dash(link->source_port) + " > " + end(link->destination) + ":" +
         or_dash(link->destination_port) + " | " + or_dash(link->method) + " | " + or_dash(link->object) + " | " +
         or_dash(link->packet);
}

TEST_F(LinkTest, EachKindOfLogTellsWhatItKnows) {
  const struct {
    const char* what;
    Transport transport;
    const char* stream;
    const char* raw;
    const char* want;
  } table[] = {
      {"sshd", Transport::file, "/var/log/auth.log",
       "Nov 22 10:04:05 maychu sshd[42]: Failed password for root from 203.0.113.9 port 40001 ssh2",
       "203.0.113.9:40001 > device:- | ssh: ssh_login_failed | root | -"},
      {"CEF of a firewall", Transport::syslog, "syslog",
       "<134>Nov 22 10:04:05 fw-01 CEF:0|Hang|A|1.0|100|Traffic denied|5|src=192.0.2.7 spt=4711 dst=198.51.100.9 "
       "dpt=445 proto=TCP act=Deny suser=an",
       "192.0.2.7:4711 > 198.51.100.9:445 | A: firewall_denied | an | TCP"},
      {"access log", Transport::file, "/var/log/nginx/access.log",
       R"(203.0.113.5 - - [22/Nov/2026:10:04:05 +0700] "GET /tin-tuc?id=7&p=2 HTTP/1.1" 200 5123)",
       "203.0.113.5:- > device:- | GET /tin-tuc?id=7&p=2 | - | -"},
      {"Windows Filtering Platform, 5156", Transport::file, "/var/log/win.json",
       R"({"Event":{"System":{"Channel":"Security","EventID":5156,"Computer":"PC-01"},"EventData":{"Application":"x.exe",)"
       R"("Direction":"%%14593","SourceAddress":"10.0.0.7","SourcePort":"50123","DestAddress":"203.0.113.66",)"
       R"("DestPort":"443","Protocol":"6"}}})",
       "10.0.0.7:50123 > 203.0.113.66:443 | - | - | TCP"},
      {"Sysmon 3", Transport::file, "/var/log/win.json",
       R"({"Event":{"System":{"Channel":"Microsoft-Windows-Sysmon/Operational","EventID":3,"Computer":"PC-01"},)"
       R"("EventData":{"Image":"C:\\x.exe","User":"BIMSON\\tuan","Protocol":"tcp","SourceIp":"10.0.0.7",)"
       R"("SourcePort":"50124","DestinationIp":"203.0.113.67","DestinationPort":"8443"}}})",
       "10.0.0.7:50124 > 203.0.113.67:8443 | connection_opened | BIMSON\\tuan | TCP"},
      {"auditd", Transport::file, "/var/log/audit/audit.log",
       "type=USER_LOGIN msg=audit(1795316645.678:5): pid=9 uid=0 auid=4294967295 ses=4294967295 msg='op=login "
       "acct=\"tuan\" exe=\"/usr/sbin/sshd\" hostname=? addr=192.0.2.7 terminal=ssh res=failed'",
       "192.0.2.7:- > device:- | auditd: user_login | tuan | -"},
      {"no connection", Transport::file, "/var/log/auth.log", "Nov 22 10:04:05 maychu cron[42]: nothing to see",
       "nothing"},
  };
  for (const auto& [what, transport, stream, raw, want] : table) {
    EXPECT_EQ(told(link(transport, stream, raw), device), want) << what;
  }
}

TEST_F(LinkTest, WithoutAnAgentTheHostOfTheLineIsTheOtherEnd) {
  const auto found =
      link(Transport::syslog, "syslog",
           "<38>Nov 22 10:04:05 maychu sshd[42]: Failed password for root from 203.0.113.9 port 1 ssh2", false);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->destination, (LinkEnd{finding::EntityType::domain, "maychu"}));
  EXPECT_EQ(found->time, *from_rfc3339("2026-11-22T03:04:05Z"));
}

}  // namespace
}  // namespace luy::hub
