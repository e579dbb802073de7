#include "agent/linux/signature_keeper.h"

#include <fcntl.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "agent/linux/quarantine.h"
#include "agent/note.h"
#include "base/encoding.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/log.h"

namespace luy::agent {
namespace {

namespace fs = std::filesystem;
using device_policy::OfficialSignatures;
using device_policy::SignatureFile;

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

std::vector<SignatureFile> SignatureKeeper::wanted(const device_policy::Antivirus& section) const {
  std::vector<SignatureFile> out = section.signatures;
  const bool takes = section.official_signatures == OfficialSignatures::always ||
                     (section.official_signatures == OfficialSignatures::offline && !setup_.served());
  if (!takes) std::erase_if(out, [](const SignatureFile& one) { return !official_base(one.name).empty(); });
  return out;
}

Result<bool> SignatureKeeper::fetch(const SignatureFile& file, std::int64_t& budget) {
  const fs::path folder = signature_folder(setup_.data) / "files";
  const fs::path whole = folder / file.sha256;
  std::error_code error;
  if (fs::exists(whole, error)) return true;
  const fs::path part = folder / (file.sha256 + ".part");
  const UniqueFd fd(::open(part.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!fd) return file_error(part.string(), errno);
  std::int64_t at = ::lseek(fd.get(), 0, SEEK_END);
  if (at < file.bytes && free_bytes(folder) < 2 * (file.bytes - at) + spare_bytes) {
    return Error(signature_no_room, file.name);
  }
  while (at < file.bytes) {
    if (budget <= 0) return false;
    LUY_TRY(const std::string piece, setup_.ask(file.sha256, at));
    const auto size = static_cast<std::int64_t>(piece.size());
    if (size == 0 || size > file.bytes - at) {
      fs::remove(part, error);
      return Error(signature_damaged, file.name);
    }
    LUY_TRY_VOID(append(fd.get(), part, piece));
    at += size;
    budget -= size;
  }
  if (::fsync(fd.get()) != 0) return file_error(part.string(), errno);
  ::lseek(fd.get(), 0, SEEK_SET);
  LUY_TRY(const std::string digest, digest_of(fd.get(), part.string()));
  if (at != file.bytes || digest != file.sha256) {
    fs::remove(part, error);
    return Error(signature_damaged, file.name);
  }
  if (::rename(part.c_str(), whole.c_str()) != 0) return file_error(whole.string(), errno);
  return true;
}

Result<void> SignatureKeeper::fetch_missing(const std::vector<SignatureFile>& files) {
  const fs::path folder = signature_folder(setup_.data);
  const std::string text = wanted_text(files);
  const auto before = read_file(folder / "wanted", signature_text_bytes_max);
  if (before && *before == text) return {};
  // A machine that was never told of any, and is not now, needs nothing.
  if (!before && files.empty()) return {};
  LUY_TRY_VOID(make_folder(folder, 0700));
  LUY_TRY_VOID(make_folder(folder / "files", 0700));
  const auto told = read_file(folder / "state", signature_text_bytes_max);
  const auto state = told ? read_signature_state(*told) : std::nullopt;
  std::int64_t budget = round_bytes_max;
  for (const SignatureFile& file : files) {
    const bool stands = state && std::any_of(state->files.begin(), state->files.end(), [&](const auto& one) {
                          return one.name == file.name && one.sha256 == file.sha256 &&
                                 (one.outcome == "installed" || one.outcome == "newer_present");
                        });
    if (stands) continue;
    LUY_TRY(const bool there, fetch(file, budget));
    if (!there) return {};
  }
  return write_file_durably(folder / "wanted", text);
}

// What is installed need not lie here, too; pieces of what nobody wants any more go.
void SignatureKeeper::forget_all_but(const std::vector<SignatureFile>& files) {
  const fs::path folder = signature_folder(setup_.data);
  const auto told = read_file(folder / "state", signature_text_bytes_max);
  const auto wanted = read_file(folder / "wanted", signature_text_bytes_max);
  const auto state = told ? read_signature_state(*told) : std::nullopt;
  const bool settled = state && wanted && state->of == to_hex(sha256(*wanted)) && state->result != "waiting";
  std::error_code error;
  for (fs::directory_iterator it(folder / "files", error), end; !error && it != end; it.increment(error)) {
    const std::string name = it->path().filename().string();
    const bool asked =
        std::any_of(files.begin(), files.end(), [&](const SignatureFile& one) { return name.starts_with(one.sha256); });
    const bool handled = settled && std::any_of(state->files.begin(), state->files.end(),
                                                [&](const auto& one) { return one.sha256 == name; });
    std::error_code failed;
    if (!asked || handled) fs::remove(it->path(), failed);
  }
}

void SignatureKeeper::tell(std::vector<Item>& items) {
  const auto text = read_file(signature_folder(setup_.data) / "state", signature_text_bytes_max);
  const auto state = text ? read_signature_state(*text) : std::nullopt;
  if (!state) return;
  const std::string digest = to_hex(sha256(*text));
  if (digest == told_) return;
  told_ = digest;
  std::string files;
  for (const InstalledSignature& one : state->files) {
    files += (files.empty() ? "" : "; ") + one.name + ' ' + std::to_string(one.version) + ' ' +
             (one.built_at ? to_rfc3339(*one.built_at) : "-") + ' ' + one.outcome + ' ' + one.sha256;
  }
  Item item = make_note("signatures_" + state->result, state->at, {{"files", files}, {"why", state->why}});
  item.position_key = position_key;
  item.position = digest;
  items.push_back(std::move(item));
}

void SignatureKeeper::complain(const Error& error, std::vector<Item>& items) {
  if (std::exchange(trouble_, error.text()) == error.text()) return;
  log(LogLevel::warning, "agent", "signatures: " + error.text());
  // What the network does is told elsewhere.
  if (!error.is(signature_damaged) && !error.is(signature_no_room)) return;
  items.push_back(make_note("signatures_not_fetched", setup_.clock.now(),
                            {{"code", std::string(error.name())}, {"why", error.en()}}));
}

std::vector<Item> SignatureKeeper::follow(const device_policy::Antivirus* section) {
  std::vector<Item> items;
  if (section != nullptr) {
    const std::vector<SignatureFile> files = wanted(*section);
    const auto done = fetch_missing(files);
    if (done) trouble_.clear();
    if (!done) complain(done.error(), items);
    forget_all_but(files);
  }
  tell(items);
  return items;
}

}  // namespace luy::agent
