#include "premises/duty_record.h"

#include <utility>

namespace luy::premises {

void DutyRecord::wait(regulation::Text what, std::optional<Time> due, std::optional<Time> began,
                      const std::string& began_act) {
  const bool is_first = waiting++ == 0;
  const bool is_sooner = due && (!due_at || *due < *due_at);
  if (!is_first && !is_sooner) return;
  urgent = std::move(what);
  due_at = due;
  since = began;
  act = began_act;
}

void DutyRecord::keep(Time done, const std::string& done_act) {
  ++kept;
  if (newest && *newest >= done) return;
  newest = done;
  newest_act = done_act;
}

}  // namespace luy::premises
