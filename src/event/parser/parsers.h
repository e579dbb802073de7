// Every parser of the module, one file each. A whole-record parser answers false when the record is not of its kind and
// leaves the event as it was; a refiner reads the message of one program and answers false when it does not know it.
#pragma once

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
bool json_line(std::string_view raw, const ParseContext& context, Event& event);
bool note(std::string_view raw, const ParseContext& context, Event& event);
bool fact_document(std::string_view raw, const ParseContext& context, Event& event);

// The part of an audit record after its time, also as journald carries it.
void audit_body(std::string_view type, std::string_view body, Event& event);

// Sets what `message` of `program` means, where a refiner knows.
void refine(std::string_view program, std::string_view message, Event& event);

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
bool cisco(std::string_view mnemonic, Event& event);

}  // namespace luy::event::parser
