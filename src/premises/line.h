// The address plan of an agency and its links to other networks, as the register keeps them. Plain values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/id.h"
#include "base/result.h"
#include "premises/prefix.h"

namespace luy::premises {

using SubnetId = Id<struct SubnetTag>;
using LineId = Id<struct LineTag>;

inline constexpr ErrorKind subnet_unknown{"premises.subnet_unknown", ErrorClass::not_found,
                                          "Không có mạng này trong quy hoạch địa chỉ.",
                                          "There is no such network in the address plan."};
inline constexpr ErrorKind subnet_invalid{"premises.subnet_invalid", ErrorClass::invalid,
                                          "Mạng trong quy hoạch không hợp lệ: {}. Ghi dải địa chỉ như 10.56.1.0/24; "
                                          "cổng ra nằm trong dải; VLAN từ 1 đến 4094; "
                                          "ngày thống nhất không ở tương lai.",
                                          "The network of the plan is not valid: {}. Write a range such as "
                                          "10.56.1.0/24, a gateway inside it, a VLAN from 1 to "
                                          "4094 and a day of agreement that is not in the future."};
inline constexpr ErrorKind subnet_taken{"premises.subnet_taken", ErrorClass::conflict,
                                        "Dải địa chỉ này trùng với mạng {} trong quy hoạch của cơ quan.",
                                        "The range overlaps the network {} of the agency's plan."};
inline constexpr ErrorKind line_unknown{"premises.line_unknown", ErrorClass::not_found,
                                        "Không có đường truyền này trong sổ.",
                                        "There is no such link in the register."};
inline constexpr ErrorKind line_invalid{
    "premises.line_invalid", ErrorClass::invalid,
    "Thông tin đường truyền không hợp lệ: {}. Địa chỉ ra ngoài ghi như 203.0.113.7 hoặc 203.0.113.0/29; ngày thông báo "
    "không ở tương lai.",
    "The link's record is not valid: {}. Write exit addresses such as 203.0.113.7 or 203.0.113.0/29 and a day of "
    "notice "
    "that is not in the future."};
inline constexpr ErrorKind line_ended{"premises.line_ended", ErrorClass::conflict, "Đường truyền này đã thôi sử dụng.",
                                      "The link is not used any more."};
inline constexpr ErrorKind line_not_internet{
    "premises.line_not_internet", ErrorClass::conflict,
    "Chỉ đường truyền Internet ngoài mạng chuyên dùng mới phải thông báo (Điều 6.3).",
    "Only an Internet link outside the dedicated network asks for a notice (article 6.3)."};
inline constexpr ErrorKind lines_changed{
    "premises.lines_changed", ErrorClass::conflict, "Người khác vừa sửa mục này. Hãy mở lại rồi sửa tiếp.",
    "Somebody else has changed this meanwhile. Open it again and go on from there."};
inline constexpr ErrorKind lines_too_many{"premises.lines_too_many", ErrorClass::conflict,
                                          "Sổ của cơ quan đã có {} mục, là số tối đa.",
                                          "The agency's register holds {} entries, as many as there may be."};

inline constexpr std::size_t subnets_max = 200;  // Of one agency.
inline constexpr std::size_t lines_max = 50;     // The same.
inline constexpr std::size_t exits_max = 16;     // Of one link.
// The regulation names no time for the notice: ten working days, taken as two weeks.
inline constexpr std::chrono::days notice_within{14};

struct Subnet {
  SubnetId id;
  AgencyId agency;
  Prefix range;
  std::string purpose;
  std::string gateway;  // "" where it has none.
  std::optional<std::int64_t> vlan;
  bool is_dedicated = false;  // Of the dedicated data network.
  std::string agreed_with;
  std::optional<Day> agreed_on;
  std::string document;  // The number of the paper that agrees.
  std::string note;
  std::string changed_by;
  Time changed_at;
  std::optional<Time> removed_at;
  std::int64_t version = 1;
};

// Names are stored and travel.
enum class LineKind : std::uint8_t { internet, dedicated, other };
std::string_view name_of(LineKind kind);
std::optional<LineKind> line_kind_from_name(std::string_view name);

struct Line {
  LineId id;
  AgencyId agency;
  LineKind kind = LineKind::internet;
  std::string name;
  std::string provider;
  std::int64_t mbps = 0;  // 0: not on record.
  std::vector<Prefix> exits;
  std::string router;  // What routes it, for the notice: make, model, place.
  std::string terms;   // Contract and terms of use (6.11).
  std::string note;
  std::string changed_by;
  Time told_change_at;  // When something last changed that a notice tells: kind, provider, exits, router.
  std::optional<Day> noticed_on;
  std::string notice_document;
  std::optional<Time> noticed_at;  // When the notice was recorded.
  std::optional<Time> ended_at;
  std::string end_reason;
  std::int64_t version = 1;
};

// Whether a notice to the province is owed, and since when: nothing was told, or not what the link or the plan is now.
std::optional<Time> notice_owed_since(const Line& line, std::optional<Time> plan_changed_at);

// Names acts for finding their records in the audit trail.
std::string line_act(const LineId& id);
std::string notice_act(const LineId& id);

}  // namespace luy::premises
