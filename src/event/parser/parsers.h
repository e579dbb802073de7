// Every parser of the module, one file each. A whole-record parser answers false when the record is not of its kind and
// leaves the event as it was; a refiner reads the message of one program and answers false when it does not know it.
#pragma once

#include <optional>
#include <string_view>

#include "event/event.h"
#include "event/parse.h"

namespace luy::event::parser {

bool rfc3164(std::string_view raw, const ParseContext& context, Event& event);  // And the lines of /var/log files.
bool rfc5424(std::string_view raw, const ParseContext& context, Event& event);
bool journal(std::string_view raw, const ParseContext& context, Event& event);
bool audit(std::string_view raw, const ParseContext& context, Event& event);
bool dpkg(std::string_view raw, const ParseContext& context, Event& event);
bool alternatives(std::string_view raw, const ParseContext& context, Event& event);
bool apt_history(std::string_view raw, const ParseContext& context, Event& event);
bool apt_term(std::string_view raw, const ParseContext& context, Event& event);
bool web_access(std::string_view raw, const ParseContext& context, Event& event);
bool squid_access(std::string_view raw, const ParseContext& context, Event& event);
bool cef(std::string_view raw, const ParseContext& context, Event& event);  // With or without "CEF:" in front.
bool json_line(std::string_view raw, const ParseContext& context, Event& event);
bool note(std::string_view raw, const ParseContext& context, Event& event);
bool fact_document(std::string_view raw, const ParseContext& context, Event& event);

// The part of an audit record after its time, also as journald carries it.
void audit_body(std::string_view type, std::string_view body, Event& event);

// Sets what `message` of `program` means, where a refiner knows.
void refine(std::string_view program, std::string_view message, const ParseContext& context, Event& event);
// The same for messages without a program's name before them, which show by themselves what they are; false where none
// knows them.
bool refine_unnamed(std::string_view message, const ParseContext& context, Event& event);

bool sshd(std::string_view message, Event& event);
bool sudo(std::string_view message, Event& event);
bool su(std::string_view message, Event& event);
bool cron(std::string_view message, Event& event);
bool pam(std::string_view message, Event& event);
bool account_tools(std::string_view message, Event& event);
bool systemd(std::string_view message, Event& event);
bool logind(std::string_view message, Event& event);
bool kernel(std::string_view message, Event& event);
bool clamav(std::string_view message, Event& event);
bool apache_message(std::string_view message, Event& event);
bool nginx_message(std::string_view message, Event& event);
bool squid_message(std::string_view message, Event& event);
bool postfix(std::string_view message, Event& event);
bool dnsmasq(std::string_view message, Event& event);
bool dhcpd(std::string_view message, Event& event);
bool unbound(std::string_view message, Event& event);
bool named(std::string_view message, Event& event);
bool arpwatch(std::string_view message, Event& event);
bool openvpn(std::string_view message, Event& event);
bool mikrotik(std::string_view message, Event& event);
bool fortigate(std::string_view message, const ParseContext& context, Event& event);
bool cisco(std::string_view mnemonic, std::string_view message, Event& event);

// After json_line has read the names: what a Windows event means; others stay as they are.
void windows(Event& event);

// Shared by several: an URL into its fields; a protocol's number or name as we write it; what a firewall's own word
// ("Deny", "accepted") means; CEF's times.
void set_url(Event& event, std::string_view url);
std::string_view transport_name(std::string_view text);
void set_verdict(Event& event, std::string_view word);
std::optional<Time> cef_time(std::string_view text, const ParseContext& context);

}  // namespace luy::event::parser
