// The items of a case: tasks, evidence, holds, guidance, actions, requests for support. Each kind is a list of fields
// in one table; an item is a JSON object checked against it. Pure.
#pragma once

#include <boost/json.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "incident/case.h"

namespace luy::incident {

inline constexpr ErrorKind part_unknown{"incident.part_unknown", ErrorClass::not_found,
                                        "Không tìm thấy mục này của vụ.", "The case has no such item."};
inline constexpr ErrorKind part_kind_unknown{"incident.part_kind_unknown", ErrorClass::invalid, "Không có loại mục {}.",
                                             "There is no kind of item {}."};
inline constexpr ErrorKind part_field{"incident.part_field", ErrorClass::invalid, "Giá trị không hợp lệ: {}.",
                                      "A value is not valid: {}."};
inline constexpr ErrorKind part_fixed{"incident.part_fixed", ErrorClass::conflict,
                                      "Không được sửa sau khi đã ghi: {}. Hãy ghi thêm mục mới.",
                                      "It cannot be changed once it is written: {}. Add a new item."};
inline constexpr ErrorKind custody_broken{
    "incident.custody_broken", ErrorClass::conflict,
    "Chuỗi giao nhận không liền mạch: người đang giữ là {}. Bên giao phải là người này.",
    "The chain of custody would break: it is held by {}. They must be the one who hands over."};
inline constexpr ErrorKind custody_backwards{"incident.custody_backwards", ErrorClass::invalid,
                                             "Thời điểm giao nhận trước lần giao nhận liền trước: {}.",
                                             "The hand-over is before the one that precedes it: {}."};

inline constexpr std::size_t parts_max = 2000;  // Of one case, all kinds together.

enum class PartKind : std::uint8_t {
  entity,
  task,
  evidence,
  custody,
  hold,
  guidance,
  action,
  attachment,
  support,
  handover
};
inline constexpr std::size_t part_kind_count = 10;
std::string_view name_of(PartKind kind);
std::optional<PartKind> part_kind_from_name(std::string_view name);

enum class PartFieldType : std::uint8_t { line, text, time, flag, texts, sha256, part };

struct PartField {
  std::string_view id;
  PartFieldType type;
  bool is_required;
  bool is_updatable;
  std::string_view vi;
  std::string_view en;
};
std::span<const PartField> fields_of(PartKind kind);

struct Part {
  PartId id;
  PartKind kind = PartKind::entity;
  unsigned round = 1;
  Time at;  // Written.
  std::string by;
  boost::json::object body;  // By fields_of(kind); times as RFC 3339.
};

// Evidence that names an attachment takes its name and digest from it where it says none; another digest is refused.
// Errors: part_unknown (no such attachment), part_field.
Result<boost::json::object> with_attachment(const boost::json::object& evidence, std::span<const Part> parts);

// A new item: known fields of the right type, cleaned, all required ones there; times not in the future, but for those
// that say until when (`due`). Errors: part_field, text_missing (naming all), time_in_future (move.h).
Result<boost::json::object> check_part(PartKind kind, const boost::json::object& body, Time now);
// The item with `changes` made. Errors: those of check_part(), part_fixed.
Result<boost::json::object> change_part(const Part& part, const boost::json::object& changes, Time now);

// Who holds a piece of evidence now: who took it, or the last of its hand-overs.
std::string holder_of(const Part& evidence, std::span<const Part> parts);
// Whether the hand-over continues the chain. Errors: part_unknown, custody_broken, custody_backwards.
Result<void> check_custody(const boost::json::object& custody, std::span<const Part> parts);

// What a hold keeps from deletion: the logs of these devices (none named: of the whole agency) between two moments.
struct HoldScope {
  AgencyId agency;
  std::vector<std::string> devices;
  Time from;
  Time to;  // The far future while the hold names no end.
};

}  // namespace luy::incident
