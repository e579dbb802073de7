// What is on record in one agency for the duties that rest on the registers, by the record types of the pack:
// secret_device (6.9), secret_handover (6.10), internet_notice (6.12).
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "base/clock.h"
#include "regulation/pack.h"

namespace luy::premises {

// How far back done work counts.
inline constexpr std::chrono::days duty_days{365};

struct DutyRecord {
  std::size_t waiting = 0;  // Under way, or not begun though it is owed.
  std::size_t kept = 0;     // Done, of late.
  // Of what waits the one whose time ends first; those without a time come last.
  regulation::Text urgent{};
  std::optional<Time> due_at{};
  std::optional<Time> since{};
  std::string act{};  // That began it, as the audit trail knows it.
  // The newest of those done.
  std::optional<Time> newest{};
  std::string newest_act{};

  void wait(regulation::Text what, std::optional<Time> due, std::optional<Time> began, const std::string& began_act);
  void keep(Time done, const std::string& done_act);
};

}  // namespace luy::premises
