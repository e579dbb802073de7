// Reading a disc back through xorriso, without the rights that mounting takes.
#include <fcntl.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <map>
#include <memory>
#include <set>
#include <system_error>

#include "base/check.h"
#include "base/encoding.h"
#include "base/file.h"
#include "base/hash.h"
#include "cli/disc_image.h"
#include "cli/disc_tool.h"
#include "cli/medium_mount.h"
#include "evidence/day_file.h"
#include "evidence/witness_file.h"

namespace luy::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t sums_bytes_max = 8U << 20U;  // Of SHA256SUMS: more files than days a hub keeps.
constexpr std::size_t part_bytes = std::size_t{1} << 20U;
constexpr std::size_t hex_chars = 64;

class Folder {
 public:
  static Result<Folder> make() {
    std::error_code error;
    std::string name = (fs::temp_directory_path(error) / "luy-disc-XXXXXX").string();
    if (error || ::mkdtemp(name.data()) == nullptr) return file_error(name, errno);
    return Folder(name);
  }
  explicit Folder(fs::path path) : path_(std::move(path)) {}
  Folder(Folder&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  Folder& operator=(Folder&&) = delete;
  ~Folder() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

// Of the first `bytes`: what a drive adds behind the volume is not part of the image.
Result<std::string> volume_sha256(const fs::path& source, std::uint64_t bytes) {
  const UniqueFd fd(::open(source.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) return medium_error(source, errno);
  ::posix_fadvise(fd.get(), 0, 0, POSIX_FADV_DONTNEED);
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  LUY_CHECK(context != nullptr && EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr) == 1);
  std::vector<char> part(part_bytes);
  while (bytes > 0) {
    const ssize_t count = ::read(fd.get(), part.data(), std::min<std::uint64_t>(bytes, part.size()));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return medium_error(source, errno);
    if (count == 0) return Error(disc_unreadable, source.string());
    LUY_CHECK(EVP_DigestUpdate(context.get(), part.data(), static_cast<std::size_t>(count)) == 1);
    bytes -= static_cast<std::uint64_t>(count);
  }
  Hash out{};
  LUY_CHECK(EVP_DigestFinal_ex(context.get(), out.data(), nullptr) == 1);
  return to_hex(out);
}

// Whether a path on the disc is one that make_image() writes: it becomes an argument and a path below the folder.
bool is_plain(const std::string& path) {
  if (path.empty() || path.front() == '/' || path.find("..") != std::string::npos) return false;
  return std::all_of(path.begin(), path.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
           c == '.' || c == '/';
  });
}

// By xorriso's own list: "'/luy-evidence/…'".
Result<std::set<std::string>> files_on(const fs::path& source) {
  LUY_TRY(const std::string said, run_disc_tool({"-indev", source.string(), "-find", "/", "-type", "f"}));
  std::set<std::string> out;
  std::size_t at = 0;
  while (at < said.size()) {
    const std::size_t end = std::min(said.find('\n', at), said.size());
    const std::string line = said.substr(at, end - at);
    if (line.size() > 3 && line.starts_with("'/") && line.ends_with("'")) out.insert(line.substr(2, line.size() - 3));
    at = end + 1;
  }
  return out;
}

Result<fs::path> extract(const fs::path& source, const std::string& path, const fs::path& into) {
  const fs::path to = into / fs::path(path).filename();
  LUY_TRY_VOID(run_disc_tool({"-osirrox", "on", "-indev", source.string(), "-extract", "/" + path, to.string()}));
  return to;
}

// Digest by path. Lines that are none of ours are a fault.
std::map<std::string, std::string> parse_sums(const std::string& text, std::vector<std::string>& faults) {
  std::map<std::string, std::string> out;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string line = text.substr(at, end - at);
    at = end + 1;
    const std::string path = line.size() > hex_chars + 2 ? line.substr(hex_chars + 2) : std::string();
    if (is_plain(path)) {
      out[path] = line.substr(0, hex_chars);
    } else {
      faults.push_back("SHA256SUMS: " + line.substr(0, hex_chars));
    }
  }
  return out;
}

class Reader {
 public:
  Reader(const fs::path& source, fs::path folder, const std::vector<evidence::WitnessKey>& witnesses, DiscContent& out)
      : source_(source), folder_(std::move(folder)), witnesses_(witnesses), out_(out) {}

  Result<void> read_all() {
    LUY_TRY(const std::set<std::string> there, files_on(source_));
    if (!there.contains("SHA256SUMS")) return Error(disc_unreadable, source_.string());
    LUY_TRY(const fs::path list, extract(source_, "SHA256SUMS", folder_));
    LUY_TRY(const std::string text, read_file(list, sums_bytes_max));
    const auto sums = parse_sums(text, out_.faults);
    for (const std::string& path : there) {
      if (path != "SHA256SUMS" && !sums.contains(path)) fault(path, "không có trong SHA256SUMS / not in SHA256SUMS");
    }
    for (const auto& [path, sum] : sums) {
      if (!there.contains(path)) {
        fault(path, "không có trên đĩa / not on the disc");
      } else if (evidence::day_of_path(path)) {
        read_day(path, sum, sums);
      } else if (!is_beside(path)) {
        read_one(path, sum);
      }
    }
    return {};
  }

 private:
  static bool is_beside(const std::string& path) {
    const std::size_t dot = path.rfind('.');
    return dot != std::string::npos && evidence::day_of_path(path.substr(0, dot)).has_value();
  }
  void fault(const std::string& path, const std::string& why) { out_.faults.push_back(path + ": " + why); }

  // Its digest; empty when it could not be read.
  std::string read_one(const std::string& path, const std::string& sum) {
    const auto file = extract(source_, path, folder_);
    const auto read = file ? read_past_cache(*file) : Result<FileRead>(file.error());
    if (!read) {
      fault(path, read.error().text());
      return {};
    }
    if (read->sha256 != sum) fault(path, "SHA-256");
    return read->sha256;
  }

  void read_day(const std::string& path, const std::string& sum, const std::map<std::string, std::string>& sums) {
    FoundCopy one{path, *evidence::day_of_path(path), {}, {}, {}};
    const std::size_t faults_before = out_.faults.size();
    one.sha256 = read_one(path, sum);
    for (const auto path_of : {evidence::digest_path, evidence::cosigned_path, evidence::stamp_path}) {
      if (const auto found = sums.find(path_of(path).string()); found != sums.end()) {
        read_one(found->first, found->second);
      }
    }
    const fs::path local = folder_ / fs::path(path).filename();
    const auto wanted = read_file(evidence::digest_path(local), sums_bytes_max);
    if (wanted) one.wanted = wanted->substr(0, hex_chars);
    if (out_.faults.size() > faults_before) one.fault = out_.faults[faults_before];
    if (one.fault.empty() && !one.sound()) fault(path, "SHA-256");
    out_.besides.push_back(one.sound() ? look_beside(local, witnesses_) : Beside());
    if (!out_.besides.back().fault.empty()) fault(path, out_.besides.back().fault);
    out_.copies.push_back(std::move(one));
    for (const auto path_of : {evidence::digest_path, evidence::cosigned_path, evidence::stamp_path}) {
      std::error_code ignored;
      fs::remove(path_of(local), ignored);
    }
    std::error_code ignored;
    fs::remove(local, ignored);
  }

  const fs::path& source_;
  const fs::path folder_;
  const std::vector<evidence::WitnessKey>& witnesses_;
  DiscContent& out_;
};

}  // namespace

Result<DiscContent> read_disc(const fs::path& source, const std::vector<evidence::WitnessKey>& witnesses) {
  DiscContent out;
  LUY_TRY(out.volume, look_at_disc(source));
  LUY_TRY(const Folder folder, Folder::make());
  LUY_TRY(out.sha256, volume_sha256(source, out.volume.bytes));
  LUY_TRY_VOID(Reader(source, folder.path(), witnesses, out).read_all());
  if (out.copies.empty()) return Error(disc_unreadable, source.string());
  return out;
}

}  // namespace luy::cli
