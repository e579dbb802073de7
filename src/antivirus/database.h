// Signature databases as files: the head of ClamAV's own (.cvd, .cld), and lists that people write (.hdb, .hsb, .yar).
// What ClamAV's format says of itself: docs.clamav.net, "CVD file format"; the hash lists: "Hash-based signatures".
// Reads files, writes none.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace luy::antivirus {

inline constexpr ErrorKind database_invalid{
    "antivirus.database_invalid", ErrorClass::invalid,
    "Tệp không phải cơ sở dữ liệu ClamAV dùng được: {}. Hãy tải lại main, daily hoặc bytecode (.cvd, .cld) từ ClamAV.",
    "The file is not a database of ClamAV that can be used: {}. Fetch main, daily or bytecode (.cvd, .cld) again."};
inline constexpr ErrorKind database_forged{
    "antivirus.database_forged", ErrorClass::invalid,
    "Chữ ký số của ClamAV trên {} không đúng. Tệp đã bị sửa hoặc hỏng; không nhập.",
    "ClamAV's digital signature on {} is not right. The file was changed or is damaged; it is not imported."};
inline constexpr ErrorKind tool_missing{"antivirus.tool_missing", ErrorClass::unavailable,
                                        "Máy chủ chưa kiểm tra được {}: cần cài gói clamav (chương trình sigtool).",
                                        "The hub cannot verify {}: install the package clamav (its program sigtool)."};
inline constexpr ErrorKind list_malformed{"antivirus.list_malformed", ErrorClass::invalid,
                                          "Danh sách mẫu sai cú pháp: {}.", "The list of signatures is malformed: {}."};
inline constexpr ErrorKind database_too_large{"antivirus.database_too_large", ErrorClass::too_large,
                                              "Tệp lớn hơn mức cho phép là {} byte.",
                                              "The file is larger than {} bytes."};

enum class Kind : std::uint8_t { official, hash, yara };
std::string_view name_of(Kind kind);
std::optional<Kind> kind_from_name(std::string_view name);

// Before it is accepted. main.cvd had 163 MiB in 2025, and daily.cld, which is not compressed, twice that.
inline constexpr std::size_t database_bytes_max = std::size_t{1} << 30;
inline constexpr std::size_t list_bytes_max = 1 << 20;
inline constexpr std::size_t list_lines_max = 20'000;
inline constexpr std::size_t head_bytes = 512;

struct Head {
  Time built_at{};
  std::int64_t version = 0;
  std::int64_t signatures = 0;
  std::int64_t functionality = 0;  // What an engine must know to use all of it.
  std::string md5;                 // Of all that follows the head of a .cvd.
};
// Errors: database_invalid.
Result<Head> read_head(std::string_view first_bytes);

// Errors: the same; file errors.
Result<Head> head_of(const std::filesystem::path& file);

// "main", "daily" or "bytecode" of a file's name; empty for every other.
std::string_view official_base(std::string_view file_name);

struct Checked {
  Kind kind = Kind::official;
  std::optional<Head> head;     // Of official ones.
  std::int64_t signatures = 0;  // Entries or rules.
  std::int64_t bytes = 0;
  std::string sha256;
  // What stands behind "it is right": "signed" (sigtool: ClamAV's own key), "digest" (the MD5 in its head alone, which
  // shows damage and no forgery), "loaded" (ClamAV reads the list), "syntax" (our own reading of the list).
  std::string verified;
};

// What ClamAV's programs say; not there where they are not installed. Each may take minutes.
struct Tools {
  // Errors: database_forged. nullptr: there is no sigtool.
  std::function<Result<void>(const std::filesystem::path& file, const std::string& name)> verify;
  // Errors: list_malformed, with ClamAV's words. nullptr: there is no clamscan.
  std::function<Result<void>(const std::filesystem::path& file, const std::string& name)> load;
};
Tools installed_tools(const std::filesystem::path& scratch);

// `name`: as the file is called, "daily.cvd". Errors: database_invalid, database_forged, tool_missing (a .cld shows
// only to ClamAV's own program that it is whole), database_too_large; file errors.
Result<Checked> check_database(const std::filesystem::path& file, const std::string& name, const Tools& tools,
                               Time now);
// Errors: list_malformed, naming the line; database_too_large.
Result<Checked> check_list(Kind kind, std::string_view text);

// ClamAV tells MD5 from SHA lists by the file: ".hdb" or ".hsb", by the first line. check_list() refuses a mixture.
std::string_view hash_list_ending(std::string_view text);

}  // namespace luy::antivirus
