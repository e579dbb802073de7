// What the servers of a local network log of its machines: names asked of DNS (dnsmasq, unbound, BIND), addresses
// leased (dnsmasq, ISC dhcpd), Ethernet addresses that change (arpwatch), tunnels opened (OpenVPN).
#include "event/parser/parsers.h"
#include "event/parser/scan.h"

namespace luy::event::parser {
namespace {

void set_question(Event& event, std::string_view name, std::string_view type) {
  if (name.size() > 1) take_suffix(name, ".");
  event.set(Field::dns_question_name, name);
  event.set(Field::dns_question_type, type);
  event.set(Field::network_protocol, "dns");
  set_meaning(event, {"network", "info", "dns_query", ""});
}

// "DHCPACK(eth0) 192.0.2.7 02:00:00:00:00:07 may-01", "DHCPACK on 192.0.2.7 to 02:00:00:00:00:07 (may-01) via eth0".
bool lease(Scanner in, Event& event) {
  if (!in.take("DHCPACK")) return false;
  const bool isc = in.take(" on ");
  if (!isc && !in.until(") ")) return false;
  set_source(event, in.word());
  in.take(isc ? " to " : " ");
  event.set(Field::source_mac, in.word());
  in.blanks();
  std::string_view name = in.word();
  if (isc && name.starts_with('(')) {
    name.remove_prefix(1);
    take_suffix(name, ")");
  } else if (isc) {
    name = {};
  }
  event.set(Field::source_domain, name);
  set_meaning(event, {"network", "info", "dhcp_lease", "success"});
  return true;
}

}  // namespace

// "query[A] example.com from 192.0.2.7"; with log-queries=extra "7 192.0.2.7/4711 query[A] example.com from 192.0.2.7".
bool dnsmasq(std::string_view message, Event& event) {
  Scanner in(message);
  if (!in.until("query[")) return lease(in, event);
  const auto type = in.until("] ");
  const std::string_view name = in.word();
  if (!type || !in.take(" from ")) return false;
  set_source(event, in.word());
  set_question(event, name, *type);
  return true;
}

bool dhcpd(std::string_view message, Event& event) {
  return lease(Scanner(message), event);
}

// "[1234:0] info: 192.0.2.7 example.com. A IN".
bool unbound(std::string_view message, Event& event) {
  Scanner in(message);
  if (!in.until("info: ")) return false;
  const std::string_view client = in.word();
  in.blanks();
  const std::string_view name = in.word();
  in.blanks();
  const std::string_view type = in.word();
  in.blanks();
  if (!in.rest().starts_with("IN") || !name.ends_with('.')) return false;
  set_source(event, client);
  if (!event.get(Field::source_ip)) return false;
  set_question(event, name, type);
  return true;
}

// "client @0x7f 192.0.2.7#4711 (example.com): query: example.com IN A +E(0)K (192.0.2.1)".
bool named(std::string_view message, Event& event) {
  Scanner in(message);
  if (!in.until("client ")) return false;
  if (in.take("@0x")) {
    in.word();
    in.blanks();
  }
  const std::string_view client = in.word();
  if (!in.until("query: ")) return false;
  const std::string_view name = in.word();
  if (!in.take(" IN ")) return false;
  const auto hash = client.find('#');
  std::string_view port = hash == std::string_view::npos ? std::string_view() : client.substr(hash + 1);
  take_suffix(port, ":");
  set_source(event, client.substr(0, hash), port);
  set_question(event, name, in.word());
  return true;
}

// "changed ethernet address 192.0.2.1 2:0:0:0:0:7 (2:0:0:0:0:1) eth0", "flip flop …", "new station …".
bool arpwatch(std::string_view message, Event& event) {
  Scanner in(message);
  const bool fresh = in.take("new station ");
  if (!fresh && !in.take("changed ethernet address ") && !in.take("flip flop ")) return false;
  set_source(event, in.word());
  in.blanks();
  event.set(Field::source_mac, in.word());
  if (in.take(" (")) event.set_label("mac.before", in.until(")").value_or(std::string_view()));
  set_meaning(event, {"network", fresh ? "info" : "change", fresh ? "station_seen" : "arp_address_changed", ""});
  return true;
}

// "203.0.113.5:4711 [an] Peer Connection Initiated with [AF_INET]203.0.113.5:4711",
// "203.0.113.5:4711 TLS Auth Error: Auth Username/Password verification failed for peer".
bool openvpn(std::string_view message, Event& event) {
  Scanner in(message);
  const std::string_view client = in.word();
  in.blanks();
  const std::string_view text = in.rest();
  const auto initiated = text.find("] Peer Connection Initiated with ");
  const bool failed = text.starts_with("TLS Auth Error: Auth Username/Password verification failed") ||
                      text.starts_with("VERIFY ERROR");
  if (initiated == std::string_view::npos && !failed) return false;
  const auto slash = client.find('/');
  const std::string_view peer = slash == std::string_view::npos ? client : client.substr(slash + 1);
  const auto colon = peer.rfind(':');
  if (colon == std::string_view::npos) return false;
  set_source(event, peer.substr(0, colon), peer.substr(colon + 1));
  if (!failed && text.starts_with('[')) event.set(Field::user_name, text.substr(1, initiated - 1));
  event.set(Field::network_protocol, "openvpn");
  set_meaning(event,
              {"authentication", "start", failed ? "vpn_login_failed" : "vpn_login", failed ? "failure" : "success"});
  return true;
}

}  // namespace luy::event::parser
