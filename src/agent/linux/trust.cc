#include "agent/linux/trust.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>
#include <vector>

#include "agent/linux/text.h"
#include "base/check.h"
#include "base/encoding.h"
#include "base/file.h"

namespace luy::agent {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view heading = "luy-trust 1";
constexpr const char* database = "var/lib/dpkg/status";
constexpr const char* lists = "var/lib/dpkg/info";
constexpr std::size_t list_bytes_max = 64 << 20;
constexpr std::size_t chunk_bytes = 256 << 10;
constexpr std::size_t digest_digits = 64;

std::int64_t nanoseconds(const struct timespec& time) {
  return static_cast<std::int64_t>(time.tv_sec) * 1'000'000'000 + time.tv_nsec;
}

bool is_executable(const struct stat& about) {
  return S_ISREG(about.st_mode) && (about.st_mode & 0111) != 0;
}

std::optional<Hash> digest_from(std::string_view text) {
  const auto bytes = text.size() == digest_digits ? from_hex(text) : std::nullopt;
  Hash out{};
  if (!bytes || bytes->size() != out.size()) return std::nullopt;
  std::copy(bytes->begin(), bytes->end(), out.begin());
  return out;
}

}  // namespace

FileKey key_of(const struct stat& about) {
  return {about.st_dev, about.st_ino, about.st_size, nanoseconds(about.st_ctim)};
}

std::optional<Hash> hash_of(int fd, const std::function<void()>& at_work) {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  LUY_CHECK(context && EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr) == 1);
  std::vector<char> buffer(chunk_bytes);
  off_t at = 0;
  for (;;) {
    const ssize_t n = ::pread(fd, buffer.data(), buffer.size(), at);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return std::nullopt;
    if (n == 0) break;
    EVP_DigestUpdate(context.get(), buffer.data(), static_cast<std::size_t>(n));
    at += n;
    if (at_work) at_work();
  }
  Hash out{};
  EVP_DigestFinal_ex(context.get(), out.data(), nullptr);
  return out;
}

DatabaseStamp stamp_of(const fs::path& root) {
  struct stat about {};
  if (::stat((root / database).c_str(), &about) != 0) return {};
  return {about.st_ino, about.st_size, nanoseconds(about.st_mtim)};
}

bool database_busy(const fs::path& root) {
  for (const char* name : {"var/lib/dpkg/lock-frontend", "var/lib/dpkg/lock"}) {
    const UniqueFd fd(::open((root / name).c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW));
    if (!fd) continue;
    struct flock wanted {};
    wanted.l_type = F_WRLCK;
    wanted.l_whence = SEEK_SET;
    if (::fcntl(fd.get(), F_GETLK, &wanted) == 0 && wanted.l_type != F_UNLCK) return true;
  }
  return false;
}

void Trust::add(const Hash& digest) {
  digests_.insert(digest);
  any_size_ = true;
}

Result<Trust> Trust::build(const fs::path& root, const Trust& before) {
  Trust out;
  // Of before the files are read: what changes meanwhile makes it stale.
  out.stamp_ = stamp_of(root);
  std::error_code error;
  fs::directory_iterator at(root / lists, error);
  if (error) return file_error((root / lists).string(), error.value());
  const auto take = [&](const fs::path& path) {
    if (out.by_key_.size() >= files_max) return;
    const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    struct stat about {};
    if (!fd || ::fstat(fd.get(), &about) != 0 || !is_executable(about)) return;
    const FileKey key = key_of(about);
    if (out.by_key_.contains(key)) return;
    const auto known = before.by_key_.find(key);
    const auto digest = known != before.by_key_.end() ? std::optional(known->second) : hash_of(fd.get());
    struct stat after {};
    // It was written to while it was read: the next building finds it.
    if (!digest || ::fstat(fd.get(), &after) != 0 || key_of(after) != key) return;
    out.by_key_.emplace(key, *digest);
    out.digests_.insert(*digest);
    out.sizes_.insert(key.size);
  };
  // A file that a diversion moved aside is still the package's.
  std::map<std::string, std::string, std::less<>> diverted;
  if (const auto text = read_file(root / "var/lib/dpkg/diversions", list_bytes_max)) {
    const auto all = agent::lines(*text);
    for (std::size_t i = 0; i + 2 < all.size(); i += 3) diverted.emplace(all[i], all[i + 1]);
  }
  for (fs::directory_iterator end; at != end; at.increment(error)) {
    if (error) return file_error((root / lists).string(), error.value());
    const fs::path& path = at->path();
    // Beside the lists lie the scripts that dpkg runs.
    if (path.extension() != ".list") {
      take(path);
      continue;
    }
    const auto text = read_file(path, list_bytes_max);
    if (!text) continue;
    for (const std::string_view line : agent::lines(*text)) {
      if (line.size() < 2 || line.front() != '/') continue;
      take(root / line.substr(1));
      const auto aside = diverted.find(line);
      if (aside != diverted.end() && aside->second.size() > 1) take(root / aside->second.substr(1));
    }
  }
  return out;
}

std::string Trust::to_text() const {
  std::string out = std::string(heading) + ' ' + std::to_string(stamp_.inode) + ' ' + std::to_string(stamp_.size) +
                    ' ' + std::to_string(stamp_.modified_ns) + ' ' + std::to_string(by_key_.size()) + '\n';
  for (const auto& [key, digest] : by_key_) {
    out += to_hex(digest) + ' ' + std::to_string(key.device) + ' ' + std::to_string(key.inode) + ' ' +
           std::to_string(key.size) + ' ' + std::to_string(key.changed_ns) + '\n';
  }
  return out;
}

Result<Trust> Trust::read(std::string_view text) {
  Trust out;
  std::int64_t count = 0;
  std::size_t at = 0;
  for (const std::string_view line : agent::lines(text)) {
    const auto fields = words(line);
    std::array<std::int64_t, 4> numbers{};
    const std::size_t first = at == 0 ? 2 : 1;
    bool right = fields.size() == first + numbers.size();
    for (std::size_t i = 0; right && i < numbers.size(); ++i) {
      const auto value = number(fields[first + i]);
      right = value.has_value();
      if (right) numbers[i] = *value;
    }
    if (at == 0) {
      right = right && line.starts_with(heading);
      out.stamp_ = {static_cast<std::uint64_t>(numbers[0]), numbers[1], numbers[2]};
      count = numbers[3];
    } else if (right) {
      const auto digest = digest_from(fields[0]);
      right = digest.has_value();
      if (right) {
        const FileKey key{static_cast<std::uint64_t>(numbers[0]), static_cast<std::uint64_t>(numbers[1]), numbers[2],
                          numbers[3]};
        out.by_key_.emplace(key, *digest);
        out.digests_.insert(*digest);
        out.sizes_.insert(key.size);
      }
    }
    ++at;
    if (!right) return Error(trust_damaged, std::to_string(at));
  }
  if (at == 0 || static_cast<std::int64_t>(out.by_key_.size()) != count) {
    return Error(trust_damaged, std::to_string(at));
  }
  return out;
}

}  // namespace luy::agent
