// How the backups stand, for the fact, and what became of requests.
#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>

#include "agent/linux/backup_source.h"
#include "base/json.h"
#include "base/log.h"

namespace luy::agent {
namespace {

using device_policy::BackupPlace;

// The items of a preview: 500 paths of at most 4 KiB.
constexpr std::size_t report_bytes_max = 4 << 20;
constexpr std::size_t record_bytes_max = 48 << 10;

void add(std::string& out, std::string_view key, std::string_view text) {
  out += ",\"" + std::string(key) + "\":";
  append_json_text(out, text);
}
void add(std::string& out, std::string_view key, std::int64_t number) {
  out += ",\"" + std::string(key) + "\":" + std::to_string(number);
}

// The list of a preview's document as it stands there, cut at whole items to what a record holds.
std::string items_of(std::string_view document) {
  constexpr std::string_view begin = "\"items\":[";
  const std::size_t at = document.find(begin);
  if (at == std::string_view::npos) return "[]";
  std::string_view rest = document.substr(at + begin.size());
  rest = rest.substr(0, rest.rfind(']'));
  if (rest.size() > record_bytes_max) {
    rest = rest.substr(0, record_bytes_max);
    const std::size_t last = rest.rfind("},{\"path\":");
    rest = last == std::string_view::npos ? std::string_view() : rest.substr(0, last + 1);
  }
  return '[' + std::string(rest) + ']';
}

}  // namespace

void BackupSource::settle_run(const BackupEnd& end, Slice& slice) {
  BackupMemory& one = memory(*job_);
  one.under_way = false;
  one.ended_at = setup_.clock.now();
  one.because = end.because;
  one.detail = end.detail;
  if (end.because.empty()) {
    one.succeeded_at = one.ended_at;
    one.missed.reset();
    one.snapshot = end.snapshot;
    one.files = end.files;
    one.bytes = end.bytes;
    one.bytes_added = end.bytes_added;
    ++one.rounds;
  }
  tell(slice, end.because.empty() ? "backup_ended" : "backup_failed",
       {{"set", one.set},
        {"target", one.target},
        {"place", one.at},
        {"repository", one.repository},
        {"snapshot", end.snapshot},
        {"files", end.files},
        {"bytes", end.bytes},
        {"bytes_added", end.bytes_added},
        {"because", end.because},
        {"detail", end.detail}});
  log(end.because.empty() ? LogLevel::info : LogLevel::warning, "agent",
      "backup of " + one.set + (end.because.empty() ? " done" : " failed: " + end.because + ": " + end.detail));
}

void BackupSource::settle_drill(const BackupEnd& end, Slice& slice) {
  const BackupMemory& known = memory(*job_);
  fact::RestoreDrill drill;
  drill.set = job_->set;
  drill.target = job_->target;
  drill.place = job_->target == name_of(BackupPlace::medium) ? job_->slot.at : known.repository;
  drill.snapshot = end.snapshot;
  drill.started_at = job_->began;
  drill.ended_at = setup_.clock.now();
  drill.passed = end.because.empty();
  drill.because = end.because;
  drill.files = end.files;
  drill.bytes = end.bytes;
  drill.differing = end.differing;
  drill.missing = end.missing;
  drill.databases = end.databases;
  drill.report_sha256 = end.report_sha256;
  book_.drills.push_back(drill);
  if (book_.drills.size() > fact::drills_told_max) book_.drills.erase(book_.drills.begin());
  tell(slice, drill.passed ? "restore_drill_passed" : "restore_drill_failed",
       {{"set", drill.set},
        {"target", drill.target},
        {"place", drill.place},
        {"snapshot", drill.snapshot},
        {"files", drill.files},
        {"bytes", drill.bytes},
        {"differing", drill.differing},
        {"missing", drill.missing},
        {"changed", end.changed},
        {"databases", drill.databases},
        {"report_sha256", drill.report_sha256},
        {"because", drill.because},
        {"detail", end.detail}});
}

void BackupSource::settle_request(const BackupEnd& end, Slice& slice) {
  const BackupRequest& request = *job_->request;
  std::string text = "{\"request\":";
  append_json_text(text, request.id);
  add(text, "at", to_rfc3339(setup_.clock.now()));
  add(text, "act", name_of(request.act));
  add(text, "set", request.set);
  add(text, "target", job_->target);
  add(text, "place", job_->slot.at);
  add(text, "because", end.because);
  add(text, "detail", end.detail);
  add(text, "snapshot", end.snapshot);
  add(text, "files", end.files);
  add(text, "bytes", end.bytes);
  add(text, "overwritten", request.act == BackupAct::preview || request.act == BackupAct::restore ? end.differing : 0);
  add(text, "missing", end.missing);
  add(text, "databases", end.databases);
  add(text, "report_sha256", end.report_sha256);
  std::string items = "[]";
  if (request.act == BackupAct::preview) {
    const auto report = read_file(backup_report(folder_of(setup_.data), request.id), report_bytes_max);
    if (report) items = items_of(*report);
  }
  text += ",\"items\":" + items + "}";
  Item item;
  item.record = {event::Transport::agent, std::string(backup_stream), std::move(text)};
  slice.add(std::move(item));
  // Of a run of several targets each is told; the request is done with the last.
  if (request.act == BackupAct::run && section() != nullptr && !job_->target.empty()) {
    const std::vector<BackupSlot> slots = backup_slots(*section());
    for (std::size_t i = request_slot_; i < slots.size(); ++i) {
      const device_policy::BackupSet& set = section()->sets[slots[i].set];
      const BackupPlace kind = set.targets[slots[i].target].kind;
      if (set.name == request.set && (kind != BackupPlace::medium || medium(slots[i].at) != nullptr)) return;
    }
  }
  setup_.requests.done(request.id);
}

// An empty file whose time of change collectors look at.
void BackupSource::change() {
  const UniqueFd fd(::open(sign_of(setup_.data).c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  if (fd) ::futimens(fd.get(), nullptr);
}

fact::BackupRun BackupSource::run_of(const device_policy::Backup& wanted, const BackupSlot& slot) const {
  const device_policy::BackupSet& set = wanted.sets[slot.set];
  const BackupPlace kind = set.targets[slot.target].kind;
  const BackupMemory* known = book_.find(set.name, name_of(kind), slot.at);
  fact::BackupRun out;
  out.set = set.name;
  out.kind = name_of(set.kind);
  out.target = name_of(kind);
  out.place = kind == BackupPlace::medium ? slot.at : known != nullptr ? known->repository : std::string();
  out.due_at = backup_due(wanted, set, known);
  const bool working = child_ > 0 && job_ && job_->act == BackupAct::run && job_->set == set.name &&
                       job_->target == out.target && job_->slot.at == slot.at;
  const bool absent = kind == BackupPlace::medium && medium(slot.at) == nullptr;
  const bool shared =
      absent && std::any_of(media_.begin(), media_.end(), [&](const PresentMedium& one) { return one.id == slot.at; });
  const auto waits = [&](std::string_view because) {
    out.state = "waiting";
    out.because = because;
  };
  if (working) {
    out.state = waiting_.empty() ? "running" : "waiting";
    out.because = waiting_;
    out.percent = progress_.percent;
  } else if (known != nullptr && !known->because.empty()) {
    out.state = "failed";
    out.because = known->because;
  } else if (!obstacle().empty()) {
    waits(obstacle());
  } else if (shared) {
    waits(because::medium_not_external);
  } else if (known != nullptr && known->under_way) {
    waits(in_backup_window(wanted, setup_.clock.now()) ? because::interrupted : because::window);
  } else if (absent && (known == nullptr || !known->succeeded_at)) {
    waits(because::medium_absent);
  } else {
    out.state = "idle";
  }
  if (known == nullptr) return out;
  out.started_at = known->started_at;
  out.ended_at = known->ended_at;
  out.succeeded_at = known->succeeded_at;
  if (!known->snapshot.empty()) out.snapshot = known->snapshot;
  out.files = known->files;
  out.bytes = known->bytes;
  out.bytes_added = known->bytes_added;
  out.plugged_at = known->plugged_at;
  out.unplugged_at = known->unplugged_at;
  return out;
}

void BackupSource::publish() {
  fact::Backup now;
  now.tool = tool_;
  if (const device_policy::Backup* wanted = section(); wanted != nullptr && wanted->run) {
    for (const BackupSlot& slot : backup_slots(*wanted)) now.runs.push_back(run_of(*wanted, slot));
  }
  now.drills.assign(book_.drills.rbegin(), book_.drills.rend());  // Newest first.
  const std::lock_guard lock(mutex_);
  state_ = std::move(now);
}

fact::Backup BackupSource::state() const {
  const std::lock_guard lock(mutex_);
  return state_;
}

}  // namespace luy::agent
