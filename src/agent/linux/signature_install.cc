#include "agent/linux/signature_install.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <set>
#include <utility>

#include "agent/linux/quarantine.h"
#include "agent/linux/text.h"
#include "base/encoding.h"
#include "base/file.h"
#include "base/hash.h"

namespace luy::agent {
namespace {

namespace fs = std::filesystem;
using device_policy::SignatureFile;

// Endings that ClamAV does not read.
constexpr std::string_view fresh_ending = ".luy-new";
constexpr std::string_view former_ending = ".luy-former";
constexpr std::size_t copy_bytes = 256 << 10;
constexpr Duration daily_age_max = std::chrono::hours(72);

fs::path with(const fs::path& file, std::string_view ending) {
  return file.string() + std::string(ending);
}

Result<std::string> digest_of_file(const fs::path& file) {
  const UniqueFd fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!fd) return file_error(file.string(), errno);
  return digest_of(fd.get(), file.string());
}

Result<void> copy_bytes_of(const fs::path& from, const fs::path& to) {
  const UniqueFd in(::open(from.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!in) return file_error(from.string(), errno);
  ::unlink(to.c_str());
  const UniqueFd out(::open(to.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0644));
  // clamd is somebody else, whatever the umask of this process is.
  if (!out || ::fchmod(out.get(), 0644) != 0) return file_error(to.string(), errno);
  std::string buffer(copy_bytes, '\0');
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

// Replaces what has this name, which stays beside it; there is never a moment without.
Result<void> replace(const fs::path& file) {
  const fs::path former = with(file, former_ending);
  ::unlink(former.c_str());
  if (::link(file.c_str(), former.c_str()) != 0 && errno != ENOENT) return file_error(former.string(), errno);
  if (::rename(with(file, fresh_ending).c_str(), file.c_str()) != 0) return file_error(file.string(), errno);
  return {};
}
Result<void> set_aside(const fs::path& file) {
  if (::rename(file.c_str(), with(file, former_ending).c_str()) != 0) return file_error(file.string(), errno);
  return {};
}

class Installer {
 public:
  explicit Installer(const SignatureInstall& setup)
      : s_(setup), journal_(signature_folder(setup.data) / "installing"), clamd_(setup.socket) {}
  Result<SignatureState> run();

 private:
  Result<void> undo();
  Result<bool> stage(const SignatureFile& file, InstalledSignature& out);
  std::int64_t present_version(std::string_view base) const;
  Result<void> begin() const;
  Result<void> change();
  Result<void> load(const std::string& of);
  bool uses(int mark);
  Result<SignatureState> ended(SignatureState state, std::string result, std::string why);
  void drop_fresh() const;

  const SignatureInstall& s_;
  const fs::path journal_;
  Clamd clamd_;
  std::set<std::string> put_;    // Names whose new content lies beside them.
  std::set<std::string> aside_;  // Names that are to be there no more.
  std::string daily_;            // Version that clamd is to name; empty: it need not.
};

// Of an installing that was cut off, or that clamd did not take: "name was" had something before, "name none" had not.
Result<void> Installer::undo() {
  const auto text = read_file(journal_, signature_text_bytes_max);
  if (!text && text.error().is(file_not_found)) return {};
  if (!text) return text.error();
  for (const std::string_view line : lines(*text)) {
    const auto fields = words(line);
    if (fields.size() != 2 || !is_signature_file(fields[0])) continue;
    const fs::path file = s_.folder / std::string(fields[0]);
    const fs::path former = with(file, former_ending);
    const bool was = fields[1] == "was";
    // Without a former one it was not touched yet.
    const int done = was ? ::rename(former.c_str(), file.c_str()) : ::unlink(file.c_str());
    if (done != 0 && errno != ENOENT) return file_error(file.string(), errno);
  }
  LUY_TRY_VOID(sync_folder(s_.folder));
  if (::unlink(journal_.c_str()) != 0) return file_error(journal_.string(), errno);
  return {};
}

std::int64_t Installer::present_version(std::string_view base) const {
  std::int64_t out = 0;
  for (const char* ending : {".cvd", ".cld"}) {
    const auto head = head_of_file(s_.folder / (std::string(base) + ending));
    if (head) out = std::max(out, head->version);
  }
  return out;
}

// Whether it can be judged: what was fetched may be gone again.
Result<bool> Installer::stage(const SignatureFile& file, InstalledSignature& out) {
  const fs::path present = s_.folder / file.name;
  const std::string_view base = official_base(file.name);
  const auto there = digest_of_file(present);
  out.name = file.name;
  out.sha256 = file.sha256;
  if (there && *there == file.sha256) {
    out.outcome = "installed";
    if (const auto head = head_of_file(present))
      std::tie(out.version, out.built_at) = std::pair(head->version, head->built_at);
    return true;
  }
  const fs::path fetched = signature_folder(s_.data) / "files" / file.sha256;
  std::error_code error;
  if (!fs::exists(fetched, error)) return false;
  const auto head = base.empty() ? std::nullopt : head_of_file(fetched);
  if (head) {
    out.version = head->version;
    out.built_at = head->built_at;
  }
  if (!base.empty() && !head) {
    out.outcome = "refused";
    return true;
  }
  if (head && present_version(base) >= head->version) {
    out.outcome = "newer_present";
    return true;
  }
  const fs::path fresh = with(present, fresh_ending);
  LUY_TRY_VOID(copy_bytes_of(fetched, fresh));
  LUY_TRY(const std::string digest, digest_of_file(fresh));
  if (digest != file.sha256) {
    ::unlink(fresh.c_str());
    out.outcome = "refused";
    return true;
  }
  put_.insert(file.name);
  out.outcome = "installed";
  if (base.empty()) return true;
  if (base == "daily") daily_ = std::to_string(head->version);
  // The other form of the same database is older.
  const std::string other = std::string(base) + (file.name.ends_with(".cvd") ? ".cld" : ".cvd");
  if (fs::exists(s_.folder / other, error)) aside_.insert(other);
  return true;
}

Result<void> Installer::begin() const {
  std::string text;
  std::set<std::string> names = put_;
  names.insert(aside_.begin(), aside_.end());
  for (const std::string& name : names) {
    std::error_code error;
    const fs::path file = s_.folder / name;
    const bool was = fs::exists(file, error);
    // An older former one must not be taken for this one's.
    fs::remove(with(file, former_ending), error);
    text += name + (was ? " was\n" : " none\n");
  }
  return write_file_durably(journal_, text);
}

Result<void> Installer::change() {
  for (const std::string& name : put_) LUY_TRY_VOID(replace(s_.folder / name));
  for (const std::string& name : aside_) LUY_TRY_VOID(set_aside(s_.folder / name));
  return sync_folder(s_.folder);
}

bool Installer::uses(int mark) {
  ::lseek(mark, 0, SEEK_SET);
  clamd_.rest();
  const auto verdict = clamd_.scan(mark);
  if (!verdict || verdict->kind != FileVerdict::Kind::infected) return false;
  if (daily_.empty()) return true;
  const auto version = clamd_.version();
  return version && version->find('/' + daily_ + '/') != std::string::npos;
}

// That clamd answers does not say with what: it goes on with the old databases while, and when, it does not take the
// new ones. One of its signatures is of a text that no earlier set knew.
Result<void> Installer::load(const std::string& of) {
  LUY_TRY_VOID(clamd_.reload());
  const UniqueFd mark(::memfd_create("luy-mark", MFD_CLOEXEC));
  const std::string text = "luy signatures " + of;
  if (!mark || ::write(mark.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size())) {
    return file_error("memfd_create", errno);
  }
  const Duration end = s_.clock.monotonic() + s_.patience;
  while (!uses(mark.get())) {
    if (s_.clock.monotonic() >= end) return Error(clamd_silent, "the new databases are not in use after the reload");
    s_.pause();
  }
  return {};
}

void Installer::drop_fresh() const {
  for (const std::string& name : put_) ::unlink(with(s_.folder / name, fresh_ending).c_str());
}

Result<SignatureState> Installer::ended(SignatureState state, std::string result, std::string why) {
  const fs::path file = signature_folder(s_.data) / "state";
  state.at = s_.clock.now();
  state.result = std::move(result);
  state.why = std::move(why);
  const auto text = read_file(file, signature_text_bytes_max);
  if (const auto before = text ? read_signature_state(*text) : std::nullopt) {
    // Tried again with the same end: that is told once.
    if (before->of == state.of && before->result == state.result && before->why == state.why) state.at = before->at;
  }
  LUY_TRY_VOID(write_file_durably(file, to_text(state)));
  return state;
}

Result<SignatureState> Installer::run() {
  LUY_TRY(const std::string text, read_file(signature_folder(s_.data) / "wanted", signature_text_bytes_max));
  const auto files = read_wanted(text);
  if (!files) return Error(signatures_not_there, "wanted");
  SignatureState state;
  state.of = to_hex(sha256(text));
  LUY_TRY_VOID(undo());
  if (const auto ready = clamd_.ready(); !ready) return ended(std::move(state), "waiting", ready.error().en());
  const auto told = read_file(signature_folder(s_.data) / "state", signature_text_bytes_max);
  const auto before = told ? read_signature_state(*told) : std::nullopt;
  for (const SignatureFile& file : *files) {
    InstalledSignature one;
    const auto staged = stage(file, one);
    if (!staged) {
      drop_fresh();
      return ended(std::move(state), "waiting", staged.error().en());
    }
    if (!*staged) {
      const auto kept = std::find_if(
          before ? before->files.begin() : state.files.end(), before ? before->files.end() : state.files.end(),
          [&](const auto& known) { return known.sha256 == file.sha256 && known.outcome == "newer_present"; });
      if (!before || kept == before->files.end()) {
        drop_fresh();
        return ended(std::move(state), "waiting", file.name + " is not fetched");
      }
      one = *kept;
    }
    state.files.push_back(std::move(one));
  }
  std::error_code error;
  for (fs::directory_iterator it(s_.folder, error), end; !error && it != end; it.increment(error)) {
    const std::string name = it->path().filename().string();
    const bool ours = name.starts_with(own_prefix) && !name.ends_with(fresh_ending) && !name.ends_with(former_ending);
    const bool asked = std::any_of(files->begin(), files->end(), [&](const auto& one) { return one.name == name; });
    if (ours && !asked && name != mark_name) aside_.insert(name);
  }
  const std::string mark = "luy signatures " + state.of;
  const std::string line = to_hex(sha256(mark)) + ':' + std::to_string(mark.size()) + ":Luy.Mark\n";
  put_.insert(std::string(mark_name));
  const fs::path fresh = with(s_.folder / mark_name, fresh_ending);
  LUY_TRY_VOID(write_file_durably(fresh, line, 0644));
  ::chmod(fresh.c_str(), 0644);
  LUY_TRY_VOID(begin());
  auto done = change();
  if (done) done = load(state.of);
  if (done) {
    if (::unlink(journal_.c_str()) != 0) return file_error(journal_.string(), errno);
    return ended(std::move(state), "installed", "");
  }
  const std::string why = done.error().en();
  LUY_TRY_VOID(undo());
  drop_fresh();
  for (InstalledSignature& one : state.files) {
    if (put_.contains(one.name)) one.outcome = "rolled_back";
  }
  const auto back = clamd_.reload();
  return ended(std::move(state), "rolled_back", back ? why : why + "; " + back.error().en());
}

}  // namespace

Result<SignatureState> install_signatures(const SignatureInstall& setup) {
  return Installer(setup).run();
}

bool signatures_wait(const fs::path& data) {
  const auto wanted = read_file(signature_folder(data) / "wanted", signature_text_bytes_max);
  if (!wanted) return false;
  const auto text = read_file(signature_folder(data) / "state", signature_text_bytes_max);
  const auto state = text ? read_signature_state(*text) : std::nullopt;
  return !state || state->of != to_hex(sha256(*wanted)) || state->result == "waiting";
}

bool freshclam_serves(const fs::path& root, const fs::path& folder, Time now) {
  std::optional<Time> newest;
  for (const char* name : {"daily.cvd", "daily.cld"}) {
    const auto head = head_of_file(folder / name);
    if (head && (!newest || head->built_at > *newest)) newest = head->built_at;
  }
  if (!newest || now - *newest > daily_age_max) return false;
  std::error_code error;
  for (fs::directory_iterator at(root / "proc", error), end; !error && at != end; at.increment(error)) {
    if (!number(at->path().filename().string())) continue;
    const auto name = read_file(at->path() / "comm", 64);
    if (name && trim(*name) == "freshclam") return true;
  }
  return false;
}

}  // namespace luy::agent
