#include "agent/linux/restic.h"

#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <simdjson.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "agent/backup_plan.h"
#include "agent/linux/text.h"
#include "base/file.h"

namespace luy::agent {
namespace {

using simdjson::dom::object;
using std::chrono::milliseconds;

constexpr std::size_t errors_bytes_max = 256 << 10;
constexpr std::size_t detail_bytes_max = 400;
constexpr Duration slice = milliseconds(200);  // Of work and rest together.
constexpr Duration look_period = milliseconds(500);
constexpr std::size_t unread_max = 100;
constexpr int status_partly = 3;  // restic-backup(1): "some source data could not be read".

struct Account {
  uid_t uid = 0;
  gid_t gid = 0;
  std::string home = "/";
};

Result<Account> account_of(const std::string& user) {
  std::array<char, 16 << 10> buffer{};
  passwd entry{};
  passwd* found = nullptr;
  if (::getpwnam_r(user.c_str(), &entry, buffer.data(), buffer.size(), &found) != 0 || found == nullptr) {
    return Error(file_not_found, user);
  }
  return Account{entry.pw_uid, entry.pw_gid, entry.pw_dir};
}

struct Pipe {
  UniqueFd reading;
  UniqueFd writing;
};
Result<Pipe> make_pipe() {
  std::array<int, 2> ends{-1, -1};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return file_error("pipe", errno);
  ::fcntl(ends[0], F_SETFL, O_NONBLOCK);
  return Pipe{UniqueFd(ends[0]), UniqueFd(ends[1])};
}

// Everything that takes memory is made before the fork.
struct Prepared {
  std::vector<char*> argv;
  std::vector<char*> envp;
  const char* folder = nullptr;
  const Account* account = nullptr;
  const char* user = nullptr;
  int output = -1;
  int errors = -1;
  pid_t parent = -1;
};

[[noreturn]] void become(const Prepared& as) {
  ::setpgid(0, 0);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::signal(SIGPIPE, SIG_DFL);
  const int nothing = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  ::dup2(nothing, 0);
  ::dup2(as.output, 1);
  ::dup2(as.errors, 2);
  if (as.folder != nullptr && ::chdir(as.folder) != 0) ::_exit(126);
  if (as.account != nullptr && (::initgroups(as.user, as.account->gid) != 0 || ::setgid(as.account->gid) != 0 ||
                                ::setuid(as.account->uid) != 0)) {
    ::_exit(126);
  }
  // After the change of user, which takes it away. KILL, as it may be stopped and could take no other.
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != as.parent) ::_exit(126);
  ::execve(as.argv[0], as.argv.data(), as.envp.data());
  ::_exit(127);
}

// Lines, as they come; what has no end yet waits.
class Lines {
 public:
  explicit Lines(const std::function<void(std::string_view)>& take) : take_(take) {}
  void add(std::string_view bytes) {
    text_.append(bytes);
    for (std::size_t end = text_.find('\n'); end != std::string::npos; end = text_.find('\n')) {
      take_(std::string_view(text_).substr(0, end));
      text_.erase(0, end + 1);
    }
    if (text_.size() > restic_line_bytes_max) text_.clear();
  }

 private:
  const std::function<void(std::string_view)>& take_;
  std::string text_;
};

// Lets the group run for its share of each slice.
class Pace {
 public:
  Pace(pid_t group, int busy_percent) : group_(group), busy_(busy_percent) {}
  Duration step() {
    if (busy_ >= 100) return slice;
    resting_ = !resting_;
    ::kill(-group_, resting_ ? SIGSTOP : SIGCONT);
    return slice * (resting_ ? 100 - busy_ : busy_) / 100;
  }
  ~Pace() {
    if (resting_) ::kill(-group_, SIGCONT);
  }

 private:
  const pid_t group_;
  const int busy_;
  bool resting_ = false;
};

// False at the end of the pipe.
bool take(int fd, const std::function<void(std::string_view)>& add) {
  std::array<char, 64 << 10> buffer{};
  for (;;) {
    const ssize_t n = ::read(fd, buffer.data(), buffer.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && errno == EAGAIN) return true;
    if (n <= 0) return false;
    add(std::string_view(buffer.data(), static_cast<std::size_t>(n)));
  }
}

std::string text_of(const object& from, std::string_view key) {
  std::string_view value;
  return from[key].get(value) == simdjson::SUCCESS ? std::string(value) : std::string();
}
std::int64_t number_of(const object& from, std::string_view key) {
  std::int64_t value = 0;
  return from[key].get(value) == simdjson::SUCCESS ? value : 0;
}

bool is_there(const std::string& path) {
  struct stat about {};
  return ::lstat(path.c_str(), &about) == 0 || errno != ENOENT;
}

}  // namespace

std::string_view backup_because(const Error& error) {
  if (!error.is(backup_stopped)) return because::failed;
  const std::string_view detail = error.detail();
  return detail.substr(0, detail.find(':'));
}

Error backup_error(std::string_view because, std::string_view detail) {
  std::string text(because);
  if (!detail.empty())
    text.append(": ").append(detail.substr(detail.size() - std::min(detail.size(), detail_bytes_max)));
  return Error(backup_stopped, text);
}

Result<Ended> run_child(const Child& child, const ChildLimits& limits,
                        const std::function<void(std::string_view)>& line) {
  LUY_TRY(Pipe errors, make_pipe());
  LUY_TRY(Pipe output, make_pipe());
  Account account;
  if (!child.user.empty()) {
    LUY_TRY(account, account_of(child.user));
  }
  std::vector<std::string> environment = {"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C", "HOME=" + account.home,
                                          "GOMAXPROCS=1"};
  environment.insert(environment.end(), child.environment.begin(), child.environment.end());
  Prepared as;
  for (const std::string& one : child.arguments) as.argv.push_back(const_cast<char*>(one.c_str()));
  for (std::string& one : environment) as.envp.push_back(one.data());
  as.argv.push_back(nullptr);
  as.envp.push_back(nullptr);
  as.folder = child.folder.empty() ? nullptr : child.folder.c_str();
  // Who is that user already needs no change, and may make none.
  as.account = child.user.empty() || account.uid == ::geteuid() ? nullptr : &account;
  as.user = child.user.c_str();
  as.output = child.output >= 0 ? child.output : output.writing.get();
  as.errors = errors.writing.get();
  as.parent = ::getpid();
  const pid_t pid = ::fork();
  if (pid < 0) return file_error(child.arguments[0], errno);
  if (pid == 0) become(as);
  ::setpgid(pid, pid);
  errors.writing.reset();
  output.writing.reset();

  Ended out;
  Lines lines(line);
  bool output_open = true;
  bool errors_open = true;
  const SystemClock clock;
  Duration next_look = clock.monotonic() + look_period;
  {
    Pace pace(pid, limits.busy_percent);
    while (output_open || errors_open) {
      const Duration step_end = clock.monotonic() + pace.step();
      do {
        std::array<pollfd, 2> wait{pollfd{output_open ? output.reading.get() : -1, POLLIN, 0},
                                   pollfd{errors_open ? errors.reading.get() : -1, POLLIN, 0}};
        const auto left = std::max<Duration>(step_end - clock.monotonic(), milliseconds(1));
        ::poll(wait.data(), wait.size(), static_cast<int>(std::chrono::ceil<milliseconds>(left).count()));
        if (wait[0].revents != 0) {
          output_open = take(output.reading.get(), [&](std::string_view bytes) {
            if (line) return lines.add(bytes);
            if (out.output.size() < restic_output_bytes_max) out.output.append(bytes);
          });
        }
        if (wait[1].revents != 0) {
          errors_open = take(errors.reading.get(), [&](std::string_view bytes) {
            out.errors.append(bytes);
            if (out.errors.size() > errors_bytes_max) out.errors.erase(0, out.errors.size() - errors_bytes_max);
          });
        }
      } while (clock.monotonic() < step_end && (output_open || errors_open));
      if (clock.monotonic() < next_look) continue;
      next_look = clock.monotonic() + look_period;
      if (!out.stopped && !limits.go_on()) {
        out.stopped = true;
        // restic takes its lock away when it is interrupted; it must run for that.
        ::kill(-pid, SIGINT);
        ::kill(-pid, SIGCONT);
      }
    }
  }
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  out.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return out;
}

std::string_view Restic::reason(std::string_view errors) {
  const std::string text = lower(errors);
  const auto says = [&](std::string_view what) { return text.find(what) != std::string::npos; };
  if (says("wrong password") || says("no key found")) return because::wrong_key;
  if (says("is there a repository at the following location")) return because::repository_gone;
  if (says("already locked")) return because::locked;
  if (says("no space left") || says("quota exceeded") || says("file too large")) return because::disk_full;
  if (says("read-only file system")) return because::read_only;
  if (says("ciphertext verification failed") || says("hash mismatch") || says("does not match") ||
      says("repository contains errors") || says("invalid data returned") || says("not found in index") ||
      says("pack file cannot be listed") || says("unexpected eof")) {
    return because::damaged;
  }
  if (says("input/output error") || says("no such device") || says("transport endpoint") || says("stale file handle")) {
    return because::unreadable;
  }
  if (says("no snapshot found") || says("no matching id found")) return because::snapshot_missing;
  return because::failed;
}

std::string Restic::pattern(std::string_view path) {
  std::string out;
  for (const char c : path) {
    if (c == '*' || c == '?' || c == '[' || c == ']' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

std::string Restic::version(const std::string& program) {
  const auto ended = run_child({{program, "version"}, {}, {}, {}}, {});
  if (!ended || ended->status != 0) return {};
  const auto parts = words(ended->output);
  return parts.size() >= 2 && parts[0] == "restic" ? "restic " + std::string(parts[1]) : std::string();
}

Result<Ended> Restic::run(std::vector<std::string> arguments, const std::function<void(std::string_view)>& line,
                          int output) {
  Child child;
  child.arguments = {place_.program, "--repo", place_.repository, "--password-file", place_.password_file};
  if (place_.cache.empty()) {
    child.arguments.emplace_back("--no-cache");
  } else {
    child.arguments.insert(child.arguments.end(), {"--cache-dir", place_.cache});
  }
  if (place_.write_kib_per_second > 0) {
    child.arguments.insert(child.arguments.end(), {"--limit-upload", std::to_string(place_.write_kib_per_second)});
  }
  child.arguments.insert(child.arguments.end(), arguments.begin(), arguments.end());
  child.environment = {"RESTIC_PROGRESS_FPS=0.5"};
  child.folder = place_.folder;
  child.output = output;
  if (::access(place_.program.c_str(), X_OK) != 0) return backup_error(because::tool_missing);
  LUY_TRY(Ended ended, run_child(child, limits_, line));
  if (ended.stopped) return backup_error(because::interrupted);
  if (ended.status == 126) return backup_error(because::target_missing, place_.folder);
  return ended;
}

Result<void> Restic::plain(std::vector<std::string> arguments) {
  LUY_TRY(const Ended ended, run(std::move(arguments)));
  if (ended.status == 0) return {};
  return backup_error(reason(ended.errors + ended.output), trim(ended.errors));
}

Result<std::string> Restic::id() {
  LUY_TRY(const Ended ended, run({"--json", "--no-lock", "cat", "config"}));
  if (ended.status != 0) {
    const std::string_view why = reason(ended.errors);
    if (why == because::repository_gone) return std::string();
    return backup_error(why, trim(ended.errors));
  }
  simdjson::dom::parser parser;
  object config;
  if (parser.parse(ended.output).get(config) != simdjson::SUCCESS) return backup_error(because::damaged, "config");
  std::string out = text_of(config, "id");
  if (out.empty()) return backup_error(because::damaged, "config");
  return out;
}

Result<std::string> Restic::make() {
  LUY_TRY_VOID(plain({"init"}));
  return id();
}

Result<void> Restic::unlock() {
  return plain({"unlock"});
}

Result<Restic::Made> Restic::backup(const Backup& wanted, const std::function<void(const Progress&)>& tell) {
  std::vector<std::string> arguments = {
      "--json", "backup", "--host", place_.device, "--tag", "luy," + wanted.tag, "--files-from-raw", wanted.list};
  for (const std::string& path : wanted.excludes) {
    arguments.emplace_back("--exclude");
    arguments.push_back(pattern(path));
  }
  Made made;
  simdjson::dom::parser parser;
  const auto hear = [&](std::string_view line) {
    object message;
    if (parser.parse(line.data(), line.size(), true).get(message) != simdjson::SUCCESS) return;
    const std::string type = text_of(message, "message_type");
    if (type == "status") {
      double percent = 0;
      if (message["percent_done"].get(percent) != simdjson::SUCCESS) percent = 0;
      tell({static_cast<int>(std::clamp(percent, 0.0, 1.0) * 100), number_of(message, "files_done"),
            number_of(message, "bytes_done")});
    } else if (type == "summary") {
      made.snapshot = text_of(message, "snapshot_id");
      made.files = number_of(message, "total_files_processed");
      made.bytes = number_of(message, "total_bytes_processed");
      made.bytes_added = number_of(message, "data_added");
    }
  };
  LUY_TRY(const Ended ended, run(std::move(arguments), hear));
  // Errors come on the error output, one JSON document a line, among other lines.
  for (const std::string_view line : lines(ended.errors)) {
    object message;
    if (parser.parse(line.data(), line.size(), true).get(message) != simdjson::SUCCESS) continue;
    const std::string item = text_of(message, "item");
    // What went away meanwhile was there to be deleted.
    if (text_of(message, "message_type") != "error" || item.empty() || !is_there(item)) continue;
    if (made.unread.size() < unread_max) made.unread.push_back(item);
  }
  const bool partly = ended.status == status_partly && !made.snapshot.empty();
  if (ended.status != 0 && !partly) return backup_error(reason(ended.errors), trim(ended.errors));
  return made;
}

Result<void> Restic::check(std::int64_t part, std::int64_t parts) {
  const std::string how =
      parts <= 1 ? "--read-data" : "--read-data-subset=" + std::to_string(part) + "/" + std::to_string(parts);
  LUY_TRY(const Ended ended, run({"check", how}));
  if (ended.status == 0) return {};
  const std::string said = ended.errors + ended.output;
  const std::string_view why = reason(said);
  // Whatever else it says of the content, it found a fault in it.
  return backup_error(why == because::failed ? because::damaged : why, trim(ended.errors));
}

Result<void> Restic::forget(std::string_view tag, const Keep& keep) {
  std::vector<std::string> arguments = {"forget",     "--prune", "--host", place_.device,
                                        "--group-by", "host",    "--tag",  "luy," + std::string(tag)};
  const auto add = [&](const char* option, std::int64_t count) {
    if (count == 0) return;
    arguments.emplace_back(option);
    arguments.push_back(std::to_string(count));
  };
  add("--keep-last", keep.last);
  add("--keep-daily", keep.daily);
  add("--keep-weekly", keep.weekly);
  add("--keep-monthly", keep.monthly);
  return plain(std::move(arguments));
}

Result<std::vector<Restic::Snapshot>> Restic::snapshots(std::string_view tag) {
  LUY_TRY(const Ended ended, run({"--json", "--no-lock", "snapshots", "--tag", "luy," + std::string(tag)}));
  if (ended.status != 0) return backup_error(reason(ended.errors), trim(ended.errors));
  simdjson::dom::parser parser;
  simdjson::dom::array list;
  std::vector<Snapshot> out;
  if (parser.parse(ended.output).get(list) != simdjson::SUCCESS) return out;  // "null": there are none.
  for (const auto one : list) {
    object from;
    if (one.get(from) != simdjson::SUCCESS) continue;
    Snapshot snapshot;
    snapshot.id = text_of(from, "id");
    const auto at = from_rfc3339(text_of(from, "time"));
    if (!at || snapshot.id.empty()) continue;
    snapshot.at = *at;
    simdjson::dom::array paths;
    if (from["paths"].get(paths) == simdjson::SUCCESS) {
      for (const auto path : paths) {
        std::string_view text;
        if (path.get(text) == simdjson::SUCCESS) snapshot.paths.emplace_back(text);
      }
    }
    out.push_back(std::move(snapshot));
  }
  std::sort(out.begin(), out.end(), [](const Snapshot& a, const Snapshot& b) { return a.at < b.at; });
  return out;
}

Result<std::int64_t> Restic::restore_bytes(const std::string& snapshot) {
  LUY_TRY(const Ended ended, run({"--json", "--no-lock", "stats", "--mode", "restore-size", snapshot}));
  if (ended.status != 0) return backup_error(reason(ended.errors), trim(ended.errors));
  simdjson::dom::parser parser;
  object from;
  if (parser.parse(ended.output).get(from) != simdjson::SUCCESS) return backup_error(because::failed, "stats");
  return number_of(from, "total_size");
}

Result<void> Restic::restore(const std::string& snapshot, const std::string& target,
                             const std::vector<std::string>& includes) {
  std::vector<std::string> arguments = {"--no-lock", "restore", snapshot, "--target", target};
  for (const std::string& path : includes) {
    arguments.emplace_back("--include");
    arguments.push_back(pattern(path));
  }
  return plain(std::move(arguments));
}

Result<void> Restic::dump(const std::string& snapshot, const std::string& path, int output) {
  LUY_TRY(const Ended ended, run({"--no-lock", "dump", snapshot, path}, {}, output));
  if (ended.status == 0) return {};
  return backup_error(reason(ended.errors), trim(ended.errors));
}

}  // namespace luy::agent
