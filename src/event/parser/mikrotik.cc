// MikroTik's RouterOS: "topic,topic message" (help.mikrotik.com, "Log"), with or without a colon behind the topics.
#include <array>
#include <string>

#include "event/parser/parsers.h"
#include "event/parser/scan.h"

namespace luy::event::parser {
namespace {

// The first topic; what else begins with a word and a comma is not RouterOS.
constexpr std::array<std::string_view, 18> topics{"system",  "firewall",  "dhcp",    "wireless", "ipsec",   "l2tp",
                                                  "pptp",    "ovpn",      "sstp",    "ppp",      "script",  "interface",
                                                  "hotspot", "wireguard", "account", "critical", "warning", "error"};

// "user an logged in from 192.0.2.7 via winbox", "login failure for user an from 192.0.2.7 via ssh".
bool login(Scanner in, Event& event) {
  const bool failed = in.take("login failure for user ");
  if (!failed && !in.take("user ")) return false;
  const std::string_view text = in.rest();
  const std::string_view mark = failed ? " from " : " logged in from ";
  // A name of the other side's choice may hold the mark: the last one counts.
  const auto at = text.rfind(mark);
  if (at == std::string_view::npos) return false;
  event.set(Field::user_name, text.substr(0, at));
  Scanner rest(text.substr(at + mark.size()));
  set_source(event, rest.word());
  if (rest.take(" via ")) event.set(Field::network_protocol, rest.word());
  set_meaning(event, {"authentication", "start", failed ? "device_login_failed" : "device_login",
                      failed ? "failure" : "success"});
  return true;
}

// "an logged in, 10.8.0.5 from 203.0.113.9": a tunnel of PPP, L2TP, SSTP or OpenVPN.
bool tunnel(Scanner in, Event& event) {
  const auto user = in.until(" logged in, ");
  if (!user) return false;
  in.word();
  event.set(Field::user_name, *user);
  if (in.take(" from ")) set_source(event, in.word());
  set_meaning(event, {"authentication", "start", "vpn_login", "success"});
  return true;
}

// "filter rule changed by an", in version 7 "… changed by winbox-3.40/tcp-msg(winbox):an@192.0.2.7/…".
bool changed(std::string_view text, Event& event) {
  for (const std::string_view verb : {" added by ", " changed by ", " removed by "}) {
    const auto at = text.find(verb);
    if (at == std::string_view::npos) continue;
    Scanner in(text.substr(at + verb.size()));
    std::string_view who = in.word();
    if (const auto colon = who.rfind("):"); colon != std::string_view::npos) who.remove_prefix(colon + 2);
    const auto from = who.find('@');
    event.set(Field::user_name, who.substr(0, from));
    if (from != std::string_view::npos) {
      set_source(event, who.substr(from + 1, who.find('/', from) - from - 1));
    }
    event.set(Field::event_reason, text.substr(0, at));  // What was changed.
    set_meaning(event, {"configuration", "change", "device_configuration_changed", "success"});
    return true;
  }
  return false;
}

void set_end(Event& event, std::string_view text, bool source) {
  const auto colon = text.rfind(':');
  const std::string_view address = text.substr(0, colon);
  const std::string_view port = colon == std::string_view::npos ? std::string_view() : text.substr(colon + 1);
  if (source) {
    set_source(event, address, port);
  } else {
    event.set(Field::destination_ip, address);
    event.set(Field::destination_port, port);
  }
}

// "drop forward: in:ether1 out:bridge, src-mac 02:…, proto TCP (SYN), 192.0.2.7:4711->192.0.2.1:22, len 60".
bool packet(std::string_view text, Event& event) {
  const auto arrow = text.find("->");
  const auto in = text.find("in:");
  if (arrow == std::string_view::npos || in == std::string_view::npos || in > arrow) return false;
  const auto begin = text.rfind(' ', arrow);
  set_end(event, text.substr(begin + 1, arrow - begin - 1), true);
  std::string_view to = text.substr(arrow + 2);
  set_end(event, to.substr(0, to.find_first_of(", ")), false);
  Scanner ends(text.substr(in + 3));
  event.set(Field::observer_interface, ends.word());
  if (ends.take(" out:")) {
    const auto egress = ends.rest().substr(0, ends.rest().find(','));
    if (!egress.starts_with('(')) event.set(Field::observer_egress, egress);
  }
  if (const auto at = text.find("src-mac "); at != std::string_view::npos) {
    event.set(Field::source_mac, text.substr(at + 8, 17));
  }
  if (const auto at = text.find("proto "); at != std::string_view::npos) {
    const std::string_view name = text.substr(at + 6);
    event.set(Field::network_transport, transport_name(name.substr(0, name.find_first_of(" ,"))));
  }
  event.set(Field::rule_name, trimmed(text.substr(0, in)));
  set_verdict(event, text.substr(0, in));
  return true;
}

// "dhcp alert on bridge: discovered unknown dhcp server, mac 02:00:00:00:00:07, ip 192.0.2.7".
bool rogue_dhcp(std::string_view text, Event& event) {
  const auto at = text.find("discovered unknown dhcp server, mac ");
  if (at == std::string_view::npos) return false;
  Scanner in(text.substr(at + 36));
  event.set(Field::source_mac, in.until(", ip ").value_or(std::string_view()));
  set_source(event, in.word());
  set_meaning(event, {"network", "info", "rogue_dhcp_server", ""});
  return true;
}

}  // namespace

bool mikrotik(std::string_view message, Event& event) {
  Scanner in(message);
  std::string_view words = in.word();
  take_suffix(words, ":");
  const auto comma = words.find(',');
  if (comma == std::string_view::npos) return false;
  const std::string_view first = words.substr(0, comma);
  bool known = false;
  for (const std::string_view topic : topics) known |= topic == first;
  if (!known) return false;
  in.blanks();
  event.set(Field::event_provider, "routeros");
  event.set(Field::observer_vendor, "MikroTik");
  event.set(Field::observer_product, "RouterOS");
  event.set(Field::event_dataset, "mikrotik");
  event.set_label("topics", words);
  const std::string_view text = in.rest();
  if (login(in, event) || tunnel(in, event) || rogue_dhcp(text, event)) return true;
  if (words.find("firewall") != std::string_view::npos && packet(text, event)) return true;
  changed(text, event);
  return true;
}

}  // namespace luy::event::parser
