// Why a rule, a filter, a correlation, a pipeline or an event is refused. The detail says where ("file:line: …") and
// what.
#pragma once

#include "base/result.h"

namespace luy::detect {

inline constexpr ErrorKind bad_yaml{"detect.bad_yaml", ErrorClass::invalid,
                                    "Tệp luật sai cú pháp YAML tại {}. Hãy sửa dòng này.",
                                    "The rule file is not valid YAML at {}. Correct this line."};
inline constexpr ErrorKind yaml_not_allowed{
    "detect.yaml_not_allowed", ErrorClass::invalid,
    "Tệp luật dùng cú pháp YAML không được phép tại {}. Hãy viết trực tiếp giá trị, không dùng neo, bí danh, thẻ.",
    "The rule file uses YAML that is not allowed at {}. Write the value out, without anchors, aliases or tags."};
inline constexpr ErrorKind over_limit{"detect.over_limit", ErrorClass::too_large,
                                      "Luật phát hiện vượt giới hạn tại {}. Hãy chia nhỏ hoặc rút gọn.",
                                      "A detection rule is over a limit at {}. Divide it or make it smaller."};
inline constexpr ErrorKind bad_rule{
    "detect.bad_rule", ErrorClass::invalid,
    "Luật phát hiện thiếu hoặc sai phần bắt buộc tại {}. Hãy sửa theo đặc tả Sigma 2.1.",
    "A detection rule lacks a required part or has it wrong at {}. Correct it after the "
    "Sigma 2.1 specification."};
inline constexpr ErrorKind unknown_modifier{
    "detect.unknown_modifier", ErrorClass::invalid, "Luật dùng bổ từ mà Sigma 2.1 không có tại {}. Hãy sửa tên bổ từ.",
    "A rule uses a modifier that Sigma 2.1 does not have at {}. Correct its name."};
inline constexpr ErrorKind bad_modifier{"detect.bad_modifier", ErrorClass::invalid,
                                        "Bổ từ không dùng được với giá trị này tại {}. Hãy sửa bổ từ hoặc giá trị.",
                                        "A modifier does not fit its value at {}. Correct one of the two."};
inline constexpr ErrorKind bad_condition{"detect.bad_condition", ErrorClass::invalid,
                                         "Điều kiện của luật sai cú pháp tại {}. Hãy sửa mục condition.",
                                         "The rule's condition is malformed at {}. Correct its condition."};
inline constexpr ErrorKind unknown_identifier{
    "detect.unknown_identifier", ErrorClass::invalid,
    "Điều kiện nhắc đến tên không có trong mục detection tại {}. Hãy sửa tên hoặc bổ sung mục đó.",
    "The condition names what the detection section does not hold at {}. Correct the name or add the section."};
inline constexpr ErrorKind unfilled_placeholder{
    "detect.unfilled_placeholder", ErrorClass::invalid,
    "Luật cần giá trị thay thế chưa được khai báo tại {}. Hãy khai báo giá trị trong cấu hình rồi nạp lại.",
    "The rule needs a placeholder that nothing fills at {}. Give its values in a pipeline, then load the rule again."};
inline constexpr ErrorKind bad_regex{
    "detect.bad_regex", ErrorClass::invalid,
    "Biểu thức chính quy không dùng được tại {}. Không hỗ trợ nhìn trước, nhìn sau và tham chiếu ngược.",
    "The regular expression cannot be used at {}. Look-around and back-references are not supported."};
inline constexpr ErrorKind bad_network{"detect.bad_network", ErrorClass::invalid,
                                       "Dải địa chỉ mạng không hợp lệ tại {}. Hãy viết như 10.0.0.0/8 hoặc fe80::/10.",
                                       "The network range is not valid at {}. Write it like 10.0.0.0/8 or fe80::/10."};
inline constexpr ErrorKind duplicate_rule{"detect.duplicate_rule", ErrorClass::conflict,
                                          "Hai luật dùng cùng một mã: {}. Hãy bỏ một luật hoặc đổi mã.",
                                          "Two rules share one id: {}. Remove one of them or change its id."};
inline constexpr ErrorKind unknown_rule{
    "detect.unknown_rule", ErrorClass::not_found,
    "Luật tương quan hoặc bộ lọc nhắc đến luật không có: {}. Hãy nạp luật đó hoặc sửa tên.",
    "A correlation or filter names a rule that is not there: {}. Load that rule or correct the name."};
inline constexpr ErrorKind bad_correlation{
    "detect.bad_correlation", ErrorClass::invalid, "Luật tương quan sai tại {}. Hãy sửa theo đặc tả Sigma 2.1.",
    "The correlation rule is wrong at {}. Correct it after the Sigma 2.1 specification."};
inline constexpr ErrorKind bad_pipeline{
    "detect.bad_pipeline", ErrorClass::invalid, "Cấu hình ánh xạ trường sai tại {}. Hãy sửa theo docs/detection.md.",
    "The field mapping pipeline is wrong at {}. Correct it after docs/detection.md."};
inline constexpr ErrorKind bad_event{"detect.bad_event", ErrorClass::invalid,
                                     "Sự kiện không phải một đối tượng JSON hợp lệ: {}.",
                                     "The event is not a valid JSON object: {}."};
inline constexpr ErrorKind bad_cache{
    "detect.bad_cache", ErrorClass::corrupt,
    "Bản biên dịch luật đã lưu không dùng được: {}. Luật sẽ được biên dịch lại.",
    "The stored compile of the rules cannot be used: {}. The rules are compiled again."};

}  // namespace luy::detect
