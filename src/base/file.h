// Files the way durable software needs them: whole reads with a limit, replacement that survives a power cut, and
// errors that name the path and what to do.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"

namespace luy {

inline constexpr ErrorKind file_not_found{"file.not_found", ErrorClass::not_found, "Không tìm thấy tệp {}.",
                                          "There is no file {}."};
inline constexpr ErrorKind file_denied{"file.denied", ErrorClass::io,
                                       "Không có quyền truy cập {}. Hãy kiểm tra chủ sở hữu và quyền của tệp.",
                                       "Access to {} is denied. Check the owner and mode of the file."};
inline constexpr ErrorKind disk_full{
    "file.disk_full", ErrorClass::unavailable,
    "Đĩa đã đầy khi ghi {}. Hãy giải phóng dung lượng hoặc chuyển dữ liệu sang đĩa lớn hơn.",
    "The disk is full while writing {}. Free some space or move the data to a larger disk."};
inline constexpr ErrorKind disk_read_only{"file.read_only", ErrorClass::unavailable,
                                          "Hệ thống tệp chỉ cho đọc: {}. Hãy kiểm tra đĩa và gắn lại ở chế độ ghi.",
                                          "The file system is read-only: {}. Check the disk and mount it writable."};
inline constexpr ErrorKind file_failed{"file.failed", ErrorClass::io, "Lỗi đọc hoặc ghi tệp {}.",
                                       "Reading or writing failed: {}."};
inline constexpr ErrorKind file_too_large{"file.too_large", ErrorClass::too_large, "Tệp vượt giới hạn kích thước: {}.",
                                          "The file is larger than allowed: {}."};

// Owns a file descriptor. Moving leaves -1 behind.
class UniqueFd {
 public:
  UniqueFd() = default;
  explicit UniqueFd(int fd) : fd_(fd) {}
  ~UniqueFd() { reset(); }
  UniqueFd(UniqueFd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  UniqueFd& operator=(UniqueFd&& other) noexcept {
    if (this != &other) {
      reset();
      fd_ = std::exchange(other.fd_, -1);
    }
    return *this;
  }
  int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }
  void reset();

 private:
  int fd_ = -1;
};

// The error for errno (or `error`) after an operation on `path`: denied, not found, full, read-only, or failed.
Error file_error(std::string_view path, int error);

// The whole file, at most `bytes_max` bytes. Works for /proc and /sys files, whose size reads as 0.
Result<std::string> read_file(const std::filesystem::path& path, std::size_t bytes_max);

// Replaces `path` by `bytes`: temporary file in the same folder, fsync, rename, fsync of the folder. After an error the
// old content is still there.
Result<void> write_file_durably(const std::filesystem::path& path, std::string_view bytes, mode_t mode = 0600);

// fsync of a folder: makes created, renamed and removed names durable.
Result<void> sync_folder(const std::filesystem::path& folder);

// Creates the folder and its parents where missing; the last one gets `mode`.
Result<void> make_folder(const std::filesystem::path& folder, mode_t mode = 0700);

}  // namespace luy
