#include "detect/package.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "detect/error.h"

namespace luy::detect {
namespace {

constexpr std::size_t block_bytes = 512;
constexpr std::size_t name_bytes = 100;  // Of a name in a header; longer ones stand in a member of their own.

// Frees zlib's state whatever way the function is left.
struct Inflater {
  Inflater() {
    constexpr int gzip_only = 15 + 16;
    ready = inflateInit2(&stream, gzip_only) == Z_OK;
  }
  ~Inflater() {
    if (ready) inflateEnd(&stream);
  }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
  z_stream stream{};
  bool ready = false;
};

std::string_view text_field(std::string_view header, std::size_t at, std::size_t size) {
  const std::string_view field = header.substr(at, size);
  return field.substr(0, std::min(field.find('\0'), field.size()));
}

// Octal digits with blanks around them, or the base-256 form of GNU tar.
std::optional<std::size_t> number_field(std::string_view header, std::size_t at, std::size_t size) {
  const std::string_view field = header.substr(at, size);
  std::size_t out = 0;
  if (static_cast<unsigned char>(field.front()) == 0x80) {
    for (const char c : field.substr(size - 7)) out = out << 8 | static_cast<unsigned char>(c);
    return out;
  }
  for (const char c : field) {
    if (c == '\0' || c == ' ') {
      if (out != 0) break;
      continue;
    }
    if (c < '0' || c > '7') return std::nullopt;
    out = out * 8 + static_cast<std::size_t>(c - '0');
  }
  return out;
}

bool checksum_holds(std::string_view header) {
  constexpr std::size_t at = 148;
  constexpr std::size_t size = 8;
  std::size_t sum = 0;
  for (std::size_t i = 0; i < header.size(); ++i) {
    sum += i >= at && i < at + size ? std::size_t{' '} : static_cast<unsigned char>(header[i]);
  }
  return number_field(header, at, size) == sum;
}

std::string name_of(std::string_view header, std::string& long_name) {
  if (!long_name.empty()) return std::exchange(long_name, {});
  const std::string_view prefix = header.substr(257, 5) == "ustar" ? text_field(header, 345, 155) : std::string_view();
  const std::string name(text_field(header, 0, 100));
  return prefix.empty() ? name : std::string(prefix) + "/" + name;
}

// The value of "path" among pax records "<length> path=<value>\n"; "" when there is none.
std::string pax_path(std::string_view records) {
  while (!records.empty()) {
    const std::size_t end = std::min(records.find('\n'), records.size());
    const std::string_view record = records.substr(0, end);
    records.remove_prefix(std::min(end + 1, records.size()));
    const std::size_t at = record.find(" path=");
    if (at != std::string_view::npos) return std::string(record.substr(at + 6));
  }
  return {};
}

// POSIX ustar: one block that says what the next ones are.
void add_header(std::string& out, std::string_view name, char type, std::size_t size) {
  std::array<char, block_bytes> head{};
  const auto put = [&](std::size_t at, std::string_view text) {
    std::copy(text.begin(), text.end(), head.begin() + static_cast<std::ptrdiff_t>(at));
  };
  const auto octal = [&](std::size_t at, std::size_t digits, std::uint64_t value) {
    for (std::size_t i = digits; i-- > 0; value /= 8) head.at(at + i) = static_cast<char>('0' + value % 8);
  };
  put(0, name.substr(0, name_bytes));
  octal(100, 7, 0644);
  octal(108, 7, 0);
  octal(116, 7, 0);
  octal(124, 11, size);
  octal(136, 11, 0);
  head.at(156) = type;
  put(257, "ustar");
  put(263, "00");
  std::fill_n(head.begin() + 148, 8, ' ');
  std::uint64_t sum = 0;
  for (const char c : head) sum += static_cast<unsigned char>(c);
  octal(148, 6, sum);
  head.at(154) = 0;
  out.append(head.data(), head.size());
}

void add_body(std::string& out, std::string_view bytes) {
  out += bytes;
  out.append((block_bytes - bytes.size() % block_bytes) % block_bytes, '\0');
}

}  // namespace

std::string pack_rules(const std::vector<RuleFile>& files) {
  std::string out;
  for (const RuleFile& file : files) {
    if (file.name.size() > name_bytes) {
      add_header(out, "././@LongLink", 'L', file.name.size() + 1);
      add_body(out, file.name + '\0');
    }
    add_header(out, file.name, '0', file.bytes.size());
    add_body(out, file.bytes);
  }
  out.append(2 * block_bytes, '\0');
  return out;
}

bool is_package_name(std::string_view name) {
  const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
  return name.size() <= package_name_bytes_max && std::all_of(name.begin(), name.end(), fits);
}

bool is_gzip(std::string_view bytes) {
  return bytes.starts_with("\x1F\x8B");
}

bool is_rule_file(std::string_view name) {
  return name.ends_with(".yml") || name.ends_with(".yaml");
}

Result<std::string> gunzip(std::string_view bytes, std::size_t bytes_max) {
  constexpr std::size_t step = 1 << 20;
  std::string out;
  while (!bytes.empty()) {
    Inflater inflater;
    if (!inflater.ready) return Error(bad_package, "zlib");
    z_stream& stream = inflater.stream;
    int state = Z_OK;
    while (state != Z_STREAM_END) {
      const std::size_t size = out.size();
      if (size > bytes_max) return Error(over_limit, "> " + std::to_string(bytes_max) + " bytes");
      out.resize(size + step);
      const std::size_t piece = std::min<std::size_t>(bytes.size(), 1U << 30);
      stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));  // zlib's interface; it only reads.
      stream.avail_in = static_cast<uInt>(piece);
      stream.next_out = reinterpret_cast<Bytef*>(out.data() + size);
      stream.avail_out = static_cast<uInt>(step);
      state = inflate(&stream, Z_NO_FLUSH);
      out.resize(size + step - stream.avail_out);
      bytes.remove_prefix(piece - stream.avail_in);
      if (state != Z_OK && state != Z_STREAM_END)
        return Error(bad_package, stream.msg != nullptr ? stream.msg : "gzip");
    }
    // Zeros behind the last member are padding.
    if (bytes.find_first_not_of('\0') == std::string_view::npos) break;
  }
  return out;
}

Result<std::vector<RuleFile>> unpack_rules(std::string_view bytes) {
  std::string plain;
  if (is_gzip(bytes)) {
    LUY_TRY(plain, gunzip(bytes));
    bytes = plain;
  }
  std::vector<RuleFile> out;
  std::string long_name;
  while (bytes.size() >= block_bytes) {
    const std::string_view header = bytes.substr(0, block_bytes);
    if (header.find_first_not_of('\0') == std::string_view::npos) break;
    if (!checksum_holds(header)) return Error(bad_package, "tar");
    const auto size = number_field(header, 124, 12);
    bytes.remove_prefix(block_bytes);
    if (!size || *size > bytes.size()) return Error(bad_package, "tar");
    const std::string_view body = bytes.substr(0, *size);
    bytes.remove_prefix(std::min(bytes.size(), (*size + block_bytes - 1) / block_bytes * block_bytes));
    const char type = header[156];
    if (type == 'L') {
      long_name = body.substr(0, body.find('\0'));
    } else if (type == 'x') {
      long_name = pax_path(body);
    } else {
      std::string name = name_of(header, long_name);
      if ((type != '0' && type != '\0') || !is_rule_file(name)) continue;
      if (out.size() >= package_files_max) return Error(over_limit, "> " + std::to_string(package_files_max));
      out.push_back({std::move(name), std::string(body)});
    }
  }
  // Zeros alone are an archive of nothing.
  if (out.empty() && bytes.find_first_not_of('\0') != std::string_view::npos) return Error(bad_package, "tar");
  std::sort(out.begin(), out.end(), [](const RuleFile& a, const RuleFile& b) { return a.name < b.name; });
  return out;
}

}  // namespace luy::detect
