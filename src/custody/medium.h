// External media that copies of closed days lie on: what a medium is known by, who keeps it and where, and which days
// were copied to it and read back. Plain values. Decision 4448/QĐ-UBND, article 5, wants copies on external devices;
// which one, who keeps it and where it lies has to be written down.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/id.h"
#include "base/result.h"

namespace luy::custody {

inline constexpr ErrorKind medium_unknown{
    "custody.medium_unknown", ErrorClass::not_found,
    "Không tìm thấy thiết bị lưu trữ này trong sổ: {}. Hãy đăng ký thiết bị trước khi chép.",
    "This medium is not in the register: {}. Register it before anything is copied to it."};
inline constexpr ErrorKind medium_taken{"custody.medium_taken", ErrorClass::conflict,
                                        "Thiết bị này đã có trong sổ với tên {}.",
                                        "This medium is in the register already, as {}."};
inline constexpr ErrorKind medium_invalid{"custody.medium_invalid", ErrorClass::invalid,
                                          "Thông tin của thiết bị lưu trữ không hợp lệ: {}.",
                                          "The medium's entry is not valid: {}."};
inline constexpr ErrorKind medium_retired{"custody.medium_retired", ErrorClass::conflict,
                                          "Thiết bị {} đã thôi dùng nên không nhận thêm bản sao.",
                                          "The medium {} is retired: nothing is copied to it any more."};
inline constexpr ErrorKind medium_changed{"custody.medium_changed", ErrorClass::conflict,
                                          "Mục sổ này vừa được người khác sửa. Hãy tải lại rồi sửa.",
                                          "Somebody else has changed this entry. Load it again, then change it."};
inline constexpr ErrorKind media_too_many{"custody.media_too_many", ErrorClass::too_large,
                                          "Sổ đã có {} thiết bị lưu trữ.", "The register holds {} media already."};
inline constexpr ErrorKind copy_refused{"custody.copy_refused", ErrorClass::conflict,
                                        "Bản sao không được ghi nhận: {}. Hãy chép lại từ tệp hiện có của ngày đó.",
                                        "The copy was not taken down: {}. Copy the day's present file again."};

inline constexpr std::size_t media_max = 2'000;  // On a hub, retired ones too.
inline constexpr std::size_t medium_name_bytes_max = 400;
inline constexpr std::size_t witness_names_max = 64;       // Of a copy: as many as a note has signatures.
inline constexpr std::size_t copies_per_call_max = 5'000;  // More days than a hub keeps.

using MediumId = Id<struct MediumTag>;

// disk: a file system that is mounted; disc: written once, or an image of one. Names are stored: never renamed.
enum class MediumKind : std::uint8_t { disk, disc };
std::string_view name_of(MediumKind kind);
std::optional<MediumKind> medium_kind_from_name(std::string_view name);

// What a medium is known by, as the operating system tells it; empty is unknown, and matches nothing.
struct Identity {
  std::string serial;  // Of the device.
  std::string uuid;    // Of the file system.
  std::string label;   // Of the file system or the volume.
  bool empty() const { return serial.empty() && uuid.empty() && label.empty(); }
};
// Whether what is plugged in is what was registered: everything that both know agrees, and at least the serial or the
// UUID is among it, or neither knows more than the label.
bool is_same_medium(const Identity& registered, const Identity& present);

struct Medium {
  MediumId id;
  std::string name;
  MediumKind kind = MediumKind::disk;
  Identity identity;
  std::string custodian;  // Who keeps it,
  std::string place;      // and where.
  std::string registered_by;
  Time registered_at;
  std::optional<Time> retired_at;
  std::string retire_reason;
  std::optional<Time> last_check_at;  // When it was last read through,
  std::string check_fault;            // and what was wrong then; empty: nothing.
  std::int64_t version = 1;
};

// The copy of a day's file on a medium.
struct Copy {
  MediumId medium;
  Day day;
  std::string sha256;  // Of the file as it was copied, hexadecimal.
  std::uint64_t bytes = 0;
  Time copied_at;
  std::string copied_by;
  Time checked_at;                         // When it was last read back,
  bool sound = true;                       // and whether it was what had been copied.
  std::uint64_t seq = 0;                   // Of the evidence record that names the copy.
  std::vector<std::string> cosigned_by{};  // Witnesses whose cosignatures lie with it, verified there.
  bool stamped = false;                    // A time-stamp of the day's last checkpoint does.
};

}  // namespace luy::custody
