// How the gates of software stand, and what storage was plugged in: as luy-agent-gate says of itself.
#include "agent/linux/collectors.h"

namespace luy::agent {

Result<Finding> collect_software_gate(const Machine& machine) {
  fact::SoftwareGate gate{"off", "off", {}, 0, {}};
  if (const auto told = machine.software_gate ? machine.software_gate() : std::nullopt) gate = *told;
  return Finding{"luy-agent-gate", std::move(gate), {}};
}

Result<Finding> collect_removable(const Machine& machine) {
  fact::Removable media{"off", {}};
  if (const auto told = machine.removable ? machine.removable() : std::nullopt) media = *told;
  return Finding{"luy-agent-gate", std::move(media), {}};
}

}  // namespace luy::agent
