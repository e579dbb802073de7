// Which program's messages who reads. Programs that PAM speaks through say so at the front of the message.
#include <array>

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
};

}  // namespace

void refine(std::string_view program, std::string_view message, Event& event) {
  event.set(Field::event_provider, program);
  message = trimmed(message);
  if (program.starts_with('%')) {
    cisco(program.substr(1), event);
    return;
  }
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
}

}  // namespace luy::event::parser
