// detections (6.2, 10.1, 15.3): what was found on a device in the sense of the duty is dealt with in the pack's time.
// Where no rule reads what the device sends, nothing can be known.
#include "duty/checks/check.h"

namespace luy::duty {

Judgement judge_detections(const Input& in) {
  constexpr std::string_view method = "luy-hub";
  if (in.detections == nullptr) return only(State::unknown, Code::detections_unwatched);
  const DetectionState& state = *in.detections;
  Finding finding;
  if (state.waiting > 0 && state.opened_at) {
    const Time until = *state.opened_at + in.limits.duration("open_hours");
    const bool over = until <= in.now;
    Arguments arguments;
    arguments.number(static_cast<std::int64_t>(state.waiting)).text(state.urgent.vi).text(state.urgent.en).time(until);
    finding.rests_on({log_kind, state.urgent_seq, *state.opened_at, method});
    finding.add(over ? State::violated : State::due, over ? Code::detections_overdue : Code::detections_waiting,
                std::move(arguments), over ? std::nullopt : std::optional(until));
    return std::move(finding).done();
  }
  if (state.handled > 0 && state.newest) {
    finding.rests_on({record_kind, state.newest_seq, *state.newest, method});
    Arguments arguments;
    arguments.number(state.days).number(static_cast<std::int64_t>(state.handled)).time(*state.newest);
    finding.add(State::kept, Code::detections_handled, std::move(arguments));
    return std::move(finding).done();
  }
  if (state.rules == 0 || !state.last_log || !state.watched_until || *state.watched_until <= in.now) {
    return only(State::unknown, Code::detections_unwatched);
  }
  finding.rests_on({log_kind, state.last_log_seq, *state.last_log, method});
  finding.add(State::kept, Code::detections_clear, Arguments().number(static_cast<std::int64_t>(state.rules)),
              state.watched_until);
  return std::move(finding).done();
}

}  // namespace luy::duty
