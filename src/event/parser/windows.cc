// What Windows' events mean, by channel and number ("Appendix L: Events to Monitor", learn.microsoft.com; Sysmon's own
// manual). The names within the record are read by json_line.cc; rules get the record itself (rule_json in parse.h).
#include <algorithm>
#include <array>
#include <string>

#include "event/parser/parsers.h"
#include "event/parser/scan.h"

namespace luy::event::parser {
namespace {

enum class Channel : std::uint8_t { security, system, sysmon, defender };
struct Named {
  std::string_view name;
  Channel channel;
};
constexpr std::array channels{Named{"Security", Channel::security}, Named{"System", Channel::system},
                              Named{"Microsoft-Windows-Sysmon/Operational", Channel::sysmon},
                              Named{"Microsoft-Windows-Windows Defender/Operational", Channel::defender}};

struct Known {
  Channel channel;
  std::string_view code;
  Meaning meaning;
};
constexpr std::array table{
    Known{Channel::security, "1102", {"configuration", "deletion", "log_cleared", "success"}},
    Known{Channel::security, "4624", {"authentication", "start", "windows_login", "success"}},
    Known{Channel::security, "4625", {"authentication", "start", "windows_login_failed", "failure"}},
    Known{Channel::security, "4634", {"session", "end", "session_closed", "success"}},
    Known{Channel::security, "4647", {"session", "end", "session_closed", "success"}},
    Known{Channel::security, "4648", {"authentication", "start", "explicit_credentials", ""}},
    Known{Channel::security, "4672", {"iam", "info", "privileges_assigned", "success"}},
    Known{Channel::security, "4688", {"process", "start", "process_started", ""}},
    Known{Channel::security, "4697", {"configuration", "creation", "service_installed", "success"}},
    Known{Channel::security, "4698", {"configuration", "creation", "scheduled_task_created", "success"}},
    Known{Channel::security, "4719", {"configuration", "change", "audit_configuration_changed", "success"}},
    Known{Channel::security, "4720", {"iam", "creation", "user_added", "success"}},
    Known{Channel::security, "4722", {"iam", "change", "account_unlocked", "success"}},
    Known{Channel::security, "4724", {"iam", "change", "password_changed", "success"}},
    Known{Channel::security, "4725", {"iam", "change", "account_locked", "success"}},
    Known{Channel::security, "4726", {"iam", "deletion", "user_deleted", "success"}},
    Known{Channel::security, "4728", {"iam", "change", "group_member_added", "success"}},
    Known{Channel::security, "4732", {"iam", "change", "group_member_added", "success"}},
    Known{Channel::security, "4740", {"iam", "change", "account_locked", "success"}},
    Known{Channel::security, "4756", {"iam", "change", "group_member_added", "success"}},
    Known{Channel::security, "4768", {"authentication", "start", "kerberos_ticket_asked", ""}},
    Known{Channel::security, "4769", {"authentication", "info", "kerberos_service_ticket", ""}},
    Known{Channel::security, "4771", {"authentication", "start", "windows_login_failed", "failure"}},
    Known{Channel::security, "6416", {"host", "start", "device_connected", ""}},
    Known{Channel::system, "104", {"configuration", "deletion", "log_cleared", "success"}},
    Known{Channel::system, "7045", {"configuration", "creation", "service_installed", "success"}},
    Known{Channel::sysmon, "1", {"process", "start", "process_started", ""}},
    Known{Channel::sysmon, "3", {"network", "start", "connection_opened", ""}},
    Known{Channel::sysmon, "11", {"file", "creation", "file_created", ""}},
    Known{Channel::sysmon, "22", {"network", "info", "dns_query", ""}},
    Known{Channel::sysmon, "23", {"file", "deletion", "file_deleted", ""}},
    Known{Channel::sysmon, "26", {"file", "deletion", "file_deleted", ""}},
    Known{Channel::defender, "1116", {"malware", "info", "malware_found", ""}},
    Known{Channel::defender, "1117", {"malware", "change", "malware_removed", ""}},
    Known{Channel::defender, "5001", {"configuration", "change", "antivirus_disabled", "success"}},
};

}  // namespace

void windows(Event& event) {
  auto channel = event.get("labels.Channel");
  if (!channel) channel = event.get("labels.channel");
  const std::string_view code = event.text(Field::event_code);
  if (!channel || code.empty()) return;
  event.set(Field::event_dataset, "windows.eventlog");
  const auto* known =
      std::find_if(channels.begin(), channels.end(), [&](const Named& one) { return one.name == *channel; });
  if (known == channels.end()) return;
  const auto* found = std::find_if(table.begin(), table.end(),
                                   [&](const Known& one) { return one.channel == known->channel && one.code == code; });
  if (found == table.end()) return;
  // Sysmon's own EventType ("SetValue") and the like stay labels.
  set_meaning(event, found->meaning);
  // Who signs in is the target; the subject is the machine that let them.
  if (found->meaning.category == "authentication") event.set(Field::user_name, event.text(Field::user_target_name));
}

}  // namespace luy::event::parser
