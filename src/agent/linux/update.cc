#include "agent/linux/update.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "agent/linux/quarantine.h"
#include "agent/linux/text.h"
#include "base/encoding.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/log.h"
#include "device_policy/release.h"

namespace luy::agent {
namespace {

namespace fs = std::filesystem;
using device_policy::Release;
using device_policy::WantedRelease;
using Phase = UpdateJournal::Phase;

constexpr std::int64_t room_factor = 10;
constexpr const char* unit_name = "luy-agent-rollback.service";

std::int64_t free_bytes(const fs::path& folder) {
  struct statvfs disk {};
  if (::statvfs(folder.c_str(), &disk) != 0) return 0;
  return static_cast<std::int64_t>(disk.f_bavail * disk.f_frsize);
}

Result<void> remove_file(const fs::path& path) {
  std::error_code error;
  fs::remove(path, error);
  if (error) return file_error(path.string(), error.value());
  return {};
}

// Never through a link, and never into a file that was there: what is copied is judged afterwards, as the copy.
Result<void> copy_fresh(const fs::path& from, const fs::path& to, mode_t mode) {
  LUY_TRY_VOID(remove_file(to));
  const UniqueFd in(::open(from.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!in) return file_error(from.string(), errno);
  const UniqueFd out(::open(to.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode));
  if (!out) return file_error(to.string(), errno);
  std::string buffer(256 << 10, '\0');
  for (;;) {
    const ssize_t n = ::read(in.get(), buffer.data(), buffer.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return file_error(from.string(), errno);
    if (n == 0) break;
    for (ssize_t at = 0; at < n;) {
      const ssize_t put = ::write(out.get(), buffer.data() + at, static_cast<std::size_t>(n - at));
      if (put < 0 && errno == EINTR) continue;
      if (put <= 0) return file_error(to.string(), errno);
      at += put;
    }
  }
  if (::fsync(out.get()) != 0) return file_error(to.string(), errno);
  return {};
}

std::string guard_text(const fs::path& own, const fs::path& data) {
  return "# Made by luy-agent for the time of an update: goes on with it after a power cut, whatever the new version "
         "is like.\n"
         "[Unit]\nDescription=Luy agent: ends an update that a shutdown cut off\nAfter=local-fs.target\n"
         "Before=luy-agent-gate.service\nConditionPathExists=" +
         (own / "journal").string() + "\n\n[Service]\nType=simple\nExecStart=" + (own / "updater").string() +
         " update --data " + data.string() + " --own " + own.string() +
         "\nPrivateNetwork=yes\n\n[Install]\nWantedBy=multi-user.target\n";
}

class Updater {
 public:
  explicit Updater(const UpdateSetup& setup) : s_(setup) {}
  Result<std::optional<UpdateState>> run();

 private:
  fs::path own(const char* name) const { return s_.own / name; }
  fs::path told() const { return release_folder(s_.data) / "state"; }
  fs::path reported() const { return release_folder(s_.data) / "reported"; }
  Result<std::optional<UpdateState>> begin(const std::string& text);
  Result<void> prepare(const WantedRelease& wanted, UpdateJournal& journal);
  Result<Release> verified(const WantedRelease& wanted);
  Result<void> stage(const Release& release);
  Result<void> judge(const Release& release, UpdateJournal& journal);
  Result<std::optional<UpdateState>> go_on(UpdateJournal journal);
  Result<std::optional<UpdateState>> install(UpdateJournal journal);
  Result<std::optional<UpdateState>> watch(UpdateJournal journal);
  Result<std::optional<UpdateState>> roll_back(UpdateJournal journal);
  Result<void> write(const UpdateJournal& journal) { return write_file_durably(own("journal"), to_text(journal)); }
  Result<UpdateState> tell(const UpdateJournal& about, std::string result, const std::optional<Error>& why);
  Result<void> put_guard() const;
  void settle() const;
  bool has_reported(const std::string& version) const;

  const UpdateSetup& s_;
};

Result<UpdateState> Updater::tell(const UpdateJournal& about, std::string result, const std::optional<Error>& why) {
  UpdateState state{about.of, s_.clock.now(), std::move(result), about.from, about.to, about.code, about.why};
  if (why) {
    state.code = std::string(why->name());
    state.why = why->en();
  }
  const auto text = read_file(told(), update_text_bytes_max);
  if (const auto before = text ? read_update_state(*text) : std::nullopt) {
    // Tried again with the same end: that is told once.
    UpdateState same = state;
    same.at = before->at;
    if (to_text(same) == *text) return *before;
  }
  LUY_TRY_VOID(write_file_durably(told(), to_text(state)));
  log(LogLevel::info, "update", state.to + ": " + state.result + (state.why.empty() ? "" : ": " + state.why));
  return state;
}

Result<Release> Updater::verified(const WantedRelease& wanted) {
  const std::string pinned = pinned_release_key(s_.own);
  LUY_TRY(const std::string key, device_policy::follow_keys(wanted.keys, pinned, s_.verify));
  LUY_TRY(Release release, device_policy::accept_release(wanted.statement, key, s_.verify));
  if (key != pinned) LUY_TRY_VOID(write_file_durably(own("pin"), to_hex(as_bytes(key)) + "\n", 0600));
  return release;
}

// The agent may write where the package was fetched to: what is judged and installed is a copy that it cannot write.
Result<void> Updater::stage(const Release& release) {
  const std::int64_t needed = room_factor * release.bytes + s_.spare_bytes;
  if (free_bytes(s_.own) < needed || free_bytes(s_.package.root / "usr") < needed) {
    return Error(release_no_room, release.version);
  }
  const fs::path fetched = release_folder(s_.data) / "files" / release.sha256;
  LUY_TRY_VOID(copy_fresh(fetched, own("new.deb"), 0600));
  const UniqueFd fd(::open(own("new.deb").c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!fd) return file_error(own("new.deb").string(), errno);
  LUY_TRY(const std::string digest, digest_of(fd.get(), own("new.deb").string()));
  if (digest == release.sha256) return {};
  LUY_TRY_VOID(remove_file(fetched));
  return Error(release_damaged, release.version);
}

Result<void> Updater::judge(const Release& release, UpdateJournal& journal) {
  LUY_TRY(const PackageFields fields, fields_of_package(own("new.deb")));
  if (fields.name != device_policy::release_package || fields.version != release.version ||
      fields.architecture != release.architecture) {
    return Error(release_not_package, fields.name + ' ' + fields.version + ' ' + fields.architecture);
  }
  LUY_TRY(const std::string machine, machine_architecture());
  if (fields.architecture != machine) return Error(release_wrong_machine, fields.architecture + " ≠ " + machine);
  LUY_TRY(journal.from, installed_version(s_.package));
  if (journal.from.empty()) return Error(release_no_way_back, "luy-agent is not wholly installed");
  LUY_TRY(const bool newer, is_newer(release.version, journal.from));
  if (!newer) return Error(release_not_newer, release.version + " ≤ " + journal.from);
  return {};
}

Result<void> Updater::prepare(const WantedRelease& wanted, UpdateJournal& journal) {
  LUY_TRY(const Release release, verified(wanted));
  journal.to = release.version;
  LUY_TRY_VOID(stage(release));
  LUY_TRY_VOID(judge(release, journal));
  LUY_TRY_VOID(repack_installed(s_.package, own("former"), own("former.deb")));
  LUY_TRY_VOID(copy_fresh(s_.program, own("updater"), 0700));
  return {};
}

// What keeps a machine from trying goes by itself, or it will never be right.
bool passes(const Error& error) {
  return error.is(release_no_room) || error.is(release_dpkg_busy) || error.is(release_damaged) ||
         error.is(file_not_found) || error.is(disk_full) || error.is(disk_read_only);
}

Result<std::optional<UpdateState>> Updater::begin(const std::string& text) {
  UpdateJournal journal;
  journal.of = to_hex(sha256(text));
  const auto told_text = read_file(told(), update_text_bytes_max);
  const auto before = told_text ? read_update_state(*told_text) : std::nullopt;
  if (before && before->of == journal.of && before->ended()) return std::optional<UpdateState>();
  const auto wanted = device_policy::read_release_answer(text);
  if (!wanted || !*wanted) {
    LUY_TRY(auto state,
            tell(journal, "refused", wanted ? Error(device_policy::release_malformed, "release") : wanted.error()));
    return std::optional(std::move(state));
  }
  journal.patience_seconds = (*wanted)->patience_seconds;
  if (const auto ready = prepare(**wanted, journal); !ready) {
    settle();
    LUY_TRY(auto state, tell(journal, passes(ready.error()) ? "waiting" : "refused", ready.error()));
    return std::optional(std::move(state));
  }
  LUY_TRY_VOID(remove_file(reported()));
  LUY_TRY_VOID(put_guard());
  journal.starts = 0;
  LUY_TRY_VOID(write(journal));
  return go_on(std::move(journal));
}

Result<std::optional<UpdateState>> Updater::go_on(UpdateJournal journal) {
  ++journal.starts;
  LUY_TRY_VOID(write(journal));
  switch (journal.phase) {
    case Phase::installing:
      return install(std::move(journal));
    case Phase::watching:
      return watch(std::move(journal));
    case Phase::rolling_back:
      break;
  }
  return roll_back(std::move(journal));
}

Result<std::optional<UpdateState>> Updater::install(UpdateJournal journal) {
  LUY_TRY_VOID(tell(journal, "installing", std::nullopt));
  Result<void> done = Error(release_dpkg_failed, "cut off " + std::to_string(journal.starts - 1) + " times");
  if (journal.starts <= s_.starts_max) done = install_package(s_.package, own("new.deb"));
  if (done) {
    journal.phase = Phase::watching;
    journal.starts = 0;
    LUY_TRY_VOID(write(journal));
    return go_on(std::move(journal));
  }
  const auto present = installed_version(s_.package);
  if (present && *present == journal.from) {
    // dpkg put everything back itself, or never began.
    settle();
    LUY_TRY(auto state, tell(journal, passes(done.error()) ? "waiting" : "failed", done.error()));
    return std::optional(std::move(state));
  }
  journal.phase = Phase::rolling_back;
  journal.starts = 0;
  journal.code = std::string(done.error().name());
  journal.why = done.error().en();
  LUY_TRY_VOID(write(journal));
  return go_on(std::move(journal));
}

bool Updater::has_reported(const std::string& version) const {
  const auto text = read_file(reported(), 256);
  return text && trim(*text) == version;
}

Result<std::optional<UpdateState>> Updater::watch(UpdateJournal journal) {
  // Of each start anew: how long a machine was off says nothing of its new agent.
  const Duration end = s_.clock.monotonic() + std::chrono::seconds(journal.patience_seconds);
  bool here = has_reported(journal.to);
  while (!here && journal.starts <= s_.starts_max && s_.clock.monotonic() < end) {
    if (!s_.pause()) return std::optional<UpdateState>();
    here = has_reported(journal.to);
  }
  if (here) {
    settle();
    LUY_TRY(auto state, tell(journal, "installed", std::nullopt));
    return std::optional(std::move(state));
  }
  const Error why(release_silent, journal.to);
  journal.phase = Phase::rolling_back;
  journal.starts = 0;
  journal.code = std::string(why.name());
  journal.why = why.en();
  LUY_TRY_VOID(write(journal));
  return go_on(std::move(journal));
}

Result<std::optional<UpdateState>> Updater::roll_back(UpdateJournal journal) {
  const auto done = install_package(s_.package, own("former.deb"));
  if (done) {
    settle();
    LUY_TRY(auto state, tell(journal, "rolled_back", std::nullopt));
    return std::optional(std::move(state));
  }
  if (!passes(done.error()) && journal.starts >= s_.starts_max) {
    // The package stays where a person finds it: former.deb.
    LUY_TRY_VOID(remove_file(own("journal")));
    LUY_TRY(auto state, tell(journal, "failed", done.error()));
    return std::optional(std::move(state));
  }
  if (passes(done.error())) --journal.starts;
  LUY_TRY_VOID(write(journal));
  LUY_TRY(auto state, tell(journal, "waiting", done.error()));
  return std::optional(std::move(state));
}

Result<void> Updater::put_guard() const {
  const fs::path folder = s_.package.root / "etc/systemd/system";
  std::error_code error;
  if (!fs::is_directory(folder, error)) return {};
  LUY_TRY_VOID(make_folder(folder / "multi-user.target.wants", 0755));
  LUY_TRY_VOID(write_file_durably(folder / unit_name, guard_text(s_.own, s_.data), 0644));
  const fs::path wish = folder / "multi-user.target.wants" / unit_name;
  if (::symlink((fs::path("..") / unit_name).c_str(), wish.c_str()) != 0 && errno != EEXIST) {
    return file_error(wish.string(), errno);
  }
  return sync_folder(wish.parent_path());
}

// Nothing is left to do: first the journal, so that what remains after a power cut is only rubbish.
void Updater::settle() const {
  std::error_code error;
  fs::remove(own("journal"), error);
  const fs::path folder = s_.package.root / "etc/systemd/system";
  fs::remove(folder / "multi-user.target.wants" / unit_name, error);
  fs::remove(folder / unit_name, error);
  for (const char* name : {"new.deb", "former.deb", "updater"}) fs::remove(own(name), error);
}

Result<std::optional<UpdateState>> Updater::run() {
  std::error_code error;
  if (!fs::exists(release_folder(s_.data), error)) return std::optional<UpdateState>();
  LUY_TRY_VOID(make_folder(s_.own, 0700));
  const UniqueFd lock(::open(own("lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!lock) return file_error(own("lock").string(), errno);
  // Another one is at it.
  if (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0) return std::optional<UpdateState>();
  const auto journal = read_file(own("journal"), update_text_bytes_max);
  if (!journal && !journal.error().is(file_not_found)) return journal.error();
  if (const auto read = journal ? read_update_journal(*journal) : std::nullopt) return go_on(*read);
  const auto wanted = read_file(release_folder(s_.data) / "wanted", update_text_bytes_max);
  if (!wanted && wanted.error().is(file_not_found)) return std::optional<UpdateState>();
  if (!wanted) return wanted.error();
  return begin(*wanted);
}

}  // namespace

Result<std::optional<UpdateState>> update_agent(const UpdateSetup& setup) {
  return Updater(setup).run();
}

bool update_waits(const fs::path& data, const fs::path& own) {
  std::error_code error;
  if (fs::exists(own / "journal", error)) return true;
  const auto wanted = read_file(release_folder(data) / "wanted", update_text_bytes_max);
  if (!wanted) return false;
  const auto text = read_file(release_folder(data) / "state", update_text_bytes_max);
  const auto state = text ? read_update_state(*text) : std::nullopt;
  return !state || state->of != to_hex(sha256(*wanted)) || !state->ended();
}

std::string pinned_release_key(const fs::path& own) {
  const auto text = read_file(own / "pin", 256);
  const auto key = text ? from_hex(trim(*text)) : std::nullopt;
  return key && key->size() == 32 ? *key : std::string();
}

}  // namespace luy::agent
