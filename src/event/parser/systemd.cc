// systemd (units) and systemd-logind (sessions, power).
#include <array>

#include "event/parser/parsers.h"
#include "event/parser/scan.h"

namespace luy::event::parser {
namespace {

struct Verb {
  std::string_view front;
  Meaning meaning;
};
// "Started ssh.service - OpenBSD Secure Shell server." Before version 250 only the description follows.
constexpr std::array verbs{
    Verb{"Starting ", {"process", "start", "service_starting", ""}},
    Verb{"Started ", {"process", "start", "service_started", "success"}},
    Verb{"Finished ", {"process", "end", "service_finished", "success"}},
    Verb{"Stopping ", {"process", "end", "service_stopping", ""}},
    Verb{"Stopped ", {"process", "end", "service_stopped", "success"}},
    Verb{"Reloading ", {"configuration", "change", "service_reloading", ""}},
    Verb{"Reloaded ", {"configuration", "change", "service_reloaded", "success"}},
    Verb{"Failed to start ", {"process", "start", "service_started", "failure"}},
    Verb{"Dependency failed for ", {"process", "start", "service_started", "failure"}},
};

constexpr std::array<std::string_view, 11> unit_kinds{".service", ".socket", ".target", ".mount",     ".timer", ".path",
                                                      ".slice",   ".scope",  ".device", ".automount", ".swap"};

bool is_unit(std::string_view name) {
  for (const std::string_view kind : unit_kinds) {
    if (name.ends_with(kind) && name.size() > kind.size()) return true;
  }
  return false;
}

// "ssh.service: Main process exited, code=exited, status=255/EXCEPTION".
bool about_unit(Scanner in, Event& event) {
  const auto unit = in.until(": ");
  if (!unit || !is_unit(*unit)) return false;
  event.set(Field::service_name, *unit);
  if (in.take("Main process exited, ") || in.take("Control process exited, ")) {
    while (const auto pair = next_key_value(in)) {
      if (pair->key == "status") event.set(Field::process_exit_code, pair->value.substr(0, pair->value.find('/')));
    }
    set_meaning(event, {"process", "end", "service_process_exited", ""});
  } else if (in.take("Failed with result '")) {
    event.set(Field::event_reason, in.until("'").value_or(std::string_view()));
    set_meaning(event, {"process", "end", "service_failed", "failure"});
  } else if (in.rest() == "Deactivated successfully.") {
    set_meaning(event, {"process", "end", "service_stopped", "success"});
  } else if (in.take("Scheduled restart job")) {
    set_meaning(event, {"process", "start", "service_restarting", ""});
  } else {
    return false;
  }
  return true;
}

}  // namespace

bool systemd(std::string_view message, Event& event) {
  if (about_unit(Scanner(message), event)) return true;
  for (const Verb& verb : verbs) {
    Scanner in(message);
    if (!in.take(verb.front)) continue;
    std::string_view unit = in.word();
    take_suffix(unit, ".");
    if (is_unit(unit)) event.set(Field::service_name, unit);
    set_meaning(event, verb.meaning);
    return true;
  }
  return false;
}

bool logind(std::string_view message, Event& event) {
  Scanner in(message);
  if (in.take("New session ")) {
    event.set_label("session", in.word());
    if (in.take(" of user ")) {
      std::string_view user = in.rest();
      take_suffix(user, ".");
      event.set(Field::user_name, user);
    }
    set_meaning(event, {"session", "start", "session_opened", "success"});
  } else if (in.take("Removed session ")) {
    std::string_view session = in.rest();
    take_suffix(session, ".");
    event.set_label("session", session);
    set_meaning(event, {"session", "end", "session_closed", "success"});
  } else if (in.take("System is powering down") || in.take("System is rebooting") || in.take("Power key pressed")) {
    set_meaning(event, {"host", "end", "host_stopping", ""});
  } else if (in.take("Lid closed")) {
    set_meaning(event, {"host", "change", "lid_closed", ""});
  } else {
    return false;
  }
  return true;
}

}  // namespace luy::event::parser
