// Reads the files of checks. Strict: a key that is not known, a name that does not exist or a text in one language only
// is an error with file, line and column; nothing is guessed. Pure.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "hardening/check.h"

namespace luy::hardening {

inline constexpr ErrorKind bad_checks{"hardening.bad_checks", ErrorClass::invalid,
                                      "Tệp kiểm tra cấu hình có lỗi tại {}. Hãy sửa chỗ này.",
                                      "The file of hardening checks is wrong at {}. Correct it there."};

inline constexpr std::size_t checks_max = 1000;

struct CheckFile {
  std::string_view name;  // For errors: "checks/ssh.yaml".
  std::string_view bytes;
};

// Errors: bad_checks, with the place and what is the matter ("checks/ssh.yaml:12:5: 'x' [a, b] (unknown_key)").
Result<Catalogue> load_checks(std::span<const CheckFile> files);

// The files this program was built with, in order of name.
std::span<const CheckFile> builtin_files();
// Their checks, read at the first call. Broken ones are a bug of this repository and abort. Any thread.
const Catalogue& builtin_checks();

}  // namespace luy::hardening
