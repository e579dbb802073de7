// Which program's messages who reads. Programs that PAM speaks through say so at the front of the message.
#include <array>
#include <string>

#include "event/parser/parsers.h"
#include "event/parser/scan.h"

namespace luy::event::parser {
namespace {

struct Refiner {
  std::string_view program;
  bool (*read)(std::string_view message, Event& event);
};
constexpr std::array refiners{
    Refiner{"sshd", sshd},
    Refiner{"sshd-session", sshd},  // OpenSSH 9.8 and later.
    Refiner{"sudo", sudo},
    Refiner{"su", su},
    Refiner{"CRON", cron},
    Refiner{"cron", cron},
    Refiner{"crond", cron},
    Refiner{"crontab", cron},
    Refiner{"useradd", account_tools},
    Refiner{"userdel", account_tools},
    Refiner{"usermod", account_tools},
    Refiner{"groupadd", account_tools},
    Refiner{"groupdel", account_tools},
    Refiner{"groupmod", account_tools},
    Refiner{"gpasswd", account_tools},
    Refiner{"passwd", account_tools},
    Refiner{"chpasswd", account_tools},
    Refiner{"chage", account_tools},
    Refiner{"chsh", account_tools},
    Refiner{"chfn", account_tools},
    Refiner{"systemd", systemd},
    Refiner{"systemd-logind", logind},
    Refiner{"kernel", kernel},
    Refiner{"clamd", clamav},
    Refiner{"clamscan", clamav},
    Refiner{"clamdscan", clamav},
    Refiner{"freshclam", clamav},
    Refiner{"apache", apache_message},
    Refiner{"apache2", apache_message},
    Refiner{"httpd", apache_message},
    Refiner{"nginx", nginx_message},
    Refiner{"squid", squid_message},
    Refiner{"dnsmasq", dnsmasq},
    Refiner{"dnsmasq-dhcp", dnsmasq},
    Refiner{"dhcpd", dhcpd},
    Refiner{"unbound", unbound},
    Refiner{"named", named},
    Refiner{"arpwatch", arpwatch},
    Refiner{"openvpn", openvpn},
    Refiner{"ovpn-server", openvpn},  // Debian names the unit's configuration: ovpn-<name>.
};

}  // namespace

void refine(std::string_view program, std::string_view message, const ParseContext& context, Event& event) {
  event.set(Field::event_provider, program);
  message = trimmed(message);
  if (program.starts_with('%')) {
    cisco(program.substr(1), message, event);
    // Rules look for the mnemonic in the text.
    event.set(Field::message, std::string(program).append(": ").append(message));
    return;
  }
  if ((program == "CEF" || message.starts_with("CEF:")) && cef(message, context, event)) return;
  // RouterOS: topics with a colon behind them look like a program's name.
  if (program.find(',') != std::string_view::npos) {
    if (mikrotik(std::string(program).append(" ").append(message), event)) return;
  }
  if (program.starts_with("postfix/")) {
    postfix(message, event);
    return;
  }
  if (message.starts_with('{') && json_line(message, context, event)) return;
  if (message.starts_with("pam_") || message.starts_with("PAM ")) {
    pam(message, event);
    return;
  }
  const std::string_view name = program.substr(program.rfind('/') + 1);  // "/usr/sbin/cron" as some write it.
  for (const Refiner& refiner : refiners) {
    if (refiner.program != name) continue;
    refiner.read(message, event);
    return;
  }
  fortigate(message, context, event);
}

bool refine_unnamed(std::string_view message, const ParseContext& context, Event& event) {
  message = trimmed(message);
  if (message.starts_with("CEF:")) return cef(message, context, event);
  if (message.starts_with('{')) return json_line(message, context, event);
  return fortigate(message, context, event) || mikrotik(message, event);
}

}  // namespace luy::event::parser
