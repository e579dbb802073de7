// The Linux kernel: packets that a firewall rule logged (net/netfilter/nf_log_syslog.c), devices plugged in, the
// kernel's own start; and the mnemonic of Cisco's devices, which carries severity and code.
#include "event/parser/parsers.h"
#include "event/parser/scan.h"

namespace luy::event::parser {
namespace {

// MAC=destination(6):source(6):type(2).
constexpr std::size_t mac_chars = 17;

void take_packet_pair(const KeyValue& pair, Event& event) {
  const auto& [key, value, quote] = pair;
  if (key == "SRC") set_source(event, value);
  if (key == "DST") event.set(Field::destination_ip, value);
  if (key == "SPT") event.set(Field::source_port, value);
  if (key == "DPT") event.set(Field::destination_port, value);
  if (key == "MAC" && value.size() > 2 * mac_chars)
    event.set(Field::source_mac, value.substr(mac_chars + 1, mac_chars));
  if (key == "IN" && !value.empty()) {
    event.set(Field::observer_interface, value);
    event.set(Field::network_direction, "ingress");
  }
  if (key == "OUT" && !value.empty() && !event.get(Field::network_direction)) {
    event.set(Field::network_direction, "egress");
  }
  if (key == "PROTO") {
    const std::string_view name = value == "TCP"              ? "tcp"
                                  : value == "UDP"            ? "udp"
                                  : value.starts_with("ICMP") ? "icmp"
                                                              : value;
    event.set(Field::network_transport, name);
  }
}

// "[UFW BLOCK] IN=eth0 OUT= MAC=… SRC=… DST=… LEN=60 … PROTO=TCP SPT=… DPT=22 …"; the rule chose what stands before
// IN=.
bool packet(std::string_view message, Event& event) {
  const auto start = message.find("IN=");
  if (start == std::string_view::npos || message.find(" SRC=", start) == std::string_view::npos) return false;
  const std::string_view prefix = trimmed(message.substr(0, start));
  event.set(Field::event_reason, prefix);
  Scanner in(message.substr(start));
  while (const auto pair = next_key_value(in)) take_packet_pair(*pair, event);
  // Names that people and ufw(8) give; other prefixes do not say what the rule did.
  const bool denied = prefix.find("BLOCK") != std::string_view::npos || prefix.find("DROP") != std::string_view::npos ||
                      prefix.find("REJECT") != std::string_view::npos || prefix.find("DENY") != std::string_view::npos;
  set_meaning(event, {"network", denied ? "denied" : "info", denied ? "firewall_denied" : "firewall_logged",
                      denied ? "failure" : ""});
  return true;
}

// "usb 1-2: New USB device found, idVendor=0781, idProduct=5567, bcdDevice= 1.26".
bool usb(Scanner in, Event& event) {
  if (!in.take("usb ")) return false;
  const auto port = in.until(": ");
  if (!port) return false;
  if (in.take("New USB device found, ")) {
    while (const auto pair = next_key_value(in)) event.set_label(pair->key, pair->value);
    set_meaning(event, {"host", "start", "usb_connected", ""});
  } else if (in.take("USB disconnect")) {
    set_meaning(event, {"host", "end", "usb_disconnected", ""});
  } else if (in.take("SerialNumber: ") || in.take("Product: ") || in.take("Manufacturer: ")) {
    set_meaning(event, {"host", "info", "usb_described", ""});
  } else {
    return false;
  }
  event.set_label("usb.port", *port);
  return true;
}

}  // namespace

bool kernel(std::string_view message, Event& event) {
  Scanner in(message);
  if (in.take('[')) {  // "[   12.345678] ": seconds since the start.
    in.blanks();
    if (!in.number() || !in.take('.') || !in.until("] ")) in = Scanner(message);
  }
  if (in.rest().starts_with("Linux version ")) {
    set_meaning(event, {"host", "start", "host_started", ""});
    return true;
  }
  return packet(in.rest(), event) || usb(in, event);
}

// "AAA-5-USER_LOGGED": facility, severity (0 to 7), what happened.
bool cisco(std::string_view mnemonic, Event& event) {
  Scanner in(mnemonic);
  const auto facility = in.until("-");
  const auto severity = in.number();
  if (!facility || facility->empty() || !severity || *severity > 7 || !in.take('-')) return false;
  event.set(Field::event_provider, *facility);
  event.set(Field::event_code, mnemonic);
  set_severity(event, static_cast<int>(*severity));
  return true;
}

}  // namespace luy::event::parser
