#include "agent/linux/file_context.h"

#include <fcntl.h>
#include <unistd.h>

#include <fstream>

#include "agent/linux/text.h"
#include "base/encoding.h"
#include "base/file.h"

namespace luy::agent {
namespace {

// "type=PATH msg=audit(1700000000.123:456): …": the part in parentheses.
std::optional<std::string_view> event_of(std::string_view line) {
  constexpr std::string_view key = "msg=audit(";
  const std::size_t begin = line.find(key);
  if (begin == std::string_view::npos) return std::nullopt;
  const std::size_t end = line.find(')', begin);
  if (end == std::string_view::npos) return std::nullopt;
  return line.substr(begin + key.size(), end - begin - key.size());
}

std::optional<Time> time_of(std::string_view event) {
  const std::size_t dot = event.find('.');
  const std::size_t colon = event.find(':');
  if (dot == std::string_view::npos || colon == std::string_view::npos || colon < dot) return std::nullopt;
  const auto seconds = number(event.substr(0, dot));
  const auto millis = number(event.substr(dot + 1, colon - dot - 1));
  if (!seconds || !millis) return std::nullopt;
  return Time(std::chrono::seconds(*seconds) + std::chrono::milliseconds(*millis));
}

// The value of " key=", without quotes; what auditd wrote as hexadecimal digits, because of blanks, becomes text.
std::string value_of(std::string_view line, std::string_view key, bool text) {
  const std::string wanted = " " + std::string(key) + "=";
  const std::size_t at = line.find(wanted);
  if (at == std::string_view::npos) return {};
  std::string_view rest = line.substr(at + wanted.size());
  if (rest.starts_with('"')) {
    rest.remove_prefix(1);
    return std::string(rest.substr(0, rest.find('"')));
  }
  rest = rest.substr(0, rest.find_first_of(" \x1d\n"));
  const auto bytes = text ? from_hex(rest) : std::nullopt;
  return bytes ? *bytes : std::string(rest);
}

std::int64_t number_of(std::string_view line, std::string_view key) {
  constexpr std::int64_t unset = 4294967295;  // (uid_t)-1: nobody signed in.
  const auto value = number(value_of(line, key, false));
  return value && *value != unset ? *value : -1;
}

}  // namespace

std::optional<FileActor> find_actor(std::string_view audit_lines, std::string_view path, Time from, Time until) {
  std::string event;
  for (const std::string_view line : lines(audit_lines)) {
    if (line.find("type=PATH ") == std::string_view::npos || value_of(line, "name", true) != path) continue;
    const auto one = event_of(line);
    const auto at = one ? time_of(*one) : std::nullopt;
    if (at && *at >= from && *at <= until) event = *one;
  }
  if (event.empty()) return std::nullopt;
  const std::string wanted = "msg=audit(" + event + ")";
  for (const std::string_view line : lines(audit_lines)) {
    if (line.find("type=SYSCALL ") == std::string_view::npos || line.find(wanted) == std::string_view::npos) continue;
    FileActor actor;
    actor.login_id = number_of(line, "auid");
    actor.user_id = number_of(line, "uid");
    actor.pid = number_of(line, "pid");
    actor.executable = value_of(line, "exe", true);
    actor.command = value_of(line, "comm", true);
    return actor;
  }
  return std::nullopt;
}

std::string audit_tail(const Machine& machine) {
  const std::string path = machine.path("var/log/audit/audit.log");
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!fd) return {};
  const off_t size = ::lseek(fd.get(), 0, SEEK_END);
  const off_t begin = size > static_cast<off_t>(audit_tail_bytes) ? size - static_cast<off_t>(audit_tail_bytes) : 0;
  std::string out(static_cast<std::size_t>(std::max<off_t>(size - begin, 0)), '\0');
  const ssize_t n = ::pread(fd.get(), out.data(), out.size(), begin);
  out.resize(n > 0 ? static_cast<std::size_t>(n) : 0);
  return out;
}

std::map<std::string, PackageFile> packages_of(const Machine& machine, const std::map<std::string, std::string>& md5s) {
  std::map<std::string, PackageFile> out;
  const auto see = [&](const std::string& path, std::string_view sum, std::string_view package) {
    const auto wanted = md5s.find(path);
    if (wanted != md5s.end()) out[path] = {std::string(package), wanted->second == sum};
  };
  // Configuration files, which belong to the administrator as well, stand with their sums in the status file.
  std::ifstream status(machine.path("var/lib/dpkg/status"));
  std::string package;
  bool conffiles = false;
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("Package: ")) package = line.substr(9);
    if (!line.starts_with(' ')) conffiles = line.starts_with("Conffiles:");
    if (!conffiles || !line.starts_with(" /")) continue;
    const auto fields = words(line);
    if (fields.size() >= 2) see(std::string(fields[0]), fields[1], package);
  }
  if (out.size() == md5s.size()) return out;
  for (const std::string& name : machine.list("var/lib/dpkg/info")) {
    constexpr std::string_view ending = ".md5sums";
    if (!name.ends_with(ending)) continue;
    const std::string owner =
        name.substr(0, name.find_first_of(":", 0) == std::string::npos ? name.size() - ending.size() : name.find(':'));
    std::ifstream sums(machine.path("var/lib/dpkg/info/" + name));
    for (std::string line; std::getline(sums, line);) {
      if (line.size() > 34) see("/" + line.substr(34), std::string_view(line).substr(0, 32), owner);
    }
  }
  return out;
}

}  // namespace luy::agent
