// What can go wrong with evidence, in the administrator's words.
#pragma once

#include "base/result.h"

namespace luy::evidence {

inline constexpr ErrorKind retention_floor{
    "evidence.retention_floor", ErrorClass::denied,
    "Không được xóa nhật ký chưa đủ 30 ngày (Điều 9.1 Quyết định 4448): {}.",
    "Logs younger than 30 days may not be deleted (article 9.1 of Decision 4448): {}."};
inline constexpr ErrorKind store_corrupt{
    "evidence.corrupt", ErrorClass::corrupt,
    "Kho chứng cứ không toàn vẹn: {}. Hãy giữ nguyên tệp, không sửa, và chạy 'luy evidence verify'.",
    "The evidence store fails verification: {}. Leave the files as they are and run 'luy evidence verify'."};
inline constexpr ErrorKind rolled_back{
    "evidence.rolled_back", ErrorClass::corrupt,
    "Kho chứng cứ bị mất hoặc cũ hơn sổ ghi của máy chủ: {}. Hãy khôi phục thư mục evidence từ bản sao lưu mới nhất. "
    "Nếu "
    "không còn bản nào, chạy 'luy-hub accept-loss' để ghi nhận việc mất chứng cứ rồi mới chạy tiếp.",
    "The evidence is lost or older than the hub's records: {}. Restore the folder evidence from the newest backup. If "
    "there is none, run 'luy-hub accept-loss' to put the loss on record before going on."};
inline constexpr ErrorKind store_newer{
    "evidence.newer", ErrorClass::unavailable,
    "Tệp chứng cứ do phiên bản mới hơn tạo ra: {}. Hãy dùng phiên bản phần mềm đó hoặc mới hơn.",
    "The evidence file was written by a newer version: {}. Use that version of the software or a newer one."};
inline constexpr ErrorKind record_unknown{"evidence.record_unknown", ErrorClass::not_found, "Không có bản ghi số {}.",
                                          "There is no record number {}."};
inline constexpr ErrorKind record_withheld{
    "evidence.withheld", ErrorClass::not_found,
    "Nội dung bản ghi số {} đã bị xóa theo quyết định của hai người hoặc theo thời hạn lưu trữ; chỉ còn mã băm. Xem "
    "bản "
    "ghi 'withheld' của ngày đó.",
    "The content of record number {} was removed by a decision of two people or a rule of retention; its hash is left. "
    "See the record 'withheld' about that day."};
inline constexpr ErrorKind rewrite_refused{
    "evidence.rewrite_refused", ErrorClass::conflict,
    "Không ghi lại được tệp của ngày: {}. Không có gì thay đổi; hãy kiểm tra ngày đã khóa và còn nguyên vẹn rồi làm "
    "lại.",
    "The day's file was not written anew: {}. Nothing has changed; see that the day is closed and sound, then do it "
    "again."};
inline constexpr ErrorKind not_covered{
    "evidence.not_covered", ErrorClass::busy,
    "Bản ghi số {} chưa được điểm kiểm tra có chữ ký nào bao phủ. Hãy thử lại sau ít giây.",
    "No signed checkpoint covers record number {} yet. Try again in some seconds."};
inline constexpr ErrorKind query_invalid{"evidence.query_invalid", ErrorClass::invalid,
                                         "Câu tìm kiếm không hợp lệ: {}.", "The search is not valid: {}."};
inline constexpr ErrorKind record_invalid{"evidence.record_invalid", ErrorClass::invalid,
                                          "Bản ghi vượt giới hạn của kho chứng cứ: {}. Không ghi nhận phần nào.",
                                          "A record exceeds a limit of the evidence store: {}. Nothing was stored."};
inline constexpr ErrorKind batch_conflict{
    "evidence.batch_conflict", ErrorClass::conflict,
    "Gói số {} đã được nhận với nội dung khác (máy trạm có thể đã được khôi phục từ bản chụp). Máy trạm phải gửi lại "
    "bằng vùng đệm mới.",
    "Batch {} was received with other content (the machine may have been restored from a snapshot). The agent has to "
    "send it again from a new spool."};
inline constexpr ErrorKind store_in_use{"evidence.in_use", ErrorClass::unavailable,
                                        "Kho chứng cứ {} đang được một tiến trình khác sử dụng.",
                                        "The evidence store {} is in use by another process."};
inline constexpr ErrorKind store_empty{"evidence.empty", ErrorClass::unavailable,
                                       "Kho chứng cứ chưa có bản ghi nào để ký: {}.",
                                       "The evidence store holds no record to sign yet: {}."};
inline constexpr ErrorKind origin_changed{
    "evidence.origin_changed", ErrorClass::conflict,
    "Kho chứng cứ thuộc nguồn khác với khóa ký hiện tại: {}. Hãy dùng đúng khóa ký của kho hoặc một thư mục trống.",
    "The evidence store belongs to another origin than the signing key: {}. Use the store's own key or an empty "
    "folder."};
inline constexpr ErrorKind note_malformed{"evidence.note_malformed", ErrorClass::invalid,
                                          "Điểm kiểm tra có chữ ký sai khuôn dạng: {}.",
                                          "The signed checkpoint is malformed: {}."};
inline constexpr ErrorKind note_unverified{"evidence.note_unverified", ErrorClass::corrupt,
                                           "Chữ ký của điểm kiểm tra không hợp lệ: {}.",
                                           "The checkpoint's signature is not valid: {}."};
inline constexpr ErrorKind key_invalid{"evidence.key_invalid", ErrorClass::invalid, "Khóa không hợp lệ: {}.",
                                       "The key is not valid: {}."};

}  // namespace luy::evidence
