// What the machine knows of a changed file: who changed it, as auditd noted, and which package it belongs to.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/linux/machine.h"
#include "base/clock.h"

namespace luy::agent {

struct FileActor {
  std::int64_t login_id = -1;  // auid: who signed in, whoever they became since; -1 when nobody did.
  std::int64_t user_id = -1;
  std::int64_t pid = 0;
  std::string executable;
  std::string command;
};
// The newest system call on `path` within `from` … `until` among auditd's lines (auditd.log(5)); nullopt when auditd
// has no rule that sees it. Pure.
std::optional<FileActor> find_actor(std::string_view audit_lines, std::string_view path, Time from, Time until);

// The end of auditd's log, enough for the last moments.
inline constexpr std::size_t audit_tail_bytes = 512 << 10;
std::string audit_tail(const Machine& machine);

struct PackageFile {
  std::string package;
  bool as_shipped = false;  // The content is what the package manager put there.
};
// Of files by path and MD5, those that dpkg knows. Reads dpkg's lists once, line by line.
std::map<std::string, PackageFile> packages_of(const Machine& machine, const std::map<std::string, std::string>& md5s);

}  // namespace luy::agent
