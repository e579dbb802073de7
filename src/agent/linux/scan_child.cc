#include "agent/linux/scan_child.h"

#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>

#include "agent/linux/file_walk.h"
#include "agent/linux/humble.h"
#include "agent/linux/quarantine.h"
#include "agent/linux/text.h"
#include "base/encoding.h"

namespace luy::agent {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::string_view heading = "luy-scan 1";
constexpr std::size_t job_bytes_max = 4 << 20;
constexpr std::array<std::string_view, 5> signs = {"p", "f", "w", "r", "e"};
// Told no more often, so that the agent does not wake up for every file.
constexpr Duration tell_period = seconds(2);
constexpr Duration look_period = seconds(2);
// A file over which clamd goes away this often is left out: it may be what makes it go away.
constexpr int attempts_max = 3;
// Shorter pauses are saved up.
constexpr Duration pause_least = milliseconds(20);

std::string hex(std::string_view bytes) {
  return bytes.empty() ? "-" : to_hex(as_bytes(bytes));
}
std::optional<std::string> from_hex_part(std::string_view text) {
  return text == "-" ? std::optional(std::string()) : from_hex(text);
}

class Scan final : public Walker {
 public:
  Scan(const ScanJob& job, const ScanParts& parts)
      : job_(job),
        parts_(parts),
        quarantine_(job.quarantine, job.root, parts.clock, parts.random),
        allowed_(quarantine_.allowed()),
        counts_(job.counts) {}

  bool file(const WalkedFile& file) override {
    if (!wait_until_free()) return false;
    if (file.bytes > job_.section.file_bytes_max) {
      ++counts_.unread;
    } else if (file.bytes > 0) {
      const Duration began = parts_.clock.monotonic();
      const auto verdict = ask(file);
      if (!verdict) return false;
      take_down(file, *verdict);
      if (!give_way(parts_.clock.monotonic() - began)) return false;
    }
    ++counts_.files;
    counts_.bytes += file.bytes;
    place_ = file.path;
    if (parts_.clock.monotonic() >= next_tell_) tell_progress();
    return true;
  }
  void unread(const std::string&) override { ++counts_.unread; }

  void tell_progress() {
    next_tell_ = parts_.clock.monotonic() + tell_period;
    ScanTold told;
    told.path = place_.empty() ? job_.after : place_;
    told.counts = counts_;
    parts_.tell(told);
  }

 private:
  bool wait_until_free() {
    if (parts_.clock.monotonic() < next_look_) return true;
    for (std::string why = hold_reason(job_.root, job_.section); !why.empty();
         why = hold_reason(job_.root, job_.section)) {
      wait(why);
      parts_.scanner.rest();
      if (!parts_.pause(job_.pace)) return false;
    }
    go_on();
    next_look_ = parts_.clock.monotonic() + look_period;
    return true;
  }

  void wait(const std::string& why) {
    if (std::exchange(waiting_, why) == why) return;
    tell_progress();
    ScanTold told;
    told.what = ScanTold::What::waiting;
    told.why = why;
    parts_.tell(told);
  }
  void go_on() {
    if (std::exchange(waiting_, "").empty()) return;
    ScanTold told;
    told.what = ScanTold::What::going_on;
    parts_.tell(told);
  }

  // nullopt: the scan is to end.
  std::optional<FileVerdict> ask(const WalkedFile& file) {
    for (int attempts = 0;;) {
      if (::lseek(file.fd, 0, SEEK_SET) != 0) return FileVerdict{FileVerdict::Kind::unread, "lseek"};
      auto verdict = parts_.scanner.scan(file.fd);
      if (verdict) return *std::move(verdict);
      if (++attempts >= attempts_max && parts_.scanner.ready()) {
        return FileVerdict{FileVerdict::Kind::unread, verdict.error().en()};
      }
      while (!parts_.scanner.ready()) {
        wait("clamd");
        if (!parts_.pause(job_.pace)) return std::nullopt;
      }
      go_on();
    }
  }

  void take_down(const WalkedFile& file, const FileVerdict& verdict) {
    if (verdict.kind == FileVerdict::Kind::unread) ++counts_.unread;
    if (verdict.kind != FileVerdict::Kind::infected) return;
    ScanTold told;
    told.what = ScanTold::What::found;
    told.path = file.path;
    told.signature = verdict.detail;
    told.bytes = file.bytes;
    struct stat about {};
    if (::fstat(file.fd, &about) == 0) told.owner = owner_name(job_.root, about.st_uid);
    const auto digest = digest_of(file.fd, file.path);
    told.sha256 = digest ? *digest : std::string();
    told.action = "reported";
    if (std::find(allowed_.begin(), allowed_.end(), told.sha256) != allowed_.end()) {
      told.action = "allowed";
    } else {
      ++counts_.infected;
      if (job_.section.infected == device_policy::Infected::quarantine) put_away(file, told);
    }
    parts_.tell(told);
    place_ = file.path;
  }

  void put_away(const WalkedFile& file, ScanTold& told) {
    const auto taken = quarantine_.take({file.fd, file.folder, file.name, file.path, told.signature});
    told.action = taken ? "quarantined" : "failed";
    if (!taken) {
      told.why = taken.error().en();
      return;
    }
    told.item = taken->item;
    told.sha256 = taken->sha256;
  }

  // Rests so long that `busy` was at most the policy's share of the time.
  bool give_way(Duration busy) {
    owed_ += busy * (100 - job_.section.busy_percent) / job_.section.busy_percent;
    if (owed_ < pause_least) return true;
    const Duration rest = std::exchange(owed_, Duration{0});
    return parts_.pause(rest);
  }

  const ScanJob& job_;
  const ScanParts& parts_;
  Quarantine quarantine_;
  const std::vector<std::string> allowed_;
  ScanCounts counts_;
  std::string place_;
  std::string waiting_;
  Duration next_tell_{0};
  Duration next_look_{0};
  Duration owed_{0};
};

std::string word_in(const std::filesystem::path& path) {
  const auto text = read_file(path, 4096);
  return text ? std::string(trim(*text)) : std::string();
}

bool on_battery(const std::filesystem::path& root) {
  std::error_code error;
  bool battery = false;
  std::filesystem::directory_iterator one(root / "sys/class/power_supply", error);
  for (; !error && one != std::filesystem::directory_iterator(); one.increment(error)) {
    const std::string type = word_in(one->path() / "type");
    // A mouse's battery is none of the machine's.
    if (word_in(one->path() / "scope") == "Device") continue;
    if ((type == "Mains" || type == "USB") && word_in(one->path() / "online") == "1") return false;
    if (type == "Battery" && word_in(one->path() / "status") == "Discharging") battery = true;
  }
  return battery;
}

bool overloaded(const std::filesystem::path& root, std::int64_t percent) {
  const std::string load = word_in(root / "proc/loadavg");
  if (load.empty()) return false;
  const double tasks = std::strtod(load.c_str(), nullptr);
  const long cores = std::max(1L, ::sysconf(_SC_NPROCESSORS_ONLN));
  return tasks * 100 > static_cast<double>(percent) * static_cast<double>(cores);
}

}  // namespace

std::string hold_reason(const std::filesystem::path& root, const device_policy::Antivirus& section) {
  if (section.pause_on_battery && on_battery(root)) return "battery";
  return overloaded(root, section.pause_load_percent) ? "load" : "";
}

std::string to_text(const ScanJob& job) {
  std::string out(heading);
  const auto add = [&](std::string_view key, const std::string& value) {
    out += '\n';
    out.append(key).append(1, ' ').append(value);
  };
  add("socket", job.socket);
  add("root", job.root.string());
  add("quarantine", job.quarantine.string());
  add("pace", std::to_string(std::chrono::duration_cast<milliseconds>(job.pace).count()));
  add("after", hex(job.after));
  for (const std::string& one : job.excludes) add("exclude", hex(one));
  add("counts", std::to_string(job.counts.files) + ' ' + std::to_string(job.counts.bytes) + ' ' +
                    std::to_string(job.counts.infected) + ' ' + std::to_string(job.counts.unread));
  add("section", device_policy::to_json(job.section));
  return out + '\n';
}

Result<ScanJob> read_scan_job(std::string_view text) {
  ScanJob out;
  bool has_section = false;
  bool first = true;
  for (const std::string_view line : lines(text)) {
    const auto blank = std::min(line.find(' '), line.size());
    const std::string key(line.substr(0, blank));
    const std::string value(line.substr(std::min(blank + 1, line.size())));
    if (std::exchange(first, false)) {
      if (line != heading) return Error(scan_job_malformed, "heading");
    } else if (key == "socket") {
      out.socket = value;
    } else if (key == "root") {
      out.root = value;
    } else if (key == "quarantine") {
      out.quarantine = value;
    } else if (key == "pace") {
      const auto millis = number(value);
      if (!millis || *millis < 1) return Error(scan_job_malformed, key);
      out.pace = milliseconds(*millis);
    } else if (key == "after" || key == "exclude") {
      const auto bytes = from_hex_part(value);
      if (!bytes) return Error(scan_job_malformed, key);
      if (key == "after") out.after = *bytes;
      if (key == "exclude") out.excludes.push_back(*bytes);
    } else if (key == "counts") {
      const auto parts = split(value, ' ');
      if (parts.size() != 4) return Error(scan_job_malformed, key);
      out.counts = {number(parts[0]).value_or(0), number(parts[1]).value_or(0), number(parts[2]).value_or(0),
                    number(parts[3]).value_or(0)};
    } else if (key == "section") {
      LUY_TRY(device_policy::ReadAntivirus read, device_policy::read_antivirus(value));
      out.section = std::move(read.section);
      has_section = true;
    } else {
      return Error(scan_job_malformed, key);
    }
  }
  if (!has_section || out.socket.empty() || out.quarantine.empty()) return Error(scan_job_malformed, "end");
  return out;
}

std::string to_line(const ScanTold& told) {
  std::string out(signs[static_cast<std::size_t>(told.what)]);
  const auto add = [&](const std::string& part) { out += ' ' + part; };
  switch (told.what) {
    case ScanTold::What::progress:
      add(hex(told.path));
      for (const std::int64_t count :
           {told.counts.files, told.counts.bytes, told.counts.infected, told.counts.unread}) {
        add(std::to_string(count));
      }
      break;
    case ScanTold::What::found:
      for (const std::string& text : {told.path, told.signature}) add(hex(text));
      add(told.sha256.empty() ? "-" : told.sha256);
      add(hex(told.owner));
      add(std::to_string(told.bytes));
      add(told.action);
      add(told.item.empty() ? "-" : told.item);
      add(hex(told.why));
      break;
    case ScanTold::What::waiting:
      add(told.why);
      break;
    case ScanTold::What::going_on:
    case ScanTold::What::ended:
      break;
  }
  return out + '\n';
}

std::optional<ScanTold> read_scan_line(std::string_view line) {
  const auto parts = split(line, ' ');
  const auto found = std::find(signs.begin(), signs.end(), parts.empty() ? std::string_view() : parts[0]);
  if (found == signs.end()) return std::nullopt;
  ScanTold out;
  out.what = static_cast<ScanTold::What>(found - signs.begin());
  bool good = true;
  const auto text = [&](std::size_t i) {
    const auto bytes = from_hex_part(parts[i]);
    good = good && bytes;
    return bytes.value_or("");
  };
  const auto count = [&](std::size_t i) {
    const auto value = number(parts[i]);
    good = good && value && *value >= 0;
    return value.value_or(0);
  };
  const auto plain = [&](std::size_t i) { return parts[i] == "-" ? std::string() : std::string(parts[i]); };
  switch (out.what) {
    case ScanTold::What::progress:
      if (parts.size() != 6) return std::nullopt;
      out.path = text(1);
      out.counts = {count(2), count(3), count(4), count(5)};
      break;
    case ScanTold::What::found:
      if (parts.size() != 9) return std::nullopt;
      out.path = text(1);
      out.signature = text(2);
      out.sha256 = plain(3);
      out.owner = text(4);
      out.bytes = count(5);
      out.action = parts[6];
      out.item = plain(7);
      out.why = text(8);
      break;
    case ScanTold::What::waiting:
      if (parts.size() != 2) return std::nullopt;
      out.why = parts[1];
      break;
    case ScanTold::What::going_on:
    case ScanTold::What::ended:
      break;
  }
  return good ? std::optional(std::move(out)) : std::nullopt;
}

void run_scan(const ScanJob& job, const ScanParts& parts) {
  WalkOrders orders{job.section.paths, job.section.excludes, job.section.other_file_systems, job.after};
  orders.excludes.insert(orders.excludes.end(), job.excludes.begin(), job.excludes.end());
  Scan scan(job, parts);
  const bool whole = walk_files(orders, scan);
  scan.tell_progress();
  if (!whole) return;
  ScanTold ended;
  ended.what = ScanTold::What::ended;
  parts.tell(ended);
}

int scan_main() {
  become_humble();
  const auto text = read_all(STDIN_FILENO, job_bytes_max);
  const auto job = text ? read_scan_job(*text) : Result<ScanJob>(text.error());
  if (!job) return 2;
  const SystemClock clock;
  SystemRandom random;
  Clamd clamd(job->socket);
  run_scan(*job, {clamd, clock, random, [](const ScanTold& told) { write_out(to_line(told)); },
                  [](Duration time) {
                    ::poll(nullptr, 0, static_cast<int>(std::chrono::ceil<milliseconds>(time).count()));
                    return true;
                  }});
  return 0;
}

}  // namespace luy::agent
