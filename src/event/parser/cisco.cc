// Cisco's devices: the mnemonic %FACILITY-SEVERITY-CODE carries severity and code, the text after it who did what
// ("Cisco IOS System Message Guide", "Cisco Secure Firewall ASA Series Syslog Messages").
#include <array>

#include "event/parser/parsers.h"
#include "event/parser/scan.h"

namespace luy::event::parser {
namespace {

// "outside:192.0.2.7/4711" or "192.0.2.7/4711": an interface, an address, a port.
struct End {
  std::string_view interface;
  std::string_view address;
  std::string_view port;
};
End end_of(std::string_view word) {
  End out;
  // Behind the first '/' come a port and what the device adds: "22(LOCAL\an)", "ssh".
  const auto slash = word.find('/');
  if (slash != std::string_view::npos) out.port = word.substr(slash + 1, word.find_first_of("(,;", slash) - slash - 1);
  word = word.substr(0, slash);
  const auto colon = word.find(':');
  const bool v6 = colon != std::string_view::npos && word.find(':', colon + 1) != std::string_view::npos;
  // An interface's name begins with a letter outside of hexadecimal addresses often enough, but not always: an address
  // of IPv6 has more than one colon and no interface stands before it here.
  if (colon != std::string_view::npos && !v6) {
    out.interface = word.substr(0, colon);
    word.remove_prefix(colon + 1);
  }
  out.address = word;
  return out;
}

void set_from(Event& event, std::string_view word) {
  const End from = end_of(word);
  set_source(event, from.address, from.port);
  event.set(Field::observer_interface, from.interface);
}

void set_to(Event& event, std::string_view word) {
  const End to = end_of(word);
  event.set(Field::destination_ip, to.address);
  event.set(Field::destination_port, to.port);
  event.set(Field::observer_egress, to.interface);
}

// What follows `mark`, up to the next blank; "" when the mark is not there.
std::string_view word_after(std::string_view text, std::string_view mark) {
  const auto at = text.find(mark);
  if (at == std::string_view::npos) return {};
  Scanner in(text.substr(at + mark.size()));
  return in.word();
}

std::string_view between(std::string_view text, std::string_view open, std::string_view close) {
  const auto at = text.find(open);
  if (at == std::string_view::npos) return {};
  text.remove_prefix(at + open.size());
  const auto end = text.find(close);
  return end == std::string_view::npos ? std::string_view() : text.substr(0, end);
}

// "Deny tcp src outside:192.0.2.7/4711 dst inside:192.0.2.1/22 by access-group "outside_in"".
bool asa_denied(std::string_view text, Event& event) {
  Scanner in(text);
  if (!in.take("Deny ")) return false;
  in.take("inbound ");
  std::string_view protocol = in.word();
  event.set(Field::network_transport, transport_name(protocol == "TCP" ? "tcp" : protocol));
  const auto from = word_after(text, " src ");
  set_from(event, from.empty() ? word_after(text, " from ") : from);
  const auto to = word_after(text, " dst ");
  set_to(event, to.empty() ? word_after(text, " to ") : to);
  event.set(Field::rule_name, between(text, "access-group \"", "\""));
  set_verdict(event, "deny");
  return true;
}

// "Built outbound TCP connection 7 for outside:198.51.100.9/443 (…) to inside:192.0.2.1/50000 (…)": the far end comes
// first, whoever began.
bool asa_built(std::string_view text, Event& event) {
  Scanner in(text);
  if (!in.take("Built ")) return false;
  const bool outbound = in.take("outbound ");
  if (!outbound) in.take("inbound ");
  event.set(Field::network_transport, transport_name(in.word()));
  const std::string_view first = word_after(text, " for ");
  const std::string_view second = word_after(text, " to ");
  set_from(event, outbound ? second : first);
  set_to(event, outbound ? first : second);
  event.set(Field::network_direction, outbound ? "egress" : "ingress");
  set_verdict(event, "permit");
  return true;
}

// "Login permitted from 192.0.2.7/4711 to inside:192.0.2.1/ssh for user "an"".
bool asa_login(std::string_view text, bool permitted, Event& event) {
  set_from(event, word_after(text, " from "));
  event.set(Field::user_name, between(text, "for user \"", "\""));
  set_meaning(event, {"authentication", "start", permitted ? "device_login" : "device_login_failed",
                      permitted ? "success" : "failure"});
  return true;
}

// "Group <G> User <an> IP <203.0.113.5> AnyConnect parent session started."
bool asa_vpn(std::string_view text, Event& event) {
  event.set(Field::user_name, between(text, "User <", ">"));
  set_source(event, between(text, "IP <", ">"));
  set_meaning(event, {"authentication", "start", "vpn_login", "success"});
  return true;
}

// "AAA user authentication Rejected : reason = Invalid password : server = 192.0.2.1 : user = an : user IP =
// 203.0.113.5".
bool asa_rejected(std::string_view text, Event& event) {
  event.set(Field::user_name, word_after(text, ": user = "));
  set_source(event, word_after(text, "user IP = "));
  set_meaning(event, {"authentication", "start", "vpn_login_failed", "failure"});
  return true;
}

// "User 'an' executed the 'no logging enable' command."
bool asa_command(std::string_view text, Event& event) {
  event.set(Field::user_name, between(text, "User '", "'"));
  const auto command = between(text, "executed the '", "'");
  event.set(Field::process_command_line, command.empty() ? between(text, "executed '", "'") : command);
  set_source(event, between(text, "from IP ", ","));
  set_meaning(event, {"configuration", "change", "device_command", "success"});
  return true;
}

bool asa(std::string_view code, std::string_view text, Event& event) {
  if (code == "106023" || code == "106001" || code == "106006" || code == "106015") return asa_denied(text, event);
  if (code == "302013" || code == "302015") return asa_built(text, event);
  if (code == "605005" || code == "605004") return asa_login(text, code == "605005", event);
  if (code == "113039" || code == "722022") return asa_vpn(text, event);
  if (code == "113005" || code == "113015") return asa_rejected(text, event);
  if (code == "111008" || code == "111010") return asa_command(text, event);
  return false;
}

// "list 101 denied tcp 192.0.2.7(4711) -> 192.0.2.1(22), 1 packet".
bool ios_access_list(std::string_view text, Event& event) {
  Scanner in(text);
  if (!in.take("list ")) return false;
  event.set(Field::rule_name, in.word());
  in.blanks();
  const std::string_view verdict = in.word();
  in.blanks();
  event.set(Field::network_transport, transport_name(in.word()));
  in.blanks();
  const auto take_end = [](std::string_view word) {
    return End{{}, word.substr(0, word.find('(')), between(word, "(", ")")};
  };
  const End from = take_end(in.word());
  if (!in.until("-> ")) return false;
  const End to = take_end(in.word());
  set_source(event, from.address, from.port);
  event.set(Field::destination_ip, to.address.substr(0, to.address.find(',')));
  event.set(Field::destination_port, to.port);
  set_verdict(event, verdict);
  return true;
}

// "Login Success [user: an] [Source: 192.0.2.7] [localport: 22] at …".
bool ios_login(std::string_view text, bool success, Event& event) {
  event.set(Field::user_name, between(text, "[user: ", "]"));
  set_source(event, between(text, "[Source: ", "]"));
  event.set(Field::event_reason, between(text, "[Reason: ", "]"));
  set_meaning(event, {"authentication", "start", success ? "device_login" : "device_login_failed",
                      success ? "success" : "failure"});
  return true;
}

// "Configured from console by an on vty0 (192.0.2.7)".
bool ios_configured(std::string_view text, Event& event) {
  event.set(Field::user_name, word_after(text, " by "));
  set_source(event, between(text, "(", ")"));
  set_meaning(event, {"configuration", "change", "device_configuration_changed", "success"});
  return true;
}

// "User:an  logged command:no logging host 192.0.2.1".
bool ios_command(std::string_view text, Event& event) {
  event.set(Field::user_name, word_after(text, "User:"));
  const auto at = text.find("logged command:");
  if (at != std::string_view::npos) event.set(Field::process_command_line, trimmed(text.substr(at + 15)));
  set_meaning(event, {"configuration", "change", "device_command", "success"});
  return true;
}

struct Sentence {
  std::string_view code;  // Of the mnemonic, after the severity.
  Meaning meaning;
};
constexpr std::array sentences{
    Sentence{"DHCP_SNOOPING_UNTRUSTED_PORT", {"network", "denied", "rogue_dhcp_server", "failure"}},
    Sentence{"DHCP_SNOOPING_DENY", {"network", "denied", "arp_spoofing", "failure"}},
    Sentence{"INVALID_ARP", {"network", "denied", "arp_spoofing", "failure"}},
    Sentence{"PSECURE_VIOLATION", {"network", "denied", "port_security_violation", "failure"}},
    Sentence{"DUPADDR", {"network", "info", "address_conflict", ""}},
    Sentence{"RELOAD", {"host", "end", "device_restarting", ""}},
    Sentence{"RESTART", {"host", "start", "device_started", ""}},
};

bool ios(std::string_view code, std::string_view text, Event& event) {
  if (code.starts_with("IPACCESSLOG")) return ios_access_list(text, event);
  if (code == "LOGIN_SUCCESS" || code == "LOGIN_FAILED") return ios_login(text, code == "LOGIN_SUCCESS", event);
  if (code == "CONFIG_I" || code == "CONFIG_P") return ios_configured(text, event);
  if (code == "CFGLOG_LOGGEDCMD") return ios_command(text, event);
  for (const Sentence& one : sentences) {
    if (code != one.code) continue;
    auto mac = word_after(text, "MAC address ");
    if (mac.empty()) mac = word_after(text, "MAC sa: ");
    take_suffix(mac, ".");
    event.set(Field::source_mac, mac);
    set_meaning(event, one.meaning);
    return true;
  }
  return false;
}

}  // namespace

bool cisco(std::string_view mnemonic, std::string_view message, Event& event) {
  Scanner in(mnemonic);
  const auto facility = in.until("-");
  const auto severity = in.number();
  if (!facility || facility->empty() || !severity || *severity > 7 || !in.take('-')) return false;
  event.set(Field::event_provider, *facility);
  event.set(Field::event_code, mnemonic);
  event.set(Field::observer_vendor, "Cisco");
  set_severity(event, static_cast<int>(*severity));
  if (*facility == "ASA" || *facility == "FTD") {
    event.set(Field::observer_product, *facility);
    event.set(Field::event_dataset, "cisco.asa");
    return asa(in.rest(), message, event);
  }
  event.set(Field::observer_product, "IOS");
  event.set(Field::event_dataset, "cisco.ios");
  return ios(in.rest(), message, event);
}

}  // namespace luy::event::parser
