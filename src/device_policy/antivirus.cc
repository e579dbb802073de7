#include "device_policy/antivirus.h"

#include <simdjson.h>

#include <algorithm>
#include <array>

#include "base/json.h"
#include "base/utf8.h"

namespace luy::device_policy {
namespace {

using simdjson::dom::element;
using simdjson::dom::object;

constexpr std::size_t section_bytes_max = 96 << 10;
constexpr std::size_t depth_max = 8;
constexpr std::int64_t day_minutes = 24 * 60;
constexpr std::array<std::string_view, 2> infected_names = {"quarantine", "report"};
constexpr std::array<std::string_view, 3> official_names = {"offline", "always", "never"};
constexpr std::array<std::string_view, 15> field_names = {"scan",         "period_days",        "weekday",
                                                          "from_minute",  "until_minute",       "paths",
                                                          "excludes",     "other_file_systems", "file_bytes_max",
                                                          "busy_percent", "pause_on_battery",   "pause_load_percent",
                                                          "infected",     "signatures",         "official_signatures"};

bool is_clean_path(std::string_view path) {
  if (path.empty() || path.front() != '/' || path.size() > path_bytes_max || !is_utf8(path)) return false;
  if (path != "/" && path.back() == '/') return false;
  for (const char c : path) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return false;
  }
  const std::string closed = std::string(path) + '/';
  return closed == "//" || (closed.find("//") == std::string::npos && closed.find("/./") == std::string::npos &&
                            closed.find("/../") == std::string::npos);
}

// A file's name that leads nowhere else and that ClamAV takes for a database or a list of exceptions.
bool is_signature_name(std::string_view name) {
  constexpr std::array<std::string_view, 14> endings = {".cvd",  ".cld", ".hdb", ".hsb", ".ndb", ".ldb",  ".yar",
                                                        ".yara", ".mdb", ".msb", ".fp",  ".sfp", ".ign2", ".cdb"};
  if (name.empty() || name.size() > signature_name_bytes_max || name.front() == '.') return false;
  constexpr std::string_view allowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
  if (name.find_first_not_of(allowed) != std::string_view::npos) return false;
  return std::any_of(endings.begin(), endings.end(), [&](std::string_view one) { return name.ends_with(one); });
}

bool is_sha256(std::string_view text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

// Takes fields off an object; the first that is missing, of another kind or out of its range is remembered.
class Fields {
 public:
  explicit Fields(object from) : from_(from) {}

  void flag(std::string_view key, bool& out) {
    if (from_[key].get(out) != simdjson::SUCCESS) miss(key);
  }
  void number(std::string_view key, std::int64_t low, std::int64_t high, std::int64_t& out) {
    if (from_[key].get(out) != simdjson::SUCCESS || out < low || out > high) miss(key);
  }
  void paths(std::string_view key, std::size_t least, std::size_t most, std::vector<std::string>& out) {
    simdjson::dom::array list;
    if (from_[key].get(list) != simdjson::SUCCESS || list.size() < least || list.size() > most) return miss(key);
    for (const element one : list) {
      std::string_view value;
      if (one.get(value) != simdjson::SUCCESS || !is_clean_path(value)) return miss(key);
      out.emplace_back(value);
    }
  }
  void infected(std::string_view key, Infected& out) {
    std::string_view value;
    if (from_[key].get(value) != simdjson::SUCCESS) return miss(key);
    const auto found = std::find(infected_names.begin(), infected_names.end(), value);
    if (found == infected_names.end()) return miss(key);
    out = static_cast<Infected>(found - infected_names.begin());
  }
  void official(std::string_view key, OfficialSignatures& out) {
    const auto value = from_[key];
    if (value.error() == simdjson::NO_SUCH_FIELD) return;
    std::string_view text;
    if (value.get(text) != simdjson::SUCCESS) return miss(key);
    const auto found = std::find(official_names.begin(), official_names.end(), text);
    if (found == official_names.end()) return miss(key);
    out = static_cast<OfficialSignatures>(found - official_names.begin());
  }
  void signatures(std::string_view key, std::vector<SignatureFile>& out) {
    simdjson::dom::array list;
    if (from_[key].get(list) != simdjson::SUCCESS || list.size() > signatures_max) return miss(key);
    for (const element one : list) {
      object file;
      std::string_view name;
      std::string_view sha256;
      SignatureFile read;
      if (one.get(file) != simdjson::SUCCESS || file["name"].get(name) != simdjson::SUCCESS ||
          file["sha256"].get(sha256) != simdjson::SUCCESS || file["bytes"].get(read.bytes) != simdjson::SUCCESS ||
          !is_signature_name(name) || !is_sha256(sha256) || read.bytes < 1 || read.bytes > signature_bytes_max) {
        return miss(key);
      }
      read.name = name;
      read.sha256 = sha256;
      for (const SignatureFile& before : out) {
        if (before.name == read.name) return miss(key);
      }
      out.push_back(std::move(read));
    }
  }
  void miss(std::string_view key) {
    if (missing_.empty()) missing_ = key;
  }
  const std::string& missing() const { return missing_; }

 private:
  object from_;
  std::string missing_;
};

void add_texts(std::string& out, std::string_view key, const std::vector<std::string>& texts) {
  out += ",\"" + std::string(key) + "\":[";
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (i > 0) out += ',';
    append_json_text(out, texts[i]);
  }
  out += ']';
}
void add_number(std::string& out, std::string_view key, std::int64_t value) {
  out += ",\"" + std::string(key) + "\":" + std::to_string(value);
}
void add_flag(std::string& out, std::string_view key, bool value) {
  out += ",\"" + std::string(key) + "\":" + (value ? "true" : "false");
}

bool covers(const std::vector<std::string>& folders, std::string_view path) {
  return std::any_of(folders.begin(), folders.end(), [&](const std::string& one) { return is_within(path, one); });
}

}  // namespace

bool is_within(std::string_view path, std::string_view folder) {
  if (folder == "/") return true;
  return path.starts_with(folder) && (path.size() == folder.size() || path[folder.size()] == '/');
}

std::string to_json(const Antivirus& section) {
  std::string out = std::string("{\"scan\":") + (section.scan ? "true" : "false");
  add_number(out, "period_days", section.period_days);
  add_number(out, "weekday", section.weekday);
  add_number(out, "from_minute", section.from_minute);
  add_number(out, "until_minute", section.until_minute);
  add_texts(out, "paths", section.paths);
  add_texts(out, "excludes", section.excludes);
  add_flag(out, "other_file_systems", section.other_file_systems);
  add_number(out, "file_bytes_max", section.file_bytes_max);
  add_number(out, "busy_percent", section.busy_percent);
  add_flag(out, "pause_on_battery", section.pause_on_battery);
  add_number(out, "pause_load_percent", section.pause_load_percent);
  out += ",\"infected\":\"" + std::string(infected_names[static_cast<std::size_t>(section.infected)]) + '"';
  out += ",\"official_signatures\":\"" +
         std::string(official_names[static_cast<std::size_t>(section.official_signatures)]) + '"';
  out += ",\"signatures\":[";
  for (std::size_t i = 0; i < section.signatures.size(); ++i) {
    const SignatureFile& one = section.signatures[i];
    out += i > 0 ? ",{\"name\":" : "{\"name\":";
    append_json_text(out, one.name);
    out += ",\"sha256\":\"" + one.sha256 + "\",\"bytes\":" + std::to_string(one.bytes) + '}';
  }
  return out + "]}";
}

Result<ReadAntivirus> read_antivirus(std::string_view json) {
  if (json.size() > section_bytes_max) return Error(malformed, "antivirus");
  simdjson::dom::parser parser(section_bytes_max);
  object from;
  if (parser.allocate(section_bytes_max, depth_max) != simdjson::SUCCESS ||
      parser.parse(json.data(), json.size(), true).get(from) != simdjson::SUCCESS) {
    return Error(malformed, "antivirus");
  }
  ReadAntivirus out;
  Antivirus& to = out.section;
  Fields fields(from);
  fields.flag("scan", to.scan);
  fields.number("period_days", 1, 31, to.period_days);
  fields.number("weekday", 1, 7, to.weekday);
  fields.number("from_minute", 0, day_minutes - 1, to.from_minute);
  fields.number("until_minute", 1, day_minutes, to.until_minute);
  fields.paths("paths", 1, paths_max, to.paths);
  fields.paths("excludes", 0, excludes_max, to.excludes);
  fields.flag("other_file_systems", to.other_file_systems);
  fields.number("file_bytes_max", 1 << 20, file_bytes_max_max, to.file_bytes_max);
  fields.number("busy_percent", 1, 100, to.busy_percent);
  fields.flag("pause_on_battery", to.pause_on_battery);
  fields.number("pause_load_percent", 10, 1000, to.pause_load_percent);
  fields.infected("infected", to.infected);
  fields.official("official_signatures", to.official_signatures);
  fields.signatures("signatures", to.signatures);
  if (to.until_minute <= to.from_minute) fields.miss("until_minute");
  if (!fields.missing().empty()) return Error(malformed, "antivirus." + fields.missing());
  for (const auto field : from) {
    if (std::find(field_names.begin(), field_names.end(), field.key) == field_names.end()) {
      out.unknown.emplace_back(field.key);
    }
  }
  return out;
}

std::vector<std::string> weakened(const Antivirus& before, const Antivirus& after) {
  std::vector<std::string> out;
  if (before.scan && !after.scan) out.emplace_back("scan");
  if (after.period_days > before.period_days) out.emplace_back("period_days");
  const auto lost = [&](const std::string& path) { return !covers(after.paths, path); };
  if (std::any_of(before.paths.begin(), before.paths.end(), lost)) out.emplace_back("paths");
  // Leaving out what lay outside anyway takes nothing away.
  const auto left_out = [&](const std::string& path) {
    return !covers(before.excludes, path) &&
           (covers(before.paths, path) || std::any_of(before.paths.begin(), before.paths.end(),
                                                      [&](const std::string& one) { return is_within(one, path); }));
  };
  if (std::any_of(after.excludes.begin(), after.excludes.end(), left_out)) out.emplace_back("excludes");
  if (before.other_file_systems && !after.other_file_systems) out.emplace_back("other_file_systems");
  if (after.file_bytes_max < before.file_bytes_max) out.emplace_back("file_bytes_max");
  if (before.infected == Infected::quarantine && after.infected == Infected::report) out.emplace_back("infected");
  if (before.official_signatures != OfficialSignatures::never &&
      after.official_signatures == OfficialSignatures::never) {
    out.emplace_back("official_signatures");
  }
  return out;
}

}  // namespace luy::device_policy
