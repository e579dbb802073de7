// PDF/A-2b of a document through LibreOffice, where it is installed: in a process group of its own with a throw-away
// profile, without macros, without the network where the kernel lets us take it away, bounded in time and size.
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace luy::hub {

inline constexpr std::chrono::seconds pdfa_time_max{60};  // A cold start of LibreOffice takes up to ten.
inline constexpr std::chrono::seconds pdfa_wait_max{5};   // For the conversion before.
inline constexpr std::size_t pdfa_bytes_max = 64 << 20;

inline constexpr ErrorKind pdfa_unavailable{
    "paper.pdfa_unavailable", ErrorClass::conflict,
    "Máy chủ chưa cài LibreOffice nên không xuất được PDF/A ({}). Hãy cài gói libreoffice-writer-nogui, hoặc dùng PDF.",
    "LibreOffice is not installed on the hub, so there is no PDF/A ({}). Install libreoffice-writer-nogui, or take the "
    "PDF."};
inline constexpr ErrorKind pdfa_failed{"paper.pdfa_failed", ErrorClass::unavailable,
                                       "LibreOffice không chuyển được văn bản sang PDF/A ({}). Hãy thử lại.",
                                       "LibreOffice could not make a PDF/A of the document ({}). Try again."};
inline constexpr ErrorKind pdfa_busy{"paper.pdfa_busy", ErrorClass::busy,
                                     "Đang xuất PDF/A cho văn bản khác ({}). Hãy thử lại sau ít phút.",
                                     "Another document is being made a PDF/A ({}). Try again in a minute."};

class PdfaDesk {
 public:
  // `programs`: where LibreOffice may be; the first that is there is run. `temporary`: folder for folders of its own.
  PdfaDesk(std::vector<std::filesystem::path> programs, std::filesystem::path temporary)
      : programs_(std::move(programs)), temporary_(std::move(temporary)) {}

  // Any thread, one at a time. Nothing is left behind. Errors: pdfa_unavailable, pdfa_failed, pdfa_busy, those of
  // files.
  Result<std::string> convert(std::string_view docx);

 private:
  const std::vector<std::filesystem::path> programs_;
  const std::filesystem::path temporary_;
  std::timed_mutex converting_;
};

// Where packages put it.
std::vector<std::filesystem::path> soffice_programs();

}  // namespace luy::hub
