#include "posture/watch.h"

namespace luy::posture {

Result<void> Watch::look() {
  const Day today = day_of(d_.clock.now());
  for (const inventory::StatePointer& state : d_.inventory.states()) {
    if (!state->hardening || !state->hardening->value.catalogue.size()) continue;
    const Exceptions exceptions = d_.exceptions.of(state->device.id);
    Seen& seen = seen_[state->device.id];
    const Seen now{state->hardening->seq, today, exceptions.size()};
    if (seen.seq == now.seq && seen.day == now.day && seen.exceptions == now.exceptions) continue;
    LUY_TRY_VOID(look_at(*state, exceptions));
    seen = now;
  }
  return {};
}

Result<void> Watch::look_at(const inventory::DeviceState& state, const Exceptions& exceptions) {
  const Time now = d_.clock.now();
  const std::vector<Line> lines = lines_of(state, d_.catalogue, exceptions, day_of(now));
  const std::set<std::string> told = d_.exceptions.told(state.device.id);
  std::set<std::string> hold;
  std::vector<const Line*> fresh;
  for (const Line* line : grave(lines)) {
    hold.insert(line->check->id);
    if (!told.contains(line->check->id)) fresh.push_back(line);
  }
  // What cannot be known now was wrong when it was last seen.
  for (const Line& line : lines) {
    const bool stays = line.state == hardening::State::unknown && !line.exception && told.contains(line.check->id);
    if (stays) hold.insert(line.check->id);
  }
  if (!fresh.empty()) LUY_TRY_VOID(d_.report(report_of(state, fresh, now)));
  return hold == told ? Result<void>() : d_.exceptions.set_told(state.device.id, hold);
}

}  // namespace luy::posture
