#include "agent/linux/scan_source.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "agent/linux/child.h"
#include "agent/linux/quarantine.h"
#include "agent/note.h"
#include "base/id.h"
#include "base/log.h"

namespace luy::agent {
namespace {

constexpr std::size_t path_told_bytes_max = 4096;
constexpr int lines_per_slice = 256;

}  // namespace

bool ScanSource::has_clamav() const {
  std::error_code error;
  return std::filesystem::exists(setup_.socket, error) ||
         std::filesystem::exists(setup_.root / "usr/sbin/clamd", error);
}

Duration ScanSource::ask_within() const {
  return child_ > 0 ? Duration(std::chrono::seconds(5)) : Duration(std::chrono::minutes(1));
}

bool ScanSource::collect(Slice& slice) {
  if (!std::exchange(checked_, true)) tell_untold(slice);
  read_output(slice);
  if (slice.full()) return true;
  follow_plan(slice);
  publish();
  return false;
}

void ScanSource::tell(Slice& slice, std::string_view name, const NoteFields& fields) {
  Item item = make_note(name, setup_.clock.now(), fields);
  item.position_key = position_key;
  item.position = to_text(memory_);
  slice.add(std::move(item));
}

void ScanSource::remember(Slice& slice) {
  Item item;
  item.only_position = true;
  item.position_key = position_key;
  item.position = to_text(memory_);
  slice.add(std::move(item));
  remember_at_ = setup_.clock.monotonic() + remember_period;
}

void ScanSource::read_output(Slice& slice) {
  std::array<char, 16 << 10> buffer{};
  for (int i = 0; output_ && i < lines_per_slice && !slice.full(); ++i) {
    const ssize_t n = ::read(output_.get(), buffer.data(), buffer.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && errno == EAGAIN) return;
    if (n <= 0) return finish(slice);
    line_.append(buffer.data(), static_cast<std::size_t>(n));
    for (std::size_t end = line_.find('\n'); end != std::string::npos; end = line_.find('\n')) {
      const auto told = read_scan_line(std::string_view(line_).substr(0, end));
      line_.erase(0, end + 1);
      if (told) hear(*told, slice);
    }
    if (line_.size() > line_bytes_max) line_.clear();
  }
}

void ScanSource::hear(const ScanTold& told, Slice& slice) {
  switch (told.what) {
    case ScanTold::What::progress:
      memory_.place = told.path;
      memory_.counts = told.counts;
      if (setup_.clock.monotonic() >= remember_at_) remember(slice);
      break;
    case ScanTold::What::found:
      memory_.place = told.path;
      if (told.action != "allowed") ++memory_.counts.infected;
      tell_found(told, slice);
      break;
    case ScanTold::What::waiting:
      waiting_ = told.why;
      tell(slice, "antivirus_scan_waiting", {{"scan", memory_.scan}, {"because", told.why}});
      change();
      break;
    case ScanTold::What::going_on:
      waiting_.clear();
      break;
    case ScanTold::What::ended:
      ended_ = true;
      break;
  }
}

// What the process took away before it or the agent was stopped, and could not tell any more.
void ScanSource::tell_untold(Slice& slice) {
  const Quarantine store(quarantine_of(setup_.data), setup_.root, setup_.clock, setup_.random);
  auto items = store.list();
  if (!items) return;
  std::reverse(items->begin(), items->end());  // Oldest first.
  for (const fact::QuarantinedFile& one : *items) {
    if (one.item <= memory_.told) continue;
    ScanTold told;
    told.what = ScanTold::What::found;
    told.path = one.path;
    told.signature = one.signature;
    told.sha256 = one.sha256;
    told.owner = one.owner;
    told.bytes = one.bytes;
    told.action = "quarantined";
    told.item = one.item;
    tell_found(told, slice);
  }
}

void ScanSource::tell_found(const ScanTold& told, Slice& slice) {
  if (!told.item.empty()) memory_.told = std::max(memory_.told, told.item);
  const NoteFields fields{{"scan", memory_.scan},
                          {"path", told.path.substr(0, path_told_bytes_max)},
                          {"signature", told.signature},
                          {"sha256", told.sha256},
                          {"owner", told.owner},
                          {"bytes", told.bytes},
                          {"action", told.action},
                          {"item", told.item},
                          {"why", told.why}};
  // What somebody has answered for is no alarm any more.
  tell(slice, told.action == "allowed" ? "malware_allowed" : "malware_found", fields);
  change();
}

// The process is gone.
void ScanSource::finish(Slice& slice) {
  output_ = UniqueFd();
  line_.clear();
  reap();
  waiting_.clear();
  const ScanCounts counts = memory_.counts;
  const NoteFields fields{{"scan", memory_.scan},
                          {"files", counts.files},
                          {"bytes", counts.bytes},
                          {"infected", counts.infected},
                          {"unread", counts.unread}};
  if (std::exchange(ended_, false)) {
    memory_.ended_at = setup_.clock.now();
    memory_.scan.clear();
    memory_.place.clear();
    tell(slice, "antivirus_scan_ended", fields);
    log(LogLevel::info, "agent",
        "the full scan has ended: " + std::to_string(counts.files) + " files, " + std::to_string(counts.infected) +
            " infected");
  } else {
    again_at_ = setup_.clock.monotonic() + again_pause;
    tell(slice, "antivirus_scan_broken", fields);
    log(LogLevel::warning, "agent", "the scanning process went away; it is started again and goes on");
  }
  change();
}

void ScanSource::follow_plan(Slice& slice) {
  const auto policy = setup_.policy();
  wanted_ = policy && policy->antivirus && has_clamav();
  if (!wanted_ || !policy->antivirus->scan) {
    if (child_ > 0) {
      stop();
      tell_untold(slice);
    }
    plan_ = {};
    return;
  }
  const device_policy::Antivirus& section = *policy->antivirus;
  const Time now = setup_.clock.now();
  if (!memory_.since) {
    memory_.since = now;
    remember(slice);
  }
  plan_ = plan_scan(section, memory_, now);
  if (plan_.missed && memory_.missed != plan_.due_at) {
    memory_.missed = plan_.due_at;
    const std::string because = !waiting_.empty() ? waiting_ : plan_.window ? "not_finished" : "window";
    tell(slice, "antivirus_scan_missed",
         {{"due", to_rfc3339(*plan_.due_at)}, {"because", because}, {"files", memory_.counts.files}});
    change();
  }
  // Another policy may have other folders, hours or limits: the process is told anew and goes on where it was.
  if (!plan_.run || (child_ > 0 && version_ != policy->version)) {
    if (child_ > 0) {
      stop();
      tell_untold(slice);
      remember(slice);
    }
  }
  if (!plan_.run || child_ > 0 || setup_.clock.monotonic() < again_at_) return;
  if (memory_.scan.empty()) begin(slice);
  version_ = policy->version;
  start(section);
}

void ScanSource::begin(Slice& slice) {
  memory_.scan = make_id_text(setup_.clock.now(), setup_.random);
  memory_.started_at = setup_.clock.now();
  memory_.place.clear();
  memory_.counts = {};
  tell(slice, "antivirus_scan_started", {{"scan", memory_.scan}});
  change();
}

void ScanSource::start(const device_policy::Antivirus& section) {
  const auto complain = [&](const Error& error) {
    again_at_ = setup_.clock.monotonic() + again_pause;
    log(LogLevel::error, "agent", "the scanning process cannot be started: " + error.text());
  };
  ScanJob job;
  job.socket = setup_.socket;
  job.root = setup_.root;
  job.quarantine = quarantine_of(setup_.data);
  job.pace = setup_.pace;
  job.after = memory_.place;
  job.counts = memory_.counts;
  job.excludes = {setup_.data.string()};
  for (const char* kernels : {"/proc", "/sys", "/dev", "/run"}) job.excludes.emplace_back(kernels);
  job.section = section;
  const std::string text = to_text(job);
  const UniqueFd input(::memfd_create("luy-scan", MFD_CLOEXEC));
  std::array<int, 2> ends{-1, -1};
  if (!input || ::write(input.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size()) ||
      ::lseek(input.get(), 0, SEEK_SET) != 0 || ::pipe2(ends.data(), O_CLOEXEC) != 0) {
    return complain(file_error("pipe", errno));
  }
  UniqueFd mine(ends[0]);
  const UniqueFd its(ends[1]);
  ::fcntl(mine.get(), F_SETFL, O_NONBLOCK);
  const auto pid = spawn_child(setup_.command, input.get(), its.get(), false);
  if (!pid) return complain(pid.error());
  child_ = *pid;
  output_ = std::move(mine);
}

// Waits for the process, which has ended or was killed.
void ScanSource::reap() {
  rusage used{};
  int status = 0;
  pid_t ended = -1;
  while (child_ > 0 && (ended = ::wait4(child_, &status, 0, &used)) < 0 && errno == EINTR) {
  }
  child_ = -1;
  if (ended <= 0) return;
  const auto of = [](const timeval& t) {
    return Duration(std::chrono::seconds(t.tv_sec)) + std::chrono::microseconds(t.tv_usec);
  };
  child_time_ += (of(used.ru_utime) + of(used.ru_stime)).count();
}

void ScanSource::stop() {
  if (child_ <= 0) return;
  ::kill(child_, SIGKILL);
  reap();
  output_ = UniqueFd();
  line_.clear();
  waiting_.clear();
  ended_ = false;
}

// An empty file whose time of change collectors look at.
void ScanSource::change() {
  const UniqueFd fd(::open(sign_of(setup_.data).c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  if (fd) ::futimens(fd.get(), nullptr);
}

void ScanSource::publish() {
  std::optional<fact::AntivirusScan> now;
  if (wanted_) {
    now.emplace();
    const bool held = child_ > 0 && !waiting_.empty();
    now->state = !plan_.due_at ? "off" : memory_.scan.empty() ? "idle" : child_ > 0 && !held ? "running" : "waiting";
    if (now->state == "waiting") now->because = held ? waiting_ : plan_.window ? "clamd" : "window";
    now->started_at = memory_.started_at;
    now->ended_at = memory_.ended_at;
    now->due_at = plan_.due_at;
    now->files = memory_.counts.files;
    now->bytes = memory_.counts.bytes;
    now->infected = memory_.counts.infected;
    now->unread = memory_.counts.unread;
  }
  const std::lock_guard lock(mutex_);
  state_ = std::move(now);
}

std::optional<fact::AntivirusScan> ScanSource::state() const {
  const std::lock_guard lock(mutex_);
  return state_;
}

void add_own_scan(const std::optional<fact::AntivirusScan>& scan, const Quarantine& quarantine, fact::Antivirus& body) {
  if (auto items = quarantine.list()) {
    if (items->size() > fact::quarantine_told_max) items->resize(fact::quarantine_told_max);
    body.quarantine = *std::move(items);
  }
  body.scan = scan;
  if (!scan || !scan->ended_at) return;
  for (fact::AntivirusProduct& product : body.products) {
    if (product.name != "ClamAV") continue;
    if (product.last_full_scan && *product.last_full_scan >= *scan->ended_at) continue;
    product.last_full_scan = scan->ended_at;
    // Of one that is under way it is not known yet what the one before found.
    product.last_scan_infected = scan->state == "idle" ? std::optional(scan->infected) : std::nullopt;
  }
}

}  // namespace luy::agent
