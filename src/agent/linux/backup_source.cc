#include "agent/linux/backup_source.h"

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
#include "base/id.h"
#include "base/log.h"

namespace luy::agent {
namespace {

using device_policy::BackupPlace;

constexpr int lines_per_slice = 256;
constexpr std::size_t state_bytes_max = 4 << 20;
constexpr std::size_t mounts_bytes_max = 4 << 20;
constexpr Duration tool_period = std::chrono::hours(1);
constexpr int percent_step = 5;  // Of progress that is worth a new fact.

}  // namespace

BackupSource::BackupSource(Setup setup) : setup_(std::move(setup)) {
  const auto text = read_file(folder_of(setup_.data) / "state", state_bytes_max);
  if (text) book_ = backup_book(*text);
  publish();
}

Duration BackupSource::ask_within() const {
  const device_policy::Backup* wanted = section();
  return child_ > 0 || (wanted != nullptr && !wanted->media.empty()) ? look_period : Duration(std::chrono::minutes(1));
}

const device_policy::Backup* BackupSource::section() const {
  return policy_ && policy_->backup ? &*policy_->backup : nullptr;
}

bool BackupSource::collect(Slice& slice) {
  policy_ = setup_.policy();
  read_output(slice);
  if (slice.full()) return true;
  look_at_media(slice);
  follow(slice);
  publish();
  return false;
}

void BackupSource::tell(Slice& slice, std::string_view name, const NoteFields& fields) const {
  slice.add(make_note(name, setup_.clock.now(), fields));
}

void BackupSource::remember() {
  auto kept = make_folder(folder_of(setup_.data));
  if (kept) kept = write_file_durably(folder_of(setup_.data) / "state", to_text(book_));
  if (!kept) log(LogLevel::error, "agent", "the state of the backups cannot be kept: " + kept.error().text());
}

BackupMemory& BackupSource::memory(const Job& job) {
  if (BackupMemory* known = book_.find(job.set, job.target, job.slot.at)) return *known;
  BackupMemory& made = book_.runs.emplace_back();
  made.set = job.set;
  made.target = job.target;
  made.at = job.slot.at;
  made.since = setup_.clock.now();
  return made;
}

std::vector<std::string> BackupSource::present() const {
  std::vector<std::string> out;
  for (const PresentMedium& one : media_) {
    if (!one.id.empty() && one.external) out.push_back(one.id);
  }
  return out;
}

const PresentMedium* BackupSource::medium(const std::string& id) const {
  const auto found = std::find_if(media_.begin(), media_.end(),
                                  [&](const PresentMedium& one) { return one.id == id && one.external; });
  return found == media_.end() ? nullptr : &*found;
}

void BackupSource::look_at_media(Slice& slice) {
  const device_policy::Backup* wanted = section();
  if (wanted == nullptr || setup_.clock.monotonic() < look_at_) return;
  look_at_ = setup_.clock.monotonic() + look_period;
  const auto mounts = read_file(setup_.root / "proc/self/mountinfo", mounts_bytes_max);
  std::string seen = (mounts ? *mounts : std::string()) + '\n' + std::to_string(policy_->version);
  if (seen == std::exchange(mounts_, seen)) return;
  std::vector<std::string> own{setup_.data.string()};
  for (const device_policy::BackupSet& set : wanted->sets) own.insert(own.end(), set.paths.begin(), set.paths.end());
  const std::vector<PresentMedium> before = std::exchange(media_, present_media(setup_.root, *wanted, own));
  const auto holds = [](const std::vector<PresentMedium>& all, const PresentMedium& one) {
    return std::any_of(all.begin(), all.end(), [&](const PresentMedium& other) {
      return other.id == one.id && other.number == one.number && other.point == one.point;
    });
  };
  const auto mark = [&](const std::string& id, bool plugged) {
    for (const BackupSlot& slot : backup_slots(*wanted)) {
      const device_policy::BackupSet& set = wanted->sets[slot.set];
      if (slot.at != id || set.targets[slot.target].kind != BackupPlace::medium) continue;
      Job job;
      job.slot = slot;
      job.set = set.name;
      job.target = name_of(BackupPlace::medium);
      BackupMemory& one = memory(job);
      (plugged ? one.plugged_at : one.unplugged_at) = setup_.clock.now();
    }
  };
  bool changed = false;
  for (const PresentMedium& one : media_) {
    if (holds(before, one)) continue;
    const NoteFields fields{{"medium", one.id},
                            {"point", one.point},
                            {"uuid", one.identity.uuid},
                            {"serial", one.identity.serial},
                            {"label", one.identity.label},
                            {"shares_disk", one.because}};
    if (one.id.empty()) {
      // Only what can be carried away is a medium that somebody may have meant.
      if (one.external && !wanted->media.empty()) tell(slice, "medium_unknown", fields);
      continue;
    }
    tell(slice, one.external ? "medium_plugged" : "medium_not_external", fields);
    if (one.external) mark(one.id, true);
    changed = true;
  }
  for (const PresentMedium& one : before) {
    if (one.id.empty() || !one.external || holds(media_, one)) continue;
    tell(slice, "medium_unplugged", {{"medium", one.id}, {"point", one.point}});
    mark(one.id, false);
    changed = true;
  }
  if (!changed) return;
  remember();
  change();
}

void BackupSource::read_output(Slice& slice) {
  std::array<char, 16 << 10> buffer{};
  for (int i = 0; output_ && i < lines_per_slice && !slice.full(); ++i) {
    const ssize_t n = ::read(output_.get(), buffer.data(), buffer.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && errno == EAGAIN) return;
    if (n <= 0) return finish(slice);
    line_.append(buffer.data(), static_cast<std::size_t>(n));
    for (std::size_t end = line_.find('\n'); end != std::string::npos; end = line_.find('\n')) {
      const auto told = read_backup_line(std::string_view(line_).substr(0, end));
      line_.erase(0, end + 1);
      if (told) hear(*told, slice);
    }
    if (line_.size() > line_bytes_max) line_.clear();
  }
}

void BackupSource::hear(const BackupTold& told, Slice& slice) {
  switch (told.what) {
    case BackupTold::What::repository: {
      BackupMemory& one = memory(*job_);
      if (one.repository == told.repository) break;
      one.repository = told.repository;
      remember();
      change();
      break;
    }
    case BackupTold::What::progress:
      progress_ = told.progress;
      if (progress_.percent / percent_step != std::exchange(told_percent_, progress_.percent) / percent_step) change();
      break;
    case BackupTold::What::waiting:
      waiting_ = told.why;
      tell(slice, "backup_waiting", {{"set", job_->set}, {"place", job_->slot.at}, {"because", told.why}});
      change();
      break;
    case BackupTold::What::going_on:
      waiting_.clear();
      change();
      break;
    case BackupTold::What::ended:
      end_ = told.end;
      break;
  }
}

// Why nothing can be done for anybody; empty: it can.
std::string_view BackupSource::obstacle() const {
  if (tool_.empty()) return because::tool_missing;
  std::error_code error;
  return std::filesystem::exists(key_of(setup_.data), error) ? std::string_view() : because::key_missing;
}

void BackupSource::follow(Slice& slice) {
  const device_policy::Backup* wanted = section();
  if (wanted == nullptr) {
    if (child_ > 0) stop();
    return;
  }
  const Duration now = setup_.clock.monotonic();
  if (tool_looked_at_ < Duration{0} || now - tool_looked_at_ >= tool_period || (tool_.empty() && child_ <= 0)) {
    // Without the program there is nothing to start, so asking costs no more than a look at a file.
    tool_ = ::access(setup_.restic.c_str(), X_OK) == 0 ? Restic::version(setup_.restic) : std::string();
    tool_looked_at_ = now;
  }
  if (child_ > 0 && job_->version != policy_->version) stop();
  if (child_ > 0 && !job_->request && !in_backup_window(*wanted, setup_.clock.now())) stop();
  if (child_ > 0 && job_->target == name_of(BackupPlace::medium) && medium(job_->slot.at) == nullptr) {
    // It is not there any more: whatever the process still writes goes nowhere.
    stop();
    end_ = BackupEnd{};
    end_->because = because::medium_absent;
    finish(slice);
  }
  tell_missed(slice);
  if (child_ > 0 || now < again_at_ || !obstacle().empty()) return;
  follow_requests(slice);
  if (child_ <= 0) follow_plan(slice);
}

void BackupSource::tell_missed(Slice& slice) {
  bool changed = false;
  for (const BackupSlot& slot : backup_slots(*section())) {
    const device_policy::BackupSet& set = section()->sets[slot.set];
    Job job;
    job.slot = slot;
    job.set = set.name;
    job.target = name_of(set.targets[slot.target].kind);
    const std::size_t before = book_.runs.size();
    BackupMemory& one = memory(job);
    changed = changed || book_.runs.size() != before;
    const auto due = backup_due(*section(), set, &one);
    if (!due || *due > setup_.clock.now() || one.missed == due) continue;
    one.missed = due;
    changed = true;
    tell(slice, "backup_missed",
         {{"set", set.name},
          {"target", one.target},
          {"place", one.at},
          {"due", to_rfc3339(*due)},
          {"because", one.because}});
  }
  if (changed) remember();
}

std::optional<BackupSlot> BackupSource::slot_for(const BackupRequest& request) const {
  std::optional<BackupSlot> out;
  Time newest{};
  for (const BackupSlot& slot : backup_slots(*section())) {
    const device_policy::BackupSet& set = section()->sets[slot.set];
    const BackupPlace kind = set.targets[slot.target].kind;
    if (set.name != request.set || (kind == BackupPlace::medium && medium(slot.at) == nullptr)) continue;
    const BackupMemory* known = book_.find(set.name, name_of(kind), slot.at);
    if (known == nullptr || known->repository.empty()) continue;
    const Time at = known->succeeded_at.value_or(Time{});
    if (out && at <= newest) continue;
    out = slot;
    newest = at;
  }
  return out;
}

void BackupSource::refuse_request(const BackupRequest& request, std::string_view because, Slice& slice) {
  job_ = Job{};
  job_->request = request;
  job_->act = request.act;
  job_->set = request.set;
  job_->id = request.id;
  BackupEnd end;
  end.because = because;
  settle_request(end, slice);
  job_.reset();
}

void BackupSource::follow_requests(Slice& slice) {
  if (setup_.requests.changes() != requests_seen_) {
    requests_seen_ = setup_.requests.changes();
    request_ = setup_.requests.oldest();
    request_slot_ = 0;
  }
  if (!request_) return;
  Job job;
  job.request = request_;
  job.act = request_->act;
  job.set = request_->set;
  if (request_->act == BackupAct::run) {
    // Every target that is there, one after the other.
    const std::vector<BackupSlot> slots = backup_slots(*section());
    for (; request_slot_ < slots.size(); ++request_slot_) {
      const device_policy::BackupSet& set = section()->sets[slots[request_slot_].set];
      const BackupPlace kind = set.targets[slots[request_slot_].target].kind;
      if (set.name != request_->set || (kind == BackupPlace::medium && medium(slots[request_slot_].at) == nullptr)) {
        continue;
      }
      job.slot = slots[request_slot_++];
      job.target = name_of(kind);
      begin(std::move(job), slice);
      return;
    }
    return refuse_request(*request_, because::medium_absent, slice);
  }
  const auto slot = slot_for(*request_);
  if (!slot) return refuse_request(*request_, because::snapshot_missing, slice);
  job.slot = *slot;
  job.target = name_of(section()->sets[slot->set].targets[slot->target].kind);
  begin(std::move(job), slice);
}

void BackupSource::follow_plan(Slice& slice) {
  const auto step = plan_backup({*section(), book_, present(), setup_.clock.now()});
  if (!step) return;
  Job job;
  job.slot = step->slot;
  const device_policy::BackupSet& set = section()->sets[step->slot.set];
  job.set = set.name;
  job.target = name_of(set.targets[step->slot.target].kind);
  job.act = step->drill ? BackupAct::drill : BackupAct::run;
  begin(std::move(job), slice);
}

Result<BackupJob> BackupSource::describe(const Job& job) const {
  BackupJob out;
  out.act = job.act;
  out.id = job.id;
  out.section = *section();
  device_policy::BackupSet set = section()->sets[job.slot.set];
  const device_policy::BackupTarget target = set.targets[job.slot.target];
  set.targets = {target};
  out.section.sets = {set};
  out.section.media.clear();
  out.place.program = setup_.restic;
  out.place.folder = target.path;
  if (target.kind == BackupPlace::medium) {
    const PresentMedium* there = medium(job.slot.at);
    if (there == nullptr) return backup_error(because::medium_absent);
    out.place.folder = there->point;
    out.number = there->number;
  }
  out.place.repository = "luy-backup/" + setup_.device;
  out.place.password_file = key_of(setup_.data).string();
  out.place.cache = (folder_of(setup_.data) / "cache").string();
  out.place.device = setup_.device;
  out.place.write_kib_per_second = section()->write_kib_per_second;
  out.folder = folder_of(setup_.data).string();
  out.root = setup_.root;
  out.pace = setup_.pace;
  const BackupMemory* known = book_.find(job.set, job.target, job.slot.at);
  if (known != nullptr) out.remembered = known->repository;
  // A medium leaves the house: all of it is read back. Of a disk another part each time, and in the end all.
  if (target.kind == BackupPlace::disk) {
    out.parts = (100 + section()->read_back_percent - 1) / section()->read_back_percent;
    out.part = (known != nullptr ? known->rounds : 0) % out.parts + 1;
  }
  if (job.act == BackupAct::drill && known != nullptr) out.snapshot = known->snapshot;
  if (job.request) {
    out.snapshot = job.request->snapshot;
    out.at = job.request->at;
    out.paths = job.request->paths;
    out.destination = job.request->destination;
  }
  return out;
}

bool BackupSource::begin(Job job, Slice& slice) {
  job.version = policy_->version;
  job.began = setup_.clock.now();
  job.id = job.request ? job.request->id : make_id_text(setup_.clock.now(), setup_.random);
  const auto described = describe(job);
  if (!described) {
    again_at_ = setup_.clock.monotonic() + again_pause;
    return false;
  }
  job_ = std::move(job);
  if (job_->act == BackupAct::run) {
    BackupMemory& one = memory(*job_);
    const bool goes_on = std::exchange(one.under_way, true);
    if (!goes_on) one.started_at = job_->began;
    remember();
    tell(slice, goes_on ? "backup_resumed" : "backup_started",
         {{"set", job_->set}, {"target", job_->target}, {"place", job_->slot.at}});
  }
  start(*described);
  change();
  return child_ > 0;
}

void BackupSource::start(const BackupJob& job) {
  const auto complain = [&](const Error& error) {
    again_at_ = setup_.clock.monotonic() + again_pause;
    log(LogLevel::error, "agent", "the process of backups cannot be started: " + error.text());
    job_.reset();
  };
  const std::string text = to_text(job);
  const UniqueFd input(::memfd_create("luy-backup", MFD_CLOEXEC));
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
  progress_ = {};
  told_percent_ = 0;
  end_.reset();
}

void BackupSource::reap() {
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

// What it was at goes on when it is begun again: what restic has written stays in the repository.
void BackupSource::stop() {
  if (child_ <= 0) return;
  ::kill(child_, SIGKILL);
  reap();
  output_ = UniqueFd();
  line_.clear();
  waiting_.clear();
  end_.reset();
  if (job_ && job_->request && job_->act == BackupAct::run && request_slot_ > 0) --request_slot_;
}

// The process is gone.
void BackupSource::finish(Slice& slice) {
  output_ = UniqueFd();
  line_.clear();
  reap();
  waiting_.clear();
  if (!end_) {
    end_.emplace();
    end_->because = because::interrupted;
  }
  const BackupEnd end = *std::exchange(end_, std::nullopt);
  if (end.because == because::interrupted) {
    again_at_ = setup_.clock.monotonic() + again_pause;
    tell(slice, "backup_broken", {{"set", job_->set}, {"act", std::string(name_of(job_->act))}});
    log(LogLevel::warning, "agent", "the process of backups went away; it is started again and goes on");
    if (job_->request && job_->act == BackupAct::run && request_slot_ > 0) --request_slot_;
    job_.reset();
    change();
    return;
  }
  if (job_->act == BackupAct::run) settle_run(end, slice);
  if (job_->act == BackupAct::drill) settle_drill(end, slice);
  if (job_->request) settle_request(end, slice);
  job_.reset();
  remember();
  change();
}

}  // namespace luy::agent
