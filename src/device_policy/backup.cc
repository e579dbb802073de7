#include "device_policy/backup.h"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <span>

#include "base/id.h"
#include "base/json.h"
#include "base/utf8.h"
#include "device_policy/antivirus.h"

namespace luy::device_policy {
namespace {

using simdjson::dom::element;
using simdjson::dom::object;

constexpr std::size_t section_bytes_max = 96 << 10;
constexpr std::size_t depth_max = 8;
constexpr std::int64_t day_minutes = 24 * 60;
constexpr std::array<std::string_view, 5> kind_names = {"logs", "sqlite", "postgresql", "mariadb", "files"};
constexpr std::array<std::string_view, 2> place_names = {"disk", "medium"};
constexpr std::array<std::string_view, 12> section_fields = {"run",
                                                             "period_days",
                                                             "drill_days",
                                                             "from_minute",
                                                             "until_minute",
                                                             "busy_percent",
                                                             "write_kib_per_second",
                                                             "read_back_percent",
                                                             "pause_on_battery",
                                                             "pause_load_percent",
                                                             "sets",
                                                             "media"};
constexpr std::array<std::string_view, 13> set_fields = {
    "name",   "kind",      "every_days", "paths",       "excludes",     "databases", "user",
    "socket", "keep_last", "keep_daily", "keep_weekly", "keep_monthly", "targets"};
constexpr std::array<std::string_view, 3> target_fields = {"kind", "path", "media"};
constexpr std::array<std::string_view, 4> medium_fields = {"id", "uuid", "serial", "label"};

bool is_clean_text(std::string_view text, std::size_t bytes_max) {
  if (text.size() > bytes_max || !is_utf8(text)) return false;
  return std::none_of(text.begin(), text.end(),
                      [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

bool is_clean_path(std::string_view path) {
  if (path.empty() || path.front() != '/' || !is_clean_text(path, path_bytes_max)) return false;
  if (path != "/" && path.back() == '/') return false;
  const std::string closed = std::string(path) + '/';
  return closed == "//" || (closed.find("//") == std::string::npos && closed.find("/./") == std::string::npos &&
                            closed.find("/../") == std::string::npos);
}

// It stands in the restic's list of tags, which commas part.
bool is_set_name(std::string_view name) {
  return !name.empty() && is_clean_text(name, backup_name_bytes_max) && name.find(',') == std::string_view::npos &&
         name.front() != ' ' && name.back() != ' ';
}

// It becomes an argument of a dump: nothing that could be taken for an option.
bool is_database_name(std::string_view name) {
  return !name.empty() && name.front() != '-' && is_clean_text(name, backup_name_bytes_max) &&
         name.find('/') == std::string_view::npos;
}

// As useradd(8) makes them.
bool is_user_name(std::string_view name) {
  constexpr std::string_view allowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
  return !name.empty() && name.size() <= 32 && name.front() != '-' &&
         name.find_first_not_of(allowed) == std::string_view::npos;
}

bool is_dump(BackupKind kind) {
  return kind == BackupKind::postgresql || kind == BackupKind::mariadb;
}

// Takes fields off an object; the first that is missing, of another kind or out of its range is remembered, with the
// path to it. What is there beside the known names is noted.
class Fields {
 public:
  Fields(object from, std::string prefix, std::string& missing)
      : from_(from), prefix_(std::move(prefix)), missing_(missing) {}

  void flag(std::string_view key, bool& out) {
    if (from_[key].get(out) != simdjson::SUCCESS) miss(key);
  }
  void number(std::string_view key, std::int64_t low, std::int64_t high, std::int64_t& out) {
    if (from_[key].get(out) != simdjson::SUCCESS || out < low || out > high) miss(key);
  }
  template <class Good>
  void text(std::string_view key, const Good& good, std::string& out) {
    std::string_view value;
    if (from_[key].get(value) != simdjson::SUCCESS || !good(value)) return miss(key);
    out = value;
  }
  template <class Good>
  void texts(std::string_view key, std::size_t most, const Good& good, std::vector<std::string>& out) {
    simdjson::dom::array list;
    if (from_[key].get(list) != simdjson::SUCCESS || list.size() > most) return miss(key);
    for (const element one : list) {
      std::string_view value;
      if (one.get(value) != simdjson::SUCCESS || !good(value) ||
          std::find(out.begin(), out.end(), value) != out.end()) {
        return miss(key);
      }
      out.emplace_back(value);
    }
  }
  template <class Enum>
  void choice(std::string_view key, std::span<const std::string_view> names, Enum& out) {
    std::string_view value;
    if (from_[key].get(value) != simdjson::SUCCESS) return miss(key);
    const auto found = std::find(names.begin(), names.end(), value);
    if (found == names.end()) return miss(key);
    out = static_cast<Enum>(found - names.begin());
  }
  template <class Each>
  void objects(std::string_view key, std::size_t most, const Each& each) {
    simdjson::dom::array list;
    if (from_[key].get(list) != simdjson::SUCCESS || list.size() > most) return miss(key);
    for (const element one : list) {
      object inner;
      if (one.get(inner) != simdjson::SUCCESS) return miss(key);
      Fields fields(inner, prefix_ + std::string(key) + '.', missing_);
      each(fields);
    }
  }
  void miss(std::string_view key) {
    if (missing_.empty()) missing_ = prefix_ + std::string(key);
  }
  void unknown(std::span<const std::string_view> known, std::vector<std::string>& out) const {
    for (const auto field : from_) {
      if (std::find(known.begin(), known.end(), field.key) != known.end()) continue;
      const std::string name = prefix_ + std::string(field.key);
      if (std::find(out.begin(), out.end(), name) == out.end()) out.push_back(name);
    }
  }

 private:
  object from_;
  const std::string prefix_;
  std::string& missing_;
};

void read_target(Fields& fields, BackupTarget& to) {
  fields.choice("kind", place_names, to.kind);
  const bool disk = to.kind == BackupPlace::disk;
  fields.text(
      "path", [&](std::string_view path) { return disk ? is_clean_path(path) && path != "/" : path.empty(); }, to.path);
  fields.texts(
      "media", backup_media_max, [](std::string_view id) { return is_id_text(id); }, to.media);
  if (disk != to.media.empty()) fields.miss("media");
}

void read_set(Fields& fields, BackupSet& to, std::vector<std::string>& unknown) {
  fields.text("name", is_set_name, to.name);
  fields.choice("kind", kind_names, to.kind);
  const bool dump = is_dump(to.kind);
  fields.number("every_days", 1, 31, to.every_days);
  fields.texts("paths", backup_paths_max, is_clean_path, to.paths);
  fields.texts("excludes", backup_excludes_max, is_clean_path, to.excludes);
  fields.texts("databases", backup_databases_max, is_database_name, to.databases);
  fields.text(
      "user", [&](std::string_view user) { return dump ? is_user_name(user) : user.empty(); }, to.user);
  fields.text(
      "socket", [&](std::string_view path) { return path.empty() || (dump && is_clean_path(path)); }, to.socket);
  fields.number("keep_last", 0, backup_keep_max, to.keep.last);
  fields.number("keep_daily", 0, backup_keep_max, to.keep.daily);
  fields.number("keep_weekly", 0, backup_keep_max, to.keep.weekly);
  fields.number("keep_monthly", 0, backup_keep_max, to.keep.monthly);
  fields.objects("targets", backup_targets_max, [&](Fields& one) {
    read_target(one, to.targets.emplace_back());
    one.unknown(target_fields, unknown);
  });
  if (dump != to.paths.empty()) fields.miss("paths");
  if (dump && !to.excludes.empty()) fields.miss("excludes");
  if (to.kind == BackupKind::sqlite && !to.excludes.empty()) fields.miss("excludes");
  if (!dump && !to.databases.empty()) fields.miss("databases");
  if (to.targets.empty()) fields.miss("targets");
  for (std::size_t i = 1; i < to.targets.size(); ++i) {
    if (std::find(to.targets.begin(), to.targets.begin() + static_cast<std::ptrdiff_t>(i), to.targets[i]) !=
        to.targets.begin() + static_cast<std::ptrdiff_t>(i)) {
      fields.miss("targets");
    }
  }
  fields.unknown(set_fields, unknown);
}

void read_medium(Fields& fields, BackupMedium& to, std::vector<std::string>& unknown) {
  const auto clean = [](std::string_view text) { return is_clean_text(text, 4 * backup_name_bytes_max); };
  fields.text(
      "id", [](std::string_view id) { return is_id_text(id); }, to.id);
  fields.text("uuid", clean, to.uuid);
  fields.text("serial", clean, to.serial);
  fields.text("label", clean, to.label);
  fields.unknown(medium_fields, unknown);
}

void add(std::string& out, std::string_view key, std::string_view text) {
  if (out.back() != '{') out += ',';
  append_json_text(out, key);
  out += ':';
  append_json_text(out, text);
}
void add(std::string& out, std::string_view key, std::int64_t value) {
  if (out.back() != '{') out += ',';
  append_json_text(out, key);
  out += ':' + std::to_string(value);
}
void add_flag(std::string& out, std::string_view key, bool value) {
  if (out.back() != '{') out += ',';
  append_json_text(out, key);
  out += value ? ":true" : ":false";
}
void add_texts(std::string& out, std::string_view key, const std::vector<std::string>& texts) {
  out += ",\"" + std::string(key) + "\":[";
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (i > 0) out += ',';
    append_json_text(out, texts[i]);
  }
  out += ']';
}

std::string json_of(const BackupTarget& target) {
  std::string out = "{";
  add(out, "kind", name_of(target.kind));
  add(out, "path", target.path);
  add_texts(out, "media", target.media);
  return out + '}';
}
std::string json_of(const BackupSet& set) {
  std::string out = "{";
  add(out, "name", set.name);
  add(out, "kind", name_of(set.kind));
  add(out, "every_days", set.every_days);
  add_texts(out, "paths", set.paths);
  add_texts(out, "excludes", set.excludes);
  add_texts(out, "databases", set.databases);
  add(out, "user", set.user);
  add(out, "socket", set.socket);
  add(out, "keep_last", set.keep.last);
  add(out, "keep_daily", set.keep.daily);
  add(out, "keep_weekly", set.keep.weekly);
  add(out, "keep_monthly", set.keep.monthly);
  out += ",\"targets\":[";
  for (const BackupTarget& one : set.targets) out += (out.back() == '[' ? "" : ",") + json_of(one);
  return out + "]}";
}
std::string json_of(const BackupMedium& medium) {
  std::string out = "{";
  add(out, "id", medium.id);
  add(out, "uuid", medium.uuid);
  add(out, "serial", medium.serial);
  add(out, "label", medium.label);
  return out + '}';
}

template <class T>
bool holds(const std::vector<T>& all, const T& one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}
template <class T>
bool lost(const std::vector<T>& before, const std::vector<T>& after) {
  return std::any_of(before.begin(), before.end(), [&](const T& one) { return !holds(after, one); });
}
bool covers(const std::vector<std::string>& folders, std::string_view path) {
  return std::any_of(folders.begin(), folders.end(), [&](const std::string& one) { return is_within(path, one); });
}

// That a snapshot may go which stayed before. "Everything" keeps more than any number.
bool keeps_less(const BackupKeep& before, const BackupKeep& after) {
  if (after.everything()) return false;
  return before.everything() || after.last < before.last || after.daily < before.daily ||
         after.weekly < before.weekly || after.monthly < before.monthly;
}

void weakened_set(const BackupSet& before, const BackupSet& after, std::vector<std::string>& out) {
  const auto say = [&](bool weaker, std::string_view field) {
    const std::string name = "sets." + std::string(field);
    if (weaker && !holds(out, name)) out.push_back(name);
  };
  say(after.kind != before.kind, "kind");
  say(after.every_days > before.every_days, "every_days");
  say(std::any_of(before.paths.begin(), before.paths.end(),
                  [&](const std::string& path) { return !covers(after.paths, path); }),
      "paths");
  say(std::any_of(after.excludes.begin(), after.excludes.end(),
                  [&](const std::string& path) { return !covers(before.excludes, path); }),
      "excludes");
  // None named: all of them.
  const bool fewer = before.databases.empty() ? !after.databases.empty()
                                              : !after.databases.empty() && lost(before.databases, after.databases);
  say(fewer, "databases");
  say(keeps_less(before.keep, after.keep), "keep");
  say(lost(before.targets, after.targets), "targets");
}

}  // namespace

std::string_view name_of(BackupKind kind) {
  return kind_names[static_cast<std::size_t>(kind)];
}

std::string_view name_of(BackupPlace place) {
  return place_names[static_cast<std::size_t>(place)];
}

std::string to_json(const Backup& section) {
  std::string out = "{";
  add_flag(out, "run", section.run);
  add(out, "period_days", section.period_days);
  add(out, "drill_days", section.drill_days);
  add(out, "from_minute", section.from_minute);
  add(out, "until_minute", section.until_minute);
  add(out, "busy_percent", section.busy_percent);
  add(out, "write_kib_per_second", section.write_kib_per_second);
  add(out, "read_back_percent", section.read_back_percent);
  add_flag(out, "pause_on_battery", section.pause_on_battery);
  add(out, "pause_load_percent", section.pause_load_percent);
  out += ",\"sets\":[";
  for (const BackupSet& one : section.sets) out += (out.back() == '[' ? "" : ",") + json_of(one);
  out += "],\"media\":[";
  for (const BackupMedium& one : section.media) out += (out.back() == '[' ? "" : ",") + json_of(one);
  return out + "]}";
}

Result<ReadBackup> read_backup(std::string_view json) {
  if (json.size() > section_bytes_max) return Error(malformed, "backup");
  simdjson::dom::parser parser(section_bytes_max);
  object from;
  if (parser.allocate(section_bytes_max, depth_max) != simdjson::SUCCESS ||
      parser.parse(json.data(), json.size(), true).get(from) != simdjson::SUCCESS) {
    return Error(malformed, "backup");
  }
  ReadBackup out;
  Backup& to = out.section;
  std::string missing;
  Fields fields(from, "", missing);
  fields.flag("run", to.run);
  fields.number("period_days", 1, 31, to.period_days);
  fields.number("drill_days", 1, 366, to.drill_days);
  fields.number("from_minute", 0, day_minutes - 1, to.from_minute);
  fields.number("until_minute", 1, day_minutes, to.until_minute);
  fields.number("busy_percent", 1, 100, to.busy_percent);
  fields.number("write_kib_per_second", 0, 10 << 20, to.write_kib_per_second);
  fields.number("read_back_percent", 1, 100, to.read_back_percent);
  fields.flag("pause_on_battery", to.pause_on_battery);
  fields.number("pause_load_percent", 10, 1000, to.pause_load_percent);
  fields.objects("sets", backup_sets_max, [&](Fields& one) {
    read_set(one, to.sets.emplace_back(), out.unknown);
    for (std::size_t i = 0; i + 1 < to.sets.size(); ++i) {
      if (to.sets[i].name == to.sets.back().name) one.miss("name");
    }
  });
  fields.objects("media", backup_media_max,
                 [&](Fields& one) { read_medium(one, to.media.emplace_back(), out.unknown); });
  if (to.until_minute <= to.from_minute) fields.miss("until_minute");
  if (!missing.empty()) return Error(malformed, "backup." + missing);
  fields.unknown(section_fields, out.unknown);
  return out;
}

std::vector<std::string> weakened(const Backup& before, const Backup& after) {
  std::vector<std::string> out;
  if (before.run && !after.run) out.emplace_back("run");
  if (after.period_days > before.period_days) out.emplace_back("period_days");
  if (after.drill_days > before.drill_days) out.emplace_back("drill_days");
  if (after.read_back_percent < before.read_back_percent) out.emplace_back("read_back_percent");
  for (const BackupSet& one : before.sets) {
    const auto found = std::find_if(after.sets.begin(), after.sets.end(),
                                    [&](const BackupSet& other) { return other.name == one.name; });
    if (found != after.sets.end()) {
      weakened_set(one, *found, out);
    } else if (!holds(out, std::string("sets"))) {
      out.emplace_back("sets");
    }
  }
  return out;
}

}  // namespace luy::device_policy
