// What is on record in one agency for the duties that rest on people, by the record types of the pack: offboarding
// (7.4), access_review (7.3), officer_appointment (11.5), commitment (11.8).
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "base/clock.h"
#include "regulation/pack.h"

namespace luy::people {

// How far back done work counts.
inline constexpr std::chrono::days duty_days{365};

struct DutyRecord {
  std::size_t waiting = 0;  // Under way, or not begun though it is owed.
  std::size_t kept = 0;     // Done, of late.
  // Of what waits the one whose time ends first; those without a time come last.
  regulation::Text urgent{};
  std::optional<Time> due_at{};
  // What nobody has begun asks for somebody only from here on; nothing: at once.
  std::optional<Time> due_from{};
  std::optional<Time> since{};
  std::string act{};  // That began it, as the audit trail knows it.
  // The newest of those done.
  std::optional<Time> newest{};
  std::string newest_act{};

  void wait(regulation::Text what, std::optional<Time> due, std::optional<Time> began, const std::string& began_act);
  void keep(Time done, const std::string& done_act);
};

}  // namespace luy::people
