#include "cli/exit_code.h"

#include <array>

namespace luy::cli {
namespace {

constexpr std::array rows = {
    ExitCodeRow{ExitCode::ok, "xong, không có lỗi", "done, nothing wrong"},
    ExitCodeRow{ExitCode::fault, "việc kiểm tra phát hiện sai phạm", "the check found something wrong"},
    ExitCodeRow{ExitCode::usage, "sai cú pháp hoặc dữ liệu vào", "wrong usage or input"},
    ExitCodeRow{ExitCode::not_found, "không tìm thấy", "not found"},
    ExitCodeRow{ExitCode::denied, "không được phép", "not allowed"},
    ExitCodeRow{ExitCode::refused, "trạng thái hiện tại không cho phép", "the present state refuses it"},
    ExitCodeRow{ExitCode::unavailable, "đang bận hoặc thiếu thành phần", "busy, or something needed is missing"},
    ExitCodeRow{ExitCode::corrupt, "dữ liệu lưu trữ không toàn vẹn", "stored data is damaged"},
    ExitCodeRow{ExitCode::io, "lỗi đọc hoặc ghi", "reading or writing failed"},
    ExitCodeRow{ExitCode::internal, "lỗi nội bộ", "internal error"},
};

}  // namespace

std::span<const ExitCodeRow> exit_codes() {
  return rows;
}

std::string exit_code_help() {
  std::string out = "Mã thoát / exit codes:\n";
  for (const ExitCodeRow& row : rows) {
    std::string number = std::to_string(static_cast<int>(row.code));
    number.insert(0, 4 - number.size(), ' ');
    out += number + "  " + std::string(row.vi) + " / " + std::string(row.en) + "\n";
  }
  return out;
}

ExitCode exit_code_of(ErrorClass error_class) {
  switch (error_class) {
    case ErrorClass::invalid:
    case ErrorClass::too_large:
      return ExitCode::usage;
    case ErrorClass::unauthenticated:
    case ErrorClass::denied:
      return ExitCode::denied;
    case ErrorClass::not_found:
      return ExitCode::not_found;
    case ErrorClass::conflict:
      return ExitCode::refused;
    case ErrorClass::busy:
    case ErrorClass::unavailable:
      return ExitCode::unavailable;
    case ErrorClass::corrupt:
      return ExitCode::corrupt;
    case ErrorClass::io:
      return ExitCode::io;
    case ErrorClass::internal:
      return ExitCode::internal;
  }
  return ExitCode::internal;
}

}  // namespace luy::cli
