// Reads and validates a regulation pack: pack.yaml, articles.yaml and obligations.yaml of one folder. Start-up only.
// Validation is complete: an unknown key, a missing translation or a parameter that a check needs and does not find
// stops the start with the file, line and column, instead of a duty that silently is never judged.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

#include "base/result.h"
#include "regulation/pack.h"

namespace luy::regulation {

inline constexpr std::size_t file_bytes_max = 1 << 20;  // Three times the largest file of the pack we ship.
inline constexpr std::size_t text_bytes_max = 8192;
inline constexpr std::size_t list_items_max = 1000;

// The detail of each is "<file>:<line>:<column>: …", lines and columns counted from 1.
inline constexpr ErrorKind bad_syntax{"regulation.bad_syntax", ErrorClass::invalid,
                                      "Gói quy chế sai cú pháp YAML tại {}. Hãy sửa dòng này.",
                                      "The regulation pack is not valid YAML at {}. Correct this line."};
inline constexpr ErrorKind not_allowed_yaml{
    "regulation.not_allowed_yaml", ErrorClass::invalid,
    "Gói quy chế dùng cú pháp không được phép tại {}. Hãy viết trực tiếp giá trị, không dùng neo, bí danh, thẻ.",
    "The regulation pack uses YAML that is not allowed at {}. Write the value out, without anchors, aliases or tags."};
inline constexpr ErrorKind over_limit{"regulation.over_limit", ErrorClass::too_large,
                                      "Gói quy chế vượt giới hạn tại {}. Hãy rút gọn nội dung.",
                                      "The regulation pack is over a limit at {}. Make it smaller."};
inline constexpr ErrorKind wrong_type{"regulation.wrong_type", ErrorClass::invalid,
                                      "Gói quy chế có giá trị sai kiểu tại {}.",
                                      "The regulation pack has a value of the wrong type at {}."};
inline constexpr ErrorKind unknown_key{
    "regulation.unknown_key", ErrorClass::invalid,
    "Gói quy chế có khóa không được biết tại {}. Hãy sửa thành một trong các khóa đã nêu.",
    "The regulation pack has an unknown key at {}. Correct it to one of the known keys named."};
inline constexpr ErrorKind missing_key{"regulation.missing_key", ErrorClass::invalid,
                                       "Gói quy chế thiếu khóa tại {}. Hãy bổ sung.",
                                       "The regulation pack lacks a key at {}. Add it."};
inline constexpr ErrorKind missing_translation{
    "regulation.missing_translation", ErrorClass::invalid,
    "Gói quy chế thiếu bản tiếng Việt hoặc tiếng Anh tại {}. Hãy bổ sung cả hai.",
    "The regulation pack lacks the Vietnamese or the English text at {}. Give both."};
inline constexpr ErrorKind duplicate{"regulation.duplicate", ErrorClass::invalid,
                                     "Gói quy chế khai báo trùng tại {}. Hãy bỏ một trong hai.",
                                     "The regulation pack declares something twice at {}. Remove one of the two."};
inline constexpr ErrorKind unknown_name{
    "regulation.unknown_name", ErrorClass::invalid,
    "Gói quy chế dùng tên không được biết tại {}. Hãy sửa thành một trong các tên đã nêu.",
    "The regulation pack uses an unknown name at {}. Correct it to one of the known names given."};
inline constexpr ErrorKind wrong_unit{
    "regulation.wrong_unit", ErrorClass::invalid, "Gói quy chế có tham số sai đơn vị tại {}. Hãy dùng đơn vị đã nêu.",
    "The regulation pack has a parameter in the wrong unit at {}. Use the unit named."};
inline constexpr ErrorKind bad_value{"regulation.bad_value", ErrorClass::invalid,
                                     "Gói quy chế có giá trị không hợp lệ tại {}.",
                                     "The regulation pack has a value that is not valid at {}."};

// The three files as bytes; the names are only used in errors.
struct PackFiles {
  std::string folder;  // "regulation/4448-2017": errors name the file as "<folder>/pack.yaml". Its last part is the id.
  std::string pack;
  std::string articles;
  std::string obligations;
};

// Errors: all of the above, and nothing else.
Result<Pack> parse_pack(const PackFiles& files);

// Errors: those of parse_pack(), and file.not_found, file.denied, file.too_large, file.failed (base/file.h).
Result<Pack> load_pack(const std::filesystem::path& folder);

}  // namespace luy::regulation
