// What readers are made of: values with the place they were found at, and what they share while one catalogue runs.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "hardening/check.h"
#include "hardening/source.h"

namespace luy::hardening {

// Of includes within includes; a file that includes itself must end, too.
inline constexpr int include_depth_max = 16;
inline constexpr std::size_t included_files_max = 500;

struct Value {
  std::string text;
  std::string file;       // Empty: of no file.
  std::int64_t line = 0;  // From 1; 0: of no line.
};

struct Answer {
  std::vector<Value> values;  // None: nothing is written about it.
  // Not empty: the question makes no sense on this machine ("no_ipv6"), or cannot be answered ("no_systemd").
  std::string reason{};
  bool applies = true;  // With a reason: true = unknown, false = not applicable.
};

inline Answer not_applicable(std::string reason) {
  return {{}, std::move(reason), false};
}
inline Answer not_known(std::string reason) {
  return {{}, std::move(reason), true};
}

// What is read more than once by a catalogue of checks is kept for its run.
class Machine {
 public:
  Machine(const Source& source, Time now) : source_(source), now_(now) {}
  const Source& source() const { return source_; }
  Time now() const { return now_; }
  // A file's text; nullopt when it is not there. Errors: unreadable.
  Result<std::optional<std::string>> file(const std::string& path);
  // Of an installed package; nullopt when it is not. Errors: unreadable, also where there is no list of packages.
  Result<std::optional<std::string>> package(const std::string& name);
  Result<std::string> system();  // os-release ID; empty where it says none.

 private:
  const Source& source_;
  const Time now_;
  std::map<std::string, Result<std::optional<std::string>>> files_;
  std::optional<std::map<std::string, std::string>> packages_;
};

// Files that a pattern with stars in its last parts names, in order: "/etc/ssh/sshd_config.d/*.conf". Errors:
// unreadable.
Result<std::vector<std::string>> files_of(Machine& machine, const std::string& pattern);

// One for each Reader. Errors: unreadable.
Result<Answer> read_sshd(const Reading& reading, Machine& machine);
Result<Answer> read_sysctl(const Reading& reading, Machine& machine);
Result<Answer> read_login_defs(const Reading& reading, Machine& machine);
Result<Answer> read_pam(const Reading& reading, Machine& machine);
Result<Answer> read_pwquality(const Reading& reading, Machine& machine);
Result<Answer> read_faillock(const Reading& reading, Machine& machine);
Result<Answer> read_mount(const Reading& reading, Machine& machine);
Result<Answer> read_file(const Reading& reading, Machine& machine);
Result<Answer> read_unit(const Reading& reading, Machine& machine);
Result<Answer> read_package(const Reading& reading, Machine& machine);
Result<Answer> read_systemd_conf(const Reading& reading, Machine& machine);
Result<Answer> read_apt(const Reading& reading, Machine& machine);
Result<Answer> read_sudoers(const Reading& reading, Machine& machine);
Result<Answer> read_accounts(const Reading& reading, Machine& machine);
Result<Answer> read_module(const Reading& reading, Machine& machine);
Result<Answer> read_nginx(const Reading& reading, Machine& machine);
Result<Answer> read_postgres(const Reading& reading, Machine& machine);
Result<Answer> read_pg_hba(const Reading& reading, Machine& machine);
Result<Answer> read_samba(const Reading& reading, Machine& machine);
Result<Answer> read_samba_shares(const Reading& reading, Machine& machine);
Result<Answer> read_ini(const Reading& reading, Machine& machine);
Result<Answer> read_words(const Reading& reading, Machine& machine);

}  // namespace luy::hardening
