// sudo and su: who took whose rights, and for what.
#include <algorithm>

#include "event/parser/parsers.h"
#include "event/parser/scan.h"

namespace luy::event::parser {
namespace {

constexpr std::string_view separator = " ; ";

// "TTY=pts/0", "PWD=/root", "USER=root"; COMMAND takes the rest of the line, for it may hold the separator.
void take_sudo_pairs(std::string_view text, Event& event) {
  while (!text.empty()) {
    Scanner in(text);
    if (in.take("COMMAND=")) {
      event.set(Field::process_command_line, in.rest());
      return;
    }
    const auto end = text.find(separator);
    const std::string_view part = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + separator.size());
    Scanner pair(part);
    const auto key = pair.until("=");
    if (!key) continue;
    if (*key == "USER") event.set(Field::user_effective_name, pair.rest());
    if (*key == "PWD") event.set(Field::process_working_directory, pair.rest());
    if (*key == "GROUP") event.set(Field::group_name, pair.rest());
    if (*key == "TTY") event.set_label("tty", pair.rest());
  }
}

}  // namespace

// "an : TTY=pts/0 ; PWD=/home/an ; USER=root ; COMMAND=/usr/bin/apt update", or with a reason for refusing first:
// "an : user NOT in sudoers ; TTY=…", "an : 3 incorrect password attempts ; TTY=…".
bool sudo(std::string_view message, Event& event) {
  Scanner in(message);
  const auto user = in.until(" : ");
  if (!user || user->empty() || user->find_first_of(" =") != std::string_view::npos) return false;
  event.set(Field::user_name, *user);
  std::string_view rest = in.rest();
  const std::string_view first = rest.substr(0, rest.find(separator));
  const bool allowed = first.starts_with("TTY=") || first.starts_with("PWD=") || first.starts_with("USER=") ||
                       first.starts_with("HOST=") || first.starts_with("CHROOT=");
  if (!allowed) {
    event.set(Field::event_reason, first);
    rest.remove_prefix(std::min(first.size() + separator.size(), rest.size()));
  }
  take_sudo_pairs(rest, event);
  if (allowed) {
    set_meaning(event, {"process", "start", "sudo_command", "success"});
  } else {
    set_meaning(event, {"authentication", "denied", "sudo_denied", "failure"});
  }
  return true;
}

// util-linux: "(to root) an on pts/0", "FAILED SU (to root) an on pts/0"; shadow: "Successful su for root by an",
// "FAILED su for root by an", "+ /dev/pts/0 an:root".
bool su(std::string_view message, Event& event) {
  Scanner in(message);
  const bool failed = in.take("FAILED ");
  std::string_view target;
  std::string_view user;
  if (failed) in.take("SU ");
  if (in.take("(to ")) {
    target = in.until(") ").value_or(std::string_view());
    user = in.word();
    in.blanks();
    if (in.take("on ")) event.set_label("tty", in.rest());
  } else {
    in.take("Successful ");
    if (in.take("su for ")) {
      target = in.word();
      in.blanks();
      if (in.take("by ")) user = in.rest();
    } else if (in.take("+ ")) {
      event.set_label("tty", in.word());
      in.blanks();
      user = in.until(":").value_or(std::string_view());
      target = in.rest();
    }
  }
  if (target.empty() || user.empty()) return false;
  event.set(Field::user_name, user);
  event.set(Field::user_effective_name, target);
  set_meaning(event, {"authentication", "start", failed ? "su_failed" : "su", failed ? "failure" : "success"});
  return true;
}

}  // namespace luy::event::parser
