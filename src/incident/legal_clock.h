// What a case is found to be, and the clocks of the law in force on the day of its discovery. Pure: the moment comes
// in.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "incident/process.h"
#include "regulation/calendar.h"

namespace luy::incident {

inline constexpr ErrorKind unknown_choice{"incident.unknown_choice", ErrorClass::invalid,
                                          "Không có lựa chọn {} trong gói quy chế.",
                                          "The regulation pack has no choice {}."};
inline constexpr ErrorKind no_property{
    "incident.no_property", ErrorClass::invalid,
    "Phải chọn ít nhất một thuộc tính bị ảnh hưởng: tính bí mật, toàn vẹn, sẵn sàng (Điều 3.7 Luật 86/2015/QH13).",
    "Choose at least one property that is harmed: confidentiality, integrity, availability."};
inline constexpr ErrorKind bad_level{"incident.bad_level", ErrorClass::invalid, "Cấp độ hệ thống phải từ 1 đến 5: {}.",
                                     "The level of a system is from 1 to 5: {}."};
inline constexpr ErrorKind override_reason_needed{"incident.override_reason_needed", ErrorClass::invalid,
                                                  "Hãy ghi lý do đổi mức độ so với quy tắc.",
                                                  "Say why the severity differs from the rule's."};

struct Classification {
  std::string kind = "other";           // Process::kinds
  std::vector<std::string> properties;  // Process::properties
  std::vector<std::string> harms;       // Process::harms
  std::optional<unsigned> level;        // Of the affected system, 1 … 5.
  bool is_national = false;             // On the list of systems of national importance.
  bool is_beyond = false;               // The agency cannot handle it alone.
  bool has_personal_data = false;       // Personal data was breached.
  std::string severity_override;        // By hand instead of the rule, with
  std::string override_reason;          // the reason.
  bool operator==(const Classification&) const = default;
};

// Errors: unknown_choice, no_property, bad_level, override_reason_needed.
Result<void> check_classification(const Process& process, const Edition& edition, const Classification& found);

// Edition::severities: what the first rule that holds says, or the hand that overruled it.
std::string severity_of(const Edition& edition, const Classification& found);
std::string severity_by_rule(const Edition& edition, const Classification& found);

struct Reminder {
  enum class Kind : std::uint8_t { half, hour, overdue };
  Kind kind = Kind::half;
  Time at;
  std::vector<std::string> to;  // Roles.
  bool operator==(const Reminder&) const = default;
};
std::string_view name_of(Reminder::Kind kind);

struct LegalClock {
  enum class State : std::uint8_t { running, overdue, kept, late };
  const ClockRule* rule = nullptr;  // Of the edition.
  State state = State::running;
  Time started;
  Time due;
  std::optional<Time> stopped;
  Duration left{};                  // Until `due`; negative when overdue. Of a stopped clock: what was left then.
  std::vector<Reminder> reminders;  // By time. A clock that has stopped has those up to then.
};
std::string_view name_of(LegalClock::State state);

// The clocks that have begun, in the pack's order.
std::vector<LegalClock> clocks_of(const Edition& edition, const Classification& found, const Moments& moments,
                                  const regulation::Calendar& calendar, Time now);

// When `limit` has passed since `from`; working days by the calendar, everything else by the clock on the wall.
Time limit_end(const Limit& limit, Time from, const regulation::Calendar& calendar);

// Reminders of all clocks whose time came after `since` and not after `now`.
struct DueReminder {
  std::string clock;  // ClockRule::id
  Reminder reminder;
  Time due;
};
std::vector<DueReminder> reminders_between(const std::vector<LegalClock>& clocks, Time since, Time now);

// The earliest moment after `now` at which one of the clocks reminds; nullopt when none will.
std::optional<Time> next_reminder(const std::vector<LegalClock>& clocks, Time now);

}  // namespace luy::incident
