// Working time: what "3 working days" means. Pure.
#pragma once

#include <optional>
#include <set>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"

namespace luy::regulation {

inline constexpr ErrorKind calendar_invalid{"regulation.calendar_invalid", ErrorClass::invalid,
                                            "Lịch ngày nghỉ không hợp lệ: {}. Hãy sửa dòng này.",
                                            "The calendar of holidays is not valid: {}. Correct this line."};

// Monday to Friday in Vietnam, without the holidays named. Working time runs around the clock on a working day and
// stands still on others, so a limit of three working days that begins on a Friday afternoon ends on Wednesday
// afternoon.
class Calendar {
 public:
  Calendar() = default;
  // `text` holds one day per line, "2026-09-02  Quốc khánh"; blank lines and lines that begin with '#' are skipped; a
  // line "làm bù 2026-…" is not known: a working Saturday only makes a limit laxer than the law, never stricter.
  // Errors: calendar_invalid with the line's number.
  static Result<Calendar> parse(std::string_view text);

  // The end of the last year of which a holiday is named; nullopt: of none.
  std::optional<Day> known_until() const;
  bool is_working(Day day) const;
  // The instant at which `amount` of working time has passed since `from`.
  Time after(Time from, Duration amount) const;

 private:
  std::set<Day> holidays_;
};

}  // namespace luy::regulation
