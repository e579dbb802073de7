// What verification may find, each with a stable name and a sentence for the person who checks.
#pragma once

#include "base/result.h"

namespace luy::evidence {

inline constexpr ErrorKind finding_digest_wrong{"verify.digest_wrong", ErrorClass::corrupt,
                                                "Tệp đã bị thay đổi sau khi khóa: SHA-256 không khớp: {}.",
                                                "The file was altered after it was closed: SHA-256 differs: {}."};
inline constexpr ErrorKind finding_digest_absent{"verify.digest_absent", ErrorClass::corrupt,
                                                 "Thiếu tệp .sha256 của ngày đã khóa: {}.",
                                                 "The .sha256 file of a closed day is absent: {}."};
inline constexpr ErrorKind finding_file_absent{"verify.file_absent", ErrorClass::corrupt, "Thiếu tệp của một ngày: {}.",
                                               "The file of a day is absent: {}."};
inline constexpr ErrorKind finding_file_damaged{"verify.file_damaged", ErrorClass::corrupt,
                                                "Tệp bị hỏng hoặc bị cắt ngắn: {}.",
                                                "The file is damaged or truncated: {}."};
inline constexpr ErrorKind finding_schema{"verify.schema", ErrorClass::corrupt,
                                          "Cấu trúc bảng của tệp đã bị thay đổi: {}.",
                                          "The tables of the file were altered: {}."};
inline constexpr ErrorKind finding_unsealed{"verify.unsealed", ErrorClass::corrupt,
                                            "Ngày đã qua nhưng chưa được khóa: {}.", "A past day was not closed: {}."};
inline constexpr ErrorKind finding_record_absent{"verify.record_absent", ErrorClass::corrupt, "Thiếu bản ghi: {}.",
                                                 "Records are absent: {}."};
inline constexpr ErrorKind finding_block_altered{"verify.block_altered", ErrorClass::corrupt,
                                                 "Khối dữ liệu bị hỏng hoặc bị sửa: {}.",
                                                 "A block is damaged or altered: {}."};
inline constexpr ErrorKind finding_index_altered{"verify.index_altered", ErrorClass::corrupt,
                                                 "Chỉ mục tìm kiếm của khối không khớp dữ liệu: {}.",
                                                 "The search index of a block does not fit its records: {}."};
inline constexpr ErrorKind finding_nodes_altered{"verify.nodes_altered", ErrorClass::corrupt,
                                                 "Các nút Merkle đã lưu không khớp dữ liệu: {}.",
                                                 "The stored Merkle nodes do not fit the records: {}."};
inline constexpr ErrorKind finding_head_altered{"verify.head_altered", ErrorClass::corrupt,
                                                "Số liệu tổng của ngày không khớp dữ liệu: {}.",
                                                "The day's totals do not fit its records: {}."};
inline constexpr ErrorKind finding_root_differs{
    "verify.root_differs", ErrorClass::corrupt,
    "Bản ghi đã bị sửa, xóa hoặc đổi thứ tự: gốc cây không khớp điểm kiểm tra đã ký: {}.",
    "Records were changed, deleted or reordered: the tree's root differs from the signed checkpoint: {}."};
inline constexpr ErrorKind finding_note_invalid{"verify.note_invalid", ErrorClass::corrupt,
                                                "Điểm kiểm tra hoặc chữ ký không hợp lệ: {}.",
                                                "A checkpoint or its signature is not valid: {}."};
inline constexpr ErrorKind finding_certificate{
    "verify.certificate", ErrorClass::corrupt,
    "Giấy chứng nhận khóa ngày không do khóa gốc hoặc khóa kế nhiệm nào ký: {}.",
    "The certificate of a day's key is signed by neither the root key nor a successor: {}."};
inline constexpr ErrorKind finding_key_day{
    "verify.key_day", ErrorClass::corrupt,
    "Điểm kiểm tra được ký bằng khóa của một ngày khác (khóa đã bị lộ hoặc dùng sai): {}.",
    "A checkpoint is signed with the key of another day (a key that was stolen or misused): {}."};
inline constexpr ErrorKind finding_note_absent{"verify.note_absent", ErrorClass::corrupt,
                                               "Thiếu điểm kiểm tra có chữ ký cuối ngày: {}.",
                                               "The signed checkpoint of the day's end is absent: {}."};
inline constexpr ErrorKind finding_coverage_altered{"verify.coverage_altered", ErrorClass::corrupt,
                                                    "Bảng thống kê theo thiết bị không khớp bản ghi cuối ngày: {}.",
                                                    "The table of coverage does not fit the day's last record: {}."};
inline constexpr ErrorKind finding_time_order{"verify.time_order", ErrorClass::corrupt,
                                              "Thời điểm nhận không thuộc ngày của tệp hoặc đi lùi: {}.",
                                              "A time of receipt is outside the file's day or goes back: {}."};
inline constexpr ErrorKind finding_not_continued{"verify.not_continued", ErrorClass::corrupt,
                                                 "Tệp không nối tiếp ngày trước nó: {}.",
                                                 "The file does not continue the day before it: {}."};
inline constexpr ErrorKind finding_rolled_back{
    "verify.rolled_back", ErrorClass::corrupt, "Kho ngắn hơn điểm kiểm tra đã công bố (bị quay lui hoặc cắt bớt): {}.",
    "The store is shorter than a checkpoint published before (rolled back or cut): {}."};

inline constexpr ErrorKind finding_unsigned{
    "verify.unsigned", ErrorClass::corrupt,
    "Bản ghi không có điểm kiểm tra có chữ ký nào bao phủ, quá mức của một lần ghi dở: {}.",
    "Records that no signed checkpoint covers, more than an interrupted run leaves: {}."};
inline constexpr ErrorKind finding_days_absent{
    "verify.days_absent", ErrorClass::corrupt,
    "Thiếu các ngày cũ nhất mà không có bản ghi 'retention' nào nói đã xóa do hết hạn lưu: {}.",
    "The oldest days are absent and no 'retention' record says that they were deleted as too old: {}."};
inline constexpr ErrorKind finding_mixed{
    "verify.mixed", ErrorClass::corrupt,
    "Thư mục vừa có tệp ngày vừa có tệp của gói chứng cứ, một trong hai đã bị đặt vào sau: {}.",
    "The folder holds both day files and files of a package; one of them was put there: {}."};
inline constexpr ErrorKind finding_foreign_file{"verify.foreign_file", ErrorClass::corrupt,
                                                "Trong gói có thứ không thuộc gói chứng cứ: {}.",
                                                "The package holds something that does not belong to a package: {}."};
inline constexpr ErrorKind finding_list_altered{"verify.list_altered", ErrorClass::corrupt,
                                                "Danh sách để đọc không đúng với các bản ghi của gói: {}.",
                                                "The list to read does not say what the package's records say: {}."};
inline constexpr ErrorKind finding_manifest_absent{
    "verify.manifest_absent", ErrorClass::corrupt,
    "Không có chữ ký cho biết gói gồm những bản ghi nào, có thể đã bị lấy bớt: {}. Hãy xuất lại gói có ký, hoặc dùng "
    "--each-record để chỉ kiểm từng bản ghi.",
    "Nobody signed which records belong to the package; some may have been taken out: {}. Export it anew with a key, "
    "or "
    "use --each-record to verify each record for itself."};

inline constexpr ErrorKind finding_withheld{
    "verify.withheld_unexplained", ErrorClass::corrupt,
    "Nội dung bản ghi đã bị xóa mà không có bản ghi 'withheld' nào đã ký nói vì sao: {}.",
    "The content of records was removed and no signed record 'withheld' says why: {}."};

inline constexpr ErrorKind finding_cosignature_absent{"verify.cosignature_absent", ErrorClass::corrupt,
                                                      "Không có chữ ký xác nhận nào của nhân chứng {}.",
                                                      "There is no cosignature of the witness {}."};
inline constexpr ErrorKind finding_stamp_invalid{"verify.time_stamp_invalid", ErrorClass::corrupt,
                                                 "Dấu thời gian của ngày không hợp lệ: {}.",
                                                 "The time-stamp of a day is not valid: {}."};

// Not faults: what the person should know.
inline constexpr ErrorKind remark_withheld{
    "verify.withheld", ErrorClass::unavailable,
    "Nội dung một số bản ghi đã được xóa theo quyết định, chỉ còn mã băm: {}.",
    "The content of some records was removed by a decision; their hashes are left: {}."};
inline constexpr ErrorKind remark_cosigned{"verify.cosigned", ErrorClass::unavailable,
                                           "Nhân chứng xác nhận đến bản ghi: {}.",
                                           "A witness vouches for the records up to: {}."};
inline constexpr ErrorKind remark_stamped{"verify.time_stamped", ErrorClass::unavailable, "Dấu thời gian của ngày: {}.",
                                          "Time-stamp of a day: {}."};
inline constexpr ErrorKind remark_each_record{
    "verify.each_record", ErrorClass::unavailable,
    "Chỉ kiểm từng bản ghi; không biết gói có bị lấy bớt bản ghi hay không: {}.",
    "Each record was verified for itself; whether records were taken out of the package is not known: {}."};
inline constexpr ErrorKind remark_open_day{"verify.open_day", ErrorClass::unavailable, "Ngày đang ghi, chưa khóa: {}.",
                                           "The day is still being written: {}."};
inline constexpr ErrorKind remark_unsigned_tail{"verify.unsigned_tail", ErrorClass::unavailable,
                                                "Chưa có chữ ký bao phủ, nên chưa có gì bảo đảm cho các bản ghi: {}.",
                                                "Not signed yet, so that nothing vouches for these records: {}."};
inline constexpr ErrorKind remark_starts_later{"verify.starts_later", ErrorClass::unavailable,
                                               "Các ngày cũ hơn không có ở đây: {}.", "Older days are not here: {}."};
inline constexpr ErrorKind remark_own_keys{"verify.own_keys", ErrorClass::unavailable,
                                           "Chữ ký được kiểm bằng khóa nằm trong chính tệp, chỉ chứng tỏ tính nhất "
                                           "quán. Hãy dùng --key với khóa công khai nhận từ nguồn khác: {}.",
                                           "Signatures were checked with the keys inside the files, which shows "
                                           "consistency only. Use --key with the public key obtained elsewhere: {}."};
inline constexpr ErrorKind remark_note_not_checked{
    "verify.note_not_checked", ErrorClass::unavailable,
    "Điểm kiểm tra đưa vào nằm ngoài những gì có ở đây nên không đối chiếu được: {}.",
    "A given checkpoint lies outside what is here and could not be compared: {}."};

}  // namespace luy::evidence
