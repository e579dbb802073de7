// What the offline collector states about a machine that is on no network: a few bytes that a person can carry back on
// paper, proved by a code that the hub issued for this one look. docs/adr/0246. Pure.
//
//   at  bytes  meaning
//    0  1      1, the version
//    1  2      day of the look, days since 2020-01-01, big-endian
//    3  1      bits: 0 network hardware is up, 1 an address is set, 2 wireless hardware, 3 accounts could not be read,
//              4 antivirus is there, 5 it runs, 6 disks could not be read
//    4  1      volumes that hold files, 5 of these not encrypted
//    6  1      accounts that can log in, 7 of these without a password
//    8  1      age of the antivirus signatures in days, 255 unknown or more
//    9  3      the first bytes of SHA-256 of the machine's serial number; zero when it tells none
//   12  10     the first bytes of HMAC-SHA-256, keyed by the code, of "luy offline 1\n" and the bytes before
//
// As text: 36 signs of Crockford's base 32 in six lines of six, each with a seventh sign that checks the line.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"

namespace luy::fact {

inline constexpr ErrorKind offline_code_wrong{"fact.offline_code_wrong", ErrorClass::invalid,
                                              "Mã kiểm tra không đúng: {}. Hãy đối chiếu lại với tờ giấy.",
                                              "The code is not right: {}. Compare it with the paper."};
inline constexpr ErrorKind offline_line_wrong{"fact.offline_line_wrong", ErrorClass::invalid,
                                              "Dòng {} của báo cáo gõ sai hoặc thiếu ký tự. Hãy đối chiếu lại.",
                                              "Line {} of the report is mistyped or incomplete. Compare it again."};
inline constexpr ErrorKind offline_not_proved{
    "fact.offline_not_proved", ErrorClass::invalid,
    "Báo cáo không khớp mã kiểm tra: sai mã, gõ sai, hoặc bị sửa. Hãy chạy lại với mã mới.",
    "The report does not fit the code: another code, mistyped, or changed. Run the collector again with a new one."};

// The code that the hub issues: 80 bits, printed as 16 signs in fours with a check sign at the end.
using OfflineCode = std::array<std::uint8_t, 10>;
std::string code_text(const OfflineCode& code);
// Blanks, dashes and case do not count; I and L are 1, O is 0. Errors: offline_code_wrong.
Result<OfflineCode> parse_code(std::string_view text);

struct OfflineSummary {
  Day day{};
  bool network_up = false;
  bool address_set = false;
  bool wireless = false;
  bool accounts_unknown = false;
  bool antivirus_present = false;
  bool antivirus_running = false;
  bool disks_unknown = false;
  std::uint8_t volumes = 0;
  std::uint8_t open_volumes = 0;
  std::uint8_t logins = 0;
  std::uint8_t logins_without_password = 0;
  std::uint8_t signature_days = 255;
  std::array<std::uint8_t, 3> serial{};  // Zero: the machine told none.
  bool operator==(const OfflineSummary&) const = default;
};
inline constexpr std::size_t offline_lines = 6;

std::array<std::uint8_t, 3> serial_mark(std::string_view serial);  // Of an empty one zero.

// Six lines of seven signs.
std::string report_text(const OfflineSummary& summary, const OfflineCode& code);
// Each line's own check first, then the proof. Errors: offline_line_wrong, offline_not_proved.
Result<OfflineSummary> parse_report(std::string_view text, const OfflineCode& code);
// Only the lines' checks, for a form that tells of a slip while one types. Errors: offline_line_wrong.
Result<void> check_lines(std::string_view text);

}  // namespace luy::fact
