#include "agent/linux/integrity.h"

#include <dirent.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>

#include "agent/linux/file_context.h"
#include "agent/linux/text.h"
#include "agent/note.h"
#include "base/encoding.h"
#include "base/json.h"
#include "base/log.h"
#include "base/utf8.h"

namespace luy::agent {
namespace {

constexpr std::uint32_t watch_mask = IN_CLOSE_WRITE | IN_MODIFY | IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO |
                                     IN_ATTRIB | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR | IN_DONT_FOLLOW;
constexpr std::size_t state_bytes_max = 16 << 20;
constexpr auto actor_slack = std::chrono::seconds(2);

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == 0 ? "/" : path.substr(0, slash);
}

std::string octal(std::uint32_t mode) {
  std::array<char, 8> out{};
  std::snprintf(out.data(), out.size(), "%04o", mode);
  return out.data();
}

std::string_view name_of(char type) {
  return type == 'f' ? "file" : type == 'l' ? "symlink" : type == 'd' ? "dir" : "other";
}

// One flat JSON object, keys in the order they are added.
class Line {
 public:
  void add(std::string_view key, std::string_view text) {
    begin(key);
    append_json_text(json_, text);
  }
  void add(std::string_view key, std::int64_t number) {
    begin(key);
    json_ += std::to_string(number);
  }
  void add_state(const std::string& prefix, const FileState& state) {
    add(prefix + ".type", name_of(state.type));
    if (state.type == 'f' || state.type == 'l') add(prefix + ".sha256", to_hex(state.hash));
    add(prefix + ".size", state.size);
    add(prefix + ".uid", std::int64_t{state.uid});
    add(prefix + ".gid", std::int64_t{state.gid});
    add(prefix + ".mode", octal(state.mode));
    add(prefix + ".mtime", to_rfc3339(from_micros(state.modified_ns / 1000)));
  }
  std::string finish() { return json_ + "}"; }

 private:
  void begin(std::string_view key) {
    json_ += json_.size() > 1 ? "," : "";
    append_json_text(json_, key);
    json_ += ':';
  }
  std::string json_ = "{";
};

std::string account_of(const Machine& machine, std::int64_t uid) {
  const std::string passwd = machine.text("etc/passwd");
  for (const std::string_view line : lines(passwd)) {
    const auto fields = split(line, ':');
    if (fields.size() > 2 && number(fields[2]) == uid) return std::string(fields[0]);
  }
  return std::to_string(uid);
}

}  // namespace

Integrity::Integrity(const Machine& machine, IntegrityPolicy policy, std::filesystem::path state_file)
    : machine_(machine),
      policy_(std::move(policy)),
      state_file_(std::move(state_file)),
      inotify_(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC)) {
  load();
  const Duration now = machine_.clock.monotonic();
  next_sweep_ = next_scan_ = mass_began_ = now;
}

Integrity::~Integrity() {
  keep();
}

void Integrity::load() {
  const auto text = read_file(state_file_, state_bytes_max);
  if (!text) return;
  auto states = decode_states(*text);
  if (!states) return note("integrity_state_damaged", 0);
  known_ = std::move(*states);
  had_state_ = true;
}

void Integrity::set_dirty() {
  dirty_ = true;
  dirtied_ = machine_.clock.monotonic();
}

// Not before the records of the last change are surely in the spool, and synced there.
void Integrity::keep() {
  if (!dirty_) return;
  dirty_ = false;
  if (auto kept = write_file_durably(state_file_, encode_states(known_), 0600); !kept) {
    log(LogLevel::warning, "agent", "integrity: " + kept.error().text());
  }
}

Duration Integrity::ask_within() const {
  const Duration now = machine_.clock.monotonic();
  Duration at = std::min(next_sweep_, next_scan_);
  for (const auto& [path, pending] : pending_) {
    at = std::min(at, std::min(pending.last + settle, pending.first + settle_max));
  }
  if (dirty_) at = std::min(at, dirtied_ + keep_after);
  return std::max(at - now, Duration{0});
}

bool Integrity::collect(Slice& slice) {
  const Duration now = machine_.clock.monotonic();
  if (dirty_ && now - dirtied_ >= keep_after) keep();
  read_events();
  if (now >= next_scan_) scan();
  take_pending();
  sweep();
  for (Item& item : notes_) slice.add(std::move(item));
  notes_.clear();
  tell(slice);
  return !changes_.empty();
}

void Integrity::watch_folder(const std::string& path) {
  if (watched_.contains(path)) return;
  if (watched_.size() >= folders_max) {
    if (noted_.insert("folders").second) note("integrity_folders_too_many", static_cast<std::int64_t>(folders_max));
    return;
  }
  const int watch = ::inotify_add_watch(inotify_.get(), real(path).c_str(), watch_mask);
  if (watch < 0) return;
  folders_[watch] = path;
  watched_.insert(path);
}

void Integrity::scan_folder(const std::string& path, bool tree, int depth, std::set<std::string>& found) {
  watch_folder(path);
  const std::unique_ptr<DIR, int (*)(DIR*)> dir(::opendir(real(path).c_str()), &::closedir);
  if (!dir) return;
  while (const dirent* entry = ::readdir(dir.get())) {
    if (std::strcmp(entry->d_name, ".") == 0 || std::strcmp(entry->d_name, "..") == 0) continue;
    const std::string name = path + "/" + entry->d_name;
    if (!policy_.takes(name)) continue;
    const auto state = look_at_file(real(name));
    if (!state) continue;
    if (state->type == 'd') {
      if (tree && depth < depth_max) scan_folder(name, tree, depth + 1, found);
    } else if (found.size() < files_max) {
      found.insert(name);
    } else if (noted_.insert("files").second) {
      note("integrity_files_too_many", static_cast<std::int64_t>(files_max));
    }
  }
}

// Everything that is there, by name: what is new or gone or looks different is looked at; the sweep begins again.
void Integrity::scan() {
  next_scan_ = machine_.clock.monotonic() + rescan_period;
  std::set<std::string> found;
  for (const Guarded& one : policy_.guarded) {
    if (one.reach == Guarded::Reach::file) {
      watch_folder(folder_of(one.path));
      if (look_at_file(real(one.path))) found.insert(one.path);
    } else {
      watch_folder(folder_of(one.path));  // It may be made later.
      scan_folder(one.path, one.reach == Guarded::Reach::tree, 0, found);
    }
  }
  const Duration now = machine_.clock.monotonic();
  for (const auto& [path, state] : known_) {
    if (!found.contains(path) && complete_) pending_.try_emplace(path, Pending{now, now});
  }
  if (complete_) {
    for (const std::string& path : found) {
      const auto known = known_.find(path);
      const auto state = look_at_file(real(path));
      const bool same = known != known_.end() && state && state->changed_ns == known->second.changed_ns &&
                        state->size == known->second.size;
      if (!same) pending_.try_emplace(path, Pending{now, now});
    }
  }
  if (sweep_.empty()) {
    sweep_.assign(found.begin(), found.end());
    for (const auto& [path, state] : known_) {
      if (!found.contains(path)) sweep_.push_back(path);
    }
  }
}

bool Integrity::guards(const std::string& path) const {
  if (!policy_.takes(path)) return false;
  return std::any_of(policy_.guarded.begin(), policy_.guarded.end(), [&](const Guarded& one) {
    if (one.reach == Guarded::Reach::file) return path == one.path;
    if (one.reach == Guarded::Reach::folder) return folder_of(path) == one.path;
    return path.starts_with(one.path + "/");
  });
}

void Integrity::touch(const std::string& path) {
  const Duration now = machine_.clock.monotonic();
  const auto [pending, fresh] = pending_.try_emplace(path, Pending{now, now});
  if (!fresh) pending->second.last = now;
  if (pending_.size() > 2 * files_max) pending_.erase(pending);  // The scan finds it.
}

void Integrity::read_events() {
  alignas(inotify_event) std::array<char, 16384> buffer{};
  for (;;) {
    const ssize_t n = ::read(inotify_.get(), buffer.data(), buffer.size());
    if (n <= 0) return;
    for (const char* at = buffer.data(); at < buffer.data() + n;) {
      const auto* event = reinterpret_cast<const inotify_event*>(at);
      at += sizeof(inotify_event) + event->len;
      if ((event->mask & IN_Q_OVERFLOW) != 0) {
        note("integrity_events_lost", 0);
        next_scan_ = Duration{0};
        continue;
      }
      const auto folder = folders_.find(event->wd);
      if (folder == folders_.end()) continue;
      if ((event->mask & (IN_DELETE_SELF | IN_MOVE_SELF | IN_IGNORED)) != 0) {
        if ((event->mask & IN_MOVE_SELF) != 0) ::inotify_rm_watch(inotify_.get(), event->wd);
        watched_.erase(folder->second);
        folders_.erase(folder);
        next_scan_ = Duration{0};
        continue;
      }
      if (event->len == 0) continue;
      const std::string path = (folder->second == "/" ? "" : folder->second) + "/" + event->name;
      if ((event->mask & IN_ISDIR) != 0) {
        if ((event->mask & (IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM)) != 0) next_scan_ = Duration{0};
        if (!guards(path)) continue;
      }
      if (guards(path)) touch(path);
    }
  }
}

void Integrity::take_pending() {
  const Duration now = machine_.clock.monotonic();
  for (auto it = pending_.begin(); it != pending_.end() && changes_.size() < changes_per_batch;) {
    const bool due = now - it->second.last >= settle || now - it->second.first >= settle_max;
    if (!due) {
      ++it;
      continue;
    }
    const std::string path = it->first;
    it = pending_.erase(it);
    examine(path, true, true);
  }
}

void Integrity::sweep() {
  const Duration now = machine_.clock.monotonic();
  if (now < next_sweep_ || changes_.size() >= changes_per_batch) return;
  std::int64_t bytes = 0;
  for (std::size_t i = 0; i < sweep_files && bytes < sweep_bytes && !sweep_.empty(); ++i) {
    const std::string path = std::move(sweep_.front());
    sweep_.pop_front();
    bytes += examine(path, false, true);
  }
  if (sweep_.empty() && !complete_) {
    complete_ = true;
    note(had_state_ ? "integrity_compared" : "integrity_baseline", static_cast<std::int64_t>(known_.size()));
    set_dirty();
  }
  next_sweep_ = now + (complete_ ? sweep_step : first_step);
}

std::int64_t Integrity::examine(const std::string& path, bool by_event, bool hash_always) {
  const auto known = known_.find(path);
  std::optional<FileState> before;
  if (known != known_.end()) before = known->second;
  auto after = look_at_file(real(path));
  if (after && after->type == 'd' && !before) return 0;  // A folder is no file; one in a file's place is a change.
  if (!after && !before) return 0;
  Change change{path, before, after, {}, by_event};
  if (after && before && !hash_always && after->changed_ns == before->changed_ns) return 0;
  if (after) {
    auto digests = digest_file(real(path), *after);
    if (!digests) {
      if (noted_.insert(path).second) {
        notes_.push_back(make_note("integrity_unreadable", machine_.clock.now(),
                                   {{"file", to_utf8(path)}, {"error", digests.error().en()}}));
      }
      return 0;
    }
    change.digests = std::move(*digests);
    after->hash = change.digests.sha256;
    change.after = after;
    if (!before && known_.size() >= files_max) return change.digests.bytes;
    known_[path] = *after;
  } else {
    known_.erase(path);
  }
  const bool same = before && after && before->same_content(*after) && before->same_rights(*after);
  if (!before || !after || !(*before == *after)) set_dirty();
  // The first look of all makes known; only what differs from a state kept before is a change.
  const bool first_look = !before && !complete_ && !had_state_;
  if (!same && !first_look) changes_.push_back(change);
  return change.digests.bytes;
}

void Integrity::tell(Slice& slice) {
  if (changes_.empty()) return;
  const std::vector<Change> changes = std::exchange(changes_, {});
  std::map<std::string, std::string> md5s;
  for (const Change& change : changes) {
    if (change.after && change.after->type == 'f') md5s.emplace(change.path, change.digests.md5);
  }
  const auto packages = md5s.empty() ? std::map<std::string, PackageFile>() : packages_of(machine_, md5s);
  const std::string audit = audit_tail(machine_);
  for (const Change& change : changes) slice.add(record_of(change, audit, packages));
  count_mass(slice, changes.size());
}

void Integrity::count_mass(Slice& slice, std::size_t changes) {
  const Duration now = machine_.clock.monotonic();
  if (now - mass_began_ > std::chrono::minutes(1)) {
    mass_began_ = now;
    mass_count_ = 0;
  }
  const bool before = mass_count_ >= mass_changes;
  mass_count_ += changes;
  if (before || mass_count_ < mass_changes) return;
  Line line;
  line.add("@timestamp", to_rfc3339(machine_.clock.now()));
  line.add("message", std::to_string(mass_count_) + " guarded files changed within a minute");
  line.add("event.kind", "event");
  line.add("event.category", "file");
  line.add("event.type", "change");
  line.add("event.action", "mass_file_change");
  line.add("event.provider", "luy-agent");
  line.add("count", static_cast<std::int64_t>(mass_count_));
  Item item;
  item.record = {event::Transport::agent, std::string(stream), line.finish()};
  slice.add(std::move(item));
}

Item Integrity::record_of(const Change& change, const std::string& audit,
                          const std::map<std::string, PackageFile>& packages) const {
  const auto& before = change.before;
  const auto& after = change.after;
  const bool type_changed = before && after && before->type != after->type;
  const bool content = before && after && !before->same_content(*after);
  const std::string_view action = !before        ? "file_created"
                                  : !after       ? "file_deleted"
                                  : type_changed ? (after->type == 'l' ? "file_replaced_by_link" : "file_type_changed")
                                  : content      ? "file_modified"
                                                 : "file_attributes_changed";
  const std::string path = to_utf8(change.path);
  const Time now = machine_.clock.now();
  Line line;
  line.add("@timestamp", to_rfc3339(now));
  line.add("message", std::string(action) + ": " + path);
  line.add("event.kind", "event");
  line.add("event.category", "file");
  line.add("event.type", !before ? "creation" : !after ? "deletion" : "change");
  line.add("event.action", action);
  line.add("event.provider", "luy-agent");
  line.add("file.path", path);
  if (!change.digests.link_target.empty()) line.add("file.target_path", to_utf8(change.digests.link_target));
  if (before) line.add_state("before", *before);
  if (after) line.add_state("after", *after);
  if (after && after->type == 'f' && after->size > hashed_bytes_max) line.add("after.hashed_bytes", hashed_bytes_max);
  line.add("noticed", change.by_event ? "at once" : "by sweep");
  // When the kernel says that it happened; of what is gone only that it was not long ago.
  const Time at = after ? from_micros(after->changed_ns / 1000) : now;
  const Time from = after ? at - actor_slack : at - settle_max - actor_slack;
  if (const auto actor = find_actor(audit, change.path, from, at + actor_slack)) {
    const std::int64_t who = actor->login_id >= 0 ? actor->login_id : actor->user_id;
    line.add("who", "auditd");
    line.add("user.id", std::to_string(who));
    line.add("user.name", account_of(machine_, who));
    if (actor->user_id >= 0) line.add("user.effective.name", account_of(machine_, actor->user_id));
    line.add("process.pid", actor->pid);
    line.add("process.executable", actor->executable);
    line.add("process.name", actor->command);
  } else {
    line.add("who", "unknown");
  }
  if (const auto package = packages.find(change.path); package != packages.end()) {
    line.add("package.name", package->second.package);
    line.add("package.as_shipped", package->second.as_shipped ? "true" : "false");
  }
  Item item;
  item.record = {event::Transport::agent, std::string(stream), line.finish()};
  return item;
}

void Integrity::note(std::string_view name, std::int64_t count) {
  notes_.push_back(make_note(name, machine_.clock.now(), {{"count", count}}));
}

}  // namespace luy::agent
