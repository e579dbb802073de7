// FortiGate's own log lines: date=2026-11-22 time=10:04:05 devname="FG" type="traffic" srcip=… dstip=… action="deny" …
// (Fortinet, "FortiOS log message reference"). Every pair also stays a label, under the name Sigma's rules use.
#include <array>
#include <string>

#include "event/parser/parsers.h"
#include "event/parser/scan.h"

namespace luy::event::parser {
namespace {

struct Mapping {
  std::string_view key;
  Field field;
};
constexpr std::array mappings{
    Mapping{"devname", Field::host_name},
    Mapping{"dstip", Field::destination_ip},
    Mapping{"dstport", Field::destination_port},
    Mapping{"srcport", Field::source_port},
    Mapping{"srcmac", Field::source_mac},
    Mapping{"srccountry", Field::source_country},
    Mapping{"srcintf", Field::observer_interface},
    Mapping{"dstintf", Field::observer_egress},
    Mapping{"policyname", Field::rule_name},
    Mapping{"user", Field::user_name},
    Mapping{"hostname", Field::destination_domain},
    Mapping{"logid", Field::event_code},
    Mapping{"msg", Field::event_reason},
    Mapping{"level", Field::log_level},
    Mapping{"agent", Field::user_agent},
    Mapping{"qname", Field::dns_question_name},
    Mapping{"qtype", Field::dns_question_type},
    Mapping{"filename", Field::file_path},
};

struct Said {
  std::string_view date;
  std::string_view time;
  std::string_view type;
  std::string_view subtype;
  std::string_view action;
  std::string_view description;
  std::string_view status;
};

void take_pair(const KeyValue& pair, Said& said, Event& event) {
  const auto& [key, value, quote] = pair;
  if (key == "date") said.date = value;
  if (key == "time") said.time = value;
  if (key == "type") said.type = value;
  if (key == "subtype") said.subtype = value;
  if (key == "action") said.action = value;
  if (key == "logdesc") said.description = value;
  if (key == "status") said.status = value;
  if (key == "srcip" || key == "remip") set_source(event, value);
  if (key == "proto") event.set(Field::network_transport, transport_name(value));
  if (key == "url") set_url(event, value);
  for (const Mapping& one : mappings) {
    if (one.key == key && value != "N/A") event.set(one.field, value);
  }
  event.set_label(key, value);
}

void tell(const Said& said, Event& event) {
  const bool failed = said.status == "failed" || said.status == "failure";
  if (said.type == "event" && said.subtype == "vpn") {
    const bool up = said.action == "tunnel-up" || said.action == "ssl-new-con";
    const bool refused = said.action == "ssl-login-fail" || failed;
    if (refused) {
      set_meaning(event, {"authentication", "start", "vpn_login_failed", "failure"});
    } else if (up) {
      set_meaning(event, {"authentication", "start", "vpn_login", "success"});
    } else {
      set_meaning(event, {"network", "info", said.action, ""});
    }
  } else if (said.type == "event" && said.action == "login") {
    set_meaning(event, {"authentication", "start", failed ? "device_login_failed" : "device_login",
                        failed ? "failure" : "success"});
  } else if (event.get("labels.cfgpath")) {
    set_meaning(event, {"configuration", "change", "device_configuration_changed", "success"});
  } else if (said.type == "traffic" || said.type == "utm") {
    // "close", "timeout" and the resets end connections that a policy had let through.
    const bool ended = said.action == "close" || said.action == "timeout" || said.action == "start" ||
                       said.action == "client-rst" || said.action == "server-rst" || said.action == "ip-conn";
    set_verdict(event, ended ? "accept" : said.action);
  } else {
    set_meaning(event, {"host", "info", said.action, ""});
  }
}

}  // namespace

bool fortigate(std::string_view message, const ParseContext& context, Event& event) {
  if (!message.starts_with("date=") || message.find(" devname=") == std::string_view::npos) return false;
  Scanner in(message);
  Said said;
  while (const auto pair = next_key_value(in)) take_pair(*pair, said, event);
  std::string when(said.date);
  when.append("T").append(said.time);
  std::string_view rest = when;
  if (const auto time = take_local_time(rest, context)) event.time = time;
  event.set(Field::event_provider, "fortigate");
  event.set(Field::observer_vendor, "Fortinet");
  event.set(Field::observer_product, "FortiGate");
  event.set(Field::event_dataset, "fortigate");
  tell(said, event);
  return true;
}

}  // namespace luy::event::parser
