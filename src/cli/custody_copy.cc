#include "cli/custody_copy.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <memory>
#include <system_error>

#include "base/check.h"
#include "base/encoding.h"
#include "base/file.h"
#include "base/hash.h"
#include "cli/medium_mount.h"
#include "evidence/day_file.h"
#include "evidence/file_digest.h"
#include "evidence/witness_file.h"

namespace luy::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t block_bytes = 4096;  // What O_DIRECT wants buffers and offsets to be multiples of.
constexpr std::size_t part_bytes = std::size_t{1} << 20;
constexpr std::size_t digest_bytes_max = 4096;
constexpr std::size_t hex_digest_chars = 64;
constexpr mode_t copy_mode = 0444;

struct Freed {
  void operator()(char* memory) const { std::free(memory); }
};
using Buffer = std::unique_ptr<char, Freed>;

// SHA-256 of what comes in parts.
class Digest {
 public:
  Digest() : context_(EVP_MD_CTX_new()) {
    LUY_CHECK(context_ != nullptr && EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) == 1);
  }
  void add(std::string_view bytes) { LUY_CHECK(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) == 1); }
  std::string hex() {
    Hash out{};
    LUY_CHECK(EVP_DigestFinal_ex(context_.get(), out.data(), nullptr) == 1);
    return to_hex(out);
  }

 private:
  struct Free {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  };
  std::unique_ptr<EVP_MD_CTX, Free> context_;
};

Result<Buffer> aligned_buffer(const fs::path& file) {
  void* memory = nullptr;
  if (const int failed = ::posix_memalign(&memory, block_bytes, part_bytes); failed != 0) {
    return file_error(file.string(), failed);
  }
  return Buffer(static_cast<char*>(memory));
}

Result<void> write_all(const UniqueFd& fd, const fs::path& file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(fd.get(), bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return medium_error(file, errno);
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return {};
}

// Bytes read; 0 at the end.
Result<std::size_t> read_part(const UniqueFd& fd, const fs::path& file, char* into) {
  for (;;) {
    const ssize_t count = ::read(fd.get(), into, part_bytes);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return medium_error(file, errno);
    return static_cast<std::size_t>(count);
  }
}

Result<void> sync(const UniqueFd& fd, const fs::path& file) {
  // An fsync that failed is never tried again: what it lost it will not tell twice.
  if (::fsync(fd.get()) != 0) return medium_error(file, errno);
  return {};
}

Result<void> sync_of(const fs::path& folder) {
  const UniqueFd fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd) return medium_error(folder, errno);
  return sync(fd, folder);
}

// The file in its new form beside the old one, then in its place.
Result<void> write_copy(const fs::path& from, const fs::path& to, const WantedCopy& wanted) {
  const UniqueFd source(::open(from.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!source) return file_error(from.string(), errno);
  const fs::path part = to.string() + ".part";
  const auto written = [&]() -> Result<void> {
    const UniqueFd target(::open(part.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, copy_mode));
    if (!target) return medium_error(part, errno);
    LUY_TRY(const Buffer buffer, aligned_buffer(part));
    Digest digest;
    for (;;) {
      LUY_TRY(const std::size_t count, read_part(source, from, buffer.get()));
      if (count == 0) break;
      digest.add({buffer.get(), count});
      LUY_TRY_VOID(write_all(target, part, {buffer.get(), count}));
    }
    if (digest.hex() != wanted.sha256) return Error(copy_differs, from.string());
    return sync(target, part);
  }();
  Result<void> placed = written;
  if (placed) {
    const auto back = read_past_cache(part);
    if (!back) {
      placed = back.error();
    } else if (back->sha256 != wanted.sha256) {
      placed = Error(copy_differs, part.string());
    }
  }
  if (placed && ::rename(part.c_str(), to.c_str()) != 0) placed = medium_error(to, errno);
  if (!placed) {
    ::unlink(part.c_str());
    return placed;
  }
  return sync_of(to.parent_path());
}

Result<void> write_small(const fs::path& file, const std::string& bytes) {
  const fs::path part = file.string() + ".part";
  const auto written = [&]() -> Result<void> {
    const UniqueFd target(::open(part.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, copy_mode));
    if (!target) return medium_error(part, errno);
    LUY_TRY_VOID(write_all(target, part, bytes));
    return sync(target, part);
  }();
  Result<void> placed = written;
  if (placed && ::rename(part.c_str(), file.c_str()) != 0) placed = medium_error(file, errno);
  if (!placed) {
    ::unlink(part.c_str());
    return placed;
  }
  return sync_of(file.parent_path());
}

// What others vouched for came after the day was closed, and may have come after it was copied. It is small: what is
// there is written anew rather than compared on the medium.
Result<void> copy_beside(const fs::path& from, const fs::path& to) {
  if (has_same_beside(from, to)) return {};
  for (const auto path_of : {evidence::cosigned_path, evidence::stamp_path}) {
    const auto bytes = read_file(path_of(from), evidence::cosigned_bytes_max);
    if (!bytes && bytes.error().is(file_not_found)) continue;
    if (!bytes) return bytes.error();
    LUY_TRY_VOID(write_small(path_of(to), *bytes));
    LUY_TRY(const FileRead back, read_past_cache(path_of(to)));
    Digest digest;
    digest.add(*bytes);
    if (back.sha256 != digest.hex()) return Error(copy_differs, path_of(to).string());
  }
  return {};
}

Result<void> check_room(const fs::path& folder, const std::vector<WantedCopy>& missing) {
  std::uint64_t needed = 0;
  for (const WantedCopy& one : missing) needed += one.bytes + block_bytes * 4;
  struct statvfs found {};
  if (::statvfs(folder.c_str(), &found) != 0) return medium_error(folder, errno);
  const std::uint64_t free = std::uint64_t{found.f_bavail} * found.f_frsize;
  if (needed <= free) return {};
  return Error(no_room, std::to_string(needed >> 20U) + " MiB > " + std::to_string(free >> 20U) + " MiB");
}

std::string digest_beside(const fs::path& file) {
  const auto text = read_file(evidence::digest_path(file), digest_bytes_max);
  return text ? text->substr(0, hex_digest_chars) : std::string();
}

}  // namespace

Result<FileRead> read_past_cache(const fs::path& file) {
  UniqueFd fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!fd) return medium_error(file, errno);
  // Only an advice: what is still dirty stays, which is why the writer has synced.
  ::posix_fadvise(fd.get(), 0, 0, POSIX_FADV_DONTNEED);
  FileRead out;
  UniqueFd direct(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_DIRECT));
  out.past_cache = static_cast<bool>(direct);
  if (direct) fd = std::move(direct);
  LUY_TRY(const Buffer buffer, aligned_buffer(file));
  Digest digest;
  for (;;) {
    const auto count = read_part(fd, file, buffer.get());
    if (!count) return count.error();
    if (*count == 0) break;
    digest.add({buffer.get(), *count});
    out.bytes += *count;
  }
  out.sha256 = digest.hex();
  return out;
}

fs::path copy_folder(const fs::path& mount, const std::string& origin) {
  std::string name = origin;
  for (char& c : name) {
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
    if (!is_plain) c = '_';
  }
  return mount / "luy-evidence" / (name.empty() ? "_" : name);
}

Result<std::vector<MadeCopy>> copy_days(const fs::path& evidence_folder, const fs::path& folder,
                                        const std::vector<WantedCopy>& wanted,
                                        const std::vector<evidence::WitnessKey>& witnesses,
                                        const std::function<void(const MadeCopy&)>& told) {
  std::vector<MadeCopy> made;
  std::vector<WantedCopy> missing;
  for (const WantedCopy& one : wanted) {
    const fs::path there = evidence::day_path(folder, one.day);
    std::error_code error;
    if (!fs::exists(there, error)) {
      missing.push_back(one);
      continue;
    }
    LUY_TRY(const FileRead read, read_past_cache(there));
    if (read.sha256 != one.sha256 || digest_beside(there) != one.sha256) {
      missing.push_back(one);
      continue;
    }
    LUY_TRY_VOID(copy_beside(evidence::day_path(evidence_folder, one.day), there));
    made.push_back({one.day, read.sha256, read.bytes, true, look_beside(there, witnesses)});
    told(made.back());
  }
  if (!missing.empty()) {
    std::error_code error;
    fs::create_directories(folder, error);
    if (error) return medium_error(folder, error.value());
    LUY_TRY_VOID(check_room(folder, missing));
  }
  for (const WantedCopy& one : missing) {
    const fs::path to = evidence::day_path(folder, one.day);
    LUY_TRY_VOID(write_copy(evidence::day_path(evidence_folder, one.day), to, one));
    LUY_TRY_VOID(write_small(evidence::digest_path(to), evidence::digest_line(one.sha256, to)));
    LUY_TRY_VOID(copy_beside(evidence::day_path(evidence_folder, one.day), to));
    made.push_back({one.day, one.sha256, one.bytes, false, look_beside(to, witnesses)});
    told(made.back());
  }
  std::sort(made.begin(), made.end(), [](const MadeCopy& a, const MadeCopy& b) { return a.day < b.day; });
  return made;
}

Result<std::vector<FoundCopy>> read_copies(const fs::path& top) {
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::recursive_directory_iterator at(top, error), end; !error && at != end; at.increment(error)) {
    if (evidence::day_of_path(at->path())) files.push_back(at->path());
  }
  if (error && error.value() != ENOENT) return medium_error(top, error.value());
  if (files.empty()) return Error(file_not_found, (top / "YYYY-MM-DD.sqlite").string());
  std::sort(files.begin(), files.end());
  std::vector<FoundCopy> out;
  for (const fs::path& file : files) {
    FoundCopy one{file, *evidence::day_of_path(file), {}, digest_beside(file), {}};
    const auto read = read_past_cache(file);
    if (read) {
      one.sha256 = read->sha256;
    } else {
      one.fault = read.error().text();
    }
    out.push_back(std::move(one));
  }
  return out;
}

}  // namespace luy::cli
