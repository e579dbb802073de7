// /var/log/dpkg.log (dpkg(1), "log file") and /var/log/alternatives.log: local time, then what was done.
#include <array>

#include "event/parser/package.h"
#include "event/parser/parsers.h"
#include "event/parser/scan.h"

namespace luy::event::parser {
namespace {

constexpr std::string_view no_version = "<none>";

struct Verb {
  std::string_view word;
  Meaning meaning;
};
// Lines "<verb> <package>:<architecture> <old version> <new version>".
constexpr std::array verbs{
    Verb{"install", {"package", "installation", "package_install", ""}},
    Verb{"upgrade", {"package", "change", "package_upgrade", ""}},
    Verb{"remove", {"package", "deletion", "package_remove", ""}},
    Verb{"purge", {"package", "deletion", "package_purge", ""}},
    Verb{"disappear", {"package", "deletion", "package_disappear", ""}},
    Verb{"configure", {"package", "info", "package_configure", ""}},
    Verb{"trigproc", {"package", "info", "package_trigger", ""}},
};

void take_versions(Scanner& in, Event& event) {
  const std::string_view old_version = in.word();
  in.blanks();
  const std::string_view new_version = in.word();
  // remove, purge and configure name the version they act on first, and "<none>" after it.
  const bool has_new = !new_version.empty() && new_version != no_version;
  event.set(Field::package_version, has_new ? new_version : old_version == no_version ? "" : old_version);
  if (has_new && old_version != no_version) event.set_label("package.previous_version", old_version);
}

// "status installed openssl:amd64 3.0.15-1": what holds from now on.
void take_status(Scanner& in, Event& event) {
  const std::string_view state = in.word();
  in.blanks();
  set_package(event, in.word());
  in.blanks();
  const std::string_view version = in.word();
  if (version != no_version) event.set(Field::package_version, version);
  event.set_label("package.status", state);
  const bool installed = state == "installed";
  set_meaning(event, {"package", installed ? "installation" : "info", "package_status", installed ? "success" : ""});
}

}  // namespace

void set_package(Event& event, std::string_view name) {
  const auto colon = name.find(':');
  event.set(Field::package_name, name.substr(0, colon));
  if (colon != std::string_view::npos) event.set(Field::package_architecture, name.substr(colon + 1));
}

bool dpkg(std::string_view raw, const ParseContext& context, Event& event) {
  std::string_view rest = raw;
  const auto time = take_local_time(rest, context);
  Scanner in(rest);
  if (!time || !in.take(' ')) return false;
  event.time = time;
  event.set(Field::message, in.rest());
  event.set(Field::event_provider, "dpkg");
  const std::string_view word = in.word();
  in.blanks();
  if (word == "status") {
    take_status(in, event);
  } else if (word == "startup") {
    set_meaning(event, {"package", "start", "dpkg_started", ""});
  } else if (word == "conffile") {
    auto path = in.rest();
    path = path.substr(0, path.rfind(' '));  // "<path> install" or "<path> keep".
    event.set(Field::file_path, path);
    set_meaning(event, {"package", "change", "package_configuration_file", ""});
  }
  for (const Verb& verb : verbs) {
    if (verb.word != word) continue;
    set_package(event, in.word());
    in.blanks();
    take_versions(in, event);
    set_meaning(event, verb.meaning);
  }
  return true;
}

bool alternatives(std::string_view raw, const ParseContext& context, Event& event) {
  Scanner in(raw);
  if (!in.take("update-alternatives ")) return false;
  std::string_view rest = in.rest();
  const auto time = take_local_time(rest, context);
  in = Scanner(rest);
  if (!time || !in.take(':')) return false;
  in.blanks();
  event.time = time;
  event.set(Field::message, in.rest());
  event.set(Field::event_provider, "update-alternatives");
  set_meaning(event, {"configuration", "change", "alternatives_changed", ""});
  return true;
}

}  // namespace luy::event::parser
