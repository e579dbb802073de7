#include "agent/linux/quarantine.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <functional>
#include <map>

#include "agent/linux/device_key.h"
#include "base/check.h"
#include "base/encoding.h"
#include "base/id.h"

namespace luy::agent {
namespace {

constexpr std::string_view heading = "luy-quarantine 1\n";
constexpr std::size_t about_bytes_max = 64 << 10;
constexpr std::size_t allowed_bytes_max = 1 << 20;
constexpr char altered_by = '\x5a';

// SHA-256 of what comes bit by bit.
class Digest {
 public:
  Digest() : context_(EVP_MD_CTX_new()) {
    LUY_CHECK(context_ && EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) == 1);
  }
  void update(std::string_view bytes) { LUY_CHECK(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) == 1); }
  std::string hex() {
    std::array<std::uint8_t, 32> out{};
    LUY_CHECK(EVP_DigestFinal_ex(context_.get(), out.data(), nullptr) == 1);
    return to_hex(out);
  }

 private:
  std::unique_ptr<EVP_MD_CTX, Free<EVP_MD_CTX_free>> context_;
};

std::string hex(std::string_view bytes) {
  return to_hex(as_bytes(bytes));
}

// Calls take(bytes) for the whole file from its beginning.
Result<void> read_through(int fd, std::string_view path, const std::function<Result<void>(std::string_view)>& take) {
  std::array<char, 64 << 10> buffer{};
  off_t at = 0;
  for (;;) {
    const ssize_t n = ::pread(fd, buffer.data(), buffer.size(), at);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return file_error(path, errno);
    if (n == 0) return {};
    LUY_TRY_VOID(take({buffer.data(), static_cast<std::size_t>(n)}));
    at += n;
  }
}

Result<void> write_all(int fd, std::string_view path, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(fd, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return file_error(path, errno);
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return {};
}

// Copies with every byte altered (or altered back) and answers the digest: of what is read, or of what is written.
Result<std::string> copy(int from, int to, std::string_view path, bool digest_of_read) {
  Digest digest;
  LUY_TRY_VOID(read_through(from, path, [&](std::string_view bytes) -> Result<void> {
    std::string altered(bytes);
    for (char& c : altered) c = static_cast<char>(c ^ altered_by);
    digest.update(digest_of_read ? bytes : std::string_view(altered));
    return write_all(to, path, altered);
  }));
  if (::fsync(to) != 0) return file_error(path, errno);
  return digest.hex();
}

bool same_file(const struct stat& a, const struct stat& b) {
  return a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

// Opens the folder of an absolute path, following no link on the way.
Result<UniqueFd> open_folder_of(const std::string& path) {
  UniqueFd at(::open("/", O_PATH | O_DIRECTORY | O_CLOEXEC));
  std::string_view rest = std::string_view(path).substr(1);
  for (std::size_t slash = rest.find('/'); slash != std::string_view::npos; slash = rest.find('/')) {
    const std::string step(rest.substr(0, slash));
    UniqueFd next(::openat(at.get(), step.c_str(), O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!next) return file_error(path, errno);
    at = std::move(next);
    rest.remove_prefix(slash + 1);
  }
  return at;
}

}  // namespace

struct Quarantine::Kept {
  fact::QuarantinedFile file;
  std::string path;  // Bytes as they are.
  std::uint32_t mode = 0;
  std::uint32_t uid = 0;
  std::uint32_t gid = 0;
  std::int64_t modified_ns = 0;
};

std::string owner_name(const std::filesystem::path& root, std::uint32_t uid) {
  const std::string number = std::to_string(uid);
  const auto users = read_file(root / "etc/passwd", 4 << 20);
  std::string_view rest = users ? std::string_view(*users) : std::string_view();
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    const auto name = line.find(':');
    const auto secret = name == std::string_view::npos ? name : line.find(':', name + 1);
    if (secret == std::string_view::npos) continue;
    if (line.substr(secret + 1).substr(0, number.size() + 1) == number + ":") return std::string(line.substr(0, name));
  }
  return number;
}

Result<std::string> digest_of(int fd, std::string_view path) {
  Digest digest;
  LUY_TRY_VOID(read_through(fd, path, [&](std::string_view bytes) -> Result<void> {
    digest.update(bytes);
    return {};
  }));
  return digest.hex();
}

Result<fact::QuarantinedFile> Quarantine::take(const FoundFile& found) {
  LUY_TRY_VOID(make_folder(folder_, 0700));
  LUY_TRY(const auto there, list());
  if (there.size() >= quarantine_files_max) return Error(quarantine_full, std::to_string(there.size()));
  struct stat before {};
  if (::fstat(found.fd, &before) != 0) return file_error(found.path, errno);
  fact::QuarantinedFile out;
  out.item = make_id_text(clock_.now(), random_);
  out.path = found.path;
  out.signature = found.signature;
  out.owner = owner_name(root_, before.st_uid);
  out.bytes = before.st_size;
  out.at = clock_.now();
  const std::filesystem::path stored = folder_ / (out.item + ".file");
  const std::filesystem::path about = folder_ / (out.item + ".about");
  const auto forget = [&](Error error) {
    ::unlink(stored.c_str());
    ::unlink(about.c_str());
    return error;
  };
  const UniqueFd to(::open(stored.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!to) return file_error(stored.string(), errno);
  auto digest = copy(found.fd, to.get(), stored.string(), true);
  if (!digest) return forget(digest.error());
  out.sha256 = *digest;
  std::string text(heading);
  const auto add = [&](std::string_view key, const std::string& value) {
    text += std::string(key) + ' ' + value + '\n';
  };
  add("path", hex(found.path));
  add("sha256", out.sha256);
  add("signature", hex(out.signature));
  add("owner", hex(out.owner));
  add("bytes", std::to_string(out.bytes));
  add("at", to_rfc3339(out.at));
  add("mode", std::to_string(before.st_mode & 07777U));
  add("uid", std::to_string(before.st_uid));
  add("gid", std::to_string(before.st_gid));
  add("modified", std::to_string(before.st_mtim.tv_sec * 1'000'000'000 + before.st_mtim.tv_nsec));
  if (const auto kept = write_file_durably(about, text); !kept) return forget(kept.error());
  // Another file may have got the name since it was opened: it is taken aside under a name nobody knows, looked at, and
  // put back where it is another.
  const std::string aside = ".luy-" + out.item;
  if (::renameat2(found.folder, found.name.c_str(), found.folder, aside.c_str(), RENAME_NOREPLACE) != 0) {
    const int why = errno;
    return forget(why == ENOENT ? Error(quarantine_changed, found.path) : file_error(found.path, why));
  }
  struct stat now {};
  const bool same = ::fstatat(found.folder, aside.c_str(), &now, AT_SYMLINK_NOFOLLOW) == 0 && same_file(before, now) &&
                    now.st_size == before.st_size;
  if (!same) {
    ::renameat2(found.folder, aside.c_str(), found.folder, found.name.c_str(), RENAME_NOREPLACE);
    return forget(Error(quarantine_changed, found.path));
  }
  if (::unlinkat(found.folder, aside.c_str(), 0) != 0) {
    const int why = errno;
    ::renameat2(found.folder, aside.c_str(), found.folder, found.name.c_str(), RENAME_NOREPLACE);
    return forget(file_error(found.path, why));
  }
  return out;
}

Result<Quarantine::Kept> Quarantine::read(const std::string& item) const {
  LUY_TRY(const std::string text, read_file(folder_ / (item + ".about"), about_bytes_max));
  const Error wrong(quarantine_missing, item);
  if (!text.starts_with(heading)) return wrong;
  std::map<std::string, std::string, std::less<>> fields;
  std::string_view rest = std::string_view(text).substr(heading.size());
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    const auto blank = line.find(' ');
    if (blank == std::string_view::npos) return wrong;
    fields.emplace(line.substr(0, blank), line.substr(blank + 1));
  }
  Kept out;
  bool good = true;
  const auto bytes = [&](std::string_view key) {
    const auto value = from_hex(fields[std::string(key)]);
    good = good && value;
    return value ? std::string(value->begin(), value->end()) : std::string();
  };
  const auto number = [&](std::string_view key) {
    const std::string& value = fields[std::string(key)];
    std::int64_t read = 0;
    const auto [end, failed] = std::from_chars(value.data(), value.data() + value.size(), read);
    good = good && failed == std::errc() && end == value.data() + value.size() && !value.empty();
    return read;
  };
  out.file.item = item;
  out.path = out.file.path = bytes("path");
  out.file.signature = bytes("signature");
  out.file.owner = bytes("owner");
  out.file.sha256 = fields["sha256"];
  out.file.bytes = number("bytes");
  out.mode = static_cast<std::uint32_t>(number("mode")) & 07777U;
  out.uid = static_cast<std::uint32_t>(number("uid"));
  out.gid = static_cast<std::uint32_t>(number("gid"));
  out.modified_ns = number("modified");
  const auto at = from_rfc3339(fields["at"]);
  if (!good || !at || !out.path.starts_with('/') || out.path.back() == '/') return wrong;
  out.file.at = *at;
  return out;
}

Result<std::vector<fact::QuarantinedFile>> Quarantine::list() const {
  std::vector<std::string> items;
  std::error_code error;
  std::filesystem::directory_iterator one(folder_, error);
  if (error == std::errc::no_such_file_or_directory) return std::vector<fact::QuarantinedFile>();
  for (; !error && one != std::filesystem::directory_iterator(); one.increment(error)) {
    const std::string name = one->path().filename().string();
    const std::string item = name.substr(0, name.find('.'));
    // Without its bytes it is what a crash left of one that stays where it was, or that was removed.
    if (name == item + ".about" && is_id_text(item) && std::filesystem::exists(folder_ / (item + ".file"))) {
      items.push_back(item);
    }
  }
  if (error) return file_error(folder_.string(), error.value());
  std::sort(items.rbegin(), items.rend());  // Ids begin with their time.
  std::vector<fact::QuarantinedFile> out;
  for (const std::string& item : items) {
    if (auto kept = read(item)) out.push_back(std::move(kept->file));
  }
  return out;
}

Result<Quarantine::Kept> Quarantine::find(const std::string& item, const std::string& sha256) const {
  if (!is_id_text(item)) return Error(quarantine_missing, item);
  auto kept = read(item);
  if (!kept || kept->file.sha256 != sha256) return Error(quarantine_missing, item);
  return kept;
}

std::vector<std::string> Quarantine::allowed() const {
  std::vector<std::string> out;
  const auto text = read_file(folder_ / "allowed", allowed_bytes_max);
  std::string_view rest = text ? std::string_view(*text) : std::string_view();
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    if (!line.empty()) out.emplace_back(line);
  }
  return out;
}

Result<fact::QuarantinedFile> Quarantine::restore(const std::string& item, const std::string& sha256) {
  LUY_TRY(const Kept kept, find(item, sha256));
  const std::filesystem::path stored = folder_ / (item + ".file");
  const UniqueFd from(::open(stored.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!from) return Error(quarantine_missing, item);
  auto folder = open_folder_of(kept.path);
  if (!folder) return Error(quarantine_occupied, kept.path);
  const std::string name = kept.path.substr(kept.path.rfind('/') + 1);
  const std::string aside = ".luy-" + item;
  // What an interrupted attempt left.
  ::unlinkat(folder->get(), aside.c_str(), 0);
  const UniqueFd to(::openat(folder->get(), aside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!to) return file_error(kept.path, errno);
  const auto give_up = [&](Error error) {
    ::unlinkat(folder->get(), aside.c_str(), 0);
    return error;
  };
  const auto digest = copy(from.get(), to.get(), kept.path, false);
  if (!digest) return give_up(digest.error());
  if (*digest != sha256) return give_up(Error(quarantine_missing, item));
  const std::array<timespec, 2> times{timespec{0, UTIME_OMIT},
                                      timespec{kept.modified_ns / 1'000'000'000, kept.modified_ns % 1'000'000'000}};
  if (::fchown(to.get(), kept.uid, kept.gid) != 0 || ::fchmod(to.get(), kept.mode) != 0 ||
      ::futimens(to.get(), times.data()) != 0) {
    return give_up(file_error(kept.path, errno));
  }
  // Before it is there: the next scan must not take it away again.
  std::vector<std::string> known = allowed();
  if (std::find(known.begin(), known.end(), sha256) == known.end()) {
    std::string text;
    for (const std::string& one : known) text += one + '\n';
    if (const auto noted = write_file_durably(folder_ / "allowed", text + sha256 + '\n'); !noted) {
      return give_up(noted.error());
    }
  }
  if (::renameat2(folder->get(), aside.c_str(), folder->get(), name.c_str(), RENAME_NOREPLACE) != 0) {
    const int why = errno;
    return give_up(why == EEXIST ? Error(quarantine_occupied, kept.path) : file_error(kept.path, why));
  }
  ::unlink(stored.c_str());
  ::unlink((folder_ / (item + ".about")).c_str());
  return kept.file;
}

Result<fact::QuarantinedFile> Quarantine::remove(const std::string& item, const std::string& sha256) {
  LUY_TRY(const Kept kept, find(item, sha256));
  const std::filesystem::path stored = folder_ / (item + ".file");
  if (::unlink(stored.c_str()) != 0 && errno != ENOENT) return file_error(stored.string(), errno);
  const std::filesystem::path about = folder_ / (item + ".about");
  if (::unlink(about.c_str()) != 0) return file_error(about.string(), errno);
  return kept.file;
}

}  // namespace luy::agent
