#include "agent/linux/release_keeper.h"

#include <fcntl.h>
#include <sys/statvfs.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <cerrno>

#include "agent/linux/quarantine.h"
#include "agent/linux/update.h"
#include "agent/note.h"
#include "base/encoding.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/log.h"

namespace luy::agent {
namespace {

namespace fs = std::filesystem;
using device_policy::Release;

std::int64_t free_bytes(const fs::path& folder) {
  struct statvfs disk {};
  if (::statvfs(folder.c_str(), &disk) != 0) return 0;
  return static_cast<std::int64_t>(disk.f_bavail * disk.f_frsize);
}

Result<void> append(int fd, const fs::path& path, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(fd, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return file_error(path.string(), errno);
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return {};
}

}  // namespace

std::string package_architecture() {
  utsname name{};
  if (::uname(&name) != 0) return {};
  const std::string_view machine = name.machine;
  if (machine == "x86_64") return "amd64";
  return machine == "aarch64" ? "arm64" : "";
}

// Whether all of it is there.
Result<bool> ReleaseKeeper::fetch(const Release& release) {
  const fs::path folder = release_folder(setup_.data) / "files";
  const fs::path whole = folder / release.sha256;
  std::error_code error;
  if (fs::exists(whole, error)) return true;
  const fs::path part = folder / (release.sha256 + ".part");
  const UniqueFd fd(::open(part.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!fd) return file_error(part.string(), errno);
  std::int64_t at = ::lseek(fd.get(), 0, SEEK_END);
  if (at < release.bytes && free_bytes(folder) < release.bytes - at + spare_bytes) {
    return Error(release_no_room, release.version);
  }
  for (std::int64_t budget = round_bytes_max; at < release.bytes;) {
    if (budget <= 0) return false;
    LUY_TRY(const std::string piece, setup_.piece(release.sha256, at));
    const auto size = static_cast<std::int64_t>(piece.size());
    if (size == 0 || size > release.bytes - at) {
      fs::remove(part, error);
      return Error(release_damaged, release.version);
    }
    LUY_TRY_VOID(append(fd.get(), part, piece));
    at += size;
    budget -= size;
  }
  if (::fsync(fd.get()) != 0) return file_error(part.string(), errno);
  ::lseek(fd.get(), 0, SEEK_SET);
  LUY_TRY(const std::string digest, digest_of(fd.get(), part.string()));
  if (at != release.bytes || digest != release.sha256) {
    fs::remove(part, error);
    return Error(release_damaged, release.version);
  }
  if (::rename(part.c_str(), whole.c_str()) != 0) return file_error(whole.string(), errno);
  return true;
}

void ReleaseKeeper::forget_all_but(const std::string& sha256) const {
  std::error_code error;
  for (fs::directory_iterator it(release_folder(setup_.data) / "files", error), end; !error && it != end;
       it.increment(error)) {
    std::error_code failed;
    const bool kept = !sha256.empty() && it->path().filename().string().starts_with(sha256);
    if (!kept) fs::remove(it->path(), failed);
  }
}

Result<void> ReleaseKeeper::take() {
  LUY_TRY(const std::string body, setup_.ask(setup_.version, setup_.architecture));
  LUY_TRY(const auto wanted, device_policy::read_release_answer(body));
  const fs::path folder = release_folder(setup_.data);
  if (!wanted) {
    forget_all_but({});
    // Withdrawn: what was not begun is not begun any more.
    std::error_code error;
    fs::remove(folder / "wanted", error);
    return {};
  }
  const std::string text = device_policy::to_json(wanted);
  const std::string of = to_hex(luy::sha256(text));
  const auto told = read_file(folder / "state", update_text_bytes_max);
  const auto state = told ? read_update_state(*told) : std::nullopt;
  // Tried, and ended: only another attempt is another matter.
  if (state && state->of == of && state->ended()) {
    forget_all_but({});
    return {};
  }
  LUY_TRY(const std::string key,
          device_policy::follow_keys(wanted->keys, pinned_release_key(setup_.own), setup_.verify));
  LUY_TRY(const Release release, device_policy::accept_release(wanted->statement, key, setup_.verify));
  if (release.architecture != setup_.architecture) {
    return Error(release_wrong_machine, release.architecture + " ≠ " + setup_.architecture);
  }
  if (device_policy::compare_versions(release.version, setup_.version) <= 0) {
    return Error(release_not_newer, release.version + " ≤ " + setup_.version);
  }
  LUY_TRY_VOID(make_folder(folder, 0700));
  LUY_TRY_VOID(make_folder(folder / "files", 0700));
  forget_all_but(release.sha256);
  LUY_TRY(const bool there, fetch(release));
  if (!there) {
    asked_ = false;  // Goes on in the next round.
    return {};
  }
  const auto before = read_file(folder / "wanted", update_text_bytes_max);
  if (before && *before == text) return {};
  return write_file_durably(folder / "wanted", text);
}

// The proof that an update waits for: this version runs, and the hub answers it.
void ReleaseKeeper::report() {
  if (reported_) return;
  std::error_code error;
  if (!fs::exists(release_folder(setup_.data), error)) return;
  const auto done = write_file_durably(release_folder(setup_.data) / "reported", setup_.version + "\n");
  reported_ = static_cast<bool>(done);
  if (!done) log(LogLevel::error, "agent", "release: " + done.error().text());
}

void ReleaseKeeper::tell(std::vector<Item>& items) {
  const auto text = read_file(release_folder(setup_.data) / "state", update_text_bytes_max);
  const auto state = text ? read_update_state(*text) : std::nullopt;
  if (!state) return;
  const std::string digest = to_hex(sha256(*text));
  if (std::exchange(told_, digest) == digest) return;
  Item item = make_note("release_" + state->result, state->at,
                        {{"from", state->from}, {"to", state->to}, {"code", state->code}, {"why", state->why}});
  item.position_key = std::string(position_key);
  item.position = digest;
  items.push_back(std::move(item));
}

void ReleaseKeeper::complain(const Error& error, std::vector<Item>& items) {
  if (std::exchange(trouble_, error.text()) == error.text()) return;
  log(LogLevel::warning, "agent", "release: " + error.text());
  const bool refused = error.is(device_policy::release_not_signed) || error.is(device_policy::release_key_foreign) ||
                       error.is(device_policy::release_malformed) || error.is(release_wrong_machine) ||
                       error.is(release_not_newer);
  // What the network does is told elsewhere.
  if (!refused && !error.is(release_damaged) && !error.is(release_no_room)) return;
  items.push_back(make_note(refused ? "release_refused" : "release_not_fetched", setup_.clock.now(),
                            {{"from", setup_.version}, {"code", std::string(error.name())}, {"why", error.en()}}));
}

std::vector<Item> ReleaseKeeper::follow() {
  std::vector<Item> items;
  report();
  const Duration now = setup_.clock.monotonic();
  if (!setup_.architecture.empty() && (!asked_ || now >= ask_at_)) {
    asked_ = true;
    ask_at_ = now + ask_period;
    const auto done = take();
    if (done) trouble_.clear();
    if (!done) complain(done.error(), items);
  }
  tell(items);
  return items;
}

}  // namespace luy::agent
