#include "antivirus/database.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <memory>
#include <set>

#include "base/encoding.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/utf8.h"

namespace luy::antivirus {
namespace {

constexpr std::array<std::string_view, 3> kind_names = {"official", "hash", "yara"};
constexpr std::array<std::string_view, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr Duration ahead_max = std::chrono::hours(48);  // ClamAV's clock and ours.

struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { ::EVP_MD_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_MD_CTX, FreeContext>;

std::vector<std::string_view> split(std::string_view text, char at) {
  std::vector<std::string_view> out;
  for (;;) {
    const std::size_t end = text.find(at);
    out.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return out;
    text.remove_prefix(end + 1);
  }
}

std::optional<std::int64_t> number(std::string_view text) {
  if (text.empty() || text.size() > 15 || text.find_first_not_of("0123456789") != std::string_view::npos) {
    return std::nullopt;
  }
  return std::stoll(std::string(text));
}
bool is_hex(std::string_view text, std::size_t size) {
  return text.size() == size && text.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
}

// "07 Sep 2020 04-15 -0400"
std::optional<Time> build_time(std::string_view text) {
  const auto fields = split(text, ' ');
  if (fields.size() != 5) return std::nullopt;
  const auto month = std::find(months.begin(), months.end(), fields[1]);
  const auto clock = split(fields[3], '-');
  if (month == months.end() || clock.size() != 2 || fields[4].size() != 5) return std::nullopt;
  const auto day = number(fields[0]);
  const auto year = number(fields[2]);
  const auto hour = number(clock[0]);
  const auto minute = number(clock[1]);
  const auto zone_hour = number(fields[4].substr(1, 2));
  const auto zone_minute = number(fields[4].substr(3, 2));
  if (!day || !year || !hour || !minute || !zone_hour || !zone_minute || *year < 1990 || *year > 9999 || *day > 31 ||
      *hour > 23 || *minute > 59) {
    return std::nullopt;
  }
  const std::chrono::year_month_day date{std::chrono::year{static_cast<int>(*year)},
                                         std::chrono::month{static_cast<unsigned>(month - months.begin() + 1)},
                                         std::chrono::day{static_cast<unsigned>(*day)}};
  if (!date.ok()) return std::nullopt;
  const auto zone = std::chrono::hours(*zone_hour) + std::chrono::minutes(*zone_minute);
  const auto local = Time{std::chrono::sys_days{date}} + std::chrono::hours(*hour) + std::chrono::minutes(*minute);
  return fields[4][0] == '-' ? local + zone : local - zone;
}

struct Digests {
  std::string head;
  std::string sha256;
  std::string md5;  // Of what follows the head.
  std::int64_t bytes = 0;
};

Result<Digests> read_all(const std::filesystem::path& file) {
  const UniqueFd fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!fd) return file_error(file.string(), errno);
  const Context whole(::EVP_MD_CTX_new());
  const Context rest(::EVP_MD_CTX_new());
  LUY_CHECK(whole && rest && ::EVP_DigestInit_ex(whole.get(), ::EVP_sha256(), nullptr) == 1 &&
            ::EVP_DigestInit_ex(rest.get(), ::EVP_md5(), nullptr) == 1);
  Digests out;
  std::string buffer(256 << 10, '\0');
  for (;;) {
    const ssize_t n = ::read(fd.get(), buffer.data(), buffer.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return file_error(file.string(), errno);
    if (n == 0) break;
    std::string_view piece(buffer.data(), static_cast<std::size_t>(n));
    out.bytes += n;
    if (out.bytes > static_cast<std::int64_t>(database_bytes_max)) {
      return Error(database_too_large, std::to_string(database_bytes_max));
    }
    LUY_CHECK(::EVP_DigestUpdate(whole.get(), piece.data(), piece.size()) == 1);
    const std::size_t of_head = std::min(head_bytes - out.head.size(), piece.size());
    out.head += piece.substr(0, of_head);
    piece.remove_prefix(of_head);
    LUY_CHECK(::EVP_DigestUpdate(rest.get(), piece.data(), piece.size()) == 1);
  }
  const auto finished = [](EVP_MD_CTX* context) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
    unsigned size = 0;
    LUY_CHECK(::EVP_DigestFinal_ex(context, bytes.data(), &size) == 1);
    return to_hex(std::span(bytes.data(), size));
  };
  out.sha256 = finished(whole.get());
  out.md5 = finished(rest.get());
  return out;
}

Error at_line(std::size_t line, std::string_view vi, std::string_view en) {
  const std::string number = std::to_string(line);
  return Error(list_malformed, "dòng " + number + ": " + std::string(vi), "line " + number + ": " + std::string(en));
}

// "hash:size:name" and, with the size "*", ":73" or higher behind it (functionality level of ClamAV 0.98).
Result<void> check_hash_line(std::string_view line, std::size_t at) {
  const auto fields = split(line, ':');
  if (fields.size() < 3 || fields.size() > 5) return at_line(at, "cần dạng băm:cỡ:tên", "it is not hash:size:name");
  const bool known = is_hex(fields[0], 32) || is_hex(fields[0], 40) || is_hex(fields[0], 64);
  if (!known) return at_line(at, "không phải mã MD5, SHA-1 hay SHA-256", "that is no MD5, SHA-1 or SHA-256");
  const bool any = fields[1] == "*";
  const auto size = number(fields[1]);
  if (!any && (!size || *size < 1)) return at_line(at, "cỡ tệp không đúng", "its size is not right");
  const std::optional<std::int64_t> level = fields.size() > 3 ? number(fields[3]) : std::nullopt;
  if ((any || fields.size() > 3) && (!level || (any && *level < 73))) {
    return at_line(at, "cỡ * cần :73 ở cuối", "the size * needs :73 at the end");
  }
  constexpr std::string_view allowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-/";
  if (fields[2].empty() || fields[2].size() > 128 || fields[2].find_first_not_of(allowed) != std::string_view::npos) {
    return at_line(at, "tên mẫu chỉ gồm chữ không dấu, số và . _ -",
                   "its name has other signs than letters, digits and . _ -");
  }
  return {};
}

// Rules, as far as their outline goes; whether ClamAV takes them, only ClamAV says.
class RuleReader {
 public:
  explicit RuleReader(std::string_view text) : text_(text) {}
  Result<std::int64_t> count();

 private:
  Error wrong(std::string_view vi, std::string_view en) const { return at_line(line_, vi, en); }
  char next() {
    const char c = text_[at_++];
    if (c == '\n') ++line_;
    return c;
  }
  bool skip_blank();  // Also comments; false at the end.
  std::string word();
  Result<void> body();

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;
};

bool RuleReader::skip_blank() {
  while (at_ < text_.size()) {
    if (std::isspace(static_cast<unsigned char>(text_[at_])) != 0) {
      next();
    } else if (text_.substr(at_, 2) == "//") {
      while (at_ < text_.size() && text_[at_] != '\n') next();
    } else if (text_.substr(at_, 2) == "/*") {
      const std::size_t end = text_.find("*/", at_ + 2);
      while (at_ < std::min(end, text_.size())) next();
      at_ = std::min(at_ + 2, text_.size());
    } else {
      return true;
    }
  }
  return false;
}

std::string RuleReader::word() {
  std::string out;
  while (at_ < text_.size() && (std::isalnum(static_cast<unsigned char>(text_[at_])) != 0 || text_[at_] == '_')) {
    out += next();
  }
  return out;
}

Result<void> RuleReader::body() {
  int depth = 1;
  bool condition = false;
  std::string last;
  while (skip_blank()) {
    const char c = text_[at_];
    if (c == '"') {
      next();
      while (at_ < text_.size() && text_[at_] != '"' && text_[at_] != '\n') {
        if (next() == '\\' && at_ < text_.size()) next();
      }
      if (at_ >= text_.size() || next() != '"') return wrong("chuỗi không đóng", "a text is not closed");
    } else if (c == '{') {
      ++depth;
      next();
    } else if (c == '}') {
      next();
      if (--depth == 0) {
        if (condition) return {};
        return wrong("luật không có condition", "a rule has no condition");
      }
    } else if (c == '/' && last == "=") {
      // A regular expression.
      next();
      while (at_ < text_.size() && text_[at_] != '/' && text_[at_] != '\n') {
        if (next() == '\\' && at_ < text_.size()) next();
      }
      if (at_ >= text_.size() || next() != '/') return wrong("biểu thức không đóng", "an expression is not closed");
    } else if (std::isalpha(static_cast<unsigned char>(c)) != 0) {
      last = word();
      condition = condition || last == "condition";
      continue;
    } else {
      next();
    }
    last = std::string(1, c);
  }
  return wrong("thiếu dấu đóng ngoặc }", "a brace is not closed");
}

Result<std::int64_t> RuleReader::count() {
  std::set<std::string> names;
  while (skip_blank()) {
    std::string kind = word();
    while ((kind == "private" || kind == "global") && skip_blank()) kind = word();
    if (kind == "import" || kind == "include") {
      return wrong("ClamAV không dùng được import, include", "ClamAV takes neither import nor include");
    }
    if (kind != "rule" || !skip_blank()) return wrong("cần chữ rule", "here the word rule is expected");
    const std::string name = word();
    if (name.empty() || !names.insert(name).second) {
      return wrong("tên luật thiếu hoặc trùng", "the name of a rule is missing or there twice");
    }
    while (skip_blank() && text_[at_] != '{') {
      if (text_[at_] == '}' || text_[at_] == '"') return wrong("cần dấu {", "here a { is expected");
      next();
    }
    if (at_ >= text_.size()) return wrong("cần dấu {", "here a { is expected");
    next();
    LUY_TRY_VOID(body());
  }
  if (names.empty()) return wrong("không có luật nào", "there is no rule");
  return static_cast<std::int64_t>(names.size());
}

}  // namespace

std::string_view name_of(Kind kind) {
  return kind_names[static_cast<std::size_t>(kind)];
}
std::optional<Kind> kind_from_name(std::string_view name) {
  const auto found = std::find(kind_names.begin(), kind_names.end(), name);
  if (found == kind_names.end()) return std::nullopt;
  return static_cast<Kind>(found - kind_names.begin());
}

std::string_view official_base(std::string_view file_name) {
  if (!file_name.ends_with(".cvd") && !file_name.ends_with(".cld")) return {};
  const std::string_view base = file_name.substr(0, file_name.size() - 4);
  return base == "main" || base == "daily" || base == "bytecode" ? base : std::string_view();
}

Result<Head> read_head(std::string_view first_bytes) {
  const auto wrong = [](std::string_view what) { return Error(database_invalid, std::string(what)); };
  if (first_bytes.size() < head_bytes) return wrong("head");
  const auto fields = split(first_bytes.substr(0, head_bytes), ':');
  if (fields.size() < 8 || fields[0] != "ClamAV-VDB") return wrong("ClamAV-VDB");
  Head out;
  const auto built = build_time(fields[1]);
  const auto version = number(fields[2]);
  const auto signatures = number(fields[3]);
  const auto level = number(fields[4]);
  if (!built) return wrong("build time");
  if (!version || *version < 1) return wrong("version");
  if (!signatures || *signatures < 1) return wrong("number of signatures");
  if (!level) return wrong("functionality level");
  out.built_at = *built;
  out.version = *version;
  out.signatures = *signatures;
  out.functionality = *level;
  out.md5 = fields[5];
  return out;
}

Result<Head> head_of(const std::filesystem::path& file) {
  const UniqueFd fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!fd) return file_error(file.string(), errno);
  std::string bytes(head_bytes, '\0');
  const ssize_t n = ::read(fd.get(), bytes.data(), bytes.size());
  if (n < 0) return file_error(file.string(), errno);
  return read_head(std::string_view(bytes).substr(0, static_cast<std::size_t>(n)));
}

Result<Checked> check_database(const std::filesystem::path& file, const std::string& name, const Tools& tools,
                               Time now) {
  if (official_base(name).empty()) return Error(database_invalid, name);
  LUY_TRY(const Digests read, read_all(file));
  LUY_TRY(Head head, read_head(read.head));
  if (head.built_at > now + ahead_max) return Error(database_invalid, "build time " + to_rfc3339(head.built_at));
  if (read.bytes <= static_cast<std::int64_t>(head_bytes)) return Error(database_invalid, "0 byte");
  const bool packed = name.ends_with(".cvd");
  if (packed && read.md5 != head.md5) return Error(database_invalid, "MD5 " + read.md5 + " ≠ " + head.md5);
  if (!packed && !tools.verify) return Error(tool_missing, name);
  if (tools.verify) LUY_TRY_VOID(tools.verify(file, name));
  Checked out;
  out.kind = Kind::official;
  out.signatures = head.signatures;
  out.bytes = read.bytes;
  out.sha256 = read.sha256;
  out.verified = tools.verify ? "signed" : "digest";
  out.head = std::move(head);
  return out;
}

std::string_view hash_list_ending(std::string_view text) {
  return text.find(':') == 32 ? ".hdb" : ".hsb";
}

Result<Checked> check_list(Kind kind, std::string_view text) {
  if (text.size() > list_bytes_max) return Error(database_too_large, std::to_string(list_bytes_max));
  if (!is_utf8(text) || text.find('\0') != std::string_view::npos)
    return at_line(1, "không phải UTF-8", "that is no UTF-8");
  Checked out;
  out.kind = kind;
  out.bytes = static_cast<std::int64_t>(text.size());
  out.sha256 = to_hex(sha256(text));
  out.verified = "syntax";
  if (kind == Kind::yara) {
    LUY_TRY(out.signatures, RuleReader(text).count());
    return out;
  }
  std::set<std::string_view> seen;
  std::size_t at = 0;
  bool mixed = false;
  for (const std::string_view line : split(text, '\n')) {
    ++at;
    // ClamAV takes every line for an entry: only the end of the last one may be empty.
    if (line.empty() && at > 1 && text.ends_with('\n')) continue;
    if (at > list_lines_max) return at_line(at, "quá nhiều dòng", "there are too many lines");
    LUY_TRY_VOID(check_hash_line(line, at));
    if (!seen.insert(line.substr(0, line.find(':'))).second)
      return at_line(at, "mã băm đã có ở trên", "its hash stands above already");
    mixed = mixed || (line.find(':') == 32) != (hash_list_ending(text) == ".hdb");
    ++out.signatures;
  }
  if (mixed) return at_line(at, "MD5 và SHA phải ở hai danh sách", "MD5 and SHA need a list each");
  if (out.signatures == 0) return at_line(1, "danh sách trống", "the list is empty");
  return out;
}

}  // namespace luy::antivirus
