#include "agent/linux/file_state.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <memory>
#include <vector>

#include "agent/linux/text.h"
#include "base/encoding.h"
#include "base/file.h"

namespace luy::agent {
namespace {

constexpr std::string_view head = "luy-integrity 1\n";

std::int64_t nanoseconds(const timespec& time) {
  return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

using DigestPtr = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;

DigestPtr begin_digest(const EVP_MD* kind) {
  DigestPtr context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  EVP_DigestInit_ex(context.get(), kind, nullptr);
  return context;
}

// A path may hold any byte but zero; lines and fields must not.
std::string escaped(std::string_view path) {
  std::string out;
  for (const char c : path) {
    if (c == '\\' || c == '\n' || c == '\t') {
      out += '\\';
      out += c == '\n' ? 'n' : c == '\t' ? 't' : '\\';
    } else {
      out += c;
    }
  }
  return out;
}

std::string plain(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      out += text[i];
      continue;
    }
    const char c = text[++i];
    out += c == 'n' ? '\n' : c == 't' ? '\t' : c;
  }
  return out;
}

}  // namespace

std::optional<FileState> look_at_file(const std::string& path) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0) return std::nullopt;
  FileState out;
  out.type = S_ISREG(status.st_mode) ? 'f' : S_ISLNK(status.st_mode) ? 'l' : S_ISDIR(status.st_mode) ? 'd' : 'o';
  out.size = status.st_size;
  out.modified_ns = nanoseconds(status.st_mtim);
  out.changed_ns = nanoseconds(status.st_ctim);
  out.mode = status.st_mode & 07777U;
  out.uid = status.st_uid;
  out.gid = status.st_gid;
  return out;
}

Result<Digests> digest_file(const std::string& path, const FileState& state) {
  Digests out;
  if (state.type == 'l') {
    std::array<char, PATH_MAX> target{};
    const ssize_t n = ::readlink(path.c_str(), target.data(), target.size());
    if (n < 0) return file_error(path, errno);
    out.link_target.assign(target.data(), static_cast<std::size_t>(n));
    out.sha256 = sha256(out.link_target);
    return out;
  }
  if (state.type != 'f') return out;
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY));
  if (!fd) return file_error(path, errno);
  const DigestPtr sha = begin_digest(EVP_sha256());
  const DigestPtr md5 = begin_digest(EVP_md5());
  std::array<char, 16384> buffer{};
  while (out.bytes < hashed_bytes_max) {
    const ssize_t n = ::read(fd.get(), buffer.data(), buffer.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return file_error(path, errno);
    if (n == 0) break;
    EVP_DigestUpdate(sha.get(), buffer.data(), static_cast<std::size_t>(n));
    EVP_DigestUpdate(md5.get(), buffer.data(), static_cast<std::size_t>(n));
    out.bytes += n;
  }
  unsigned size = 0;
  EVP_DigestFinal_ex(sha.get(), out.sha256.data(), &size);
  std::array<std::uint8_t, 16> sum{};
  EVP_DigestFinal_ex(md5.get(), sum.data(), &size);
  out.md5 = to_hex(sum);
  return out;
}

std::string encode_states(const FileStates& states) {
  std::string out(head);
  for (const auto& [path, one] : states) {
    out += one.type;
    for (const std::int64_t value : {one.size, one.modified_ns, one.changed_ns, std::int64_t{one.mode},
                                     std::int64_t{one.uid}, std::int64_t{one.gid}}) {
      out += '\t' + std::to_string(value);
    }
    out += '\t' + to_hex(one.hash) + '\t' + escaped(path) + '\n';
  }
  return out + "end " + std::to_string(crc32c(out)) + '\n';
}

std::optional<FileStates> decode_states(std::string_view text) {
  const std::size_t end = text.rfind("end ");
  if (!text.starts_with(head) || end == std::string_view::npos || end < head.size()) return std::nullopt;
  if (text.substr(end) != "end " + std::to_string(crc32c(text.substr(0, end))) + '\n') return std::nullopt;
  FileStates out;
  for (const std::string_view line : lines(text.substr(head.size(), end - head.size()))) {
    const auto fields = split(line, '\t');
    if (fields.size() != 9 || fields[0].size() != 1) return std::nullopt;
    FileState one;
    one.type = fields[0][0];
    std::array<std::int64_t, 6> values{};
    for (std::size_t i = 0; i < values.size(); ++i) {
      const auto value = number(fields[i + 1]);
      if (!value) return std::nullopt;
      values[i] = *value;
    }
    one.size = values[0];
    one.modified_ns = values[1];
    one.changed_ns = values[2];
    one.mode = static_cast<std::uint32_t>(values[3]);
    one.uid = static_cast<std::uint32_t>(values[4]);
    one.gid = static_cast<std::uint32_t>(values[5]);
    const auto hash = from_hex(fields[7]);
    if (!hash || hash->size() != one.hash.size()) return std::nullopt;
    std::copy(hash->begin(), hash->end(), one.hash.begin());
    out.emplace(plain(fields[8]), one);
  }
  return out;
}

}  // namespace luy::agent
