#include "agent/linux/backup_child.h"

#include <algorithm>
#include <array>

#include "agent/linux/text.h"
#include "base/encoding.h"
#include "base/id.h"

namespace luy::agent {
namespace {

using std::chrono::milliseconds;

constexpr std::string_view heading = "luy-backup 1";
constexpr std::array<std::string_view, 4> act_names = {"run", "drill", "preview", "restore"};
constexpr std::array<std::string_view, 5> signs = {"i", "p", "w", "r", "e"};

std::string hex(std::string_view bytes) {
  return bytes.empty() ? "-" : to_hex(as_bytes(bytes));
}
std::optional<std::string> from_hex_part(std::string_view text) {
  return text == "-" ? std::optional(std::string()) : from_hex(text);
}

}  // namespace

std::string_view name_of(BackupAct act) {
  return act_names[static_cast<std::size_t>(act)];
}

std::optional<BackupAct> backup_act(std::string_view name) {
  const auto found = std::find(act_names.begin(), act_names.end(), name);
  if (found == act_names.end()) return std::nullopt;
  return static_cast<BackupAct>(found - act_names.begin());
}

std::string to_text(const BackupJob& job) {
  std::string out(heading);
  const auto add = [&](std::string_view key, std::string_view value) {
    out += '\n';
    out.append(key).append(1, ' ').append(value);
  };
  add("act", name_of(job.act));
  add("id", job.id);
  add("program", hex(job.place.program));
  add("place", hex(job.place.folder));
  add("repository", hex(job.place.repository));
  add("password", hex(job.place.password_file));
  add("cache", hex(job.place.cache));
  add("device", hex(job.place.device));
  add("write", std::to_string(job.place.write_kib_per_second));
  add("number", hex(job.number));
  add("remembered", hex(job.remembered));
  add("folder", hex(job.folder));
  add("root", hex(job.root.string()));
  add("part", std::to_string(job.part));
  add("parts", std::to_string(job.parts));
  add("pace", std::to_string(std::chrono::duration_cast<milliseconds>(job.pace).count()));
  add("snapshot", hex(job.snapshot));
  if (job.at) add("at", std::to_string(to_micros(*job.at)));
  for (const std::string& path : job.paths) add("path", hex(path));
  add("destination", hex(job.destination));
  add("section", device_policy::to_json(job.section));
  return out + '\n';
}

Result<BackupJob> read_backup_job(std::string_view text) {
  BackupJob out;
  bool has_section = false;
  bool first = true;
  std::string root;
  for (const std::string_view line : lines(text)) {
    const auto blank = std::min(line.find(' '), line.size());
    const std::string key(line.substr(0, blank));
    const std::string value(line.substr(std::min(blank + 1, line.size())));
    if (std::exchange(first, false)) {
      if (line != heading) return Error(backup_job_malformed, "heading");
      continue;
    }
    bool good = true;
    const auto take = [&](std::string& into) {
      auto bytes = from_hex_part(value);
      good = bytes.has_value();
      if (bytes) into = *std::move(bytes);
    };
    const auto count = [&](std::int64_t& into, std::int64_t least) {
      const auto read = number(value);
      good = read && *read >= least;
      if (read) into = *read;
    };
    std::int64_t micros = 0;
    if (key == "act") {
      const auto act = backup_act(value);
      good = act.has_value();
      if (act) out.act = *act;
    } else if (key == "id") {
      good = is_id_text(value);
      out.id = value;
    } else if (key == "program") {
      take(out.place.program);
    } else if (key == "place") {
      take(out.place.folder);
    } else if (key == "repository") {
      take(out.place.repository);
    } else if (key == "password") {
      take(out.place.password_file);
    } else if (key == "cache") {
      take(out.place.cache);
    } else if (key == "device") {
      take(out.place.device);
    } else if (key == "write") {
      count(out.place.write_kib_per_second, 0);
    } else if (key == "number") {
      take(out.number);
    } else if (key == "remembered") {
      take(out.remembered);
    } else if (key == "folder") {
      take(out.folder);
    } else if (key == "root") {
      take(root);
      out.root = root;
    } else if (key == "part") {
      count(out.part, 1);
    } else if (key == "parts") {
      count(out.parts, 1);
    } else if (key == "pace") {
      count(micros, 1);
      out.pace = milliseconds(micros);
    } else if (key == "snapshot") {
      take(out.snapshot);
    } else if (key == "at") {
      count(micros, 0);
      out.at = from_micros(micros);
    } else if (key == "path") {
      take(out.paths.emplace_back());
    } else if (key == "destination") {
      take(out.destination);
    } else if (key == "section") {
      LUY_TRY(device_policy::ReadBackup read, device_policy::read_backup(value));
      out.section = std::move(read.section);
      has_section = true;
    } else {
      good = false;
    }
    if (!good) return Error(backup_job_malformed, key);
  }
  const bool one = out.section.sets.size() == 1 && out.section.sets.front().targets.size() == 1;
  if (!has_section || !one || out.id.empty() || out.folder.empty() || out.place.folder.empty()) {
    return Error(backup_job_malformed, "end");
  }
  return out;
}

std::string to_line(const BackupTold& told) {
  std::string out(signs[static_cast<std::size_t>(told.what)]);
  const auto add = [&](const std::string& part) { out += ' ' + part; };
  const auto plain = [&](const std::string& text) { add(text.empty() ? "-" : text); };
  switch (told.what) {
    case BackupTold::What::repository:
      plain(told.repository);
      break;
    case BackupTold::What::progress:
      add(std::to_string(told.progress.percent));
      add(std::to_string(told.progress.files));
      add(std::to_string(told.progress.bytes));
      break;
    case BackupTold::What::waiting:
      plain(told.why);
      break;
    case BackupTold::What::going_on:
      break;
    case BackupTold::What::ended:
      plain(told.end.because);
      add(hex(told.end.detail));
      plain(told.end.snapshot);
      for (const std::int64_t count : {told.end.files, told.end.bytes, told.end.bytes_added, told.end.differing,
                                       told.end.missing, told.end.databases}) {
        add(std::to_string(count));
      }
      plain(told.end.report_sha256);
      add(std::to_string(told.end.changed));
      break;
  }
  return out + '\n';
}

std::optional<BackupTold> read_backup_line(std::string_view line) {
  const auto parts = split(line, ' ');
  const auto found = std::find(signs.begin(), signs.end(), parts.empty() ? std::string_view() : parts[0]);
  if (found == signs.end()) return std::nullopt;
  BackupTold out;
  out.what = static_cast<BackupTold::What>(found - signs.begin());
  constexpr std::array<std::size_t, 5> sizes = {2, 4, 2, 1, 12};
  if (parts.size() != sizes[static_cast<std::size_t>(out.what)]) return std::nullopt;
  bool good = true;
  const auto count = [&](std::size_t i) {
    const auto value = number(parts[i]);
    good = good && value && *value >= 0;
    return value.value_or(0);
  };
  const auto plain = [&](std::size_t i) { return parts[i] == "-" ? std::string() : std::string(parts[i]); };
  switch (out.what) {
    case BackupTold::What::repository:
      out.repository = plain(1);
      break;
    case BackupTold::What::progress:
      out.progress = {static_cast<int>(std::min<std::int64_t>(count(1), 100)), count(2), count(3)};
      break;
    case BackupTold::What::waiting:
      out.why = plain(1);
      break;
    case BackupTold::What::going_on:
      break;
    case BackupTold::What::ended: {
      out.end.because = plain(1);
      const auto detail = from_hex_part(parts[2]);
      good = detail.has_value();
      out.end.detail = detail.value_or("");
      out.end.snapshot = plain(3);
      out.end.files = count(4);
      out.end.bytes = count(5);
      out.end.bytes_added = count(6);
      out.end.differing = count(7);
      out.end.missing = count(8);
      out.end.databases = count(9);
      out.end.report_sha256 = plain(10);
      out.end.changed = count(11);
      break;
    }
  }
  return good ? std::optional(std::move(out)) : std::nullopt;
}

std::filesystem::path backup_report(const std::filesystem::path& folder, std::string_view id) {
  return folder / "reports" / std::string(id);
}

}  // namespace luy::agent
