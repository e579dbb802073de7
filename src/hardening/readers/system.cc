// What the kernel, the file system, systemd and dpkg say.
#include <algorithm>
#include <cstdio>

#include "hardening/readers/reading.h"
#include "hardening/readers/text.h"

namespace luy::hardening {
namespace {

// "root:x:0:0:…" and "shadow:x:42:": the name whose third field is the number.
Result<std::string> name_of_number(Machine& machine, const char* file, std::uint32_t number) {
  LUY_TRY(const auto text, machine.file(file));
  const std::string wanted = std::to_string(number);
  for (const Line& line : lines_of(view_of(text))) {
    const auto first = line.text.find(':');
    const auto second = line.text.find(':', first + 1);
    if (first == std::string_view::npos || second == std::string_view::npos) continue;
    const auto third = std::min(line.text.find(':', second + 1), line.text.size());
    if (line.text.substr(second + 1, third - second - 1) == wanted) return std::string(line.text.substr(0, first));
  }
  return wanted;
}

// The kernel writes blank, tab, newline and backslash as three octal digits.
std::string mount_text(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto code = text[i] == '\\' && i + 3 < text.size() ? number_of(text.substr(i + 1, 3), 8) : std::nullopt;
    if (code && *code > 0 && *code < 256) {
      out += static_cast<char>(*code);
      i += 3;
    } else {
      out += text[i];
    }
  }
  return out;
}

Result<bool> is_there(const Machine& machine, const std::string& path) {
  LUY_TRY(const auto state, machine.source().state(path));
  return state.has_value();
}

constexpr const char* unit_folders[] = {"/etc/systemd/system/", "/run/systemd/system/", "/usr/lib/systemd/system/",
                                        "/lib/systemd/system/"};

Result<std::optional<std::string>> unit_file(const Machine& machine, const std::string& unit) {
  for (const char* folder : unit_folders) {
    const std::string path = folder + unit;
    LUY_TRY(const auto link, machine.source().link(path));
    if (link && *link == "/dev/null") return std::optional<std::string>();  // Masked.
    LUY_TRY(const bool found, is_there(machine, path));
    if (found) return std::optional(path);
  }
  return std::optional<std::string>();
}

}  // namespace

Result<Answer> read_sysctl(const Reading& reading, Machine& machine) {
  std::string path = reading.key;
  std::replace(path.begin(), path.end(), '.', '/');
  path = "/proc/sys/" + path;
  LUY_TRY(const auto text, machine.file(path));
  if (text) return Answer{{{joined(words_of(trim(text->substr(0, text->find('\n')))), " "), path, 0}}};
  LUY_TRY(const bool has_ipv6, is_there(machine, "/proc/sys/net/ipv6"));
  if (reading.key.starts_with("net.ipv6.") && !has_ipv6) return not_applicable("no_ipv6");
  // Without /proc/sys nothing can be said; with it the kernel was built without this.
  LUY_TRY(const bool has_any, is_there(machine, "/proc/sys/kernel"));
  return has_any ? Answer{} : not_known("no_sysctl");
}

// Of mounts over one another the last is what one sees. /proc/1 shows the machine's own table even to a process that
// was given another.
Result<Answer> read_mount(const Reading& reading, Machine& machine) {
  std::string path = "/proc/1/mounts";
  auto text = machine.file(path);
  if (!text || !*text) {
    path = "/proc/self/mounts";
    text = machine.file(path);
  }
  if (!text) return text.error();
  if (!*text) return not_known("no_mounts");
  Answer out;
  for (const Line& line : lines_of(**text, "")) {
    const auto fields = words_of(line.text);
    if (fields.size() < 4 || mount_text(fields[1]) != reading.key) continue;
    out.values.assign(1, {fields[3], path, line.number});
  }
  return out;
}

// "0640 root shadow".
Result<Answer> read_file(const Reading& reading, Machine& machine) {
  LUY_TRY(const auto paths, files_of(machine, reading.key));
  Answer out;
  for (const std::string& path : paths) {
    LUY_TRY(const auto state, machine.source().state(path));
    if (!state) continue;
    char mode[8] = {};
    std::snprintf(mode, sizeof mode, "%04o", static_cast<unsigned>(state->mode & 07777U));
    LUY_TRY(const std::string owner, name_of_number(machine, "/etc/passwd", state->uid));
    LUY_TRY(const std::string group, name_of_number(machine, "/etc/group", state->gid));
    out.values.push_back({std::string(mode) + " " + owner + " " + group, path, 0});
  }
  return out;
}

// "running", "enabled" (starts with the system, but does not run now), "stopped" (neither). Of several names the
// liveliest counts. What runs has a link of its invocation in /run/systemd/units.
Result<Answer> read_unit(const Reading& reading, Machine& machine) {
  LUY_TRY(const bool booted, is_there(machine, "/run/systemd/system"));
  std::vector<std::string> units = reading.also;
  units.insert(units.begin(), reading.key);
  std::optional<Value> enabled;
  std::optional<Value> stopped;
  for (const std::string& unit : units) {
    LUY_TRY(const auto file, unit_file(machine, unit));
    if (!file) continue;
    LUY_TRY(const auto runs, machine.source().link("/run/systemd/units/invocation:" + unit));
    if (runs) return Answer{{{"running", *file, 0}}};
    LUY_TRY(const auto wants, files_of(machine, "/etc/systemd/system/*/" + unit));
    bool is_wanted = false;
    for (const std::string& path : wants) {
      LUY_TRY(const auto link, machine.source().link(path));
      is_wanted = is_wanted || link.has_value();
    }
    (is_wanted ? enabled : stopped) = Value{is_wanted ? "enabled" : "stopped", *file, 0};
  }
  if (enabled) return Answer{{*enabled}};
  if (!stopped) return Answer{};
  // Where systemd is not what runs the system, a unit that is not enabled may have been started otherwise.
  return booted ? Answer{{*stopped}} : not_known("no_systemd");
}

Result<Answer> read_package(const Reading& reading, Machine& machine) {
  std::vector<std::string> names = reading.also;
  names.insert(names.begin(), reading.key);
  Answer out;
  for (const std::string& name : names) {
    LUY_TRY(const auto version, machine.package(name));
    if (version) out.values.push_back({name + " " + *version, "/var/lib/dpkg/status", 0});
  }
  return out;
}

// "loaded", "disabled" (an install line that runs nothing), "blacklisted" (only not loaded by itself), "available",
// "absent" (this kernel has none).
Result<Answer> read_module(const Reading& reading, Machine& machine) {
  std::string name = reading.key;
  std::replace(name.begin(), name.end(), '-', '_');
  LUY_TRY(const auto loaded, machine.file("/proc/modules"));
  for (const Line& line : lines_of(view_of(loaded))) {
    if (line.text.substr(0, line.text.find(' ')) == name) return Answer{{{"loaded", "/proc/modules", line.number}}};
  }
  std::optional<Value> blacklisted;
  for (const char* folder : {"/lib/modprobe.d", "/usr/lib/modprobe.d", "/run/modprobe.d", "/etc/modprobe.d"}) {
    LUY_TRY(const auto files, files_of(machine, std::string(folder) + "/*.conf"));
    for (const std::string& path : files) {
      LUY_TRY(const auto text, machine.file(path));
      for (const Line& line : lines_of(view_of(text))) {
        auto words = words_of(line.text);
        if (words.size() < 2) continue;
        std::replace(words[1].begin(), words[1].end(), '-', '_');
        if (words[1] != name) continue;
        const bool nothing = words.size() >= 3 && (words[2].ends_with("/true") || words[2].ends_with("/false"));
        if (words[0] == "install" && nothing) return Answer{{{"disabled", path, line.number}}};
        if (words[0] == "blacklist") blacklisted = Value{"blacklisted", path, line.number};
      }
    }
  }
  LUY_TRY(const auto release, machine.file("/proc/sys/kernel/osrelease"));
  const std::string modules =
      "/lib/modules/" + std::string(trim(release.value_or("").substr(0, release.value_or("").find('\n'))));
  LUY_TRY(const auto list, machine.source().file(modules + "/modules.dep"));
  if (!list) return not_applicable("no_modules");
  const auto has = [&](std::string text) { return list->find("/" + text + ".ko") != std::string::npos; };
  if (!has(name) && !has(reading.key)) return Answer{{{"absent", modules + "/modules.dep", 0}}};
  if (blacklisted) return Answer{{*blacklisted}};
  return Answer{{{"available", modules + "/modules.dep", 0}}};
}

}  // namespace luy::hardening
