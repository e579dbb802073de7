// passwd(5), shadow(5), group(5) and sudoers(5). Of accounts only names are told, and never a hash.
#include <algorithm>
#include <charconv>
#include <map>
#include <set>

#include "hardening/readers/reading.h"
#include "hardening/readers/text.h"

namespace luy::hardening {
namespace {

std::vector<std::string> fields_of(std::string_view line) {
  std::vector<std::string> out;
  for (;;) {
    const auto colon = std::min(line.find(':'), line.size());
    out.emplace_back(line.substr(0, colon));
    if (colon == line.size()) return out;
    line.remove_prefix(colon + 1);
  }
}

struct Entry {
  std::vector<std::string> fields;
  std::int64_t line = 0;
  const std::string& field(std::size_t i) const {
    static const std::string none;
    return i < fields.size() ? fields[i] : none;
  }
  const std::string& name() const { return fields[0]; }
  std::optional<std::int64_t> number(std::size_t i) const { return number_of(field(i)); }
};
using Entries = std::vector<Entry>;

Result<std::optional<Entries>> entries(Machine& machine, const std::string& path) {
  LUY_TRY(const auto text, machine.file(path));
  if (!text) return std::optional<Entries>();
  Entries out;
  for (const Line& line : lines_of(*text)) out.push_back({fields_of(line.text), line.number});
  return std::optional(std::move(out));
}

constexpr const char* passwd_path = "/etc/passwd";
constexpr const char* shadow_path = "/etc/shadow";
constexpr const char* group_path = "/etc/group";

bool is_login_shell(const std::string& shell) {
  const std::string program = shell.substr(shell.rfind('/') + 1);
  return program != "nologin" && program != "false" && program != "sync" && program != "shutdown" && program != "halt";
}

// A hash that opens: neither locked nor "no password will ever fit" nor empty.
bool has_password(const Entry& shadow) {
  const std::string& hash = shadow.field(1);
  return !hash.empty() && hash.front() != '!' && hash.front() != '*';
}

// crypt(5): everything older than SHA-256 is called obsolete there.
bool is_weak(const std::string& hash) {
  for (const char* sound : {"$y$", "$gy$", "$7$", "$2b$", "$2y$", "$2a$", "$6$", "$5$"}) {
    if (hash.starts_with(sound)) return false;
  }
  return true;
}

std::int64_t day_of(Time now) {
  return std::chrono::floor<days>(now).time_since_epoch().count();
}

// What is the matter: names in the order of the file, the line of the first.
class Matter {
 public:
  explicit Matter(std::string file) : file_(std::move(file)) {}
  void add(const Entry& entry) { add(entry.name(), entry.line); }
  void add(const std::string& name, std::int64_t line) {
    if (names_.empty()) line_ = line;
    names_.push_back(name);
  }
  Answer answer() const {
    if (names_.empty()) return {};
    return {{{joined(names_, ", "), file_, line_}}};
  }

 private:
  std::string file_;
  std::vector<std::string> names_;
  std::int64_t line_ = 0;
};

using Test = bool (*)(const Entry& shadow, const Reading& reading, std::int64_t today);

bool no_password(const Entry& shadow, const Reading&, std::int64_t) {
  return shadow.field(1).empty();
}
bool weak_hash(const Entry& shadow, const Reading&, std::int64_t) {
  return has_password(shadow) && is_weak(shadow.field(1));
}
bool no_age(const Entry& shadow, const Reading& reading, std::int64_t) {
  return has_password(shadow) && shadow.number(4).value_or(99'999) > reading.limit.value_or(0);
}
bool too_old(const Entry& shadow, const Reading& reading, std::int64_t today) {
  const auto changed = shadow.number(2);
  // 0: must be changed at the next login, which ends its age.
  return has_password(shadow) && changed && *changed > 0 && today - *changed > reading.limit.value_or(0);
}
bool in_future(const Entry& shadow, const Reading&, std::int64_t today) {
  return has_password(shadow) && shadow.number(2).value_or(0) > today + 1;
}
bool no_inactive(const Entry& shadow, const Reading& reading, std::int64_t) {
  const auto after = shadow.number(6);
  return has_password(shadow) && (!after || *after < 0 || *after > reading.limit.value_or(0));
}
bool no_warning(const Entry& shadow, const Reading& reading, std::int64_t) {
  return has_password(shadow) && shadow.number(5).value_or(0) < reading.limit.value_or(0);
}

const std::map<std::string, Test, std::less<>>& shadow_tests() {
  static const std::map<std::string, Test, std::less<>> tests = {
      {"empty_password", no_password}, {"weak_hash", weak_hash},     {"no_maximum_age", no_age},
      {"old_password", too_old},       {"future_change", in_future}, {"no_inactive_lock", no_inactive},
      {"no_warning", no_warning}};
  return tests;
}

// The same value in one field of several entries.
Answer doubled(const Entries& all, const std::string& path, std::size_t field) {
  std::map<std::string, std::vector<const Entry*>> groups;
  for (const Entry& entry : all) groups[entry.field(field)].push_back(&entry);
  Matter matter(path);
  for (const Entry& entry : all) {
    const auto& same = groups[entry.field(field)];
    if (same.size() > 1 && same.front() != &entry) matter.add(entry);
  }
  return matter.answer();
}

Result<Answer> of_passwd(const Reading& reading, Machine& machine, const Entries& all) {
  Matter matter(passwd_path);
  if (reading.key == "duplicate_uid") return doubled(all, passwd_path, 2);
  if (reading.key == "duplicate_name") return doubled(all, passwd_path, 0);
  std::set<std::string> groups;
  if (reading.key == "group_missing") {
    LUY_TRY(const auto list, entries(machine, group_path));
    if (!list) return Error(unreadable, group_path);
    for (const Entry& group : *list) groups.insert(group.field(2));
  }
  constexpr std::int64_t first_person = 1000;  // UID_MIN of Debian's login.defs.
  constexpr std::int64_t nobody = 65'534;
  for (const Entry& entry : all) {
    const auto uid = entry.number(2);
    const bool is_person = uid && *uid >= first_person && *uid != nobody;
    bool bad = false;
    if (reading.key == "uid_zero") bad = uid == 0 && entry.name() != "root";
    if (reading.key == "unshadowed") bad = entry.field(1) != "x";
    if (reading.key == "plus_entry") bad = entry.name().starts_with('+');
    if (reading.key == "group_missing") bad = !groups.contains(entry.field(3));
    if (reading.key == "system_shell") {
      bad = uid && *uid != 0 && *uid < first_person && is_login_shell(entry.field(6));
    }
    if (reading.key == "open_home" && is_person && is_login_shell(entry.field(6)) && !entry.field(5).empty()) {
      LUY_TRY(const auto home, machine.source().state(entry.field(5)));
      bad = home && (home->mode & 027U) != 0;
    }
    if (bad) matter.add(entry);
  }
  return matter.answer();
}

}  // namespace

Result<Answer> read_accounts(const Reading& reading, Machine& machine) {
  const auto test = shadow_tests().find(reading.key);
  const bool of_group = reading.key == "duplicate_gid";
  const char* path = test != shadow_tests().end() ? shadow_path : of_group ? group_path : passwd_path;
  LUY_TRY(const auto all, entries(machine, path));
  if (!all) return Error(unreadable, path);
  if (of_group) return doubled(*all, group_path, 2);
  if (test == shadow_tests().end()) return of_passwd(reading, machine, *all);
  Matter matter(shadow_path);
  for (const Entry& entry : *all) {
    if (test->second(entry, reading, day_of(machine.now()))) matter.add(entry);
  }
  return matter.answer();
}

namespace {

class Sudoers {
 public:
  Sudoers(Machine& machine, const Reading& reading) : machine_(machine), reading_(reading) {}

  Result<bool> read(const std::string& path, int depth) {
    if (depth > include_depth_max) return Error(unreadable, path);
    LUY_TRY(const auto text, machine_.file(path));
    if (!text) return false;
    for (const Line& line : lines_of(*text, "")) {
      const auto words = words_of(line.text);
      const bool include = words[0] == "@include" || words[0] == "#include";
      const bool folder = words[0] == "@includedir" || words[0] == "#includedir";
      if ((include || folder) && words.size() >= 2) {
        const std::string target = unquoted(words[1]);
        const std::string full = target.starts_with('/') ? target : "/etc/" + target;
        if (folder) {
          LUY_TRY_VOID(read_folder(full, depth));
        } else {
          LUY_TRY_VOID(read(full, depth + 1));
        }
      } else if (line.text.front() != '#') {
        take(line, path);
      }
    }
    return true;
  }

  Answer answer() && {
    Answer out;
    if (reading_.key == "NOPASSWD") {
      out.values = std::move(rules_);
    } else if (default_) {
      out.values.push_back(std::move(*default_));
    } else if (reading_.fallback) {
      out.values.push_back({*reading_.fallback, {}, 0});
    }
    return out;
  }

 private:
  // Names with a dot and those that end in '~' are not read (sudoers(5)).
  Result<void> read_folder(const std::string& folder, int depth) {
    LUY_TRY(const auto names, machine_.source().folder(folder));
    if (!names) return {};
    for (const std::string& name : *names) {
      if (name.find('.') != std::string::npos || name.ends_with('~')) continue;
      LUY_TRY_VOID(read(folder + "/" + name, depth + 1));
    }
    return {};
  }

  void take(const Line& line, const std::string& path) {
    if (!line.text.starts_with("Defaults")) {
      const bool free = line.text.find("NOPASSWD:") != std::string_view::npos;
      if (free) rules_.push_back({words_of(line.text)[0], path, line.number});
      return;
    }
    const auto blank = line.text.find_first_of(" \t");
    // "Defaults:user", "Defaults@host": not for everybody.
    if (blank == std::string_view::npos || line.text.substr(0, blank) != "Defaults") return;
    for (const std::string& word : words_of(line.text.substr(blank), ",")) {
      const std::string_view setting = trim(word);
      const auto equals = setting.find('=');
      const std::string_view name = trim(setting.substr(0, equals));
      if (name == reading_.key) {
        const std::string value = equals == std::string_view::npos ? "yes" : unquoted(trim(setting.substr(equals + 1)));
        default_ = Value{value, path, line.number};
      } else if (name == "!" + reading_.key) {
        default_ = Value{"no", path, line.number};
      }
    }
  }

  Machine& machine_;
  const Reading& reading_;
  std::optional<Value> default_;
  std::vector<Value> rules_;
};

}  // namespace

Result<Answer> read_sudoers(const Reading& reading, Machine& machine) {
  Sudoers sudoers(machine, reading);
  LUY_TRY(const bool is_there, sudoers.read("/etc/sudoers", 0));
  if (!is_there) return not_applicable("no_file");
  return std::move(sudoers).answer();
}

}  // namespace luy::hardening
