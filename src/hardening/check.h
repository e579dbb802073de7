// Hardening checks as data: what is read, what is right, why, how to mend it. A check is a sentence about one setting
// of a machine; the files checks/*.yaml hold them (docs/format/checks.md) and are built into every program that needs
// them, so that hub, agent and command line of one version speak of the same checks. Plain values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "regulation/pack.h"

namespace luy::hardening {

using regulation::Text;

// Names of all enumerations are stored and travel: never renamed.
enum class Group : std::uint8_t {
  accounts,
  passwords,
  ssh,
  kernel,
  network,
  files,
  mounts,
  services,
  updates,
  logging,
  web,
  database,
  sharing,
  mail,
};
inline constexpr std::size_t group_count = 14;
enum class Severity : std::uint8_t { low, medium, high };
inline constexpr std::size_t severity_count = 3;
enum class State : std::uint8_t { right, wrong, unknown, not_applicable };
inline constexpr std::size_t state_count = 4;

// How a value is learnt. Each is one function of readers/ and a section of docs/format/checks.md.
enum class Reader : std::uint8_t {
  sshd,          // sshd_config(5) with Include; a value in a Match block is one more value.
  sysctl,        // As the kernel has it now, from /proc/sys.
  login_defs,    // login.defs(5).
  pam,           // The arguments of a module in a stack of /etc/pam.d, includes followed.
  pwquality,     // pwquality.conf(5) and the arguments of pam_pwquality, if the stack has it.
  faillock,      // faillock.conf(5) and the arguments of pam_faillock, if the stack has it.
  mount,         // The options of a mount point.
  file,          // Mode, owner and group of a file.
  unit,          // Whether a systemd unit runs.
  package,       // The version of an installed Debian package.
  systemd_conf,  // "[Section] key=value" with drop-in folders.
  apt,           // apt.conf(5).
  sudoers,       // sudoers(5): a default, or who needs no password.
  accounts,      // Names of accounts that something is the matter with.
  module,        // Whether a kernel module can be loaded.
  nginx,         // A directive as it holds in every server and location.
  postgres,      // postgresql.conf of every cluster.
  pg_hba,        // A column of pg_hba.conf of every cluster.
  samba,         // smb.conf(5), [global].
  samba_shares,  // smb.conf(5), every share.
  ini,           // MariaDB's option files.
  words,         // "keyword value" lines.
};
inline constexpr std::size_t reader_count = 22;

std::string_view name_of(Group group);
std::string_view name_of(Severity severity);
std::string_view name_of(State state);
std::string_view name_of(Reader reader);
std::optional<Group> group_from_name(std::string_view name);
std::optional<Severity> severity_from_name(std::string_view name);
std::optional<State> state_from_name(std::string_view name);
std::optional<Reader> reader_from_name(std::string_view name);
Text title_of(Group group);
Text title_of(Severity severity);
Text title_of(State state);

struct Reading {
  Reader reader = Reader::sshd;
  std::string key;                // What is asked for: a keyword, a path, a unit, a package.
  std::vector<std::string> also;  // Other names of the same key, or alternatives of which one is enough.
  std::string file;               // Of readers of any file: which,
  std::string folder;             // and the folder whose *.conf files count after it.
  std::vector<std::string> sections;
  std::string service;                  // Of PAM: the stack's file in /etc/pam.d,
  std::string type;                     // "auth", "account", "password", "session",
  std::string module;                   // "pam_unix.so".
  std::optional<std::int64_t> limit;    // Of accounts: days.
  std::optional<std::string> fallback;  // What holds where nothing is written: the program's own default.
  bool hidden = false;                  // The value is a secret: only that there is one is told.
};

// A value is right when it is among `is`, or within the numbers; and when it breaks none of the rest.
struct Rule {
  std::vector<std::string> is;      // Compared without case.
  std::vector<std::string> is_not;  // Without case.
  std::optional<std::int64_t> at_least;
  std::optional<std::int64_t> at_most;
  bool time = false;                      // Numbers are times: "2m" is 120.
  std::vector<std::string> words_within;  // Every word (divided by blanks and commas) is one of these.
  std::vector<std::string> words_with;    // Each of these is a word of it.
  std::vector<std::string> words_without;
  std::optional<std::uint32_t> mask_covers;  // A umask takes away at least these bits.
  std::optional<std::uint32_t> mode_within;  // A file has no other bits than these.
  std::vector<std::string> owners;
  std::vector<std::string> groups;
  std::optional<bool> present;  // True: any value is right. False: none is.
};

struct Check {
  std::string id;
  Group group = Group::accounts;
  Severity severity = Severity::medium;
  Text title;
  Text why;
  Reading reading;
  Rule rule;
  State absent = State::unknown;  // Where nothing is written and there is no default.
  // Applies only where one of the packages is installed (empty: everywhere), on these systems (os-release ID; empty:
  // all), on these classes of devices (inventory::DeviceClass; empty: all; judged by who knows the class).
  std::vector<std::string> packages;
  std::vector<std::string> systems;
  std::vector<std::string> classes;
  std::string mend;
  std::vector<std::string> references;
  std::vector<std::string> obligations;

  // "sshd PermitEmptyPasswords = no": what is read and what is right, for people.
  std::string reads() const;
};

struct Catalogue {
  std::vector<Check> checks;  // In the order of the files.
  std::string digest;         // Of the files' bytes, 16 hexadecimal digits: equal catalogues have equal digests.
  const Check* find(std::string_view id) const;
};

}  // namespace luy::hardening
