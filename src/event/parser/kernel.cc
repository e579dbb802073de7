// The Linux kernel: packets that a firewall rule logged (net/netfilter/nf_log_syslog.c), devices plugged in, the
// kernel's own start, modules that taint it, interfaces that listen to everything.
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
  if (key == "OUT" && !value.empty()) {
    event.set(Field::observer_egress, value);
    if (!event.get(Field::network_direction)) event.set(Field::network_direction, "egress");
  }
  if (key == "PROTO") event.set(Field::network_transport, transport_name(value));
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
  // Words that people and ufw(8) put there; other prefixes do not say what the rule did.
  set_verdict(event, prefix);
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

// "usb-storage 1-2:1.0: USB Mass Storage device detected", "sd 2:0:0:0: [sdb] Attached SCSI removable disk".
bool disk(std::string_view message, Event& event) {
  if (message.starts_with("usb-storage ") && message.ends_with("USB Mass Storage device detected")) {
    set_meaning(event, {"host", "start", "usb_storage_detected", ""});
    return true;
  }
  if (!message.starts_with("sd ") || !message.ends_with(" Attached SCSI removable disk")) return false;
  Scanner in(message);
  if (in.until("[")) event.set_label("disk", in.until("]").value_or(std::string_view()));
  set_meaning(event, {"host", "start", "removable_disk_attached", ""});
  return true;
}

// "abc: loading out-of-tree module taints kernel.", "abc: module verification failed: …", "device eth0 entered
// promiscuous mode", in newer kernels "eth0: entered promiscuous mode".
bool tampering(Scanner in, Event& event) {
  const std::string_view message = in.rest();
  if (message.ends_with(" entered promiscuous mode")) {
    in.take("device ");
    std::string_view name = in.word();
    take_suffix(name, ":");
    event.set(Field::observer_interface, name);
    set_meaning(event, {"network", "change", "promiscuous_mode_changed", ""});
    return true;
  }
  const auto name = in.until(": ");
  const bool outside = in.rest().starts_with("loading out-of-tree module taints kernel");
  if (!name || (!outside && !in.rest().starts_with("module verification failed"))) return false;
  event.set_label("module", *name);
  set_meaning(event, {"driver", "start", outside ? "foreign_module_loaded" : "unsigned_module_loaded", ""});
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
  return packet(in.rest(), event) || usb(in, event) || disk(in.rest(), event) || tampering(in, event);
}

}  // namespace luy::event::parser
