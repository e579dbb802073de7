// Devices for state secrets (article 6.1.d): which there are, where they stand and who holds them – never what is on
// them, nor of what case. Their moves with approval, their checks with a report that comes back on paper, and where one
// of them was seen on a network. Plain values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/id.h"
#include "base/result.h"
#include "fact/offline.h"
#include "regulation/pack.h"

namespace luy::premises {

using SecretId = Id<struct SecretTag>;
using MoveId = Id<struct MoveTag>;
using SecretCheckId = Id<struct SecretCheckTag>;

inline constexpr ErrorKind secret_unknown{"premises.secret_unknown", ErrorClass::not_found,
                                          "Không có thiết bị này trong sổ thiết bị bí mật nhà nước.",
                                          "There is no such device in the register of devices for state secrets."};
inline constexpr ErrorKind secret_invalid{"premises.secret_invalid", ErrorClass::invalid,
                                          "Thông tin thiết bị không hợp lệ: {}. Hãy sửa rồi ghi lại.",
                                          "The record of the device is not valid: {}. Correct it and try again."};
inline constexpr ErrorKind secret_taken{"premises.secret_taken", ErrorClass::conflict,
                                        "Đã có thiết bị khác trong sổ với cùng {}.",
                                        "Another device in the register has the same {} already."};
inline constexpr ErrorKind secret_changed{"premises.secret_changed", ErrorClass::conflict,
                                          "Người khác vừa sửa thiết bị này. Hãy mở lại rồi sửa tiếp.",
                                          "Somebody else has changed this device meanwhile. Open it again."};
inline constexpr ErrorKind secret_retired{"premises.secret_retired", ErrorClass::conflict,
                                          "Thiết bị này đã thôi sử dụng.", "The device is retired."};
inline constexpr ErrorKind move_unknown{"premises.move_unknown", ErrorClass::not_found, "Không có lần di chuyển này.",
                                        "There is no such move."};
inline constexpr ErrorKind move_state{"premises.move_state", ErrorClass::conflict,
                                      "Lần di chuyển đang ở bước khác: {}. Hãy tải lại trang.",
                                      "The move stands elsewhere by now: {}. Load the page again."};
inline constexpr ErrorKind move_open{
    "premises.move_open", ErrorClass::conflict,
    "Thiết bị đang có một lần di chuyển chưa xong. Hãy làm xong hoặc hủy lần đó trước.",
    "A move of the device is under way. End that one first."};
inline constexpr ErrorKind move_own{"premises.move_own", ErrorClass::denied,
                                    "Người đề nghị di chuyển không được tự duyệt.",
                                    "Whoever asks for a move does not approve it."};
inline constexpr ErrorKind check_code_unknown{
    "premises.check_code_unknown", ErrorClass::conflict,
    "Không có mã kiểm tra nào còn hiệu lực cho thiết bị này khớp với bản báo cáo. Hãy cấp mã mới và chạy lại.",
    "No valid code of this device fits the report. Issue a new one and run the collector again."};

inline constexpr std::size_t secrets_max = 2000;
inline constexpr std::size_t macs_max = 8;
inline constexpr std::size_t serial_bytes_min = 5;           // Shorter ones stand in any log by chance.
inline constexpr std::chrono::days check_code_lifetime{30};  // The walk to the room and back, with a holiday.
inline constexpr std::chrono::days secret_check_period{92};  // A quarter; the regulation names none.
inline constexpr std::chrono::days secret_first_check_within{30};
inline constexpr std::chrono::days minutes_signed_within{7};

// What it is for, and nothing closer. Names are stored and travel.
enum class Purpose : std::uint8_t { drafting, printing, storage, other };
inline constexpr std::size_t purpose_count = 4;
std::string_view name_of(Purpose purpose);
std::optional<Purpose> purpose_from_name(std::string_view name);
// Whether it is a computer, which the offline collector can look at.
constexpr bool is_computer(Purpose purpose) {
  return purpose == Purpose::drafting;
}

struct SecretDevice {
  SecretId id;
  AgencyId agency;
  std::string label;  // On its case: "BM-01".
  std::string serial;
  std::vector<std::string> macs;  // Of its network hardware, which is never used.
  Purpose purpose = Purpose::drafting;
  std::string room;
  std::string holder;
  std::string registered_by;
  Time registered_at;
  std::optional<Time> retired_at;
  std::string retire_reason;
  std::int64_t version = 1;
};

struct Move {
  enum class State : std::uint8_t { asked, approved, refused, moved, signed_off };
  MoveId id;
  SecretId device;
  State state = State::asked;
  std::string from_room, from_holder;
  std::string to_room, to_holder;
  Day planned_on{};
  std::string reason;
  std::string asked_by;
  AccountId asked_by_account;
  Time asked_at;
  std::string decided_by;
  std::optional<Time> decided_at;
  std::string decision_note;
  std::string seal;  // The seal's number.
  std::string witness;
  std::optional<Time> moved_at;
  std::optional<Day> signed_on;  // The minutes, by everybody who was there.
};
std::string_view name_of(Move::State state);

// What a report from the stand-alone machine said, and what of it is not as it must be.
struct SecretCheck {
  SecretCheckId id;
  SecretId device;
  fact::OfflineSummary summary;
  std::vector<std::string> problems;  // Names: "disk_open", …
  std::string room;                   // Where it was found.
  std::string entered_by;
  Time at;
};
// What a summary says is wrong; `in_room` that it stood where the register has it.
std::vector<std::string> problems_of(const fact::OfflineSummary& summary, const std::string& serial, bool in_room);
regulation::Text title_of_problem(std::string_view name);

struct Sighting {
  SecretId device;
  std::string source;  // Of the newest record: who sent it.
  std::string by;      // "mac" or "serial".
  Time first, last;
  std::uint64_t first_seq = 0, last_seq = 0;
  std::uint64_t count = 0;
  std::optional<Time> closed_at;
  std::string closed_by;
  std::string reason;
};

}  // namespace luy::premises
