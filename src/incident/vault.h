// Files of cases outside the database: stored once by their SHA-256, bounded, their type told from their bytes and
// never from what somebody says.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "incident/process.h"

namespace luy::incident {

inline constexpr ErrorKind file_type_refused{
    "incident.file_type_refused", ErrorClass::invalid,
    "Loại tệp không được nhận: {}. Chỉ nhận ảnh JPEG, PNG, WebP, tệp PDF, ZIP và văn bản thuần.",
    "This type of file is not taken: {}. Pictures (JPEG, PNG, WebP), PDF, ZIP and plain text are."};
inline constexpr ErrorKind photo_type_refused{
    "incident.photo_type_refused", ErrorClass::invalid,
    "Ảnh phải là tệp JPEG, PNG hoặc WebP; tệp đã chọn là {}. Hãy chụp màn hình hoặc đổi định dạng ảnh rồi gửi lại.",
    "The picture must be JPEG, PNG or WebP; the file is {}. Take a screenshot or convert the picture, and send it "
    "again."};
inline constexpr ErrorKind attachment_too_large{"incident.attachment_too_large", ErrorClass::too_large,
                                                "Tệp quá lớn: {}. Hãy giảm dung lượng rồi gửi lại.",
                                                "The file is too large: {}. Make it smaller and send it again."};
inline constexpr ErrorKind attachment_unknown{"incident.attachment_unknown", ErrorClass::not_found,
                                              "Không tìm thấy tệp {}.", "There is no file {}."};
inline constexpr ErrorKind attachment_damaged{
    "incident.attachment_damaged", ErrorClass::corrupt,
    "Tệp {} đã bị thay đổi trên đĩa. Hãy phục hồi thư mục tệp đính kèm từ bản sao lưu.",
    "The file {} was changed on disk. Restore the folder of attachments from a backup."};

inline constexpr std::size_t photo_bytes_max = 20 << 20;     // Pictures.
inline constexpr std::size_t document_bytes_max = 64 << 20;  // Everything else.
inline constexpr std::size_t file_name_bytes_max = 180;

struct StoredFile {
  std::string sha256;  // 64 lower-case digits.
  std::string type;    // "image/jpeg"
  std::size_t size = 0;
};

// What a file is that is not taken, in words of whoever chose it: "ảnh HEIC của điện thoại iPhone".
Text kind_of_refused(std::string_view bytes);

// By the first bytes; nullopt for what is not taken. Pictures by their signatures, text when it is clean UTF-8.
std::optional<std::string> sniff_type(std::string_view bytes);

// The last part of what somebody calls a file, without what a file system or a mail program could trip over; "tep" when
// nothing is left.
std::string clean_file_name(std::string_view name);

// Thread-safe: files are written under their own names once and never changed.
class Vault {
 public:
  // Creates the folder (mode 0700). Errors: those of make_folder().
  static Result<Vault> open(std::filesystem::path folder);

  // Where files are put together before they are stored, on the same disk; emptied by open().
  std::filesystem::path scratch() const { return folder_ / "tmp"; }

  // Durable when it answers. Errors: file_type_refused, attachment_too_large, those of write_file_durably().
  Result<StoredFile> put(std::string_view bytes) const;
  // Errors: attachment_unknown, attachment_damaged, those of read_file().
  Result<std::string> get(std::string_view sha256) const;

 private:
  explicit Vault(std::filesystem::path folder) : folder_(std::move(folder)) {}
  std::filesystem::path place_of(std::string_view sha256) const;
  std::filesystem::path folder_;
};

}  // namespace luy::incident
