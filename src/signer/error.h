// Why the signer does not sign, in the administrator's words.
#pragma once

#include "base/result.h"

namespace luy::signer {

inline constexpr ErrorKind rolled_back{
    "signer.rolled_back", ErrorClass::corrupt,
    "Tiến trình ký từ chối: kho chứng cứ ngắn hơn những gì đã ký ({}). Thư mục dữ liệu đã bị đưa về trạng thái cũ; hãy "
    "khôi phục bản sao lưu mới nhất.",
    "The signer refuses: the evidence is shorter than what was signed ({}). The data folder was put back to an earlier "
    "state; restore the newest backup."};
inline constexpr ErrorKind forked{
    "signer.forked", ErrorClass::corrupt,
    "Tiến trình ký từ chối: kho chứng cứ không nối tiếp những gì đã ký ({}). Bản ghi đã ký đã bị sửa, xóa hoặc đổi thứ "
    "tự; hãy chạy 'luy evidence verify'.",
    "The signer refuses: the evidence does not continue what was signed ({}). Signed records were changed, deleted or "
    "reordered; run 'luy evidence verify'."};
inline constexpr ErrorKind other_origin{"signer.other_origin", ErrorClass::conflict,
                                        "Tiến trình ký từ chối: khóa ký thuộc nguồn khác ({}).",
                                        "The signer refuses: its keys are of another origin ({})."};
inline constexpr ErrorKind other_size{"signer.other_size", ErrorClass::conflict,
                                      "Tiến trình ký đã ký cây lớn hơn hoặc nhỏ hơn cây được chứng minh nối tiếp ({}).",
                                      "The signer signed another size last than the one the proof begins with ({})."};
inline constexpr ErrorKind day_over{
    "signer.day_over", ErrorClass::conflict,
    "Tiến trình ký từ chối: khóa của ngày {} đã bị hủy vì đã dùng khóa của ngày sau.",
    "The signer refuses: the key of {} was destroyed when that of a later day was used."};
inline constexpr ErrorKind day_ahead{
    "signer.day_ahead", ErrorClass::conflict,
    "Tiến trình ký từ chối dùng khóa của ngày {}, cách đồng hồ quá 31 ngày. Hãy kiểm tra đồng hồ của máy chủ.",
    "The signer refuses to use the key of {}, more than 31 days ahead of the clock. Check the server's clock."};
inline constexpr ErrorKind state_damaged{
    "signer.state_damaged", ErrorClass::corrupt,
    "Thư mục của tiến trình ký bị hỏng: {}. Hãy khôi phục thư mục keys/signer từ bản sao lưu mới nhất.",
    "The signer's folder is damaged: {}. Restore the folder keys/signer from the newest backup."};
inline constexpr ErrorKind in_use{"signer.in_use", ErrorClass::unavailable,
                                  "Khóa ký {} đang được một tiến trình khác sử dụng. Hãy dừng luy-hub trước.",
                                  "The signing keys {} are in use by another process. Stop luy-hub first."};
inline constexpr ErrorKind silent{
    "signer.silent", ErrorClass::unavailable,
    "Tiến trình ký không trả lời ({}). Nhật ký vẫn được ghi, điểm kiểm tra sẽ được ký khi tiến trình chạy lại.",
    "The signer does not answer ({}). Records are stored all the same and will be signed once it runs again."};
inline constexpr ErrorKind program_missing{"signer.program_missing", ErrorClass::unavailable,
                                           "Không chạy được tiến trình ký ({}). Hãy cài lại phần mềm.",
                                           "The signer cannot be started ({}). Install the software again."};

}  // namespace luy::signer
