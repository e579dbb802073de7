#include "agent/linux/log_files.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>

#include "base/utf8.h"

namespace luy::agent {
namespace {

constexpr std::uint32_t watch_mask = IN_MODIFY | IN_CREATE | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE | IN_ATTRIB |
                                     IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR | IN_DONT_FOLLOW;

std::string folder_prefix(const std::string& folder) {
  return "file/" + folder + '#';
}

std::string key_of(const std::string& folder, ino_t inode) {
  return folder_prefix(folder) + std::to_string(inode);
}

std::string folder_of(const std::string& path) {
  return path.substr(0, path.rfind('/'));
}

// Names of streams travel as UTF-8 of bounded length without control characters (event/batch.h).
std::string stream_of(const std::string& path) {
  std::string name(utf8_front(to_utf8(path), event::stream_bytes_max));
  for (char& c : name) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
  }
  return name;
}

struct Entry {
  std::string name;
  struct stat status;
};

std::vector<Entry> entries(const std::string& folder) {
  std::vector<Entry> out;
  const std::unique_ptr<DIR, int (*)(DIR*)> dir(::opendir(folder.c_str()), &::closedir);
  if (!dir) return out;
  while (const dirent* entry = ::readdir(dir.get())) {
    if (std::strcmp(entry->d_name, ".") == 0 || std::strcmp(entry->d_name, "..") == 0) continue;
    Entry found{entry->d_name, {}};
    if (::fstatat(::dirfd(dir.get()), entry->d_name, &found.status, AT_SYMLINK_NOFOLLOW) == 0) {
      out.push_back(std::move(found));
    }
  }
  return out;
}

// When a file was last written to, seconds and nanoseconds; zero when it is gone.
std::pair<std::int64_t, std::int64_t> written_at(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return {0, 0};
  return {status.st_mtim.tv_sec, status.st_mtim.tv_nsec};
}

}  // namespace

LogFiles::LogFiles(LogFilesOptions options, const Positions& positions, bool first_start, const Clock& clock)
    : options_(std::move(options)),
      clock_(clock),
      first_start_(first_start),
      inotify_(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC)),
      buffer_(LogFile::buffer_bytes) {
  for (const auto& [key, value] : positions) {
    if (key.starts_with("file/")) known_.emplace(key, value);
  }
}

Duration LogFiles::ask_within() const {
  const Duration now = clock_.monotonic();
  Duration wait = std::max(next_scan_ - now, Duration{0});
  // A file that has just been rotated is asked often: its last lines are to come before those of the new one.
  for (const Tail& tail : rotated_) wait = std::min(wait, now - tail.quiet_since < quiet ? quiet / 4 : quiet * 2);
  return wait;
}

bool LogFiles::collect(Slice& slice) {
  read_events();
  if (clock_.monotonic() >= next_scan_) scan_all();
  for (const std::string& path : std::exchange(dirty_folders_, {})) {
    for (const auto& [watch, folder] : folders_) {
      if (folder.path != path) continue;
      scan_folder(Folder(folder));  // A copy: the scan may find new folders.
      break;
    }
  }
  for (Item& item : notes_) slice.add(std::move(item));
  notes_.clear();
  read_rotated(slice);
  for (auto& [path, tail] : current_) {
    if (slice.full()) break;
    if (tail.dirty) tail.dirty = read_tail(tail, false, slice);
  }
  return slice.full();
}

void LogFiles::rotate(Tail tail, const std::string& path) {
  const Duration now = clock_.monotonic();
  tail.path = path;
  tail.rotated_at = now;
  tail.quiet_since = now;
  rotated_.push_back(std::move(tail));
}

// Quiet, and its writer writes elsewhere: the file that has its name now has got something.
bool LogFiles::is_over(const Tail& tail) const {
  const Duration now = clock_.monotonic();
  if (now - tail.quiet_since < quiet) return false;
  const auto successor = current_.find(tail.path);
  return now - tail.rotated_at >= rotated_max || (successor != current_.end() && successor->second.file.offset() > 0);
}

void LogFiles::read_rotated(Slice& slice) {
  const Duration now = clock_.monotonic();
  for (auto it = rotated_.begin(); it != rotated_.end() && !slice.full();) {
    const std::uint64_t before = it->file.offset();
    const bool over = is_over(*it);
    const bool more = read_tail(*it, over, slice);
    if (it->file.offset() != before) it->quiet_since = now;
    if (more || !over || it->file.offset() != before) {
      ++it;
      continue;
    }
    Item forget;
    forget.only_position = true;
    forget.position_key = it->file.key();
    slice.add(std::move(forget));
    it = rotated_.erase(it);
  }
}

// True when there is more to read at once.
bool LogFiles::read_tail(Tail& tail, bool to_end, Slice& slice) {
  const LogFile::Read read = tail.file.read(slice, to_end, buffer_);
  if (read.started_over) note("log_file_started_over", {{"stream", tail.file.stream()}});
  if (read.cut_line) {
    note("log_line_cut", {{"stream", tail.file.stream()},
                          {"offset", static_cast<std::int64_t>(tail.file.offset())},
                          {"bytes_max", static_cast<std::int64_t>(line_bytes_max)}});
  }
  return read.more;
}

void LogFiles::read_events() {
  alignas(inotify_event) std::array<char, 16384> bytes{};
  for (;;) {
    const ssize_t n = ::read(inotify_.get(), bytes.data(), bytes.size());
    if (n <= 0) return;
    for (std::size_t at = 0; at + sizeof(inotify_event) <= static_cast<std::size_t>(n);) {
      inotify_event event{};
      std::memcpy(&event, bytes.data() + at, sizeof event);
      const char* name = bytes.data() + at + sizeof event;
      on_event(event.wd, event.mask, event.len > 0 ? std::string(name, ::strnlen(name, event.len)) : std::string());
      at += sizeof event + event.len;
    }
  }
}

void LogFiles::on_event(int watch, std::uint32_t mask, const std::string& name) {
  if ((mask & IN_Q_OVERFLOW) != 0) {
    next_scan_ = Duration{0};
    return;
  }
  const auto folder = folders_.find(watch);
  if (folder == folders_.end()) return;
  if ((mask & (IN_IGNORED | IN_MOVE_SELF)) != 0) {
    const std::string path = folder->second.path;
    if ((mask & IN_MOVE_SELF) != 0) ::inotify_rm_watch(inotify_.get(), watch);
    watched_.erase(path);
    folders_.erase(folder);
    leave(path);
    return;
  }
  if ((mask & IN_MODIFY) != 0) {
    const auto tail = current_.find(folder->second.path + '/' + name);
    if (tail != current_.end()) tail->second.dirty = true;
  } else {
    dirty_folders_.insert(folder->second.path);
  }
}

// Its files may still be written to by who has them open.
void LogFiles::leave(const std::string& folder) {
  for (auto it = current_.begin(); it != current_.end();) {
    if (folder_of(it->first) == folder) {
      rotate(std::move(it->second), it->first);
      it = current_.erase(it);
    } else {
      ++it;
    }
  }
}

void LogFiles::scan_all() {
  next_scan_ = clock_.monotonic() + full_scan;
  for (auto& [path, tail] : current_) tail.dirty = true;
  watch(options_.folder, 0);
  std::vector<Folder> folders;
  for (const auto& [watch, folder] : folders_) folders.push_back(folder);
  for (const Folder& folder : folders) scan_folder(folder);
  dirty_folders_.clear();
  first_scan_ = false;
  // What was known and is nowhere to be found was rotated away or removed while the agent was not running.
  for (const auto& [key, value] : std::exchange(known_, {})) {
    const auto position = parse_position(value);
    note("log_file_gone", {{"stream", position ? position->name : key},
                           {"offset", static_cast<std::int64_t>(position ? position->offset : 0)}});
    Item forget;
    forget.only_position = true;
    forget.position_key = key;
    notes_.push_back(std::move(forget));
  }
}

void LogFiles::watch(const std::string& path, int depth) {
  if (depth > depth_max || watched_.count(path) > 0) return;
  const int watch = ::inotify_add_watch(inotify_.get(), path.c_str(), watch_mask);
  if (watch < 0) {
    note_once(path, "log_folder_unreadable", {{"folder", path}, {"error", std::string(std::strerror(errno))}});
    return;
  }
  watched_.insert(path);
  folders_[watch] = {path, depth};
  if (depth > 0) scan_folder({path, depth});  // Files may have come between its making and the watch.
}

bool LogFiles::reads(const std::string& path) const {
  return options_.filter.reads(std::string_view(path).substr(options_.folder.size() + 1));
}

void LogFiles::scan_folder(const Folder& folder) {
  Names names;
  for (const Entry& entry : entries(folder.path)) {
    const std::string path = folder.path + '/' + entry.name;
    if (S_ISDIR(entry.status.st_mode)) watch(path, folder.depth + 1);
    if (S_ISREG(entry.status.st_mode)) names[path] = {entry.status.st_dev, entry.status.st_ino};
  }
  match(folder, names);
  find_rotated(folder, names);
}

// Brings what is open in line with the names that are there now.
void LogFiles::match(const Folder& folder, const Names& names) {
  std::list<Tail> homeless;
  for (auto it = current_.begin(); it != current_.end();) {
    const auto name = names.find(it->first);
    const bool stays =
        folder_of(it->first) != folder.path || (name != names.end() && name->second == it->second.file.identity());
    if (stays) {
      ++it;
      continue;
    }
    homeless.push_back(std::move(it->second));
    homeless.back().path = it->first;
    it = current_.erase(it);
  }
  for (const auto& [path, identity] : names) {
    if (!reads(path) || current_.count(path) > 0) continue;
    if (adopt(homeless, path, identity) || adopt(rotated_, path, identity)) continue;
    open_file(folder, path);
  }
  for (Tail& tail : homeless) {
    const std::string path = tail.path;
    rotate(std::move(tail), path);
  }
}

bool LogFiles::adopt(std::list<Tail>& tails, const std::string& path, const FileIdentity& identity) {
  const auto found =
      std::find_if(tails.begin(), tails.end(), [&](const Tail& tail) { return tail.file.identity() == identity; });
  if (found == tails.end()) return false;
  found->file.rename(found->file.key(), stream_of(path));
  found->dirty = true;
  current_.emplace(path, std::move(*found));
  tails.erase(found);
  return true;
}

void LogFiles::open_file(const Folder& folder, const std::string& path) {
  if (current_.size() >= files_max) {
    note_once(options_.folder, "log_files_too_many", {{"files_max", static_cast<std::int64_t>(files_max)}});
    return;
  }
  auto file = LogFile::open(path, "", stream_of(path));
  if (!file) {
    if (!file.error().is(file_not_found)) {
      note_once(path, "log_file_unreadable", {{"stream", path}, {"error", file.error().en()}});
    }
    return;
  }
  if (file->looks_binary()) {
    note_once(path, "log_file_binary", {{"stream", path}});
    return;
  }
  noted_.erase(path);
  file->rename(key_of(folder.path, file->identity().inode), stream_of(path));
  begin(*file, path);
  notes_.push_back(file->position_item());
  current_.emplace(path, Tail{std::move(*file)});
}

// Where reading of a file starts that was not open before.
void LogFiles::begin(LogFile& file, const std::string& path) {
  if (const auto known = known_.find(file.key()); known != known_.end()) {
    const auto position = parse_position(known->second);
    known_.erase(known);
    if (position && file.begins_as(*position)) {
      file.start_at(position->offset);
    } else {
      note("log_file_started_over", {{"stream", file.stream()}});
    }
    return;
  }
  if (!first_start_ || !first_scan_) return;
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return;
  const Time written{std::chrono::seconds(status.st_mtim.tv_sec)};
  const std::uint64_t size = file.size();
  if (clock_.now() - written > options_.history) {
    file.start_at(size);
  } else if (size > options_.history_bytes) {
    file.start_at(size - options_.history_bytes);
    file.skip_to_line();
  }
  if (file.offset() > 0) {
    note("log_history_skipped", {{"stream", file.stream()}, {"bytes", static_cast<std::int64_t>(file.offset())}});
  }
}

// Files that were read before this start and have been renamed since: their rest comes first, then what was rotated
// after them.
void LogFiles::find_rotated(const Folder& folder, const Names& names) {
  if (known_.empty()) return;
  std::map<std::string, Written> newest;  // By the name they had.
  for (const auto& [path, identity] : names) {
    const auto known = known_.find(key_of(folder.path, identity.inode));
    if (known == known_.end()) continue;
    const auto position = parse_position(known->second);
    auto file = LogFile::open(path, known->first, position ? position->name : stream_of(path));
    if (!file || !position || !file->begins_as(*position)) continue;
    file->start_at(position->offset);
    known_.erase(known);
    rotate(Tail{std::move(*file)}, position->name);
    Written& last = newest[position->name];
    last = std::max(last, written_at(path));
  }
  for (const auto& [name, last] : newest) find_missed(folder, names, name, last);
}

// A log that was rotated more than once while the agent was not running has files that nobody has opened yet: they are
// younger than the one that was read last, and not yet compressed.
void LogFiles::find_missed(const Folder& folder, const Names& names, const std::string& name, const Written& last) {
  std::map<Written, std::string> missed;
  for (const auto& [path, identity] : names) {
    const bool rotated_of_it = path.starts_with(name + '.') || path.starts_with(name + '-');
    const bool packed = !NameFilter{{"**"}, options_.filter.exclude}.reads(path.substr(options_.folder.size() + 1));
    if (!rotated_of_it || packed || current_.count(path) > 0) continue;
    const Written at = written_at(path);
    if (at > last) missed.emplace(at, path);
  }
  for (const auto& [at, path] : missed) {
    auto file = LogFile::open(path, "", name);
    if (!file || file->looks_binary()) continue;
    file->rename(key_of(folder.path, file->identity().inode), name);
    notes_.push_back(file->position_item());
    rotate(Tail{std::move(*file)}, name);
  }
}

void LogFiles::note(std::string_view name, const NoteFields& fields) {
  notes_.push_back(make_note(name, clock_.now(), fields));
}

void LogFiles::note_once(const std::string& what, std::string_view name, const NoteFields& fields) {
  if (noted_.insert(what).second) note(name, fields);
}

}  // namespace luy::agent
