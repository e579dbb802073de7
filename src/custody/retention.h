// How long logs are kept. Two bounds: what must be kept at least (the regulation's floor, more where information
// systems of a higher level stand, more where a rule says so), and after how long content must be gone (ceilings of
// personal data). Day files hold the records of all agencies: a file goes when nobody needs it any more; content whose
// ceiling comes earlier goes by writing the day anew (ADR 0199). Pure.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/id.h"
#include "base/result.h"

namespace luy::custody {

inline constexpr ErrorKind below_floor{
    "custody.below_floor", ErrorClass::conflict,
    "Nhật ký ở đây phải được giữ ít nhất {} ngày; không đặt thời hạn ngắn hơn được.",
    "The logs there have to be kept for at least {} days; a shorter time cannot be set."};
inline constexpr ErrorKind rule_invalid{"custody.rule_invalid", ErrorClass::invalid, "Thời hạn lưu không hợp lệ: {}.",
                                        "The rule of retention is not valid: {}."};
inline constexpr ErrorKind rule_unknown{"custody.rule_unknown", ErrorClass::not_found,
                                        "Không tìm thấy thời hạn lưu này.", "There is no such rule of retention."};

using RuleId = Id<struct RetentionRuleTag>;

// Whose records. Names are stored: never renamed.
enum class SourceClass : std::uint8_t {
  server,       // Servers, storage, and whatever is no device we know: what must not go too early.
  workstation,  // Workstations and mobile devices: what people do stands in their logs.
  network,      // Network devices.
  audit,        // The hub's own audit trail: it goes with its file and never before.
};
inline constexpr std::size_t source_class_count = 4;
inline constexpr SourceClass source_classes[] = {SourceClass::server, SourceClass::workstation, SourceClass::network,
                                                 SourceClass::audit};
std::string_view name_of(SourceClass source_class);
std::optional<SourceClass> source_class_from_name(std::string_view name);

inline constexpr int keep_days_max = 36'500;
inline constexpr std::size_t rules_max = 1'000;

struct RetentionRule {
  RuleId id;
  std::optional<AgencyId> agency;  // It and those below it; none: all.
  std::optional<SourceClass> source_class;
  int keep_days = 0;                    // At least.
  std::optional<int> erase_after_days;  // At most; none: content goes with the file.
  std::string reason;
  std::vector<std::string> decided_by;
  Time decided_at;
};

// What holds for the records of one agency and class.
struct Term {
  int keep_days = 0;
  std::optional<int> erase_after_days;  // Never less than keep_days.
  bool operator==(const Term&) const = default;
};

// An agency as retention sees it.
struct Place {
  AgencyId agency;
  std::vector<AgencyId> lineage;  // Itself and its superiors.
  int floor_days = 0;
};

bool is_about(const RetentionRule& rule, const Place& place, SourceClass source_class);
// The longest time to keep and the shortest ceiling of all that apply. Where they contradict each other, keeping wins:
// what is gone too early cannot be brought back.
Term term_of(std::span<const RetentionRule> rules, const Place& place, SourceClass source_class);
// For so many days a whole file is kept: at least `default_days`, and as long as anything in it has to be.
int whole_days(std::span<const RetentionRule> rules, std::span<const Place> places, int default_days);

// The first day on which what is kept for `keep` days goes: after that many days, not on the last of them.
inline Day goes_on(Day day, int keep) {
  return day + days(keep) + days(1);
}

// Errors: rule_invalid; below_floor when it is shorter than `floor_days` or the floor of the agency it names.
Result<void> check_rule(const RetentionRule& rule, std::span<const Place> places, int floor_days);

// A record's source taken apart: "<agency>/<device>/<stream>", "<agency>/hub/audit", "hub/evidence".
struct SourceOf {
  std::optional<AgencyId> agency;
  std::optional<DeviceId> device;
  std::string_view stream;
};
SourceOf source_of(std::string_view source);
// The class of a record; none for what is never erased: notes of the hub, on which verification and verdicts rest.
using ClassOfDevice = std::function<SourceClass(const DeviceId&)>;
std::optional<SourceClass> class_of(const SourceOf& source, const ClassOfDevice& of_device);

}  // namespace luy::custody
