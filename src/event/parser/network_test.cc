// Goal: the log lines of firewalls, switches, routers and the servers of a local network say who, from where, and what
// was done with it.
#include "event/parser/expect.h"

namespace luy::event {
namespace {

void expect_syslog(const std::vector<Case>& cases) {
  expect_all(Transport::syslog, "syslog", cases);
}

TEST(Cef, HeadAndExtensionAreRead) {
  expect_syslog({
      {R"(<134>Nov 22 10:04:05 fw-01 CEF:0|Hang\|A|Tuong lua|1.0|100|Traffic denied|5|src=192.0.2.7 spt=4711 dst=198.51.100.9 dpt=445 proto=TCP act=Deny msg=hai \= ba\nchữ suser=an cs1Label=Chính sách cs1=chặn ra ngoài)",
       {{"event.dataset", "cef"},
        {"observer.vendor", "Hang|A"},
        {"observer.product", "Tuong lua"},
        {"event.code", "100"},
        {"rule.name", "Traffic denied"},
        {"host.name", "fw-01"},
        {"source.ip", "192.0.2.7"},
        {"source.port", "4711"},
        {"destination.ip", "198.51.100.9"},
        {"destination.port", "445"},
        {"network.transport", "tcp"},
        {"event.action", "firewall_denied"},
        {"user.name", "an"},
        {"labels.msg", "hai = ba\nchữ"},
        {"labels.cs1Label", "Chính sách"},
        {"labels.cs1", "chặn ra ngoài"}}},
      {"CEF:0|V|P|1|7|N|3|rt=1795316645500 src=192.0.2.7 dst=192.0.2.9 act=accepted request=http://a.example/b?c=d&e=f",
       {{"@timestamp", "2026-11-22T03:04:05.500000Z"},
        {"event.action", "firewall_allowed"},
        {"url.domain", "a.example"},
        {"url.query", "c=d&e=f"}}},
      {"<134>1 2026-11-22T03:04:05Z fw-01 - - - - CEF:0|V|P|1|7|N|3|suser=an outcome=failure",
       {{"user.name", "an"}, {"event.outcome", "failure"}, {"event.category", "host"}}},
      {"CEF:0|V|P|1|7|N|3|", {{"event.dataset", "cef"}}},
      {"CEF:9|V|P|1|7|N|3|", {{"event.kind", "pipeline_error"}}},
      {"CEF:0|V|P", {{"event.kind", "pipeline_error"}}},
  });
}

TEST(Fortigate, LinesAreRead) {
  expect_syslog({
      {R"(<189>date=2026-11-22 time=10:04:05 devname="FG-01" logid="0000000013" type="traffic" subtype="forward" level="notice" srcip=192.0.2.7 srcport=4711 srccountry="Viet Nam" dstip=198.51.100.9 dstport=22 proto=6 action="deny" policyname="chan" service="SSH")",
       {{"@timestamp", "2026-11-22T03:04:05.000000Z"},
        {"host.name", "FG-01"},
        {"event.action", "firewall_denied"},
        {"source.ip", "192.0.2.7"},
        {"source.geo.country_name", "Viet Nam"},
        {"destination.port", "22"},
        {"network.transport", "tcp"},
        {"rule.name", "chan"},
        {"labels.action", "deny"},
        {"observer.vendor", "Fortinet"}}},
      {R"(<189>date=2026-11-22 time=10:04:05 devname="FG-01" type="traffic" srcip=192.0.2.7 dstip=192.0.2.9 action="close")",
       {{"event.action", "firewall_allowed"}}},
      {R"(<189>date=2026-11-22 time=10:04:05 devname="FG-01" type="event" subtype="vpn" action="tunnel-up" remip=203.0.113.5 user="an")",
       {{"event.action", "vpn_login"}, {"source.ip", "203.0.113.5"}, {"user.name", "an"}}},
      {R"(<189>date=2026-11-22 time=10:04:05 devname="FG-01" type="event" subtype="vpn" action="ssl-login-fail" remip=203.0.113.5 user="N/A")",
       {{"event.action", "vpn_login_failed"}, {"user.name", ""}}},
      {R"(<189>date=2026-11-22 time=10:04:05 devname="FG-01" type="event" subtype="system" action="login" status="failed" user="admin" srcip=192.0.2.7)",
       {{"event.action", "device_login_failed"}, {"event.category", "authentication"}}},
      {R"(<189>date=2026-11-22 time=10:04:05 devname="FG-01" type="event" subtype="system" action="Add" cfgpath="firewall.policy" user="admin")",
       {{"event.action", "device_configuration_changed"}, {"labels.cfgpath", "firewall.policy"}}},
  });
}

TEST(CiscoAsa, MessagesAreUnderstood) {
  expect_syslog({
      {R"(<164>Nov 22 2026 10:04:05 fw1 : %ASA-4-106023: Deny tcp src outside:203.0.113.5/4711 dst inside:192.0.2.1/22 by access-group "outside_in" [0x0, 0x0])",
       {{"event.action", "firewall_denied"},
        {"event.code", "ASA-4-106023"},
        {"event.dataset", "cisco.asa"},
        {"source.ip", "203.0.113.5"},
        {"source.port", "4711"},
        {"destination.ip", "192.0.2.1"},
        {"destination.port", "22"},
        {"observer.ingress.interface.name", "outside"},
        {"network.transport", "tcp"},
        {"rule.name", "outside_in"}}},
      {"<166>Nov 22 2026 10:04:05 fw1 : %ASA-6-302013: Built outbound TCP connection 7 for outside:198.51.100.9/443 "
       "(198.51.100.9/443) to inside:192.0.2.1/50000 (203.0.113.1/50000)",
       {{"event.action", "firewall_allowed"},
        {"source.ip", "192.0.2.1"},
        {"source.port", "50000"},
        {"destination.ip", "198.51.100.9"},
        {"destination.port", "443"},
        {"network.direction", "egress"}}},
      {R"(<165>Nov 22 2026 10:04:05 fw1 : %ASA-6-605004: Login denied from 203.0.113.5/4711 to outside:192.0.2.1/ssh for user "admin")",
       {{"event.action", "device_login_failed"}, {"user.name", "admin"}, {"source.ip", "203.0.113.5"}}},
      {"<165>Nov 22 2026 10:04:05 fw1 : %ASA-6-113039: Group <G> User <an> IP <203.0.113.5> AnyConnect parent session "
       "started.",
       {{"event.action", "vpn_login"}, {"user.name", "an"}, {"source.ip", "203.0.113.5"}}},
      {"<165>Nov 22 2026 10:04:05 fw1 : %ASA-6-113005: AAA user authentication Rejected : reason = Invalid password : "
       "server = 192.0.2.1 : user = an : user IP = 203.0.113.5",
       {{"event.action", "vpn_login_failed"}, {"user.name", "an"}, {"source.ip", "203.0.113.5"}}},
      {"<165>Nov 22 2026 10:04:05 fw1 : %ASA-5-111008: User 'an' executed the 'no logging enable' command.",
       {{"event.action", "device_command"}, {"process.command_line", "no logging enable"}, {"user.name", "an"}}},
      {"<165>Nov 22 2026 10:04:05 fw1 : %ASA-5-111010: User 'an', running 'CLI' from IP 192.0.2.7, executed 'write "
       "erase'",
       {{"process.command_line", "write erase"}, {"source.ip", "192.0.2.7"}}},
      {"<164>Nov 22 2026 10:04:05 fw1 : %ASA-4-106023: Deny", {{"event.action", ""}}},
  });
}

TEST(CiscoIos, MessagesAreUnderstood) {
  expect_syslog({
      {"<189>45: sw1: *Nov 22 10:04:05.123: %SYS-5-CONFIG_I: Configured from console by an on vty0 (192.0.2.7)",
       {{"@timestamp", "2026-11-22T03:04:05.123000Z"}, {"host.name", "sw1"}, {"user.name", "an"}}},
      {"<189>45: .Nov 22 10:04:05.123: %SYS-5-RELOAD: Reload requested by an on vty0",
       {{"host.name", ""}, {"event.action", "device_restarting"}}},
      {"<189>Nov 22 10:04:05 sw1 %SYS-5-CONFIG_I: Configured from console by an on vty0 (192.0.2.7)",
       {{"event.action", "device_configuration_changed"},
        {"event.dataset", "cisco.ios"},
        {"user.name", "an"},
        {"source.ip", "192.0.2.7"},
        {"message", "%SYS-5-CONFIG_I: Configured from console by an on vty0 (192.0.2.7)"}}},
      {"<188>Nov 22 10:04:05 sw1 %SEC_LOGIN-4-LOGIN_FAILED: Login failed [user: admin] [Source: 192.0.2.7] [localport: "
       "22] [Reason: Login Authentication Failed] at 10:04:05",
       {{"event.action", "device_login_failed"},
        {"user.name", "admin"},
        {"event.reason", "Login Authentication Failed"}}},
      {"<189>Nov 22 10:04:05 sw1 %PARSER-5-CFGLOG_LOGGEDCMD: User:an  logged command:no logging host 192.0.2.1",
       {{"event.action", "device_command"},
        {"process.command_line", "no logging host 192.0.2.1"},
        {"user.name", "an"}}},
      {"<190>Nov 22 10:04:05 r1 %SEC-6-IPACCESSLOGP: list 101 denied tcp 203.0.113.5(4711) -> 192.0.2.1(22), 1 packet",
       {{"event.action", "firewall_denied"},
        {"source.port", "4711"},
        {"destination.ip", "192.0.2.1"},
        {"destination.port", "22"},
        {"rule.name", "101"}}},
      {"<190>Nov 22 10:04:05 r1 %SEC-6-IPACCESSLOGDP: list 101 permitted icmp 203.0.113.5 -> 192.0.2.1 (8/0), 1 packet",
       {{"event.action", "firewall_allowed"}, {"source.ip", "203.0.113.5"}, {"destination.ip", "192.0.2.1"}}},
      {"<186>Nov 22 10:04:05 sw1 %PORT_SECURITY-2-PSECURE_VIOLATION: Security violation occurred, caused by MAC "
       "address "
       "0200.0000.0007 on port Gi0/1.",
       {{"event.action", "port_security_violation"}, {"source.mac", "0200.0000.0007"}}},
      {"<188>Nov 22 10:04:05 sw1 %DHCP_SNOOPING-5-DHCP_SNOOPING_UNTRUSTED_PORT: DHCP_SNOOPING drop message on "
       "untrusted "
       "port, message type: DHCPOFFER, MAC sa: 0200.0000.0007",
       {{"event.action", "rogue_dhcp_server"}, {"source.mac", "0200.0000.0007"}}},
  });
}

TEST(Mikrotik, MessagesAreUnderstood) {
  expect_syslog({
      {"<30>Nov 22 10:04:05 rb-01 system,info,account user an logged in from 192.0.2.7 via winbox",
       {{"event.action", "device_login"},
        {"host.name", "rb-01"},
        {"user.name", "an"},
        {"source.ip", "192.0.2.7"},
        {"network.protocol", "winbox"},
        {"labels.topics", "system,info,account"}}},
      {"<28>system,error,critical login failure for user a from 1.1.1.1 from 203.0.113.5 via ssh",
       {{"event.action", "device_login_failed"}, {"user.name", "a from 1.1.1.1"}, {"source.ip", "203.0.113.5"}}},
      {"<30>Nov 22 10:04:05 rb-01 system,info: filter rule changed by "
       "winbox-3.40/tcp-msg(winbox):an@192.0.2.7/action:7",
       {{"event.action", "device_configuration_changed"},
        {"event.reason", "filter rule"},
        {"user.name", "an"},
        {"source.ip", "192.0.2.7"}}},
      {"<30>Nov 22 10:04:05 rb-01 l2tp,ppp,info,account an logged in, 10.8.0.5 from 203.0.113.9",
       {{"event.action", "vpn_login"}, {"user.name", "an"}, {"source.ip", "203.0.113.9"}}},
      {"<30>Nov 22 10:04:05 rb-01 firewall,info drop forward: in:bridge out:ether1, src-mac 02:00:00:00:00:07, proto "
       "TCP "
       "(SYN), 192.0.2.7:4711->198.51.100.9:22, len 60",
       {{"event.action", "firewall_denied"},
        {"source.ip", "192.0.2.7"},
        {"source.mac", "02:00:00:00:00:07"},
        {"destination.ip", "198.51.100.9"},
        {"destination.port", "22"},
        {"network.transport", "tcp"},
        {"observer.egress.interface.name", "ether1"}}},
      {"<28>Nov 22 10:04:05 rb-01 dhcp,critical,error dhcp alert on bridge: discovered unknown dhcp server, mac "
       "02:00:00:00:00:07, ip 192.0.2.7",
       {{"event.action", "rogue_dhcp_server"}, {"source.mac", "02:00:00:00:00:07"}, {"source.ip", "192.0.2.7"}}},
      {"<30>Nov 22 10:04:05 rb-01 hello,world user an logged in from 192.0.2.7 via x", {{"event.action", ""}}},
  });
}

TEST(Postfix, MessagesAreUnderstood) {
  expect_syslog({
      {"<22>Nov 22 10:04:05 mx postfix/qmgr[7]: 4F2A17C0: from=<an@town.vn>, size=1234, nrcpt=50 (queue active)",
       {{"event.action", "mail_queued"},
        {"email.from.address", "an@town.vn"},
        {"labels.nrcpt", "50"},
        {"labels.queue_id", "4F2A17C0"}}},
      {"<22>Nov 22 10:04:05 mx postfix/smtp[7]: 4F2A17C0: to=<x@a.example>, relay=mx.a.example[203.0.113.5]:25, "
       "delay=1, status=sent (250 ok)",
       {{"event.action", "mail_delivered"}, {"email.to.address", "x@a.example"}, {"event.outcome", "success"}}},
      {"<22>Nov 22 10:04:05 mx postfix/submission/smtpd[7]: 4F2A17C0: client=unknown[192.0.2.7], sasl_method=LOGIN, "
       "sasl_username=an",
       {{"event.action", "mail_received"}, {"source.ip", "192.0.2.7"}, {"user.name", "an"}}},
      {"<20>Nov 22 10:04:05 mx postfix/smtpd[7]: warning: unknown[203.0.113.5]: SASL LOGIN authentication failed: "
       "UGFzc3dvcmQ6, sasl_username=an",
       {{"event.action", "mail_login_failed"}, {"source.ip", "203.0.113.5"}, {"user.name", "an"}}},
      {"<22>Nov 22 10:04:05 mx postfix/smtpd[7]: NOQUEUE: reject: RCPT from unknown[203.0.113.5]: 554 5.7.1 <x@b>: "
       "Relay "
       "access denied; from=<a@b> to=<x@c> proto=ESMTP",
       {{"event.action", "mail_rejected"}, {"email.to.address", "x@c"}, {"source.ip", "203.0.113.5"}}},
      {"<22>Nov 22 10:04:05 mx postfix/smtpd[7]: connect from unknown[203.0.113.5]", {{"event.action", ""}}},
  });
}

TEST(Lan, MessagesAreUnderstood) {
  expect_syslog({
      {"<30>Nov 22 10:04:05 gw dnsmasq[7]: query[A] www.example.com from 192.0.2.7",
       {{"event.action", "dns_query"},
        {"dns.question.name", "www.example.com"},
        {"dns.question.type", "A"},
        {"source.ip", "192.0.2.7"}}},
      {"<30>Nov 22 10:04:05 gw dnsmasq-dhcp[7]: DHCPACK(eth0) 192.0.2.7 02:00:00:00:00:07 may-01",
       {{"event.action", "dhcp_lease"}, {"source.mac", "02:00:00:00:00:07"}, {"source.domain", "may-01"}}},
      {"<30>Nov 22 10:04:05 gw dhcpd[7]: DHCPACK on 192.0.2.7 to 02:00:00:00:00:07 (may-01) via eth0",
       {{"source.ip", "192.0.2.7"}, {"source.mac", "02:00:00:00:00:07"}, {"source.domain", "may-01"}}},
      {"<30>Nov 22 10:04:05 gw unbound: [7:0] info: 192.0.2.7 www.example.com. AAAA IN",
       {{"dns.question.name", "www.example.com"}, {"dns.question.type", "AAAA"}, {"source.ip", "192.0.2.7"}}},
      {"<30>Nov 22 10:04:05 gw named[7]: client @0x7f 192.0.2.7#4711 (example.com): query: example.com IN TXT +E(0)K "
       "(192.0.2.1)",
       {{"dns.question.name", "example.com"}, {"dns.question.type", "TXT"}, {"source.port", "4711"}}},
      {"<30>Nov 22 10:04:05 gw arpwatch: changed ethernet address 192.0.2.1 2:0:0:0:0:7 (2:0:0:0:0:1) eth0",
       {{"event.action", "arp_address_changed"}, {"source.mac", "2:0:0:0:0:7"}, {"labels.mac.before", "2:0:0:0:0:1"}}},
      {"<30>Nov 22 10:04:05 gw openvpn[7]: 203.0.113.5:4711 [an] Peer Connection Initiated with "
       "[AF_INET]203.0.113.5:4711",
       {{"event.action", "vpn_login"}, {"user.name", "an"}, {"source.ip", "203.0.113.5"}}},
      {"<30>Nov 22 10:04:05 gw openvpn[7]: 203.0.113.5:4711 TLS Auth Error: Auth Username/Password verification failed "
       "for peer",
       {{"event.action", "vpn_login_failed"}, {"event.outcome", "failure"}}},
      {"<30>Nov 22 10:04:05 gw dnsmasq[7]: reply www.example.com is 203.0.113.5", {{"event.action", ""}}},
  });
}

TEST(KernelMore, DisksModulesAndListeningAreUnderstood) {
  expect_syslog({
      {"<6>Nov 22 10:04:05 may-01 kernel: sd 2:0:0:0: [sdb] Attached SCSI removable disk",
       {{"event.action", "removable_disk_attached"}, {"labels.disk", "sdb"}}},
      {"<6>Nov 22 10:04:05 may-01 kernel: usb-storage 1-2:1.0: USB Mass Storage device detected",
       {{"event.action", "usb_storage_detected"}}},
      {"<4>Nov 22 10:04:05 may-01 kernel: abc: loading out-of-tree module taints kernel.",
       {{"event.action", "foreign_module_loaded"}, {"labels.module", "abc"}}},
      {"<6>Nov 22 10:04:05 may-01 kernel: device eth0 entered promiscuous mode",
       {{"event.action", "promiscuous_mode_changed"}, {"observer.ingress.interface.name", "eth0"}}},
      {"<6>Nov 22 10:04:05 may-01 kernel: cho-ra IN=br0 OUT=eth0 SRC=192.0.2.7 DST=198.51.100.9 PROTO=TCP SPT=1 DPT=2",
       {{"observer.ingress.interface.name", "br0"}, {"observer.egress.interface.name", "eth0"}}},
      {"<6>Nov 22 10:04:05 may-01 kernel: nft accept: IN=br0 OUT=eth0 SRC=192.0.2.7 DST=198.51.100.9 PROTO=TCP",
       {{"event.action", "firewall_allowed"}}},
  });
}

}  // namespace
}  // namespace luy::event
