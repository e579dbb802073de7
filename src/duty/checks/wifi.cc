// wifi (6.8): a network that the agency's devices join is registered, encrypted well enough, and its key was changed
// within the limit. A change that is on record and that the clients' fingerprints of the key contradict does not count.
#include <algorithm>

#include "duty/checks/check.h"

namespace luy::duty {

Judgement judge_wifi(const Input& in) {
  const inventory::WifiNetwork& network = *in.network;
  const std::vector<std::string>& accepted = in.limits.texts("security");
  Finding finding;
  if (network.last_seen) finding.rests_on({"wifi", network.last_seq, *network.last_seen, network.method});
  for (const Basis& act : in.acts) finding.rests_on(act);
  if (!network.registered) finding.add(State::violated, Code::wifi_unregistered, Arguments().text(network.ssid));
  if (network.security == "unknown" || network.security.empty()) {
    finding.add(State::unknown, Code::wifi_unclear);
  } else if (std::find(accepted.begin(), accepted.end(), network.security) == accepted.end()) {
    finding.add(State::violated, Code::wifi_weak, Arguments().text(network.security));
  }
  if (network.key_proof == inventory::KeyProof::unproved) {
    finding.add(
        State::due, Code::wifi_key_unproved,
        Arguments().time(day_begin(*network.recorded_on)).number(static_cast<std::int64_t>(network.clients_behind)));
  }
  const Duration limit = in.limits.duration("key_age_days");
  if (network.key_changed_at) {
    const Phase phase = phase_of(*network.key_changed_at, limit, in.limits.due_share(), in.now);
    const Code code = phase.state == State::kept  ? Code::wifi_kept
                      : phase.state == State::due ? Code::wifi_key_due
                                                  : Code::wifi_key_overdue;
    finding.add(phase.state, code, Arguments().text(network.security).time(*network.key_changed_at).time(phase.ends),
                phase.changes_at);
  } else {
    // No change is on record. Since we know the network, the limit has either passed or not.
    const Time known_since = network.registered_at.value_or(in.known_since);
    const Phase phase = phase_of(known_since, limit, in.limits.due_share(), in.now);
    if (phase.state == State::violated) {
      finding.add(State::violated, Code::wifi_key_overdue,
                  Arguments().text(network.security).time(known_since).time(phase.ends));
    } else {
      finding.add(State::unknown, Code::wifi_key_unknown, {}, phase.ends);
    }
  }
  return std::move(finding).done();
}

Judgement wifi_when_empty(const EmptyInput& in) {
  if (in.devices == 0) return no_device(in);
  if (in.wifi_reporting == 0) return not_reported(fact::Kind::wifi);
  return only(State::not_applicable, Code::wifi_absent);
}

}  // namespace luy::duty
