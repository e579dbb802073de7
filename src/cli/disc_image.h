// Images of optical discs with closed days on them, made and read by xorriso (ADR 0233): ISO 9660 level 3 with Rock
// Ridge, so that any machine mounts them. A program of its own, because no library of Debian's is linked for it.
//
// On the disc, as custody_copy.h has it on disks, and at the top SHA256SUMS of every other file, DOC-TRUOC.txt and
// verify-day.sh. docs/format/custody.md describes it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "cli/custody_copy.h"

namespace luy::cli {

inline constexpr ErrorKind disc_too_small{
    "custody.disc_too_small", ErrorClass::too_large,
    "Tệp của ngày {} không vừa một đĩa loại đã chọn. Hãy chọn loại đĩa lớn hơn (--disc).",
    "The file of {} does not fit on a disc of the chosen kind. Choose a larger one (--disc)."};
inline constexpr ErrorKind disc_tool_missing{
    "custody.disc_tool_missing", ErrorClass::unavailable,
    "Không chạy được {}. Hãy cài gói xorriso của Debian (apt-get install xorriso).",
    "{} cannot be run. Install Debian's package xorriso (apt-get install xorriso)."};
inline constexpr ErrorKind disc_tool_failed{
    "custody.disc_tool_failed", ErrorClass::io,
    "xorriso không làm được: {}. Hãy kiểm tra chỗ trống và đĩa; không có gì được ghi nhận.",
    "xorriso could not do it: {}. Look at the free space and at the disc; nothing was taken down."};
inline constexpr ErrorKind image_exists{"custody.image_exists", ErrorClass::conflict,
                                        "Đã có tệp {}. Hãy chọn thư mục khác hoặc xóa ảnh đĩa cũ.",
                                        "{} is there already. Choose another folder or remove the old image."};
inline constexpr ErrorKind disc_unreadable{"custody.disc_unreadable", ErrorClass::corrupt,
                                           "{} không phải là đĩa hoặc ảnh đĩa bản sao nhật ký đọc được.",
                                           "{} is not a disc of copies, nor an image of one, that can be read."};

struct DiscKind {
  std::string_view name;  // On the command line.
  std::string_view title;
  std::uint64_t bytes;  // Of all sectors.
};
// CD: 80 min × 60 s × 75 sectors (ECMA-130); DVD: DVD+R, which holds less than DVD-R (ECMA-349); BD: BD-R of one and
// two layers as MMC-6 READ CAPACITY tells them without spare areas. Sectors of 2,048 bytes.
inline constexpr std::uint64_t sector_bytes = 2048;
inline constexpr DiscKind disc_kinds[] = {{"cd", "CD-R 700 MB", 360'000 * sector_bytes},
                                          {"dvd", "DVD 4,7 GB", 2'295'104 * sector_bytes},
                                          {"bd", "BD-R 25 GB", 12'219'392 * sector_bytes},
                                          {"bd-dl", "BD-R DL 50 GB", 24'438'784 * sector_bytes}};
const DiscKind* disc_kind(std::string_view name);  // nullptr: none of that name.

// For directories, the files at the top and the padding of a track.
inline constexpr std::uint64_t disc_reserve_bytes = 4U << 20U;
// What stands beside a day, at most: its digest, cosignatures, time-stamp and their directory entries.
inline constexpr std::uint64_t beside_reserve_bytes = 256U << 10U;

// The days in their order on as few discs as keep that order: a label says "from – until". Errors: disc_too_small.
Result<std::vector<std::vector<WantedCopy>>> split_over_discs(std::vector<WantedCopy> days, std::uint64_t disc_bytes);

// What a disc is known by, from its primary volume descriptor (ECMA-119 8.4). Errors: disc_unreadable, file errors.
struct Volume {
  std::string label;
  std::string uuid;         // The time of its modification, as blkid(8) writes it: "2026-11-23-17-00-00-00".
  std::uint64_t bytes = 0;  // Of the volume; a drive may tell more.
};
Result<Volume> look_at_disc(const std::filesystem::path& source);

struct DiscPlan {
  std::string label;  // Volume label: at most 32 of A-Z, 0-9 and '_' (ECMA-119 7.4.1).
  std::string origin;
  std::vector<WantedCopy> days;
  Time made;
  std::string readme;  // DOC-TRUOC.txt.
};
struct MadeImage {
  std::filesystem::path file;
  Volume volume;
  std::string sha256;  // Of the image.
  std::uint64_t bytes = 0;
  std::vector<MadeCopy> days;
};
// Writes `file`, which must not exist, and "<file>.sha256"; reads every file back out of it. After an error neither is
// there. Errors: image_exists, disc_tool_missing, disc_tool_failed, copy_differs, disc_unreadable, file errors.
Result<MadeImage> make_image(const std::filesystem::path& evidence, const DiscPlan& plan,
                             const std::filesystem::path& file, const std::vector<evidence::WitnessKey>& witnesses);

struct DiscContent {
  Volume volume;
  std::string sha256;             // Of the volume's bytes: that of the image it was burnt from.
  std::vector<FoundCopy> copies;  // As read_copies(); `file` is the path on the disc.
  std::vector<Beside> besides;    // Of each copy.
  std::vector<std::string> faults;
};
// Reads every file of a disc in a drive, or of an image, without mounting it, one at a time into a temporary folder in
// TMPDIR, where the largest of them must have room. A file that cannot be read, has another digest, is missing from
// SHA256SUMS or named there and not on the disc is a fault, not an error. Errors: disc_unreadable, disc_tool_missing,
// medium_gone, file errors.
Result<DiscContent> read_disc(const std::filesystem::path& source, const std::vector<evidence::WitnessKey>& witnesses);

}  // namespace luy::cli
