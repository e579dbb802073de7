// /var/log/apt/history.log (apt's "Start-Date: …" blocks, line by line) and /var/log/apt/term.log (what the package
// manager showed on the terminal). Only the lines with a date have a time of their own.
#include <array>
#include <string>

#include "event/parser/package.h"
#include "event/parser/parsers.h"
#include "event/parser/scan.h"

namespace luy::event::parser {
namespace {

struct Heading {
  std::string_view word;  // Followed by ": ".
  Meaning meaning;
};
constexpr std::array package_lists{
    Heading{"Install", {"package", "installation", "package_install", ""}},
    Heading{"Reinstall", {"package", "installation", "package_reinstall", ""}},
    Heading{"Upgrade", {"package", "change", "package_upgrade", ""}},
    Heading{"Downgrade", {"package", "change", "package_downgrade", ""}},
    Heading{"Remove", {"package", "deletion", "package_remove", ""}},
    Heading{"Purge", {"package", "deletion", "package_purge", ""}},
};

// "a:amd64 (1.0, 1.1), b:amd64 (2.0, automatic)": name and version of the only one, or how many there are.
void take_packages(std::string_view list, Event& event) {
  std::size_t count = 0;
  for (const char c : list) count += c == '(' ? 1 : 0;
  event.set_label("package_count", std::to_string(count));
  if (count != 1) return;
  Scanner in(list);
  set_package(event, in.word());
  in.blanks();
  if (!in.take('(')) return;
  const std::string_view versions = in.until(")").value_or(std::string_view());
  const auto comma = versions.find(", ");
  const std::string_view first = versions.substr(0, comma);
  const std::string_view second = comma == std::string_view::npos ? "" : versions.substr(comma + 2);
  if (second.empty() || second == "automatic") {
    event.set(Field::package_version, first);
  } else {
    event.set(Field::package_version, second);
    event.set_label("package.previous_version", first);
  }
}

bool take_date_line(std::string_view text, std::string_view heading, const ParseContext& context, Event& event) {
  Scanner in(text);
  if (!in.take(heading)) return false;
  in.blanks();
  std::string_view rest = in.rest();
  const auto time = take_local_time(rest, context);
  if (!time) return false;
  event.time = time;
  return true;
}

// "openssl:amd64 (3.0.15-1) …": as dpkg shows it on the terminal.
void take_shown_package(Scanner& in, Event& event) {
  std::string_view name = in.word();
  take_suffix(name, ".");
  set_package(event, name);
  in.blanks();
  if (in.take('(')) event.set(Field::package_version, in.until(")").value_or(std::string_view()));
  if (in.take(" over (")) event.set_label("package.previous_version", in.until(")").value_or(std::string_view()));
}

constexpr std::array shown{
    Heading{"Selecting previously unselected package ", {"package", "info", "package_select", ""}},
    Heading{"Unpacking ", {"package", "installation", "package_unpack", ""}},
    Heading{"Setting up ", {"package", "installation", "package_configure", ""}},
    Heading{"Removing ", {"package", "deletion", "package_remove", ""}},
    Heading{"Purging configuration files for ", {"package", "deletion", "package_purge", ""}},
    Heading{"Processing triggers for ", {"package", "info", "package_trigger", ""}},
};

}  // namespace

bool apt_history(std::string_view raw, const ParseContext& context, Event& event) {
  const std::string_view line = trimmed(raw);
  Scanner in(line);
  const auto heading = in.until(": ");
  if (!heading && !line.empty()) return false;
  event.set(Field::message, line);
  event.set(Field::event_provider, "apt");
  if (!heading) return true;  // The empty line between two blocks.
  if (take_date_line(line, "Start-Date:", context, event)) {
    set_meaning(event, {"package", "start", "apt_started", ""});
    return true;
  }
  if (take_date_line(line, "End-Date:", context, event)) {
    set_meaning(event, {"package", "end", "apt_ended", ""});
    return true;
  }
  if (*heading == "Commandline") {
    event.set(Field::process_command_line, in.rest());
    set_meaning(event, {"package", "info", "apt_command", ""});
  } else if (*heading == "Requested-By") {
    event.set(Field::user_name, in.word());
    in.blanks();
    if (in.take('(')) event.set(Field::user_id, in.until(")").value_or(std::string_view()));
    set_meaning(event, {"package", "info", "apt_requested", ""});
  } else if (*heading == "Error") {
    event.set(Field::error_message, in.rest());
    set_meaning(event, {"package", "error", "apt_failed", "failure"});
  }
  for (const Heading& list : package_lists) {
    if (list.word != *heading) continue;
    set_meaning(event, list.meaning);
    take_packages(in.rest(), event);
  }
  return true;
}

bool apt_term(std::string_view raw, const ParseContext& context, Event& event) {
  std::string_view line = trimmed(raw);
  // A progress display returns to the start of its line; what stayed visible is the last part.
  if (const auto at = line.rfind('\r'); at != std::string_view::npos) line.remove_prefix(at + 1);
  event.set(Field::message, line);
  event.set(Field::event_provider, "apt");
  if (take_date_line(line, "Log started:", context, event)) {
    set_meaning(event, {"package", "start", "apt_started", ""});
  } else if (take_date_line(line, "Log ended:", context, event)) {
    set_meaning(event, {"package", "end", "apt_ended", ""});
  }
  for (const Heading& entry : shown) {
    Scanner in(line);
    if (!in.take(entry.word)) continue;
    take_shown_package(in, event);
    set_meaning(event, entry.meaning);
  }
  return true;
}

}  // namespace luy::event::parser
