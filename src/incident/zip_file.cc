#include "incident/zip_file.h"

#include <zip.h>

#include <memory>

namespace luy::incident {
namespace {

struct DiscardZip {
  void operator()(zip_t* archive) const { zip_discard(archive); }
};

std::string code_text(int code) {
  zip_error_t error;
  zip_error_init_with_code(&error, code);
  std::string out = zip_error_strerror(&error);
  zip_error_fini(&error);
  return out;
}

}  // namespace

Result<void> write_zip(const std::filesystem::path& path, const std::vector<ZipEntry>& entries, Time at) {
  int code = 0;
  std::unique_ptr<zip_t, DiscardZip> archive(zip_open(path.c_str(), ZIP_CREATE | ZIP_EXCL, &code));
  if (!archive) return Error(zip_failed, code_text(code));
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(at.time_since_epoch()).count();
  for (const ZipEntry& entry : entries) {
    zip_source_t* source = zip_source_file(archive.get(), entry.file.c_str(), 0, -1);
    const zip_int64_t index =
        source == nullptr ? -1 : zip_file_add(archive.get(), entry.name.c_str(), source, ZIP_FL_ENC_UTF_8);
    if (index < 0) {
      zip_source_free(source);
      return Error(zip_failed, zip_strerror(archive.get()));
    }
    zip_file_set_mtime(archive.get(), static_cast<zip_uint64_t>(index), static_cast<time_t>(seconds), 0);
  }
  if (zip_close(archive.get()) != 0) return Error(zip_failed, zip_strerror(archive.get()));
  static_cast<void>(archive.release());  // zip_close() freed it.
  return {};
}

}  // namespace luy::incident
