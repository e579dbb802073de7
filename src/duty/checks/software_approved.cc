// software_approved (5.1): every package on a server, workstation or mobile device is covered by an approval; a
// covering approval that nears its end makes the duty due.
#include "duty/checks/check.h"

namespace luy::duty {
namespace {

std::string listed(const inventory::SoftwareSummary& software) {
  std::string out;
  for (const std::string& name : software.examples) out += (out.empty() ? "" : ", ") + name;
  return out;
}

}  // namespace

Judgement judge_software_approved(const Input& in) {
  using inventory::DeviceClass;
  const DeviceClass device_class = in.device->device.device_class;
  if (device_class != DeviceClass::server && device_class != DeviceClass::workstation &&
      device_class != DeviceClass::mobile) {
    return class_exempt(device_class);
  }
  const auto& part = in.device->software;
  if (!part) return not_reported(fact::Kind::packages);
  const inventory::SoftwareSummary& software = part->value;
  Finding finding;
  finding.rests_on(basis_of("packages", *part));
  for (const Basis& act : in.acts) finding.rests_on(act);
  if (software.unapproved > 0) {
    finding.add(State::violated, Code::software_unapproved,
                Arguments()
                    .number(static_cast<std::int64_t>(software.unapproved))
                    .number(static_cast<std::int64_t>(software.total))
                    .text(listed(software)));
    return std::move(finding).done();
  }
  finding.add(State::kept, Code::software_kept, Arguments().number(static_cast<std::int64_t>(software.total)));
  if (const auto& ending = software.first_ending) {
    const Phase phase = phase_until(ending->begins, ending->ends, in.limits.due_share(), in.now);
    const Code code = phase.state == State::violated ? Code::software_ended : Code::software_ending;
    // The last day it covers, not the first it does not.
    finding.add(phase.state, code, Arguments().text(ending->product).time(ending->ends - Duration(1)),
                phase.changes_at);
  }
  return std::move(finding).done();
}

}  // namespace luy::duty
