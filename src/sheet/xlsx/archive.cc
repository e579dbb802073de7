#include "sheet/xlsx/archive.h"

#include <zip.h>

#include <algorithm>
#include <array>

#include "sheet/xlsx.h"

namespace luy::sheet::xlsx {
namespace {

// What old and encrypted workbooks begin with: Microsoft's compound file.
constexpr std::string_view compound_file = "\xD0\xCF\x11\xE0";
constexpr std::size_t ratio_from_bytes = 1 << 20;

struct CloseFile {
  void operator()(zip_file_t* file) const { zip_fclose(file); }
};

Error wrong(std::string vi, std::string en) {
  return Error(not_xlsx, std::move(vi), std::move(en));
}

Error too_large(const std::string& part) {
  return Error(xlsx_too_large, "tệp " + part + " bung ra quá lớn", "the part " + part + " unpacks to too much");
}

}  // namespace

void Archive::Discard::operator()(zip* archive) const {
  zip_discard(archive);
}

Result<Archive> Archive::open(std::string_view bytes) {
  if (bytes.size() > xlsx_bytes_max) return Error(xlsx_too_large, "quá 2 MiB", "more than 2 MiB");
  if (bytes.starts_with(compound_file)) {
    return wrong("tệp .xls đời cũ hoặc có mật khẩu", "it is an old .xls, or has a password");
  }
  zip_source_t* source = zip_source_buffer_create(bytes.data(), bytes.size(), 0, nullptr);
  if (source == nullptr) return wrong("không đủ bộ nhớ", "out of memory");
  zip_t* opened = zip_open_from_source(source, ZIP_RDONLY, nullptr);
  if (opened == nullptr) {
    zip_source_free(source);
    return wrong("không phải tệp ZIP", "it is no ZIP file");
  }
  Archive out(opened);
  if (zip_get_num_entries(opened, 0) > static_cast<zip_int64_t>(xlsx_parts_max)) {
    return Error(xlsx_too_large, "quá nhiều tệp bên trong", "too many files in it");
  }
  return out;
}

bool Archive::has(const std::string& part) const {
  return zip_name_locate(archive_.get(), part.c_str(), 0) >= 0;
}

Result<std::string> Archive::read(const std::string& part) {
  const zip_int64_t at = zip_name_locate(archive_.get(), part.c_str(), 0);
  if (at < 0) return wrong("thiếu tệp " + part, "the part " + part + " is missing");
  const auto index = static_cast<zip_uint64_t>(at);
  zip_stat_t stat{};
  zip_stat_init(&stat);
  const Error damaged =
      wrong("tệp " + part + " hỏng hoặc có mật khẩu", "the part " + part + " is damaged or encrypted");
  if (zip_stat_index(archive_.get(), index, 0, &stat) != 0 || (stat.valid & ZIP_STAT_COMP_SIZE) == 0) return damaged;
  const std::unique_ptr<zip_file_t, CloseFile> file(zip_fopen_index(archive_.get(), index, 0));
  if (!file) return damaged;
  // What the archive says of sizes is not believed: the bytes that come out are counted.
  const std::size_t by_ratio = ratio_from_bytes + xlsx_ratio_max * static_cast<std::size_t>(std::min<zip_uint64_t>(
                                                                       stat.comp_size, xlsx_bytes_max));
  const std::size_t left = std::min({xlsx_part_bytes_max, xlsx_unpacked_bytes_max - unpacked_, by_ratio});
  std::string out;
  std::array<char, 16384> buffer{};
  while (true) {
    const zip_int64_t size = zip_fread(file.get(), buffer.data(), buffer.size());
    if (size < 0) return damaged;
    if (size == 0) break;
    if (out.size() + static_cast<std::size_t>(size) > left) return too_large(part);
    out.append(buffer.data(), static_cast<std::size_t>(size));
  }
  unpacked_ += out.size();
  return out;
}

}  // namespace luy::sheet::xlsx
