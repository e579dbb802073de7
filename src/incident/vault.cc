#include "incident/vault.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/encoding.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/utf8.h"

namespace luy::incident {
namespace {

constexpr std::size_t megabyte = 1 << 20;

bool is_hash(std::string_view text) {
  return text.size() == 64 &&
         std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool is_plain_text(std::string_view bytes) {
  if (bytes.empty() || !is_utf8(bytes)) return false;
  return std::none_of(bytes.begin(), bytes.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte == 0x7f || (byte < 0x20 && c != '\n' && c != '\r' && c != '\t');
  });
}

}  // namespace

std::optional<std::string> sniff_type(std::string_view bytes) {
  using namespace std::string_view_literals;
  constexpr std::array<std::pair<std::string_view, std::string_view>, 5> signatures = {{
      {"\xff\xd8\xff"sv, "image/jpeg"},
      {"\x89PNG\r\n\x1a\n"sv, "image/png"},
      {"%PDF-"sv, "application/pdf"},
      {"PK\x03\x04"sv, "application/zip"},
      {"PK\x05\x06"sv, "application/zip"},
  }};
  for (const auto& [front, type] : signatures) {
    if (bytes.starts_with(front)) return std::string(type);
  }
  if (bytes.size() >= 12 && bytes.starts_with("RIFF") && bytes.substr(8, 4) == "WEBP") return "image/webp";
  // Markup that a browser would run is text to us and stays unserved as anything else.
  if (is_plain_text(bytes)) return "text/plain";
  return std::nullopt;
}

Text kind_of_refused(std::string_view bytes) {
  struct Known {
    std::size_t at;
    std::string_view begin;
    Text kind;
  };
  static const Known all[] = {
      {4, "ftyphei", {"ảnh HEIC của điện thoại iPhone", "a HEIC picture of an iPhone"}},
      {4, "ftypmif1", {"ảnh HEIC của điện thoại iPhone", "a HEIC picture of an iPhone"}},
      {4, "ftypavif", {"ảnh AVIF", "an AVIF picture"}},
      {4, "ftyp", {"phim, âm thanh MP4", "an MP4 film or recording"}},
      {0, "GIF8", {"ảnh GIF", "a GIF picture"}},
      {0, "BM", {"ảnh BMP", "a BMP picture"}},
      {0, std::string_view("II*\0", 4), {"ảnh TIFF", "a TIFF picture"}},
      {0, std::string_view("MM\0*", 4), {"ảnh TIFF", "a TIFF picture"}},
      {0, "%PDF-", {"tệp PDF", "a PDF"}},
      {0, "PK\x03\x04", {"tệp ZIP, Word hoặc Excel", "a ZIP, Word or Excel file"}},
      {0, "\xd0\xcf\x11\xe0", {"tệp Word, Excel cũ", "an old Word or Excel file"}},
      {0, "Rar!", {"tệp nén RAR", "a RAR archive"}},
      {0, "7z\xbc\xaf", {"tệp nén 7-Zip", "a 7-Zip archive"}},
      {0, "MZ", {"chương trình Windows", "a Windows program"}},
      {0,
       "\x7f"
       "ELF",
       {"chương trình Linux", "a Linux program"}},
  };
  for (const Known& one : all) {
    if (bytes.size() >= one.at && bytes.substr(one.at).starts_with(one.begin)) return one.kind;
  }
  if (is_plain_text(bytes)) return {"tệp văn bản", "a text file"};
  return {"tệp không rõ loại", "a file of unknown type"};
}

std::string clean_file_name(std::string_view name) {
  const std::size_t slash = name.find_last_of("/\\");
  if (slash != std::string_view::npos) name = name.substr(slash + 1);
  std::string out = to_utf8(name);
  for (char& c : out) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f || std::string_view("<>:\"|?*").find(c) != std::string_view::npos) c = '_';
  }
  // U+202A … U+202E and U+2066 … U+2069 turn the writing around, so that a program can look like a PDF.
  for (std::size_t at = 0; (at = out.find("\xe2\x80", at)) != std::string::npos && at + 2 < out.size();) {
    const auto last = static_cast<unsigned char>(out[at + 2]);
    if (last >= 0xaa && last <= 0xae) {
      out.erase(at, 3);
    } else {
      at += 3;
    }
  }
  for (std::size_t at = 0; (at = out.find("\xe2\x81", at)) != std::string::npos && at + 2 < out.size();) {
    const auto last = static_cast<unsigned char>(out[at + 2]);
    if (last >= 0xa6 && last <= 0xa9) {
      out.erase(at, 3);
    } else {
      at += 3;
    }
  }
  const std::size_t first = out.find_first_not_of(" .");
  if (first == std::string::npos) return "tep";
  out = out.substr(first, out.find_last_not_of(" .") - first + 1);
  return std::string(utf8_front(out, file_name_bytes_max));
}

Result<Vault> Vault::open(std::filesystem::path folder) {
  LUY_TRY_VOID(make_folder(folder));
  Vault out(std::move(folder));
  std::error_code ignored;
  std::filesystem::remove_all(out.scratch(), ignored);
  return out;
}

std::filesystem::path Vault::place_of(std::string_view sha256) const {
  return folder_ / std::string(sha256.substr(0, 2)) / std::string(sha256);
}

Result<StoredFile> Vault::put(std::string_view bytes) const {
  if (bytes.size() > document_bytes_max) {
    return Error(attachment_too_large, std::to_string(bytes.size() / megabyte) + " MB > " +
                                           std::to_string(document_bytes_max / megabyte) + " MB");
  }
  const std::optional<std::string> type = sniff_type(bytes);
  if (!type) {
    const Text kind = kind_of_refused(bytes);
    return Error(file_type_refused, kind.vi, kind.en);
  }
  if (type->starts_with("image/") && bytes.size() > photo_bytes_max) {
    return Error(attachment_too_large, std::to_string(bytes.size() / megabyte) + " MB > " +
                                           std::to_string(photo_bytes_max / megabyte) + " MB");
  }
  StoredFile out{to_hex(sha256(bytes)), *type, bytes.size()};
  const std::filesystem::path place = place_of(out.sha256);
  std::error_code ignored;
  if (std::filesystem::file_size(place, ignored) == bytes.size() && !ignored) return out;
  LUY_TRY_VOID(make_folder(place.parent_path()));
  LUY_TRY_VOID(write_file_durably(place, bytes));
  return out;
}

Result<std::string> Vault::get(std::string_view wanted) const {
  if (!is_hash(wanted)) return Error(attachment_unknown, std::string(wanted.substr(0, 64)));
  Result<std::string> bytes = read_file(place_of(wanted), document_bytes_max);
  if (!bytes && bytes.error().is(file_not_found)) return Error(attachment_unknown, std::string(wanted));
  if (bytes && to_hex(sha256(*bytes)) != wanted) return Error(attachment_damaged, std::string(wanted));
  return bytes;
}

}  // namespace luy::incident
