#include "cli/disc_image.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <system_error>

#include "base/encoding.h"
#include "base/file.h"
#include "cli/disc_tool.h"
#include "cli/medium_mount.h"
#include "evidence/day_file.h"
#include "evidence/file_digest.h"
#include "evidence/package_days.h"
#include "evidence/witness_file.h"

namespace luy::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t descriptor_at = 16 * sector_bytes;  // ECMA-119 6.2.1: after the system area.
constexpr std::size_t label_at = 40;
constexpr std::size_t label_bytes = 32;
constexpr std::size_t sectors_at = 80;    // Little-endian first.
constexpr std::size_t modified_at = 830;  // Sixteen digits (8.4.26.1).
constexpr std::size_t modified_digits = 16;

// The folder the image is made from: links to the days, so that nothing is copied twice.
class Stage {
 public:
  explicit Stage(fs::path folder) : folder_(std::move(folder)) {}
  ~Stage() {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }
  Stage(const Stage&) = delete;
  Stage& operator=(const Stage&) = delete;
  const fs::path& folder() const { return folder_; }

  Result<void> link(const fs::path& from, const fs::path& name, const std::string& sha256) {
    std::error_code error;
    fs::create_directories((folder_ / name).parent_path(), error);
    if (!error) fs::create_symlink(fs::absolute(from), folder_ / name, error);
    if (error) return file_error((folder_ / name).string(), error.value());
    sums_ += sha256 + "  " + name.string() + "\n";
    return {};
  }
  Result<void> write(const fs::path& name, const std::string& bytes) {
    LUY_TRY_VOID(write_file_durably(folder_ / name, bytes, 0444));
    sums_ += to_hex(sha256(bytes)) + "  " + name.string() + "\n";
    return {};
  }
  const std::string& sums() const { return sums_; }

 private:
  fs::path folder_;
  std::string sums_;
};

Result<void> stage_days(Stage& stage, const fs::path& evidence, const DiscPlan& plan) {
  const fs::path inside = copy_folder("", plan.origin);
  for (const WantedCopy& one : plan.days) {
    const fs::path from = evidence::day_path(evidence, one.day);
    const fs::path to = evidence::day_path(inside, one.day);
    LUY_TRY_VOID(stage.link(from, to, one.sha256));
    LUY_TRY_VOID(stage.write(evidence::digest_path(to), evidence::digest_line(one.sha256, to)));
    for (const auto path_of : {evidence::cosigned_path, evidence::stamp_path}) {
      const auto bytes = read_file(path_of(from), evidence::cosigned_bytes_max);
      if (!bytes && bytes.error().is(file_not_found)) continue;
      if (!bytes) return bytes.error();
      LUY_TRY_VOID(stage.write(path_of(to), *bytes));
    }
  }
  LUY_TRY_VOID(stage.write("DOC-TRUOC.txt", plan.readme));
  LUY_TRY_VOID(stage.write("verify-day.sh", std::string(evidence::day_script())));
  return write_file_durably(stage.folder() / "SHA256SUMS", stage.sums(), 0444);
}

// "2026-11-23T17:00:00.12…Z" as "2026112317000012".
std::string digits_of(Time time) {
  std::string out;
  for (const char c : to_rfc3339(time)) {
    if (c >= '0' && c <= '9' && out.size() < modified_digits) out += c;
  }
  out.resize(modified_digits, '0');
  return out;
}

Result<std::vector<MadeCopy>> read_back(const fs::path& file, const DiscPlan& plan,
                                        const std::vector<evidence::WitnessKey>& witnesses, std::string& image) {
  LUY_TRY(const DiscContent content, read_disc(file, witnesses));
  if (!content.faults.empty()) return Error(copy_differs, content.faults.front());
  image = content.sha256;
  std::vector<MadeCopy> out;
  for (const WantedCopy& one : plan.days) {
    const auto found = std::find_if(content.copies.begin(), content.copies.end(),
                                    [&](const FoundCopy& copy) { return copy.day == one.day; });
    if (found == content.copies.end() || found->sha256 != one.sha256) return Error(copy_differs, to_iso(one.day));
    const auto at = static_cast<std::size_t>(found - content.copies.begin());
    out.push_back({one.day, one.sha256, one.bytes, false, content.besides[at]});
  }
  return out;
}

}  // namespace

const DiscKind* disc_kind(std::string_view name) {
  const auto* found =
      std::find_if(std::begin(disc_kinds), std::end(disc_kinds), [&](const DiscKind& one) { return one.name == name; });
  return found == std::end(disc_kinds) ? nullptr : found;
}

Result<std::vector<std::vector<WantedCopy>>> split_over_discs(std::vector<WantedCopy> days, std::uint64_t disc_bytes) {
  std::sort(days.begin(), days.end(), [](const WantedCopy& a, const WantedCopy& b) { return a.day < b.day; });
  std::vector<std::vector<WantedCopy>> out;
  std::uint64_t used = 0;
  for (WantedCopy& one : days) {
    const std::uint64_t needed = (one.bytes + sector_bytes - 1) / sector_bytes * sector_bytes + beside_reserve_bytes;
    if (needed + disc_reserve_bytes > disc_bytes) return Error(disc_too_small, to_iso(one.day));
    if (out.empty() || used + needed > disc_bytes) {
      out.emplace_back();
      used = disc_reserve_bytes;
    }
    used += needed;
    out.back().push_back(std::move(one));
  }
  return out;
}

Result<Volume> look_at_disc(const fs::path& source) {
  const UniqueFd fd(::open(source.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) return medium_error(source, errno);
  std::array<unsigned char, sector_bytes> sector{};
  std::size_t have = 0;
  while (have < sector.size()) {
    const ssize_t count =
        ::pread(fd.get(), sector.data() + have, sector.size() - have, static_cast<off_t>(descriptor_at + have));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return medium_error(source, errno);
    if (count == 0) return Error(disc_unreadable, source.string());
    have += static_cast<std::size_t>(count);
  }
  const std::string_view text(reinterpret_cast<const char*>(sector.data()), sector.size());
  if (!text.starts_with(std::string_view("\x01"
                                         "CD001\x01",
                                         7)))
    return Error(disc_unreadable, source.string());
  Volume out;
  out.label = std::string(text.substr(label_at, label_bytes));
  out.label.erase(out.label.find_last_not_of(' ') + 1);
  for (std::size_t i = 0; i < 4; ++i) out.bytes |= std::uint64_t{sector[sectors_at + i]} << (8 * i);
  out.bytes *= sector_bytes;
  const std::string_view digits = text.substr(modified_at, modified_digits);
  const bool is_time = std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (!is_time || out.bytes <= descriptor_at) return Error(disc_unreadable, source.string());
  out.uuid = std::string(digits.substr(0, 4));
  for (std::size_t at = 4; at < modified_digits; at += 2) out.uuid += "-" + std::string(digits.substr(at, 2));
  return out;
}

Result<MadeImage> make_image(const fs::path& evidence, const DiscPlan& plan, const fs::path& file,
                             const std::vector<evidence::WitnessKey>& witnesses) {
  std::error_code error;
  if (fs::exists(file, error)) return Error(image_exists, file.string());
  const fs::path part = file.string() + ".part";
  Stage stage(file.string() + ".stage");
  fs::remove_all(stage.folder(), error);
  fs::remove(part, error);
  if (!fs::create_directories(stage.folder(), error)) return file_error(stage.folder().string(), error.value());
  const auto made = [&]() -> Result<MadeImage> {
    LUY_TRY_VOID(stage_days(stage, evidence, plan));
    LUY_TRY_VOID(
        run_disc_tool({"-as", "mkisofs", "-quiet", "-f", "-R", "-iso-level", "3", "-V", plan.label,
                       "--modification-date=" + digits_of(plan.made), "-o", part.string(), stage.folder().string()}));
    const UniqueFd fd(::open(part.c_str(), O_RDONLY | O_CLOEXEC));
    if (!fd || ::fsync(fd.get()) != 0) return file_error(part.string(), errno);
    MadeImage out;
    out.file = file;
    LUY_TRY(out.days, read_back(part, plan, witnesses, out.sha256));
    LUY_TRY(out.volume, look_at_disc(part));
    out.bytes = fs::file_size(part, error);
    // A burnt disc is longer than what was burnt: the digest has to be that of the volume.
    if (error || out.bytes != out.volume.bytes) return Error(disc_unreadable, part.string());
    if (::chmod(part.c_str(), 0444) != 0) return file_error(part.string(), errno);
    LUY_TRY_VOID(write_file_durably(file.string() + ".sha256", evidence::digest_line(out.sha256, file), 0444));
    if (::rename(part.c_str(), file.c_str()) != 0) return file_error(file.string(), errno);
    LUY_TRY_VOID(sync_folder(file.parent_path()));
    return out;
  }();
  if (!made) {
    fs::remove(part, error);
    fs::remove(file.string() + ".sha256", error);
  }
  return made;
}

}  // namespace luy::cli
